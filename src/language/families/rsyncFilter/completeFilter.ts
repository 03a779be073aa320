import { readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { CompletionItemKind, MarkupKind, type CompletionItem, type Range } from 'vscode-languageserver-types';
import { FILTER_MODIFIERS, FILTER_WORDS, type FilterKind, type LineSpan } from '../../../base/rsyncFilterLine.ts';
import { isRuleKind } from './filterLines.ts';
import { KIND_WORDS, modifierWords } from './ruleWords.ts';

/** Names of one folder that are offered. */
const MOST_NAMES = 2000;

/** What can stand at the end of `before`, the text of the line up to the caret. `after`: the rest of it. */
export function filterCompletions(before: string, after: string, folder: string | undefined, rangeOf: (span: LineSpan) => Range): readonly CompletionItem[] {
  const [, sign = '', modifiers, pattern] = /^([-+HSPR.:]|[a-z-]{2,})(?:,|(?=[ _]))?([^ _]*)(?:[ _](.*))?$/.exec(before) ?? [];
  const kind = FILTER_WORDS[sign] ?? (sign.length === 1 ? (sign as FilterKind) : undefined);
  const here = { from: 0, to: before.length };
  if (kind === undefined || modifiers === undefined) {
    return /^[a-z-]*$/.test(before) ? kinds(rangeOf({ from: 0, to: before.length })) : [];
  }
  if (pattern !== undefined) {
    const start = before.lastIndexOf('/') + 1 || before.length - pattern.length;
    return folder === undefined ? [] : names(kind, pattern, folder, rangeOf({ from: Math.max(start, before.length - pattern.length), to: before.length + (/^[^/\s]*/.exec(after)?.[0].length ?? 0) }));
  }
  const given = before.slice(sign.length + (before[sign.length] === ',' ? 1 : 0));
  return [
    ...(before.length === 1 ? kinds(rangeOf(here)) : []),
    ...[...FILTER_MODIFIERS[kind]].filter((modifier) => !given.includes(modifier)).map((modifier): CompletionItem => ({
      label: modifier,
      kind: CompletionItemKind.Keyword,
      detail: modifierWords(kind, modifier),
      textEdit: { range: rangeOf({ from: before.length, to: before.length }), newText: sign.length > 1 && !before.includes(',') ? `,${modifier}` : modifier },
      filterText: modifier,
    })),
  ];
}

function kinds(range: Range): readonly CompletionItem[] {
  return Object.entries(KIND_WORDS).flatMap(([sign, { word, about }], index) =>
    [sign, word].map((label): CompletionItem => ({
      label,
      kind: CompletionItemKind.Keyword,
      detail: label === sign ? word : sign,
      documentation: { kind: MarkupKind.PlainText, value: about },
      sortText: `${label === sign ? 0 : 1}${index}`,
      textEdit: { range, newText: sign === '!' ? label : `${label} ` },
    })),
  );
}

/** What lies in the folder that the pattern has led to; behind wildcards nothing is known. */
function names(kind: FilterKind, pattern: string, folder: string, range: Range): readonly CompletionItem[] {
  const way = pattern.slice(0, pattern.lastIndexOf('/') + 1);
  if (/[*?[\\]|(?:^|\/)\.\.(?:\/|$)/.test(way)) {
    return [];
  }
  const entries = entriesOf(join(folder, way)).filter((entry) => isRuleKind(kind) || !entry.isDirectory());
  const ends = [...new Set(entries.filter((entry) => entry.isFile()).flatMap(({ name }) => /.(\.[^.]+)$/.exec(name)?.[1] ?? []))].sort();
  const items = entries.slice(0, MOST_NAMES).map((entry): CompletionItem => {
    const isFolder = entry.isDirectory();
    const label = isFolder ? `${entry.name}/` : entry.name;
    return { label, kind: isFolder ? CompletionItemKind.Folder : CompletionItemKind.File, textEdit: { range, newText: asPattern(label) } };
  });
  const wild = isRuleKind(kind) ? ends.map((end): CompletionItem => ({ label: `*${end}`, kind: CompletionItemKind.Value, detail: 'by its ending', textEdit: { range, newText: `*${asPattern(end)}` } })) : [];
  return [...items, ...wild];
}

/** A name with the signs of wildcards in it stands for itself only behind backslashes. */
function asPattern(name: string): string {
  return /[*?[]/.test(name) ? name.replace(/[*?[\\]/g, '\\$&') : name;
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !/[\ufffd\r\n]/.test(name));
  } catch {
    return [];
  }
}
