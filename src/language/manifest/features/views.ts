import type { CodeLens, DocumentLink, DocumentSymbol, FoldingRange, InlayHint, Range } from 'vscode-languageserver-types';
import { FoldingRangeKind, InlayHintKind, SymbolKind } from 'vscode-languageserver-types';
import { formatCount, formatCountOf, formatDuration } from '../../../base/format.ts';
import { splitMemberPath } from '../../../media/memberPath.ts';
import { seconds } from '../../../media/rules/rule.ts';
import type { OpenDocument } from '../../family.ts';
import { uriOfPlace } from '../../pathOfUri.ts';
import type { RowPath } from '../checkRow.ts';
import type { ManifestModel } from '../manifestModel.ts';

/** More links make the editor slow; those in view are hovered and followed all the same. */
const MOST_LINKS = 5000;
const MOST_SYMBOLS = 5000;

/** Rows, hours and what is missing, above the first row. */
export function lensesOf(model: ManifestModel, document: OpenDocument): CodeLens[] {
  const { rows, seconds: length, missing } = model.totals();
  const start = document.text.positionAt(model.rows.layout.header?.[0] ?? 0);
  const words = [`${formatCountOf(rows, 'row')}`, length > 0 ? formatDuration(length) : undefined, missing > 0 ? `${formatCount(missing)} missing` : undefined].filter((part) => part !== undefined);
  const range = { start, end: start };
  const problems = model.problems(0).total;
  const isOne = model.kind.id === 'yolo' || model.kind.id === 'lerobot';
  return [
    { range, command: { title: `${model.kind.title}${isOne ? '' : `: ${words.join(' · ')}`}`, command: 'trainyard.language.showInDatasets', arguments: [document.path ?? ''] } },
    ...(problems > 0 ? [{ range, command: { title: formatCountOf(problems, 'problem'), command: 'trainyard.language.showProblems', arguments: [document.uri] } }] : []),
  ];
}

export function linksOf(model: ManifestModel, document: OpenDocument): DocumentLink[] {
  const links: DocumentLink[] = [];
  for (const [row, state] of model.known().entries()) {
    for (const path of state?.paths ?? []) {
      const target = targetOf(path);
      if (target !== undefined) {
        links.push({ range: rangeIn(model, document, row, path), target, tooltip: path.file ?? path.path });
      }
    }
    if (links.length >= MOST_LINKS) {
      break;
    }
  }
  return links;
}

/** Where a path leads in the editor: to a file, or to a member of an archive. */
export function targetOf({ file, isThere }: Pick<RowPath, 'file' | 'isThere'>): string | undefined {
  if (file === undefined) {
    return undefined;
  }
  if (isThere) {
    return uriOfPlace({ file });
  }
  const inside = splitMemberPath(file);
  return inside && uriOfPlace(inside);
}

/** Characters of a path in the text, without quotes around it. */
export function rangeIn(model: ManifestModel, document: OpenDocument, row: number, { at }: Pick<RowPath, 'at'>): Range {
  const [from, to] = model.parsed(row).locate(at, 'value');
  const [start] = model.spanOf(row);
  const isQuoted = model.text[start + from] === '"' && to - from >= 2;
  return { start: document.text.positionAt(start + from + (isQuoted ? 1 : 0)), end: document.text.positionAt(start + to - (isQuoted ? 1 : 0)) };
}

/** The real length of a sound behind the stated one, and names behind ids of classes. */
export function hintsIn(model: ManifestModel, document: OpenDocument, range: Range): InlayHint[] {
  const first = model.rowAt(document.text.offsetAt(range.start)) ?? 0;
  const last = model.rowAt(document.text.offsetAt(range.end)) ?? -1;
  const names = model.kind.id === 'coco' ? categoryNames(model) : undefined;
  return Array.from({ length: Math.max(0, Math.min(last, model.count - 1) - first + 1) }, (_, index) => first + index).flatMap((row) => [...lengthHint(model, document, row), ...(names ? classHint(model, document, row, names) : [])]);
}

function lengthHint(model: ManifestModel, document: OpenDocument, row: number): InlayHint[] {
  const { duration, subject, paths } = model.state(row);
  const key = model.kind.id === 'kaldi' ? undefined : 'duration';
  const [first] = paths;
  if (duration === undefined || first === undefined || (subject.length !== undefined && Math.abs(subject.length - duration) < 0.005)) {
    return [];
  }
  const { value } = model.parsed(row);
  const at = key !== undefined && value?.[key] !== undefined ? [key] : first.at;
  return [{ position: rangeIn(model, document, row, { at }).end, label: `file: ${seconds(duration)}`, kind: InlayHintKind.Parameter, paddingLeft: true, tooltip: 'The length by the file’s own header.' }];
}

function classHint(model: ManifestModel, document: OpenDocument, row: number, names: ReadonlyMap<unknown, string>): InlayHint[] {
  const id = model.sectionOf(row) === 'annotations' ? model.state(row).joint?.category_id : undefined;
  const name = id === undefined ? undefined : names.get(id);
  return name === undefined ? [] : [{ position: rangeIn(model, document, row, { at: ['category_id'] }).end, label: name, kind: InlayHintKind.Type, paddingLeft: true }];
}

export function categoryNames(model: ManifestModel): ReadonlyMap<unknown, string> {
  const names = new Map<unknown, string>();
  for (const [row, state] of model.known().entries()) {
    if (model.sectionOf(row) === 'categories' && typeof state?.joint?.name === 'string') {
      names.set(state.joint.id, state.joint.name);
    }
  }
  return names;
}

export function symbolsOf(model: ManifestModel, document: OpenDocument): DocumentSymbol[] {
  const sections = model.rows.sectionNames?.filter((name) => name !== '') ?? [];
  if (sections.length > 0) {
    return sections.map((name) => {
      const rows = Array.from({ length: model.count }, (_, row) => row).filter((row) => model.sectionOf(row) === name);
      const [first = 0] = rows;
      const range = { start: document.text.positionAt(model.spanOf(first)[0]), end: document.text.positionAt(model.spanOf(rows.at(-1) ?? first)[1]) };
      return { name, detail: formatCountOf(rows.length, 'row'), kind: SymbolKind.Array, range, selectionRange: { start: range.start, end: range.start }, children: rows.slice(0, MOST_SYMBOLS / sections.length).map((row) => symbolOf(model, document, row)) };
    });
  }
  return Array.from({ length: Math.min(model.count, MOST_SYMBOLS) }, (_, row) => symbolOf(model, document, row));
}

function symbolOf(model: ManifestModel, document: OpenDocument, row: number): DocumentSymbol {
  const [from, to] = model.spanOf(row);
  const { subject, paths, joint } = model.state(row);
  const name = typeof joint?.name === 'string' ? joint.name : (paths[0]?.path ?? subject.id ?? subject.label ?? `Row ${row + 1}`);
  const range = { start: document.text.positionAt(from), end: document.text.positionAt(to) };
  const detail = [subject.label, subject.split, subject.length === undefined ? undefined : seconds(subject.length)].filter((part) => part !== undefined).join(' · ');
  return { name: name.replace(/[\s\u0000]+/g, ' ').trim() || `Row ${row + 1}`, detail, kind: SymbolKind.Object, range, selectionRange: range };
}

/** Runs of rows that have a folder in common, and rows of more than one line. */
export function foldingOf(model: ManifestModel, document: OpenDocument): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  let group: { readonly key: string; readonly line: number; last: number } | undefined;
  const close = (): void => {
    if (group && group.last > group.line) {
      ranges.push({ startLine: group.line, endLine: group.last, kind: FoldingRangeKind.Region });
    }
  };
  for (const [row, state] of model.known().entries()) {
    const path = state?.paths[0]?.path ?? '';
    const key = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const [from, to] = model.spanOf(row);
    const line = document.text.positionAt(from).line;
    const last = document.text.positionAt(to).line;
    if (last > line) {
      ranges.push({ startLine: line, endLine: last });
    }
    if (group?.key === key && key !== '') {
      group.last = last;
    } else {
      close();
      group = { key, line, last };
    }
    if (ranges.length >= MOST_SYMBOLS) {
      return ranges;
    }
  }
  close();
  return ranges;
}
