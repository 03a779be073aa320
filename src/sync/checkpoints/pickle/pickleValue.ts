/** What a pickle holds, as it is written there: nothing of it is imported, called or made. */
export type PickleValue = null | boolean | number | bigint | string | Buffer | PickleList | PickleDict | PickleGlobal | PickleObject | PersistentId;

/** A list, tuple or set. */
export class PickleList {
  readonly items: PickleValue[];

  constructor(
    readonly kind: 'list' | 'tuple' | 'set',
    items: PickleValue[] = [],
  ) {
    this.items = items;
  }
}

export class PickleDict {
  readonly entries: (readonly [PickleValue, PickleValue])[] = [];
}

/** A class or function by its name. */
export class PickleGlobal {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}
}

/** What calling `callable` would have made, with what would then be set on it. */
export class PickleObject {
  readonly entries: (readonly [PickleValue, PickleValue])[] = [];
  readonly items: PickleValue[] = [];
  state: PickleValue | undefined;

  constructor(
    readonly callable: PickleValue,
    readonly args: PickleValue,
  ) {}
}

export class PersistentId {
  constructor(readonly id: PickleValue) {}
}

/** Keys and values of a dictionary, plain or of a class of its own. */
export function entriesOf(value: PickleValue | undefined): readonly (readonly [PickleValue, PickleValue])[] {
  return value instanceof PickleDict || value instanceof PickleObject ? value.entries : [];
}

export function entryOf(value: PickleValue | undefined, key: string): PickleValue | undefined {
  return entriesOf(value).findLast(([name]) => name === key)?.[1];
}

/** What was set as an attribute on an object, by the dictionary of its state. */
export function attributeOf(value: PickleValue | undefined, name: string): PickleValue | undefined {
  return value instanceof PickleObject ? entryOf(value.state, name) : undefined;
}

export function itemsOf(value: PickleValue | undefined): readonly PickleValue[] {
  return value instanceof PickleList || value instanceof PickleObject ? value.items : [];
}

/** `torch._utils._rebuild_tensor_v2` of a global, or of what an object calls; '' for anything else. */
export function qualifiedName(value: PickleValue | undefined): string {
  let named = value;
  // A file may have calls of calls of calls, more than would fit on the stack.
  while (named instanceof PickleObject) {
    named = named.callable;
  }
  return named instanceof PickleGlobal ? `${named.module}.${named.name}` : '';
}

/** A whole number that a double holds exactly; undefined for anything else. */
export function wholeNumber(value: PickleValue | undefined): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/** The numbers of a shape: a tuple, list, or `torch.Size` of one. */
export function shapeOf(value: PickleValue | undefined): readonly number[] | undefined {
  const list = value instanceof PickleObject && qualifiedName(value) === 'torch.Size' ? itemsOf(value.args)[0] : value;
  if (!(list instanceof PickleList)) {
    return undefined;
  }
  const numbers = list.items.map(wholeNumber);
  return numbers.every((number): number is number => number !== undefined && number >= 0) ? numbers : undefined;
}
