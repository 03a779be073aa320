import type { Node } from 'jsonc-parser';
import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import { isRecord } from '../../../base/isRecord.ts';
import { jsonFault } from '../../../media/rows/jsonFault.ts';
import type { RuleCode } from '../../../media/rules/index.ts';
import type { Finding, KeyPath, Mend } from '../../../media/rules/rule.ts';
import { checkRowForm } from '../../../media/rules/row.ts';
import { quoted } from '../../../media/rules/rule.ts';
import type { ParsedRow, RowPlace, RowValue, Span, TextChange } from './form.ts';
import { mendedJson } from './mendedJson.ts';

/** Longer texts are not looked into for what to mend. */
const MAX_MENDED = 200_000;

/** One JSON object as a row. */
export function parseJsonRow(row: string): ParsedRow {
  let value: unknown;
  try {
    value = JSON.parse(row);
  } catch {
    return new JsonRow(row, undefined, [row.trim() === '' ? blank() : unreadable(row)]);
  }
  if (!isRecord(value)) {
    return new JsonRow(row, undefined, [{ code: 'row/unreadable', message: `The row is ${Array.isArray(value) ? 'a list' : quoted(value)} and no object.`, mends: [{ do: 'removeRow' }] }]);
  }
  return new JsonRow(row, value, twice(row, value));
}

function blank(): Finding<RuleCode> {
  return checkRowForm({ problem: 'the line is empty' })[0] ?? { code: 'row/blank', message: 'The line is empty.' };
}

function unreadable(row: string): Finding<RuleCode> {
  const at = jsonFault(row);
  const message = at >= row.length ? 'The row is not complete.' : `${JSON.stringify(row.slice(at, at + 1))} is not expected here.`;
  const mended = row.length > MAX_MENDED ? undefined : mendedJson(row);
  const mends: readonly Mend[] = [...(mended === undefined ? [] : [{ do: 'rewrite', text: mended } as const]), { do: 'removeRow' }];
  return { code: 'row/unreadable', message, span: [Math.min(at, Math.max(0, row.length - 1)), Math.min(row.length, at + 1)], mends };
}

/** A key that stands twice in the row's own object. JSON.parse keeps the last one, so that there are fewer keys than colons would say. */
function twice(row: string, value: RowValue): Finding<RuleCode>[] {
  if (!mayHaveTwins(row, value)) {
    return [];
  }
  const seen = new Set<string>();
  for (const property of parseTree(row)?.children ?? []) {
    const [key] = property.children ?? [];
    const name = String(key?.value);
    if (key && seen.has(name)) {
      return [{ code: 'row/key-twice', key: name, message: `The row has ${name} twice.`, span: [key.offset, key.offset + key.length], mends: [{ do: 'rewrite', text: JSON.stringify(value) }] }];
    }
    seen.add(name);
  }
  return [];
}

/** Cheap, and wrong only in that it may say yes: counts what ends a key, and where that is no answer, the places where each is written. */
function mayHaveTwins(row: string, value: RowValue): boolean {
  let ends = 0;
  for (let at = row.indexOf('":'); at >= 0; at = row.indexOf('":', at + 2)) {
    ends++;
  }
  if (ends === Object.keys(value).length) {
    return false;
  }
  for (const key in value) {
    const text = `"${key}"`;
    const first = row.indexOf(text);
    if (first < 0 || row.indexOf(text, first + text.length) >= 0) {
      return true;
    }
  }
  return false;
}

class JsonRow implements ParsedRow {
  private parsed: Node | undefined;

  constructor(
    private readonly row: string,
    readonly value: RowValue | undefined,
    readonly findings: readonly Finding<RuleCode>[],
  ) {}

  private get tree(): Node | undefined {
    return (this.parsed ??= parseTree(this.row, [], { allowTrailingComma: true }));
  }

  locate(path: KeyPath, part: 'value' | 'key'): Span {
    for (let length = path.length; length > 0; length--) {
      const node = this.tree && findNodeAtLocation(this.tree, [...path.slice(0, length)]);
      if (node) {
        const shown = part === 'key' && length === path.length && node.parent?.type === 'property' ? (node.parent.children?.[0] ?? node) : node;
        return [shown.offset, shown.offset + shown.length];
      }
    }
    return headOf(this.row);
  }

  pathAt(offset: number): ReturnType<ParsedRow['pathAt']> {
    let node = this.tree;
    const path: (string | number)[] = [];
    for (;;) {
      const inner: Node | undefined = node?.children?.find((child) => child.offset <= offset && offset <= child.offset + child.length);
      if (node === undefined || inner === undefined) {
        break;
      }
      if (node.type === 'array') {
        path.push(node.children?.indexOf(inner) ?? 0);
      } else if (node.type === 'property') {
        path.push(String(node.children?.[0]?.value));
        if (inner === node.children?.[0]) {
          return { path, part: 'key', span: [inner.offset, inner.offset + inner.length] };
        }
      }
      node = inner;
    }
    return node === undefined || node === this.tree ? undefined : { path, part: 'value', span: [node.offset, node.offset + node.length] };
  }
}

/** What is underlined where a whole row is meant: its bracket, so that a long row does not glow. */
function headOf(row: string): Span {
  const start = row.search(/\S/);
  return start < 0 ? [0, row.length] : [start, Math.min(row.length, start + 1)];
}

/** The change of one JSON value in a text that mends it. */
export function changeJson({ text, span: [from, to] }: RowPlace, mend: Exclude<Mend, { readonly do: 'removeRow' }>, path: KeyPath): TextChange | undefined {
  const row = text.slice(from, to);
  if (mend.do === 'rewrite') {
    return { from, to, text: mend.text };
  }
  const tree = parseTree(row);
  const at = mend.at ?? path;
  const change = tree && inTree(row, tree, mend, at);
  return change && { ...change, from: change.from + from, to: change.to + from };
}

function inTree(row: string, tree: Node, mend: Exclude<Mend, { readonly do: 'removeRow' | 'rewrite' }>, path: KeyPath): TextChange | undefined {
  const node = findNodeAtLocation(tree, [...path]);
  const property = node?.parent?.type === 'property' ? node.parent : undefined;
  const key = property?.children?.[0];
  switch (mend.do) {
    case 'set':
      return node && { from: node.offset, to: node.offset + node.length, text: written(mend.value, row) };
    case 'rename':
      return key && { from: key.offset, to: key.offset + key.length, text: JSON.stringify(mend.to) };
    case 'add': {
      const owner = findNodeAtLocation(tree, [...path.slice(0, -1)]) ?? tree;
      const last = owner.children?.at(-1);
      const text = `${JSON.stringify(path.at(-1))}:${row.includes('": ') ? ' ' : ''}${written(mend.value, row)}`;
      const end = last ? last.offset + last.length : owner.offset + 1;
      return owner.type === 'object' ? { from: end, to: end, text: last ? `,${row.includes(', "') || row.includes('": ') ? ' ' : ''}${text}` : text } : undefined;
    }
    case 'removeKey': {
      const siblings = property?.parent?.children ?? [];
      const index = property ? siblings.indexOf(property) : -1;
      const [before, after] = [siblings[index - 1], siblings[index + 1]];
      return property === undefined
        ? undefined
        : after
          ? { from: property.offset, to: after.offset, text: '' }
          : { from: before ? before.offset + before.length : property.offset, to: property.offset + property.length, text: '' };
    }
  }
}

/** As the row is written: with blanks behind the commas of lists where it has them behind colons. */
function written(value: unknown, row: string): string {
  return Array.isArray(value) && row.includes('": ') ? `[${value.map((item) => JSON.stringify(item)).join(', ')}]` : JSON.stringify(value);
}
