import { dirname } from 'node:path';
import { absent } from '../../base/absent.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Sqlite, SqliteDatabase } from '../../base/sqlite.ts';
import { createThrottle, type Throttle } from '../../base/throttle.ts';
import type { ProbeOptions } from '../../media/probe.ts';
import { DatasetError } from '../datasetError.ts';
import type { Skipped } from '../walk/readFolder.ts';
import { walkTree, type WalkedFolder } from '../walk/walkTree.ts';
import type { Summary } from './catalogueApi.ts';
import { lostBy, openCatalogueFile, type Lost } from './catalogueFile.ts';
import { isFile, loneFile, wordsOf } from './datasetRoot.ts';
import { describe, FOLDER_FORMATS, isDescribed, undescribe, type Description } from './describe.ts';
import { Filler } from './filler.ts';
import { ItemLists } from './itemLists.ts';
import { listArchives } from './listArchives.ts';
import { copiesFolder } from '../memberFiles.ts';
import { Meta } from './meta.ts';
import { FolderTaker } from './takeFolders.ts';
import { loadTally, type Tally } from './tally.ts';

export interface CatalogueOptions {
  readonly sqlite: Sqlite;
  /** Absolute path of the folder for catalogues. */
  readonly storage: string;
  /** Absolute path of the dataset. */
  readonly root: string;
  readonly ffprobe: () => Promise<ProbeOptions['ffprobe']>;
  /** Whether nobody waits for anything else meanwhile: the command line. */
  readonly eager: boolean;
  readonly onChange: (summary: Summary) => void;
  /** Its file cannot be used any more: it is to be opened again, with what became of it. */
  readonly onLost: (lost: Lost) => void;
  readonly lost?: Lost;
}

/** Names that go in at once, and milliseconds after which even fewer do. */
const NAMES = 8192;
const NAMES_MS = 100;
/** The first ones go in sooner: somebody waits for a first screen. */
const FIRST_NAMES = 200;
/** Milliseconds between two events. */
const EVERY = 250;
/** Bytes of lists and columns that are held. */
const KEPT = 192 * 2 ** 20;

/** Milliseconds that work in the background waits for questions at most. */
const LONGEST_QUIET = 1000;

interface Running {
  readonly abort: AbortController;
  readonly done: Promise<void>;
  /** Whether it only looks at what someone sees. */
  readonly isLook: boolean;
}

/** The catalogue of one dataset: walks, fills, and answers meanwhile. */
export class Catalogue implements Disposable {
  readonly root: string;
  /** Absolute path of the folder that the items' paths begin at: the root's own where that is a file. */
  readonly base: string;
  readonly lists: ItemLists;
  private readonly meta: Meta;
  private state: Summary['state'] = 'walking';
  private problem: string | undefined;
  private generation = 1;
  private asking = 0;
  private isLost = false;
  /** Changes whenever another process has written. */
  private othersVersion = 0;
  private running: Running | undefined;
  private taker: FolderTaker | undefined;
  private formats: Summary['formats'];
  private description: Description | undefined;
  private readonly filler: Filler;
  private readonly telling: Throttle;
  private disposed = false;

  private constructor(
    private readonly options: CatalogueOptions,
    readonly database: SqliteDatabase,
    readonly tally: Tally,
    private readonly fileProblem: string | undefined,
  ) {
    this.root = options.root;
    this.base = isFile(options.root) ? dirname(options.root) : options.root;
    this.meta = new Meta(database);
    this.othersVersion = Number(database.prepare('PRAGMA data_version').get()?.['data_version']);
    this.formats = JSON.parse(this.meta.text('formats') ?? '[]') as Summary['formats'];
    this.description = (JSON.parse(this.meta.text('described') ?? 'null') as Description | null) ?? undefined;
    this.telling = createThrottle(EVERY, () => options.onChange(this.summary()));
    this.lists = new ItemLists(database, {
      generation: () => this.generation,
      restless: () => this.running !== undefined,
      budget: KEPT,
      inOrder: () => this.meta.number('inOrder') !== 0,
    });
    const { ffprobe, eager } = options;
    this.filler = new Filler({ root: this.base, database, tally, copies: copiesFolder(options), ffprobe, eager, quiet: () => this.quiet(), onChange: () => this.changed() });
  }

  /** Rejects with a `SqliteError` where not even memory is left. */
  static async open(options: CatalogueOptions): Promise<Catalogue> {
    const { database, problem } = openCatalogueFile(options.sqlite, options.storage, options.root, options.lost);
    return new Catalogue(options, database, await loadTally(database), problem);
  }

  /** Takes a person's own choice of the format, or takes it back. */
  async pin(format: string | undefined): Promise<void> {
    const { formatById } = await import('../formats/index.ts');
    const pinned = format === undefined || formatById(format) === undefined ? null : format;
    if (pinned !== (this.meta.text('pinned') ?? null)) {
      this.meta.set('pinned', pinned);
      this.changed();
    }
  }

  /** While a question is answered, work in the background rests. */
  async answering<T>(answer: () => Promise<T>): Promise<T> {
    this.asking++;
    try {
      if (this.running === undefined) {
        await this.takeInOthers();
      }
      return await answer();
    } catch (error) {
      this.tellIfLost(error);
      throw error;
    } finally {
      this.asking--;
    }
  }

  summary(): Summary {
    const { tally, state, description } = this;
    const { files, sized, bytes } = tally;
    const problems = [this.fileProblem, this.problem].filter((problem) => problem !== undefined);
    return {
      root: this.root,
      formats: this.formats,
      format: this.format(),
      state,
      ...(problems.length > 0 && { problem: problems.join('. ') }),
      files,
      bytes: sized === files && state !== 'walking' ? bytes : absent(`the sizes of ${sized} of ${files} files are known`),
      samples: this.samples(description),
      kinds: { ...tally.kinds },
      probed: tally.probed,
      members: { count: tally.members, probed: tally.membersProbed },
      seconds: tally.seconds,
      splits: { ...tally.splits },
      problems: { ...tally.problems },
      skipped: this.skipped(),
      generation: this.generation,
    };
  }

  /** Begins to walk and fill, or lets go on what does. With `again` files that were looked at before are looked at again. */
  start(again: boolean): void {
    if (this.running?.isLook === true) {
      void this.stop().then(() => this.start(again));
      return;
    }
    this.begin(false, async (signal) => {
      try {
        await this.run(signal, again);
        this.state = 'complete';
      } catch (error) {
        if (!signal.aborted) {
          throw error;
        }
        this.state = 'cancelled';
      }
    });
  }

  /** Resolves when nothing runs any more. */
  async settled(): Promise<void> {
    for (let running = this.running; running !== undefined; running = this.running) {
      await running.done;
    }
  }

  async stop(): Promise<void> {
    this.running?.abort.abort();
    await this.running?.done;
  }

  /** Someone sees these. */
  show(ids: readonly number[]): void {
    this.filler.show(ids);
    if (this.filler.isWanted) {
      this.begin(true, (signal) => this.filler.lookAtShown(signal));
    }
  }

  dispose(): void {
    void this.closed();
  }

  /** Resolves when its file is closed. */
  async closed(): Promise<void> {
    this.disposed = true;
    this.running?.abort.abort();
    this.telling.dispose();
    this.lists.clear();
    await this.settled();
    this.filler.dispose();
    try {
      this.database.close();
    } catch {
      // A file that is lost may not even be closed.
    }
  }

  /** Another window may have the same dataset open, and write to the same file. */
  private async takeInOthers(): Promise<void> {
    const version = Number(this.database.prepare('PRAGMA data_version').get()?.['data_version']);
    if (version !== this.othersVersion) {
      this.othersVersion = version;
      this.tally.become(await loadTally(this.database));
      this.changed();
    }
  }

  private tellIfLost(error: unknown): void {
    const lost = lostBy(error);
    if (lost !== undefined && !this.isLost && !this.disposed) {
      this.isLost = true;
      this.options.onLost(lost);
    }
  }

  private begin(isLook: boolean, work: (signal: AbortSignal) => Promise<void>): void {
    if (this.running !== undefined || this.disposed) {
      return;
    }
    const abort = new AbortController();
    const done = work(abort.signal)
      .catch((error: unknown) => {
        if (!abort.signal.aborted) {
          this.state = 'failed';
          this.problem = wordsOf(error);
          this.tellIfLost(error);
        }
      })
      .finally(() => {
        this.running = undefined;
        if (!isLook) {
          this.telling.request();
        }
      });
    this.running = { abort, done, isLook };
  }

  private async run(signal: AbortSignal, again: boolean): Promise<void> {
    this.problem = undefined;
    this.state = 'walking';
    const hasChanged = await this.walk(signal);
    this.state = 'filling';
    if (this.formats.length === 0 || hasChanged || again) {
      await this.recognise();
    }
    this.telling.request();
    const { base, database, tally } = this;
    const unlisted = await listArchives({ base, database, tally, signal, rest: () => this.rest(signal), onChange: () => this.changed() });
    await this.describe(signal, hasChanged || again);
    this.problem ??= unlisted;
    await this.filler.fill(signal, again);
    await this.takeInOthers();
  }

  /** Whether anything differs from before. */
  private async walk(signal: AbortSignal): Promise<boolean> {
    const walk = this.meta.number('nextWalk') ?? 1;
    this.meta.set('nextWalk', walk + 1);
    const taker = new FolderTaker(this.database, this.tally, walk);
    this.taker = taker;
    let waiting: WalkedFolder[] = [];
    let names = 0;
    let since = performance.now();
    let isFirst = this.tally.files === 0;
    let hasChanged = false;
    const take = (): void => {
      if (taker.take(waiting)) {
        hasChanged = true;
        this.changed();
      }
      waiting = [];
      names = 0;
      since = performance.now();
    };
    const parts = this.base === this.root ? walkTree(this.root, { signal, known: (path) => taker.known(path) }) : [loneFile(this.root)];
    for await (const part of parts) {
      waiting.push(part);
      names += part.files.length;
      if (names >= (isFirst ? FIRST_NAMES : NAMES) || performance.now() - since > NAMES_MS) {
        isFirst &&= names < FIRST_NAMES;
        take();
        await this.rest(signal);
      }
    }
    take();
    if (taker.finish()) {
      hasChanged = true;
      this.changed();
    }
    this.meta.set('walked', Date.now());
    return hasChanged;
  }

  /** What knows the formats is loaded here, so that a first screen does not wait for it. */
  private async recognise(): Promise<void> {
    const { recognised } = await import('./recognised.ts');
    this.formats = recognised(this.root);
    this.meta.set('formats', JSON.stringify(this.formats));
    this.changed();
  }

  private async describe(signal: AbortSignal, anew: boolean): Promise<void> {
    const { root, base, database, tally } = this;
    const format = this.format();
    if (this.description !== undefined && this.description.format !== format) {
      await undescribe(database, tally, () => this.rest(signal));
      this.description = undefined;
      this.meta.set('described', null);
      this.changed();
    }
    if (FOLDER_FORMATS.has(format) || (!anew && isDescribed(this.description, format))) {
      return;
    }
    try {
      this.description = await describe({ root, base, format, database, tally, signal, rest: () => this.rest(signal), onChange: () => this.changed() });
      this.meta.set('described', JSON.stringify(this.description));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DatasetError)) {
        throw error;
      }
      this.problem = error.message;
    }
  }

  private format(): string {
    return this.meta.text('pinned') ?? this.formats[0]?.id ?? 'folders';
  }

  private samples(description: Description | undefined): Summary['samples'] {
    if (description?.format === this.format()) {
      return description.samples;
    }
    return FOLDER_FORMATS.has(this.format()) && this.state !== 'walking' ? mediaAmong(this.tally) : absent('not counted');
  }

  private async rest(signal: AbortSignal): Promise<void> {
    await this.filler.lookAtShown(signal);
    await new Promise<void>((resolve) => setImmediate(resolve));
    await this.quiet();
  }

  private async quiet(): Promise<void> {
    const began = performance.now();
    while (this.asking > 0 && performance.now() - began < LONGEST_QUIET) {
      await new Promise<void>((resolve) => setTimeout(resolve, 2));
    }
  }

  /** What is in it differs from before: whoever asks is answered anew, and the window is told. */
  changed(): void {
    this.generation++;
    this.telling.request();
  }

  private skipped(): Skipped {
    return this.taker?.skipped ?? (JSON.parse(this.meta.text('skipped') ?? '{}') as Skipped);
  }
}

/** Text and tables count only where there is nothing to look at or to listen to. */
function mediaAmong({ kinds, files }: Tally): number {
  const media = (kinds.audio ?? 0) + (kinds.video ?? 0) + (kinds.image ?? 0);
  return media > 0 ? media : files;
}
