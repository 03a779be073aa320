import { dirname, isAbsolute } from 'node:path';
import { known } from '../../../base/absent.ts';
import type { TextHash } from '../../../base/hash.ts';
import { createTextHash } from '../../../base/hash.ts';
import { NumberMap } from '../../../base/numberMap.ts';
import type { Media } from '../../../media/media.ts';
import { MediaError } from '../../../media/mediaError.ts';
import type { RuleCode } from '../../../media/rules/index.ts';
import { problemOf } from '../../../media/rules/index.ts';
import { checkPath, checkRowForm, checkTableForm } from '../../../media/rules/row.ts';
import type { Finding, FoundAt, ProblemTeller } from '../../../media/rules/rule.ts';
import { createBreather } from '../../../base/breather.ts';
import { lookAtPath } from '../../../media/pathFacts.ts';
import { MediaFacts } from '../../../media/mediaFacts.ts';
import { PresenceByListing } from '../../../media/presence.ts';
import type { Row, Rows } from './rows.ts';

/** One check of a dataset: what its rules are told of the disk, and where their findings go. */
export class CheckRun {
  readonly presence = new PresenceByListing();
  private readonly media = new MediaFacts();
  readonly breathe: () => Promise<void> | undefined;

  private constructor(
    private readonly tell: ProblemTeller,
    readonly signal: AbortSignal | undefined,
    readonly hash: TextHash,
  ) {
    this.breathe = createBreather(signal);
  }

  static async start(tell: ProblemTeller, signal: AbortSignal | undefined): Promise<CheckRun> {
    return new CheckRun(tell, signal, await createTextHash());
  }

  say(at: FoundAt, ...findings: readonly Finding<RuleCode>[]): void {
    for (const finding of findings) {
      this.tell(problemOf(finding, at));
    }
  }

  /** Goes through the rows of a manifest: tells of those that cannot be read, and hands on the others. */
  async rows(rows: Rows, visit: (row: Row & { readonly value: NonNullable<Row['value']> }, at: FoundAt & { readonly row: number }) => Promise<void> | void): Promise<void> {
    this.say({ file: rows.file }, ...checkTableForm(rows));
    for await (const row of rows.read(0, this.signal)) {
      await this.breathe();
      const at = { file: rows.file, row: row.row, ...(row.line !== undefined && { line: row.line }) };
      this.say(at, ...checkRowForm(row));
      if (row.value !== undefined) {
        await visit({ ...row, value: row.value }, at);
      }
    }
  }

  /** Tells of a path that leads to no file; gives the absolute path where it does. Addresses are left alone. */
  path(at: FoundAt, key: string, value: string, folder: string, otherFolders: readonly string[] = []): string | undefined {
    const facts = lookAtPath(this.presence, value, folder, isAbsolute(value) ? [] : [...otherFolders, dirname(folder)]);
    if (facts?.presence.is === 'file') {
      return facts.path;
    }
    if (facts !== undefined) {
      this.say(at, ...checkPath(value, key, facts));
    }
    return undefined;
  }

  /** What the file's header says; undefined where it cannot be read, which the health check tells. */
  async facts(path: string): Promise<Media | undefined> {
    const found = await this.media.of(path);
    return found instanceof MediaError ? undefined : found;
  }

  /** Seconds by the file's own header, where it states them and is whole. */
  async duration(path: string): Promise<number | undefined> {
    const media = await this.facts(path);
    return media?.problems.length === 0 ? known(media.duration) : undefined;
  }
}

/** Remembers what was met, in what row; some 24 bytes each. Two of 10^8 different keys are taken for one with a chance below 1 %. */
export class Seen {
  private readonly rows = new NumberMap();

  constructor(private readonly hash: TextHash) {}

  get size(): number {
    return this.rows.size;
  }

  has(key: string): boolean {
    return this.rows.has(this.hash(key));
  }

  /** The number under which the key was met before; keeps this one where it was not. */
  meet(key: string, number = 0): number | undefined {
    const hash = this.hash(key);
    const before = this.rows.get(hash);
    if (before === undefined) {
      this.rows.set(hash, number);
    }
    return before;
  }

  numberOf(key: string): number | undefined {
    return this.rows.get(this.hash(key));
  }
}
