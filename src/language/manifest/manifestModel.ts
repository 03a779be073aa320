import { dirname, join, resolve } from 'node:path';
import { createBreather } from '../../base/breather.ts';
import type { Severity } from '../../media/problem.ts';
import { RULES } from '../../media/rules/index.ts';
import type { RuleCode } from '../../media/rules/index.ts';
import type { Finding } from '../../media/rules/rule.ts';
import type { DocumentChange } from '../family.ts';
import type { RowContext, RowPath, RowState } from './checkRow.ts';
import { checkRow, findFolder, place } from './checkRow.ts';
import type { CrossFinding } from './crossChecks.ts';
import { checkAcross } from './crossChecks.ts';
import type { Disk } from './disk.ts';
import { checkDocument } from './documentChecks.ts';
import type { ManifestForm, ParsedRow, RowList, RowValue, Span } from './forms/form.ts';
import { FORMS } from './forms/index.ts';
import { KINDS } from './kinds/index.ts';
import type { ManifestKind } from './kinds/kind.ts';
import { nemoPairs } from './kinds/nemo.ts';
import type { RecognisedManifest } from './recogniseManifest.ts';
import { Siblings } from './siblings.ts';

/** A finding with its place in the text. */
export interface Placed {
  readonly finding: Finding<RuleCode>;
  readonly severity: Severity;
  /** Counted from 0; -1 where it is of the whole text. */
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

export interface Totals {
  readonly rows: number;
  /** Seconds that the rows state in all. */
  readonly seconds: number;
  /** Rows of which a file is not there. */
  readonly missing: number;
}

/** Rows from which on a folder is chosen by what is there. */
const FOLDER_SAMPLE = 50;
/** Milliseconds between two words about a check that takes long. */
const PACE = 700;

/** A manifest's text as rows, each checked once for as long as it stays as it is. */
export class ManifestModel {
  readonly kind: ManifestKind;
  readonly form: ManifestForm;
  rows: RowList;
  text: string;
  private states: (RowState | undefined)[];
  private across: readonly CrossFinding[] = [];
  private context: RowContext | undefined;
  private readonly siblings: Siblings | undefined;

  constructor(
    { kind, form }: RecognisedManifest,
    text: string,
    /** Absolute, or the address of what is no file. */
    private readonly path: string,
    private readonly disk: Disk,
    private readonly workspace: readonly string[],
  ) {
    this.kind = kind === 'nemo' && !text.slice(0, 4096).includes('"audio_filepath"') && text.slice(0, 4096).includes('"input_filepath"') ? nemoPairs : KINDS[kind];
    this.form = FORMS[form];
    this.text = text;
    this.rows = this.form.split(text, path);
    this.states = new Array<RowState | undefined>(this.rows.starts.length).fill(undefined);
    this.siblings = path.startsWith('/') ? new Siblings(path, disk, kind === 'kaldi') : undefined;
  }

  /** The folder that paths are relative to. */
  get folder(): string {
    return this.contextNow().folder;
  }

  get count(): number {
    return this.rows.starts.length;
  }

  /** Takes the changed text, and keeps what is known of rows that the change did not touch. */
  change(text: string, { start, oldEnd, newEnd }: DocumentChange): void {
    const { rows: before, states: known } = this;
    this.text = text;
    this.rows = this.form.split(text, this.path);
    const isLaidOutAsBefore = JSON.stringify(before.layout.names) === JSON.stringify(this.rows.layout.names) && before.layout.delimiter === this.rows.layout.delimiter;
    const states = new Array<RowState | undefined>(this.rows.starts.length).fill(undefined);
    if (isLaidOutAsBefore) {
      const shift = newEnd - oldEnd;
      let old = 0;
      for (const [row, from] of this.rows.starts.entries()) {
        const to = this.rows.ends[row] ?? from;
        const moved = to < start ? 0 : from > newEnd ? shift : undefined;
        if (moved === undefined) {
          continue;
        }
        while (old < before.starts.length && (before.starts[old] ?? 0) < from - moved) {
          old++;
        }
        if (before.starts[old] === from - moved && before.ends[old] === to - moved && this.sectionOf(row) === sectionIn(before, old)) {
          states[row] = known[old];
        }
      }
    } else {
      this.context = undefined;
    }
    this.states = states;
  }

  /** Checks what is not known yet. `tell` is called now and then with nothing new but what is known so far. */
  async check(signal: AbortSignal, tell: () => void): Promise<void> {
    const breathe = createBreather(signal);
    const pace = createPace(tell);
    if (this.siblings?.refresh() === true && this.kind.id === 'kaldi') {
      this.states.fill(undefined);
    }
    for (let row = 0; row < this.count; row++) {
      if (this.states[row] === undefined) {
        await breathe();
        this.states[row] = this.checkRow(row);
        pace();
      }
    }
    this.lookAcross();
    const open = this.states.flatMap((state, row) => (state?.isComplete === false ? [row] : []));
    if (open.length === 0) {
      return;
    }
    tell();
    for (const row of open) {
      await breathe();
      for (const { file, isThere } of this.states[row]?.paths ?? []) {
        if (isThere && file !== undefined && this.disk.known(file) === undefined) {
          await this.disk.media(file);
        }
      }
      signal.throwIfAborted();
      this.states[row] = this.checkRow(row);
      pace();
    }
    this.lookAcross();
  }

  /** Forgets what depends on files that have changed; true where something does. */
  filesChanged(paths: readonly string[]): boolean {
    const folders = new Set(paths.map((path) => dirname(path)));
    const own = dirname(this.path);
    let isTouched = folders.has(own);
    for (const [row, state] of this.states.entries()) {
      if (state?.paths.some(({ file }) => file !== undefined && folders.has(dirname(file))) === true) {
        this.states[row] = undefined;
        isTouched = true;
      }
    }
    if (isTouched) {
      this.context = undefined;
    }
    return isTouched;
  }

  /** What is wrong, in the order of the text; at most `most` of it, the graver first. */
  problems(most = Infinity): { readonly total: number; readonly placed: readonly Placed[] } {
    const all = [...this.everything()];
    const kept = all.length <= most ? all : all.map((entry, index) => ({ entry, index })).sort((a, b) => GRAVITY[severityOf(a.entry.finding)] - GRAVITY[severityOf(b.entry.finding)] || a.index - b.index).slice(0, most).map(({ entry }) => entry);
    return { total: all.length, placed: kept.map((entry) => this.placed(entry)).sort((a, b) => a.from - b.from || a.to - b.to) };
  }

  problemsOfRow(row: number): readonly Placed[] {
    const own = this.states[row]?.findings ?? [];
    const across = this.across.filter((entry) => entry.row === row);
    return [...own.map(({ finding, span }) => ({ row, finding, span })), ...across].map((entry) => this.placed(entry));
  }

  /** Every finding of a rule that has a way to be mended. */
  mendable(code: string): readonly Placed[] {
    return [...this.everything()].filter(({ finding }) => finding.code === code && finding.mends !== undefined && finding.mends.length > 0).map((entry) => this.placed(entry));
  }

  /** The row at an offset of the text, or the nearest before it; undefined before the first. */
  rowAt(offset: number): number | undefined {
    const { starts } = this.rows;
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low === 0 ? undefined : low - 1;
  }

  spanOf(row: number): Span {
    return [this.rows.starts[row] ?? 0, this.rows.ends[row] ?? 0];
  }

  textOf(row: number): string {
    return this.text.slice(...this.spanOf(row));
  }

  parsed(row: number): ParsedRow {
    return this.form.parse(this.textOf(row), this.rows.layout);
  }

  state(row: number): RowState {
    return (this.states[row] ??= this.checkRow(row));
  }

  /** States of rows that were looked at. */
  known(): readonly (RowState | undefined)[] {
    return this.states;
  }

  sectionOf(row: number): string {
    return sectionIn(this.rows, row);
  }

  totals(): Totals {
    let seconds = 0;
    let missing = 0;
    for (const state of this.states) {
      seconds += state?.subject.length ?? 0;
      missing += state?.paths.some(({ file, isThere }) => file !== undefined && !isThere) === true ? 1 : 0;
    }
    return { rows: this.count, seconds, missing };
  }

  private lookAcross(): void {
    const { kind, rows, states, siblings } = this;
    const within = [...this.workspace, dirname(this.path)];
    this.across = [...checkAcross({ kind, rows, states, siblings, within, lineOf: (row) => this.textOf(row) }), ...checkDocument(this, this.disk, this.path)];
  }

  private *everything(): Generator<{ readonly row: number; readonly finding: Finding<RuleCode>; readonly span?: Span }> {
    for (const { finding, span } of this.rows.findings) {
      yield { row: -1, finding, span };
    }
    for (const [row, state] of this.states.entries()) {
      for (const { finding, span } of state?.findings ?? []) {
        yield { row, finding, span };
      }
    }
    for (const entry of this.across) {
      if (entry.row < this.count) {
        yield entry;
      }
    }
  }

  private placed({ row, finding, span }: { readonly row: number; readonly finding: Finding<RuleCode>; readonly span?: Span }): Placed {
    const [from, to] = span ?? place(this.parsed(row), finding).span;
    const start = row < 0 ? 0 : (this.rows.starts[row] ?? 0);
    const length = this.text.length;
    return { finding, severity: severityOf(finding), row, from: Math.min(length, start + from), to: Math.min(length, start + to) };
  }

  private checkRow(row: number): RowState {
    return checkRow(this.contextNow(), this.textOf(row), row, this.sectionOf(row));
  }

  private contextNow(): RowContext {
    return (this.context ??= this.createContext());
  }

  private createContext(): RowContext {
    const { kind, form, disk, path, rows } = this;
    const names: string[] = [];
    for (let row = 0; row < Math.min(this.count, FOLDER_SAMPLE); row++) {
      const { value } = this.parsed(row);
      names.push(...(value ? kind.paths(value, this.sectionOf(row), rows.layout).map((named) => named.path) : []).slice(0, 2));
    }
    const folder = path.startsWith('/') ? findFolder(kind, path, names, disk, resolve) : '/';
    const linked = this.kind.id === 'kaldi' ? (value: RowValue) => this.linkedOf(value, folder) : undefined;
    return { kind, form, disk, folder, layout: rows.layout, otherFolders: path.startsWith('/') ? disk.otherFolders(folder, this.workspace) : [], ...(linked && { linked }) };
  }

  /** The sound that a line of Kaldi's is about, by the wav.scp beside it. */
  private linkedOf(value: RowValue, folder: string): RowPath | undefined {
    const { id, recording } = value as Readonly<Record<string, string | undefined>>;
    const { siblings, rows: { layout: { name } } } = this;
    const key = recording ?? id ?? '';
    const entry = name === 'wav.scp' || name === 'feats.scp' || (recording === undefined && siblings?.has('segments') === true && name !== 'reco2dur') ? undefined : siblings?.lineOf('wav.scp', key);
    if (entry === undefined || entry.endsWith('|')) {
      return undefined;
    }
    const own = dirname(this.path);
    const file = [folder, own, join(own, '..'), join(own, '../..'), join(own, '../../..')].map((base) => resolve(base, entry)).find((candidate) => this.disk.isFile(candidate));
    return file === undefined ? undefined : { at: [recording === undefined ? 'id' : 'recording'], path: entry, file, isThere: true };
  }
}

const GRAVITY: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

export function severityOf({ code }: Finding<RuleCode>): Severity {
  return RULES[code].severity;
}

function sectionIn({ sections, sectionNames }: RowList, row: number): string {
  return sectionNames?.[sections?.[row] ?? -1] ?? '';
}

function createPace(tell: () => void): () => void {
  let last = performance.now();
  return () => {
    if (performance.now() - last > PACE) {
      tell();
      last = performance.now();
    }
  };
}
