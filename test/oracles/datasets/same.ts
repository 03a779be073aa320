/** Tells how a value of ours differs from what was expected, in words; undefined where it does not. Of objects what is expected is looked at. */
export function difference(ours: unknown, expected: unknown, slack = 1e-9, at = ''): string | undefined {
  const told = `${at === '' ? '' : `${at} `}is ${shown(ours)}, and should be ${shown(expected)}`;
  if (Array.isArray(expected)) {
    const list = Array.isArray(ours) || ArrayBuffer.isView(ours) ? [...(ours as Iterable<unknown>)] : undefined;
    if (list?.length !== expected.length) {
      return list === undefined ? told : `${at} has ${list.length} values, and should have ${expected.length}: ${shown(list)}`;
    }
    return firstOf(expected.map((one, index) => () => difference(list[index], one, slack, `${at}[${index}]`)));
  }
  if (typeof expected === 'object' && expected !== null) {
    return typeof ours !== 'object' || ours === null ? told : firstOf(Object.entries(expected).map(([key, one]) => () => difference((ours as Record<string, unknown>)[key], one, slack, at === '' ? key : `${at}.${key}`)));
  }
  if (typeof expected === 'number' && typeof ours === 'number') {
    return Math.abs(ours - expected) <= slack * Math.max(1, Math.abs(expected)) ? undefined : told;
  }
  // Python writes its whole numbers as text where they may be too large for JSON, and what is no number as its name.
  const wanted = typeof expected === 'string' ? ({ nan: 'NaN', inf: 'Infinity', '-inf': '-Infinity' }[expected] ?? expected) : expected;
  return ours === wanted || (typeof wanted === 'string' && (typeof ours === 'number' || typeof ours === 'bigint') && String(ours) === wanted) || (typeof wanted === 'number' && typeof ours === 'bigint' && Number(ours) === wanted) ? undefined : told;
}

function firstOf(looks: readonly (() => string | undefined)[]): string | undefined {
  for (const look of looks) {
    const found = look();
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function shown(value: unknown): string {
  return (JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one)) ?? 'not there').slice(0, 300);
}
