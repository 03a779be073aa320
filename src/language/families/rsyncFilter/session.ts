import {
  CodeActionKind, DiagnosticTag, MarkupKind,
  type CodeAction, type CodeLens, type CompletionItem, type Diagnostic, type Hover, type Position, type Range,
} from 'vscode-languageserver-types';
import type { Disposable } from '../../../base/disposable.ts';
import { formatExactBytes } from '../../../base/format.ts';
import type { LineSpan } from '../../../base/rsyncFilterLine.ts';
import { createThrottle } from '../../../base/throttle.ts';
import { SEVERITIES } from '../../diagnosticSeverity.ts';
import type { DocumentFamily, DocumentSession, FamilyHost, OpenDocument } from '../../family.ts';
import { filterCompletions } from './completeFilter.ts';
import { listOfFile, type FilterList } from './filterList.ts';
import { isFilterLine } from './filterLines.ts';
import { FILTER_RULES, type FilterFinding } from './filterRules.ts';
import { fromGitignore } from './gitRules.ts';
import { ListReader } from './listReader.ts';
import { FILTER_LANGUAGE } from './recogniseFilter.ts';
import { exampleWords, ruleWords, sumWords, tallyWords } from './ruleWords.ts';
import { Surveys } from './survey.ts';
import { listsOfTargets } from './targetLists.ts';

/** Milliseconds between two looks at a folder in which files change all the time. */
const LOOK_AGAIN = 5000;
/** Rules that a count stands above. */
const MOST_LENSES = 1000;
const UNNECESSARY: ReadonlySet<string> = new Set(['rsync/cleared', 'rsync/shadowed', 'rsync/folder-left-out', 'rsync/shadowed-here']);

/** Filter rules of rsync: each folder is gone through once for all lists that speak of it. */
export function createFilterFamily(): DocumentFamily {
  const surveys = new Surveys();
  return { id: 'rsyncFilter', open: (document, host) => new FilterSession(document, host, surveys) };
}

interface Told {
  readonly reader: ListReader;
  readonly findings: readonly FilterFinding[];
}

class FilterSession implements DocumentSession {
  private read: { readonly version: number; readonly readers: readonly ListReader[] } | undefined;
  private told: readonly Told[] = [];
  private readonly owned: readonly Disposable[];

  constructor(
    private readonly document: OpenDocument,
    host: FamilyHost,
    private readonly surveys: Surveys,
  ) {
    const again = createThrottle(LOOK_AGAIN, () => {
      this.folders().forEach((folder) => surveys.forget(folder));
      host.refresh(document.uri);
    });
    this.owned = [again, host.onDidChangeFiles((paths) => {
      if (this.folders().some((folder) => paths.some((path) => path.startsWith(`${folder}/`)))) {
        again.request();
      }
    })];
  }

  dispose(): void {
    this.folders().forEach((folder) => this.surveys.forget(folder));
    this.owned.forEach((one) => one.dispose());
  }

  changed(): void {
    this.read = undefined;
  }

  async diagnostics(signal: AbortSignal, publish: (diagnostics: readonly Diagnostic[]) => void): Promise<readonly Diagnostic[]> {
    const readers = this.readers();
    this.told = readers.map((reader) => ({ reader, findings: reader.findings() }));
    publish(this.diagnosed());
    const told: Told[] = [];
    for (const reader of readers) {
      told.push({ reader, findings: await reader.allFindings(this.surveys, signal) });
    }
    this.told = told;
    return this.diagnosed();
  }

  codeActions(range: Range): readonly CodeAction[] {
    const { text, uri } = this.document;
    const [from, to] = [text.offsetAt(range.start), text.offsetAt(range.end)];
    const fixes = this.told.flatMap(({ reader, findings }) => findings.flatMap((finding) => {
      const place = reader.list.place(finding.line, finding);
      return place.from > to || place.to < from ? [] : finding.fixes.map(({ title, edits }, index): CodeAction => ({
        title, kind: CodeActionKind.QuickFix, isPreferred: index === 0,
        diagnostics: [this.diagnosticOf(reader.list, finding)],
        edit: { changes: { [uri]: [...reader.list.edits(edits)] } },
      }));
    }));
    return [...fixes, ...this.gitAction()];
  }

  async hover(position: Position, signal: AbortSignal): Promise<Hover | undefined> {
    const found = this.placeOf(position);
    const read = found?.reader.lines[found.line];
    if (found === undefined || read === undefined || !isFilterLine(read.read)) {
      return undefined;
    }
    const tally = await found.reader.tally(this.surveys, signal);
    const own = tally?.ofLine.get(found.line);
    const here = own === undefined || tally === undefined ? [] : [`Here it ${tallyWords(own, tally.isWhole)}${own.bytes >= 1000 ? ` (${formatExactBytes(own.bytes)})` : ''}.`, exampleWords(own)];
    const value = [ruleWords(read.read, read.text), ...here].filter((part) => part !== '').join('\n\n');
    return { contents: { kind: MarkupKind.Markdown, value }, range: this.rangeOf(found.reader.list.place(found.line, { from: 0, to: read.text.length })) };
  }

  async lenses(signal: AbortSignal): Promise<readonly CodeLens[]> {
    const lenses: CodeLens[] = [];
    for (const reader of this.readers()) {
      const tally = await reader.tally(this.surveys, signal);
      const [first] = reader.rules;
      if (tally !== undefined && first !== undefined) {
        const lens = (line: number, title: string): CodeLens => ({ range: this.rangeOf(reader.list.place(line, { from: 0, to: 0 })), command: { title, command: '' } });
        lenses.push(lens(first.line, sumWords(tally, reader.readsFiles)), ...reader.rules.slice(0, MOST_LENSES).flatMap(({ line }) => {
          const own = tally.ofLine.get(line);
          return own === undefined ? [] : [lens(line, tallyWords(own, tally.isWhole))];
        }));
      }
    }
    return lenses;
  }

  completion(position: Position): readonly CompletionItem[] {
    const found = this.placeOf(position);
    if (found === undefined || found.reader.list.isOfTarget) {
      return [];
    }
    const { reader: { list }, line, column } = found;
    const text = list.lines[line] ?? '';
    return filterCompletions(text.slice(0, column), text.slice(column), list.folder, (span) => this.rangeOf(list.place(line, span)));
  }

  /** Of a file that was written as a .gitignore: all of it anew. */
  private gitAction(): readonly CodeAction[] {
    const { language, path = '', uri } = this.document;
    const [told] = this.told;
    const isGit = told?.findings.some(({ code }) => code === 'rsync/git-negation' || code === 'rsync/not-a-rule') === true;
    const isAllGit = told?.reader.lines.every(({ read }) => !isFilterLine(read)) === true;
    if (language !== FILTER_LANGUAGE || told === undefined || !(isGit && (isAllGit || path.endsWith('/.gitignore')))) {
      return [];
    }
    const { list } = told.reader;
    const newText = `${fromGitignore(list.lines).join('\n')}\n`;
    const range = { start: { line: 0, character: 0 }, end: this.document.text.positionAt(this.document.text.getText().length) };
    return [{ title: 'Turn all of these .gitignore lines into rules of rsync', kind: CodeActionKind.QuickFix, edit: { changes: { [uri]: [{ range, newText }] } } }];
  }

  private readers(): readonly ListReader[] {
    const { version, language } = this.document;
    if (this.read?.version !== version) {
      const lists: readonly FilterList[] = language === FILTER_LANGUAGE ? [listOfFile(this.document)] : listsOfTargets(this.document);
      this.read = { version, readers: lists.map((list) => new ListReader(list)) };
    }
    return this.read.readers;
  }

  private folders(): readonly string[] {
    return this.read?.readers.flatMap(({ list }) => list.folder ?? []) ?? [];
  }

  private placeOf(position: Position): { readonly reader: ListReader; readonly line: number; readonly column: number } | undefined {
    const offset = this.document.text.offsetAt(position);
    for (const reader of this.readers()) {
      const at = reader.list.at(offset);
      if (at !== undefined) {
        return { reader, ...at };
      }
    }
    return undefined;
  }

  private diagnosed(): readonly Diagnostic[] {
    return this.told.flatMap(({ reader, findings }) => findings.map((finding) => this.diagnosticOf(reader.list, finding)));
  }

  private diagnosticOf(list: FilterList, finding: FilterFinding): Diagnostic {
    const { code, message, because } = finding;
    const { uri } = this.document;
    const cause = because === undefined ? undefined : this.rangeOf(list.place(because, { from: 0, to: list.lines[because]?.length ?? 0 }));
    return {
      range: this.rangeOf(list.place(finding.line, finding)), severity: SEVERITIES[FILTER_RULES[code].severity], code, message, source: 'Trainyard',
      ...(UNNECESSARY.has(code) && { tags: [DiagnosticTag.Unnecessary] }),
      ...(cause && { relatedInformation: [{ location: { uri, range: cause }, message: 'This one decides.' }] }),
    };
  }

  private rangeOf({ from, to }: LineSpan): Range {
    const { text } = this.document;
    return { start: text.positionAt(from), end: text.positionAt(to) };
  }
}
