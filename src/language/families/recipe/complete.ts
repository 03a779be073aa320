import { CompletionItemKind, InsertTextFormat, MarkupKind, type CompletionItem, type Range } from 'vscode-languageserver-types';
import { OPERATORS } from '../../../recipe/arguments/imagemagick.ts';
import { entryOf, valueAt, type NodePath, type RecipeNode } from '../../../recipe/node.ts';
import type { Vocabulary } from '../../../recipe/recipe.ts';
import type { MapShape, Shape, WordShape } from '../../../recipe/shape.ts';
import type { Caret } from './caret.ts';
import { mapsOf, shapesAt } from './shapeAt.ts';
import type { ToolOption } from './tools/parseFfmpeg.ts';
import type { ToolFacts } from './tools/toolFacts.ts';
import { aboutWord, factsLine, plain } from './words.ts';

/** All that may stand at the caret. `facts`: left out where no tool may be run. */
export async function completionsAt(caret: Caret, range: Range, vocabulary: Vocabulary, facts: ToolFacts | undefined): Promise<readonly CompletionItem[]> {
  const fromTools = facts === undefined ? [] : await toolItems(caret, range, facts);
  return [...(caret.isKey ? keyItems(caret, range, vocabulary) : valueItems(caret, range, vocabulary)), ...fromTools];
}

function keyItems({ root, path }: Caret, range: Range, vocabulary: Vocabulary): readonly CompletionItem[] {
  const node = valueAt(root, path);
  const given = new Set(node?.kind === 'map' ? node.entries.map(({ key }) => key) : []);
  return shapesAt(root, path, vocabulary)
    .flatMap(mapsOf)
    .flatMap((shape: MapShape) =>
      Object.entries(shape.fields)
        .filter(([name]) => !given.has(name) && !isExcluded(shape, name, given))
        .map(([name, { shape: inner, isRequired }], index): CompletionItem => ({
          label: name,
          kind: CompletionItemKind.Property,
          ...(isRequired === true && { labelDetails: { description: 'required' } }),
          documentation: { kind: MarkupKind.Markdown, value: inner.type === 'word' ? aboutWord(inner) : inner.about },
          sortText: `0${String(index).padStart(3, '0')}`,
          insertTextFormat: InsertTextFormat.Snippet,
          textEdit: { range, newText: `${name}: ${snippetFor(inner)}` },
        })),
    );
}

/** Of keys of which only one may be there. */
function isExcluded({ exactlyOne = [] }: MapShape, name: string, given: ReadonlySet<string>): boolean {
  return exactlyOne.includes(name) && exactlyOne.some((other) => given.has(other));
}

function snippetFor(shape: Shape): string {
  switch (shape.type) {
    case 'map':
      return '\n  $0';
    case 'list':
      return '\n  - $0';
    case 'oneOf':
      return '$0';
    case 'word':
      return shape.default === undefined ? '$0' : `\${1:${String(shape.default).replace(/[\\$}]/g, '\\$&')}}$0`;
  }
}

function valueItems({ root, path, isQuoted }: Caret, range: Range, vocabulary: Vocabulary): readonly CompletionItem[] {
  const words = shapesAt(root, path, vocabulary).flatMap(wordsOf);
  const seen = new Set<string>();
  return words
    .flatMap(choicesOf)
    .filter(({ value }) => !seen.has(value) && seen.add(value) !== undefined)
    .map(({ value, about, isDefault }, index): CompletionItem => ({
      label: value,
      kind: CompletionItemKind.EnumMember,
      detail: about,
      ...(isDefault && { labelDetails: { description: 'default' } }),
      sortText: `0${String(index).padStart(3, '0')}`,
      textEdit: { range, newText: isQuoted ? value : quoted(value) },
    }));
}

function wordsOf(shape: Shape): readonly WordShape[] {
  return shape.type === 'word' ? [shape] : shape.type === 'oneOf' ? shape.shapes.flatMap(wordsOf) : [];
}

interface Choice {
  readonly value: string;
  readonly about: string;
  readonly isDefault: boolean;
}

function choicesOf({ is, choices, also = [], default: given }: WordShape): readonly Choice[] {
  const isDefault = (value: unknown): boolean => value === given;
  const listed = choices?.map(({ value, about }) => ({ value: String(value), about, isDefault: isDefault(value) })) ?? [];
  const switches = is.length === 1 && is[0] === 'switch' ? [true, false].map((value) => ({ value: String(value), about: '', isDefault: isDefault(value) })) : [];
  const lone = listed.length === 0 && switches.length === 0 && given !== undefined ? [{ value: String(given), about: '', isDefault: true }] : [];
  return [...listed, ...switches, ...lone, ...also.map((value) => ({ value, about: '', isDefault: isDefault(value) }))];
}

/** A word that YAML would take for a number, a switch or nothing is a text only in quotes. */
function quoted(value: string): string {
  return /^[A-Za-z][\w./:+-]*$/.test(value) && !/^(?:true|false|null|yes|no|on|off)$/i.test(value) ? value : /^(?:true|false|-?\d+(?:\.\d+)?)$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`;
}

async function toolItems(caret: Caret, range: Range, facts: ToolFacts): Promise<readonly CompletionItem[]> {
  const { path, root, isKey } = caret;
  const [steps, , tool, part, field, index, name] = path;
  if (steps !== 'steps') {
    return [];
  }
  const item = (label: string, about: string, kind: CompletionItemKind, more: Partial<CompletionItem> = {}): CompletionItem => ({
    label, kind, sortText: `1${label}`,
    ...(about !== '' && { documentation: { kind: MarkupKind.Markdown, value: plain(about) } }),
    textEdit: { range, newText: isKey ? `${label}: ` : label },
    ...more,
  });
  if (tool === 'sox' && part === 'effects' && isNameOfEntry(path, 4)) {
    return ((await facts.effects()) ?? []).map((effect) => item(effect.name, effect.about, CompletionItemKind.Function));
  }
  if (tool === 'imagemagick' && part === 'operators' && isNameOfEntry(path, 4)) {
    return operatorNames((await facts.operators()) ?? []).map((operator) => item(operator, '', CompletionItemKind.Function));
  }
  if (tool !== 'ffmpeg' || (part !== 'video' && part !== 'audio')) {
    return [];
  }
  if (field === 'filters' && isNameOfEntry(path, 5) && !isRaw(root, path.slice(0, 5))) {
    return (await filterItems(part, facts)).map(({ name: filter, about, io }) => item(filter, about, CompletionItemKind.Function, { detail: io }));
  }
  if (field === 'filters' && typeof index === 'number' && typeof name === 'string') {
    const help = await facts.filter(name);
    return help ? optionItems(help.options, path[7], isKey, item) : [];
  }
  const codec = entryOf(valueAt(root, path.slice(0, 4)), 'codec')?.value;
  if (field === 'codec' && !isKey) {
    return ((await facts.encoders()) ?? []).filter(({ kind }) => kind === part).map((encoder) => item(encoder.name, encoder.about, CompletionItemKind.Value));
  }
  if (field === 'options' && codec?.kind === 'scalar') {
    const help = await facts.encoder(codec.text);
    return help ? optionItems(help.options, path[5], isKey, item) : [];
  }
  return [];
}

/** Whether the caret is at the name of an entry of a list at this depth: `- NAME`, or `- { NAME: … }`. */
function isNameOfEntry(path: NodePath, depth: number): boolean {
  return path.length === depth + 1 && typeof path[depth] === 'number';
}

function isRaw(root: RecipeNode, path: NodePath): boolean {
  return valueAt(root, path)?.kind === 'scalar';
}

function optionItems(
  options: readonly ToolOption[],
  key: string | number | undefined,
  isKey: boolean,
  item: (label: string, about: string, kind: CompletionItemKind, more?: Partial<CompletionItem>) => CompletionItem,
): readonly CompletionItem[] {
  if (isKey) {
    return options.map((option) => item(option.name, option.about, CompletionItemKind.Property, { detail: factsLine(option) }));
  }
  const option = options.find(({ name }) => name === key);
  return (option?.constants ?? []).map(({ name, about }) => item(name, about, CompletionItemKind.EnumMember));
}

/** Filters that take one stream of this kind and give one: sources, and those with several inputs, have no place in a list. */
export async function filterItems(stream: 'video' | 'audio', facts: ToolFacts): Promise<NonNullable<Awaited<ReturnType<ToolFacts['filters']>>>> {
  const letter = stream === 'video' ? 'V' : 'A';
  return ((await facts.filters()) ?? []).filter(({ io }) => io === `${letter}->${letter}` || io.endsWith(`->N`) || io.startsWith('N->'));
}

/** Those of the installed ImageMagick that a recipe may use. */
function operatorNames(known: readonly string[]): readonly string[] {
  return Object.entries(OPERATORS).flatMap(([kind, names]) =>
    names
      .split(' ')
      .filter((name) => known.includes(`${kind.charAt(0)}${name}`))
      .map((name) => (kind.startsWith('+') ? `'+${name}'` : name)),
  );
}
