import { extname } from 'node:path';
import { absent } from '../../base/absent.ts';
import { Emitter } from '../../base/emitter.ts';
import { Archive } from '../../media/archives/archive.ts';
import type { Member } from '../../media/archives/memberTable.ts';
import type { FileChange, IndexProgress, Row, RowColumn, RowCount, RowFile, RowMatch, RowProblem, RowsOptions, SearchOptions } from '../../media/rows/rowFile.ts';
import { GrowingNumbers } from '../../media/rows/rowIndex.ts';
import { RowsError } from '../../media/rows/rowsError.ts';
import { KINDS } from './kinds.ts';

/** A member that is shown where a cell is. */
export class MemberCell {
  constructor(
    readonly name: string,
    readonly size: number,
  ) {}
}

/** As WebDataset parts a name into the key of its sample and the field: at the first dot of its last part. */
const KEY = /^((?:.*\/|)[^./]+)\.([^/]*)$/;
/** Fields whose text is shown in the cell. */
const TEXTS = new Set(['txt', 'json', 'cls', 'text', 'caption', 'id', 'index']);
const MAX_TEXT = 65_536;
const LOOKED_AT = 64;

/** Members of an archive as rows, or the samples of a WebDataset shard: members beside each other with one key. */
export class MemberRows implements RowFile {
  readonly form = 'members';
  private readonly told = new Emitter<IndexProgress>();
  readonly onProgress = this.told.event;
  /** Of each sample its first member. */
  private starts = new GrowingNumbers();
  private grouped: boolean | undefined;
  private seen = 0;
  private lastKey: string | undefined;
  private readonly fields = new Set<string>();
  private failure: RowProblem | undefined;
  private readonly ended = new AbortController();
  private scanning: Promise<void> | undefined;

  constructor(
    readonly file: string,
    private archive: Archive,
  ) {
    this.start();
  }

  get size(): number {
    return this.archive.size;
  }

  get columns(): readonly RowColumn[] {
    this.group();
    return this.grouped === true
      ? [{ name: 'key', type: 'string' }, ...[...this.fields].map((name) => ({ name }))]
      : [{ name: 'name', type: 'string' }, { name: 'preview' }, { name: 'size', type: 'bytes' }, { name: 'type', type: 'string' }];
  }

  get count(): RowCount {
    this.group();
    const { complete } = this.archive;
    const known = this.grouped === true ? Math.max(0, this.starts.length - (complete ? 0 : 1)) : this.archive.table.length;
    const rows = this.archive.scanned > 0 ? Math.round((known * this.size) / this.archive.scanned) : 0;
    return complete || this.failure ? { known, total: known } : { known, total: absent('the members are being listed'), ...(rows > 0 && { estimate: { rows, ground: `from the first ${known}` } }) };
  }

  get facts(): readonly string[] {
    return [this.archive.format, ...(this.grouped === true ? [`${this.archive.table.length} members`] : [])];
  }

  get problem(): RowProblem | undefined {
    const [message] = this.archive.problems;
    return this.failure ?? (message === undefined ? undefined : { message });
  }

  get progress(): IndexProgress {
    return { done: this.archive.scanned, size: this.size, complete: this.archive.complete || this.failure !== undefined };
  }

  async rows(from: number, count: number, { signal }: RowsOptions = {}): Promise<readonly Row[]> {
    await this.reach(from + count, signal);
    const rows: Row[] = [];
    for (let index = from; index < Math.min(this.count.known, from + count); index++) {
      rows.push(await this.row(index, signal));
    }
    return rows;
  }

  async raw(index: number, most: number, signal?: AbortSignal): Promise<{ readonly bytes: Buffer; readonly length: number }> {
    await this.reach(index + 1, signal);
    const lines = this.members(index).map(({ name, size }) => `${size}\t${name}`);
    const bytes = Buffer.from(lines.join('\n'));
    return { bytes: bytes.subarray(0, most), length: bytes.length };
  }

  async find({ text, from, backwards = false, matchCase = false, signal }: SearchOptions): Promise<RowMatch | undefined> {
    await this.reach(Infinity, signal);
    const fold = (words: string) => (matchCase ? words : words.toLowerCase());
    for (let index = from; index >= 0 && index < this.count.known; index += backwards ? -1 : 1) {
      if (index % 1024 === 0) {
        signal?.throwIfAborted();
      }
      if (this.members(index).some(({ name }) => fold(name).includes(fold(text)))) {
        return { row: index };
      }
    }
    return undefined;
  }

  refresh(): Promise<FileChange> {
    let isSame = false;
    try {
      isSame = this.archive.isCurrent();
    } catch {
      return Promise.resolve('gone');
    }
    if (isSame) {
      return Promise.resolve('same');
    }
    let next;
    try {
      next = Archive.open(this.file);
    } catch {
      return Promise.resolve('gone');
    }
    if (next === undefined) {
      throw new RowsError('malformed', `${this.file} is no archive any more.`);
    }
    this.archive.dispose();
    this.archive = next;
    this.starts = new GrowingNumbers();
    this.seen = 0;
    this.lastKey = undefined;
    this.grouped = undefined;
    this.failure = undefined;
    this.fields.clear();
    this.start();
    return Promise.resolve('replaced');
  }

  async indexed(signal?: AbortSignal): Promise<void> {
    await this.reach(Infinity, signal);
  }

  dispose(): void {
    this.ended.abort();
    this.told.dispose();
    this.archive.dispose();
  }

  private start(): void {
    const { archive } = this;
    this.scanning = archive.scan({ signal: this.ended.signal, onProgress: () => this.told.fire(this.progress) }).catch((error: unknown) => {
      if (archive === this.archive) {
        this.failure = { message: (error as Error).message };
      }
    });
  }

  private async reach(rows: number, signal?: AbortSignal): Promise<void> {
    while (!this.progress.complete && this.count.known < rows) {
      signal?.throwIfAborted();
      await Promise.race([this.scanning, new Promise<void>((resolve) => setTimeout(resolve, 10))]);
    }
  }

  /** Takes up the members that were listed since. */
  private group(): void {
    const { table, complete } = this.archive;
    if (this.grouped === undefined && (table.length >= LOOKED_AT || complete)) {
      const keys = Array.from({ length: Math.min(LOOKED_AT, table.length) }, (_, index) => KEY.exec(table.at(index)?.name ?? '')?.[1]);
      const runs = keys.filter((key, index) => key === undefined || key !== keys[index - 1]).length;
      this.grouped = this.archive.format !== 'zip' && keys.length > 1 && runs <= keys.length * 0.7;
    }
    if (this.grouped !== true) {
      return;
    }
    for (; this.seen < table.length; this.seen++) {
      const [, key, field] = KEY.exec(table.at(this.seen)?.name ?? '') ?? [];
      if (key === undefined || key !== this.lastKey) {
        this.starts.push(this.seen);
      }
      this.lastKey = key;
      if (this.fields.size < 1000) {
        this.fields.add(field?.toLowerCase() ?? 'name');
      }
    }
  }

  private members(index: number): Member[] {
    const { table } = this.archive;
    if (this.grouped !== true) {
      const member = table.at(index);
      return member ? [member] : [];
    }
    const end = index + 1 < this.starts.length ? this.starts.at(index + 1) : this.seen;
    return Array.from({ length: Math.max(0, Math.min(1000, end - this.starts.at(index))) }, (_, nth) => table.at(this.starts.at(index) + nth)).filter((member) => member !== undefined);
  }

  private async row(index: number, signal: AbortSignal | undefined): Promise<Row> {
    const members = this.members(index);
    const values = Object.create(null) as Record<string, unknown>;
    const [first] = members;
    if (first === undefined) {
      return { index, problem: { message: 'The archive has changed.' } };
    }
    if (this.grouped !== true) {
      values['name'] = first.name;
      values['preview'] = extname(first.name) in KINDS ? new MemberCell(first.name, first.size) : await this.text(first, signal);
      values['size'] = first.size;
      values['type'] = extname(first.name).slice(1).toLowerCase();
      return { index, values };
    }
    values['key'] = KEY.exec(first.name)?.[1] ?? first.name;
    const twice: string[] = [];
    for (const member of members) {
      const field = KEY.exec(member.name)?.[2]?.toLowerCase() ?? 'name';
      if (field in values) {
        twice.push(field);
      }
      values[field] ??= (await this.text(member, signal)) ?? new MemberCell(member.name, member.size);
    }
    return { index, values, ...(twice.length > 0 && { problem: { message: `Twice in the sample: ${twice.join(', ')}.` } }) };
  }

  /** The text of a small member of such a kind; a value where it is JSON. */
  private async text(member: Member, signal: AbortSignal | undefined): Promise<unknown> {
    const extension = extname(member.name).slice(1).toLowerCase();
    if (!TEXTS.has(extension) || member.size > MAX_TEXT || this.archive.format === 'tar.gz') {
      return undefined;
    }
    try {
      const source = await this.archive.read(member, signal);
      const text = Buffer.from(source.read(0, source.size)).toString('utf8');
      return extension === 'json' ? (JSON.parse(text) as unknown) : text.trimEnd();
    } catch {
      return undefined;
    }
  }
}
