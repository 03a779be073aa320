/**
 * What differs between two JSON values that are alike: `[value]` is put in place of the old one, `{ key: patch }` changes what is
 * below, in an object by its keys and in a list by its indexes. Of a thousand numbers of which five have changed five are told.
 */
export type Patch = readonly [unknown] | { readonly [key: string]: Patch };

/** undefined where the two are the same. */
export function patchOf(before: unknown, after: unknown): Patch | undefined {
  if (before === after) {
    return undefined;
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    return patchOfLists(before, after);
  }
  return isPlain(before) && isPlain(after) ? patchOfObjects(before, after) : [after];
}

/** The value after a patch; what it does not change is the same object as before. A patch that fits nothing is not passed over: throws. */
export function applyPatch(before: unknown, patch: Patch): unknown {
  if (Array.isArray(patch)) {
    return (patch as readonly [unknown])[0];
  }
  const changes = Object.entries(patch as Readonly<Record<string, Patch>>);
  if (Array.isArray(before)) {
    const after = [...(before as readonly unknown[])];
    for (const [index, change] of changes) {
      if (!(Number(index) < after.length)) {
        throw new RangeError('a patch of what is not there');
      }
      after[Number(index)] = applyPatch(after[Number(index)], change);
    }
    return after;
  }
  if (!isPlain(before)) {
    throw new RangeError('a patch of what is not there');
  }
  const after: Record<string, unknown> = { ...before };
  for (const [key, change] of changes) {
    after[key] = applyPatch(before[key], change);
  }
  return after;
}

function patchOfLists(before: readonly unknown[], after: readonly unknown[]): Patch | undefined {
  if (before.length !== after.length) {
    return [after];
  }
  const changes: Record<string, Patch> = {};
  let differs = false;
  for (let index = 0; index < after.length; index++) {
    const change = patchOf(before[index], after[index]);
    if (change !== undefined) {
      if (typeof after[index] !== 'object' || after[index] === null) {
        // A list of numbers or words is shorter than the places of those that changed.
        return [after];
      }
      changes[index] = change;
      differs = true;
    }
  }
  return differs ? changes : undefined;
}

function patchOfObjects(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): Patch | undefined {
  const changes: Record<string, Patch> = {};
  let differs = false;
  let alike = 0;
  for (const key in after) {
    const value = after[key];
    if (value === undefined) {
      // JSON leaves it out.
      continue;
    }
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    if (old === undefined || key === '__proto__') {
      return [after];
    }
    alike++;
    const change = patchOf(old, value);
    if (change !== undefined) {
      changes[key] = change;
      differs = true;
    }
  }
  for (const key in before) {
    if (before[key] !== undefined) {
      alike--;
    }
  }
  // Something has gone, which a patch cannot say.
  return alike !== 0 ? [after] : differs ? changes : undefined;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
