import { CompletionItemKind, MarkupKind, type CompletionItem, type Range, type SignatureHelp } from 'vscode-languageserver-types';
import type { ScalarNode } from '../../../recipe/node.ts';
import { scalarPlaces } from '../../../recipe/scalarPlaces.ts';
import type { Span } from '../../../recipe/problem.ts';
import { filterItems } from './complete.ts';
import type { Part } from './stepParts.ts';
import type { ToolOption } from './tools/parseFfmpeg.ts';
import type { ToolFacts } from './tools/toolFacts.ts';
import { factsLine, plain } from './words.ts';

export interface GraphCaret {
  readonly node: ScalarNode;
  readonly stream: 'video' | 'audio';
  /** UTF-16 offsets of the document. */
  readonly offset: number;
  readonly text: string;
  readonly rangeOf: (span: Span) => Range;
}

/** What may stand at the caret inside a raw filter graph: a filter, an option of it, or a named value. */
export async function graphCompletions({ node, stream, offset, text, rangeOf }: GraphCaret, facts: ToolFacts): Promise<readonly CompletionItem[]> {
  const before = node.text.slice(0, scalarPlaces(node, text).indexOf(offset));
  const begun = /[A-Za-z0-9_]*$/.exec(before)?.[0] ?? '';
  const range = rangeOf({ from: offset - begun.length, to: offset });
  const item = (label: string, about: string, kind: CompletionItemKind, newText = label, detail?: string): CompletionItem => ({
    label, kind, textEdit: { range, newText },
    ...(detail !== undefined && { detail }),
    ...(about !== '' && { documentation: { kind: MarkupKind.Markdown, value: plain(about) } }),
  });
  const open = openFilter(before.slice(0, before.length - begun.length));
  if (open === undefined) {
    return (await filterItems(stream, facts)).map(({ name, about, io }) => item(name, about, CompletionItemKind.Function, name, io));
  }
  const options = (await facts.filter(open.name))?.options ?? [];
  if (open.key === undefined) {
    return options.map((option) => item(option.name, option.about, CompletionItemKind.Property, `${option.name}=`, factsLine(option)));
  }
  const { key } = open;
  return (options.find(({ name }) => name === key)?.constants ?? []).map(({ name, about }) => item(name, about, CompletionItemKind.EnumMember));
}

/** The filter whose arguments are being written, and the option whose value is. */
function openFilter(before: string): { readonly name: string; readonly key?: string } | undefined {
  let [start, isQuoted] = [0, false];
  for (let at = 0; at < before.length; at++) {
    const character = before[at];
    if (character === '\\' && !isQuoted) {
      at++;
    } else if (character === "'") {
      isQuoted = !isQuoted;
    } else if (!isQuoted && (character === ',' || character === ';' || character === ']')) {
      start = at + 1;
    }
  }
  const [, name, args] = /^\s*([A-Za-z0-9_]+)(?:@\w+)?=([^]*)$/.exec(before.slice(start)) ?? [];
  if (name === undefined || args === undefined) {
    return undefined;
  }
  const last = args.slice(args.lastIndexOf(':') + 1);
  const [, key] = /^\s*([A-Za-z0-9_]+)=/.exec(last) ?? [];
  return { name, ...(key !== undefined && { key }) };
}

/** The options of the filter that the caret is in, the one that it is at marked. */
export async function signatureFor(part: Part, offset: number, facts: ToolFacts): Promise<SignatureHelp | undefined> {
  const help = part.kind === 'filter' ? await facts.filter(part.name) : part.kind === 'encoder' ? await facts.encoder(part.name) : undefined;
  if (part.kind === 'effect') {
    const usage = (await facts.effects())?.find(({ name }) => name === part.name)?.about;
    return usage === undefined ? undefined : { signatures: [{ label: usage.split('\n', 1)[0] ?? usage, documentation: usage, parameters: [] }], activeSignature: 0 };
  }
  if (!help) {
    return undefined;
  }
  const options = withoutAliases(help.options);
  const labels = options.map(({ name }) => name);
  const head = `${part.name}=`;
  let label = head;
  const parameters = labels.map((name, index) => {
    const from = label.length;
    label += name;
    const parameter: [number, number] = [from, label.length];
    label += index < labels.length - 1 ? ':' : '';
    return { label: parameter, documentation: `${factsLine(options[index]!)}\n${options[index]!.about}` };
  });
  const active = activeOption(part, offset, help.options, labels);
  return { signatures: [{ label, parameters, documentation: help.about }], activeSignature: 0, ...(active !== undefined && { activeParameter: active }) };
}

function activeOption(part: Part, offset: number, options: readonly ToolOption[], labels: readonly string[]): number | undefined {
  const index = part.args.findIndex(({ keySpan, valueSpan }) => offset >= (keySpan ?? valueSpan).from && offset <= valueSpan.to);
  const argument = part.args[index];
  if (argument === undefined) {
    return part.args.length === 0 ? 0 : undefined;
  }
  if (argument.key === undefined) {
    return index;
  }
  const option = options.find(({ name }) => name === argument.key);
  const canonical = option && (labels.includes(option.name) ? option.name : options.find((other) => isAlias(other, option))?.name);
  const at = canonical === undefined ? -1 : labels.indexOf(canonical);
  return at < 0 ? undefined : at;
}

/** `w` and `width` are one option: they follow one another and say the same. */
function withoutAliases(options: readonly ToolOption[]): readonly ToolOption[] {
  return options.filter((option, index) => index === 0 || !isAlias(options[index - 1]!, option));
}

function isAlias(a: ToolOption, b: ToolOption): boolean {
  return a.about === b.about && a.type === b.type && a.default === b.default && a.about !== '';
}
