import { entryOf, valueAt, type NodePath, type RecipeNode, type ScalarNode } from '../../../recipe/node.ts';
import { parseGraph } from '../../../recipe/graph/parseGraph.ts';
import type { Span } from '../../../recipe/problem.ts';
import { scalarPlaces } from '../../../recipe/scalarPlaces.ts';
import { LONGEST_ARGUMENT } from '../../../recipe/stepFault.ts';

/** A name with its values somewhere in a recipe, however it was written: a filter, an encoder with its options, an effect. */
export interface Part {
  readonly kind: 'filter' | 'encoder' | 'effect' | 'operator';
  readonly name: string;
  readonly nameSpan: Span;
  /** All of it. */
  readonly span: Span;
  readonly stream: 'video' | 'audio' | undefined;
  readonly args: readonly PartArgument[];
  /** Of which step, from 0, and the how-manieth of its kind in it. */
  readonly step: number;
  readonly index: number;
}

export interface PartArgument {
  /** Undefined of positional values. */
  readonly key?: string;
  readonly keySpan?: Span;
  readonly value: string;
  readonly valueSpan: Span;
}

/** Everything in a recipe that an installed tool knows by name. */
export function partsOf(root: RecipeNode | undefined, text: string): readonly Part[] {
  const steps = entryOf(root, 'steps')?.value;
  if (steps?.kind !== 'list') {
    return [];
  }
  return steps.items.flatMap((step, index) => [
    ...streamParts(step, 'video', index, text),
    ...streamParts(step, 'audio', index, text),
    ...wordParts(valueAt(step, ['sox', 'effects']), 'effect', index),
    ...wordParts(valueAt(step, ['imagemagick', 'operators']), 'operator', index),
  ]);
}

/** The part that a character belongs to, the innermost. */
export function partAt(parts: readonly Part[], offset: number): Part | undefined {
  return parts.filter(({ span }) => offset >= span.from && offset <= span.to).sort((a, b) => a.span.to - a.span.from - (b.span.to - b.span.from))[0];
}

/** Raw filter graphs of a recipe, by their paths. */
export function rawGraphsOf(root: RecipeNode | undefined): readonly { readonly path: NodePath; readonly node: ScalarNode; readonly stream: 'video' | 'audio' }[] {
  const steps = entryOf(root, 'steps')?.value;
  if (steps?.kind !== 'list') {
    return [];
  }
  return steps.items.flatMap((_, index) =>
    (['video', 'audio'] as const).flatMap((stream) => {
      const path = ['steps', index, 'ffmpeg', stream, 'filters'];
      const node = valueAt(root, path);
      return node?.kind === 'scalar' && node.value !== null ? [{ path, node, stream }] : [];
    }),
  );
}

function streamParts(step: RecipeNode, stream: 'video' | 'audio', number: number, text: string): readonly Part[] {
  const body = valueAt(step, ['ffmpeg', stream]);
  const filters = entryOf(body, 'filters')?.value;
  const parts = filters === undefined ? [] : filters.kind === 'scalar' ? (filters.text.length > LONGEST_ARGUMENT ? [] : graphParts(filters, stream, number, text)) : listParts(filters, stream, number);
  const codec = entryOf(body, 'codec')?.value;
  if (codec?.kind !== 'scalar') {
    return parts;
  }
  const options = entryOf(body, 'options')?.value;
  const args = options?.kind === 'map' ? options.entries.flatMap(({ key, keySpan, value }) => (value.kind === 'scalar' ? [{ key, keySpan, value: value.text, valueSpan: value }] : [])) : [];
  return [...parts, { kind: 'encoder', name: codec.text, nameSpan: codec, span: codec, stream, args, step: number, index: 0 }];
}

function graphParts(node: ScalarNode, stream: 'video' | 'audio', step: number, text: string): readonly Part[] {
  const places = scalarPlaces(node, text);
  const placed = ({ from, to }: Span): Span => places.span(from, to);
  return parseGraph(node.text).filters.map((filter, index) => ({
    kind: 'filter', name: filter.name, nameSpan: placed(filter.nameSpan), span: placed(filter), stream, step, index,
    args: filter.args.map(({ key, keySpan, value, valueSpan }) => ({
      value, valueSpan: placed(valueSpan), ...(key !== undefined && keySpan && { key, keySpan: placed(keySpan) }),
    })),
  }));
}

function listParts(filters: RecipeNode, stream: 'video' | 'audio', step: number): readonly Part[] {
  return filters.kind === 'list' ? filters.items.flatMap((item, index) => namedPart(item, { kind: 'filter', stream, step, index })) : [];
}

function wordParts(node: RecipeNode | undefined, kind: 'effect' | 'operator', step: number): readonly Part[] {
  return node?.kind === 'list' ? node.items.flatMap((item, index) => namedPart(item, { kind, stream: undefined, step, index })) : [];
}

function namedPart(item: RecipeNode, common: Pick<Part, 'kind' | 'stream' | 'step' | 'index'>): readonly Part[] {
  if (item.kind === 'scalar') {
    return item.value === null ? [] : [{ ...common, name: item.text, nameSpan: item, span: item, args: [] }];
  }
  const [entry] = item.kind === 'map' ? item.entries : [];
  return entry === undefined ? [] : [{ ...common, name: entry.key, nameSpan: entry.keySpan, span: { from: entry.keySpan.from, to: Math.max(entry.keySpan.to, entry.value.to) }, args: argsOf(entry.value) }];
}

function argsOf(value: RecipeNode): readonly PartArgument[] {
  switch (value.kind) {
    case 'scalar':
      return value.value === null ? [] : [{ value: value.text, valueSpan: value }];
    case 'list':
      return value.items.flatMap((item) => (item.kind === 'scalar' ? [{ value: item.text, valueSpan: item }] : []));
    case 'map':
      return value.entries.flatMap(({ key, keySpan, value: set }) => (set.kind === 'scalar' ? [{ key, keySpan, value: set.text, valueSpan: set }] : []));
  }
}
