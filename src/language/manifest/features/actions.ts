import type { AnnotatedTextEdit, CodeAction, Diagnostic, Range, TextEdit } from 'vscode-languageserver-types';
import { CodeActionKind } from 'vscode-languageserver-types';
import { formatCount } from '../../../base/format.ts';
import { isRecord } from '../../../base/isRecord.ts';
import { RULES } from '../../../media/rules/index.ts';
import type { RuleCode } from '../../../media/rules/index.ts';
import type { Mend } from '../../../media/rules/rule.ts';
import { quoted } from '../../../media/rules/rule.ts';
import type { OpenDocument } from '../../family.ts';
import { pathOf } from '../checkRow.ts';
import type { RowPlace, TextChange } from '../forms/form.ts';
import type { ManifestModel, Placed } from '../manifestModel.ts';
import { diagnosticOf } from './diagnostics.ts';

/** Actions of one place are few; beyond it they are no help. */
const MOST_ACTIONS = 40;

/** What an action over the whole file keeps until it is chosen. */
interface BulkData {
  readonly code: RuleCode | 'sort';
}

/** Ways to mend what is wrong in a range, each alone and all of a kind at once. */
export function codeActionsAt(model: ManifestModel, document: OpenDocument, range: Range): CodeAction[] {
  const { text } = document;
  const [from, to] = [text.offsetAt(range.start), text.offsetAt(range.end)];
  const [first, last] = [model.rowAt(from) ?? 0, model.rowAt(to) ?? 0];
  const rows = Array.from({ length: Math.min(last - first + 1, MOST_ACTIONS) }, (_, index) => first + index);
  const here = rows.flatMap((row) => model.problemsOfRow(row)).filter((problem) => problem.from <= to && from <= problem.to);
  const single = here.flatMap((problem) => (problem.finding.mends ?? []).flatMap((mend, index) => actionOf(model, document, problem, mend, index === 0) ?? []));
  const codes = [...new Set(here.map(({ finding }) => finding.code))];
  return [...single.slice(0, MOST_ACTIONS), ...codes.flatMap((code) => bulkActions(model, code, here, text))];
}

function actionOf(model: ManifestModel, document: OpenDocument, problem: Placed, mend: Mend, isPreferred: boolean): CodeAction | undefined {
  const change = changeOf(model, problem, mend);
  return (
    change && {
      title: titleOf(mend, problem),
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnosticOf(problem, document.text)],
      ...(isPreferred && { isPreferred }),
      edit: { documentChanges: [{ textDocument: { uri: document.uri, version: document.version }, edits: [editOf(change, document)] }] },
    }
  );
}

function bulkActions(model: ManifestModel, code: RuleCode, here: readonly Placed[], text: OpenDocument['text']): CodeAction[] {
  const diagnostics: Diagnostic[] = here.filter(({ finding }) => finding.code === code).map((problem) => diagnosticOf(problem, text));
  if (code === 'kaldi/unsorted') {
    return [{ title: 'Sort the file by id, as LC_ALL=C sort does', kind: CodeActionKind.QuickFix, isPreferred: true, diagnostics, data: { code: 'sort' } satisfies BulkData }];
  }
  const all = model.mendable(code);
  return all.length < 2 ? [] : [{ title: bulkTitle(code, all.length, all[0]?.finding.mends?.[0]), kind: CodeActionKind.QuickFix, diagnostics, data: { code } satisfies BulkData }];
}

function bulkTitle(code: RuleCode, count: number, mend: Mend | undefined): string {
  const number = formatCount(count);
  switch (code) {
    case 'row/path-base':
      return `Mend the base folder of all ${number} such paths`;
    case 'row/path-missing':
      return `Drop the ${number} rows whose files are missing`;
    case 'nemo/duration-mismatch':
    case 'kaldi/duration-mismatch':
      return `Set ${number} durations from the files’ headers`;
    default:
      return mend?.do === 'removeRow' ? `Drop all ${number} such rows: ${RULES[code].title}` : `Mend all ${number}: ${RULES[code].title}`;
  }
}

/** The edit of an action over the whole file: each change is shown before it is made, and all are undone in one go. */
export function resolveBulk(action: CodeAction, model: ManifestModel, document: OpenDocument): CodeAction {
  const code = isRecord(action.data) ? (action.data.code as BulkData['code']) : undefined;
  const changes = code === 'sort' ? sortChanges(model) : code === undefined ? [] : bulkChanges(model, code);
  const id = 'trainyard';
  const edits: AnnotatedTextEdit[] = changes.map((change) => ({ ...editOf(change, document), annotationId: id }));
  return {
    ...action,
    edit: {
      documentChanges: [{ textDocument: { uri: document.uri, version: document.version }, edits }],
      changeAnnotations: { [id]: { label: action.title, needsConfirmation: true, description: `${formatCount(edits.length)} ${edits.length === 1 ? 'change' : 'changes'}` } },
    },
  };
}

/** Changes do not overlap: of two at one place the first is made. */
function bulkChanges(model: ManifestModel, code: RuleCode): TextChange[] {
  const changes = model.mendable(code).flatMap((problem) => {
    const [mend] = problem.finding.mends ?? [];
    return (mend && changeOf(model, problem, mend)) ?? [];
  });
  let end = -1;
  return changes.sort((a, b) => a.from - b.from || a.to - b.to).filter(({ from, to }) => {
    const isFree = from >= end;
    end = isFree ? Math.max(to, from + (from === to ? 1 : 0)) : end;
    return isFree;
  });
}

function sortChanges(model: ManifestModel): TextChange[] {
  const lines = Array.from({ length: model.count }, (_, row) => model.textOf(row)).map((line) => ({ line, id: Buffer.from(line.trim().split(/\s/, 1)[0] ?? '') }));
  const sorted = lines.sort((a, b) => Buffer.compare(a.id, b.id)).map(({ line }) => line);
  return [{ from: model.spanOf(0)[0], to: model.spanOf(model.count - 1)[1], text: sorted.join('\n') }];
}

/** What a mend does to the text. */
export function changeOf(model: ManifestModel, { finding, row }: Placed, mend: Mend): TextChange | undefined {
  if (row < 0) {
    return undefined;
  }
  const place: RowPlace = { text: model.text, span: model.spanOf(row), layout: model.rows.layout };
  return model.form.change(place, mend, pathOf(finding));
}

function editOf({ from, to, text }: TextChange, document: OpenDocument): TextEdit {
  return { range: { start: document.text.positionAt(from), end: document.text.positionAt(to) }, newText: text };
}

function titleOf(mend: Mend, { finding, row }: Placed): string {
  const place = mend.do === 'removeRow' || mend.do === 'rewrite' ? [] : (mend.at ?? pathOf(finding));
  const name = place.map(String).join('.');
  switch (mend.do) {
    case 'set':
      return `Set ${name || 'the value'} to ${quoted(mend.value)}`;
    case 'rename':
      return `Rename ${name} to ${mend.to}`;
    case 'add':
      return `Add ${name}`;
    case 'removeKey':
      return `Remove ${name}`;
    case 'rewrite':
      return 'Mend the row';
    case 'removeRow':
      return `Drop row ${formatCount(row + 1)}`;
  }
}
