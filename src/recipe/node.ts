import type { Span } from './problem.ts';

/** A value of a recipe's text, with where it stands. */
export type RecipeNode = MapNode | ListNode | ScalarNode;

export interface MapEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: RecipeNode;
}

export interface MapNode extends Span {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
}

export interface ListNode extends Span {
  readonly kind: 'list';
  readonly items: readonly RecipeNode[];
}

export interface ScalarNode extends Span {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** The value as text: what is quoted without its quotes, a number as it was written. */
  readonly text: string;
}

export type NodePath = readonly (string | number)[];

export type PlainValue = string | number | boolean | null | readonly PlainValue[] | { readonly [key: string]: PlainValue };

/** The value without its places; of two entries of one key the later. */
export function plainOf(node: RecipeNode): PlainValue {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plainOf);
    case 'map':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, plainOf(value)]));
  }
}

export function entryOf(node: RecipeNode | undefined, key: string): MapEntry | undefined {
  return node?.kind === 'map' ? node.entries.findLast((entry) => entry.key === key) : undefined;
}

export function valueAt(node: RecipeNode | undefined, path: NodePath): RecipeNode | undefined {
  return path.reduce<RecipeNode | undefined>(
    (at, step) => (typeof step === 'number' ? (at?.kind === 'list' ? at.items[step] : undefined) : entryOf(at, step)?.value),
    node,
  );
}

/** Where a value stands, or the nearest above it that is there. */
export function spanAt(root: RecipeNode, path: NodePath): Span {
  for (let length = path.length; length >= 0; length--) {
    const node = valueAt(root, path.slice(0, length));
    if (node !== undefined) {
      return node;
    }
  }
  return root;
}

/** Where the key of an entry stands; of a list's item, or what is not there, its value. */
export function keySpanAt(root: RecipeNode, path: NodePath): Span {
  const key = path.at(-1);
  return (typeof key === 'string' ? entryOf(valueAt(root, path.slice(0, -1)), key)?.keySpan : undefined) ?? spanAt(root, path);
}

/** The way to the value that a character belongs to, and whether it is the key's. */
export function pathAt(root: RecipeNode, offset: number): { readonly path: NodePath; readonly isKey: boolean } {
  const path: (string | number)[] = [];
  let node = root;
  for (;;) {
    const step: { readonly key: string | number; readonly value: RecipeNode; readonly isKey: boolean } | undefined = stepAt(node, offset);
    if (step === undefined) {
      return { path, isKey: false };
    }
    path.push(step.key);
    if (step.isKey) {
      return { path, isKey: true };
    }
    node = step.value;
  }
}

function stepAt(node: RecipeNode, offset: number): { readonly key: string | number; readonly value: RecipeNode; readonly isKey: boolean } | undefined {
  if (node.kind === 'list') {
    const index = node.items.findIndex((item) => isWithin(item, offset));
    const item = node.items[index];
    return item && { key: index, value: item, isKey: false };
  }
  if (node.kind === 'map') {
    for (const { key, keySpan, value } of node.entries) {
      if (isWithin(keySpan, offset)) {
        return { key, value, isKey: true };
      }
      if (isWithin(value, offset)) {
        return { key, value, isKey: false };
      }
    }
  }
  return undefined;
}

function isWithin({ from, to }: Span, offset: number): boolean {
  return offset >= from && offset <= to;
}
