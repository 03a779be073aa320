import { absent } from '../../base/absent.ts';
import type { Disposable } from '../../base/disposable.ts';
import { SQLITE, SqliteError, type Sqlite, type SqliteDatabase } from '../../base/sqlite.ts';
import { createThrottle } from '../../base/throttle.ts';
import type { ProbeOptions } from '../../media/probe.ts';
import { walkTree, type WalkedFolder } from '../walk/walkTree.ts';
import type { Skipped } from '../walk/readFolder.ts';
import type { Summary } from './catalogueApi.ts';
import { openCatalogueFile } from './catalogueFile.ts';
import { Filler } from './filler.ts';
import { ItemLists } from './itemLists.ts';
import { Meta } from './meta.ts';
import { FolderTaker } from './takeFolders.ts';
import { loadTally, Tally } from './tally.ts';

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

type Format = Pick<Summary, 'formats' | 'format'>;

/** The catalogue of one dataset: walks, fills, and answers meanwhile. */
export class Catalogue implements Disposable {
  readonly root: string;
  private state: Summary['state'] = 'walking';
  private problem: string | undefined;
  private generation = 1;
  private running: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;
  private filler: Filler | undefined;
  private taker: FolderTaker | undefined;
  private readonly telling;
  private disposed = false;

  private constructor(
    private readonly options: CatalogueOptions,
    readonly database: SqliteDatabase,
    readonly lists: ItemLists,
    private readonly meta: Meta,
    private readonly tally: Tally,
    private readonly format: Format,
    private readonly fileProblem: string | undefined,
  ) {
    this.root = options.root;
    this.telling = createThrottle(EVERY, () => options.onChange(this.summary()));
  }

  /** Rejects with a `SqliteError` where not even memory is left. */
  static async open(options: CatalogueOptions, format: Format): Promise<Catalogue> {
    const { database, problem } = openCatalogueFile(options.sqlite, options.storage, options.root);
    const meta = new Meta(database);
    meta.set('root', options.root);
    const tally = await loadTally(database);
    const lists: ItemLists = new ItemLists(database, {
      generation: () => catalogue.generation,
      restless: () => catalogue.running !== undefined,
      budget: KEPT,
      inOrder: () => meta.number('inOrder') !== 0,
    });
    const catalogue = new Catalogue(options, database, lists, meta, tally, format, problem);
    return catalogue;
  }

  summary(): Summary {
    const { tally } = this;
    const { files, sized, bytes } = tally;
    const problems = [this.fileProblem, this.problem].filter((problem) => problem !== undefined);
    return {
      root: this.root,
      ...this.format,
      state: this.state,
      ...(problems.length > 0 && { problem: problems.join('. ') }),
      files,
      bytes: sized === files && this.state !== 'walking' ? bytes : absent(`the sizes of ${sized} of ${files} files are known`),
      samples: absent('not counted'),
      kinds: { ...tally.kinds },
      probed: tally.probed,
      seconds: tally.seconds,
      splits: { ...tally.splits },
      problems: { ...tally.problems },
      skipped: this.skipped(),
      generation: this.generation,
    };
  }

  /** Begins to walk and fill, or lets go on what does. With `again` files that were looked at before are looked at again. */
  start(again: boolean): void {
    if (this.running === undefined && !this.disposed) {
      const abort = new AbortController();
      const done = this.run(abort.signal, again).finally(() => {
        this.running = undefined;
        this.telling.request();
      });
      this.running = { abort, done };
    }
  }

  /** Resolves when nothing runs any more. */
  async settled(): Promise<void> {
    await this.running?.done;
  }

  async stop(): Promise<void> {
    this.running?.abort.abort();
    await this.settled();
  }

  /** Someone sees these. */
  show(ids: readonly number[]): void {
    this.filler?.show(ids);
    if (this.running === undefined && this.filler?.isWanted === true && !this.disposed) {
      const abort = new AbortController();
      const done = this.filler.lookAtShown(abort.signal).catch((error: unknown) => this.failed(error)).finally(() => (this.running = undefined));
      this.running = { abort, done };
    }
  }

  dispose(): void {
    this.disposed = true;
    this.running?.abort.abort();
    this.telling.dispose();
    this.lists.clear();
    void this.settled().finally(() => this.database.close());
  }

  private async run(signal: AbortSignal, again: boolean): Promise<void> {
    try {
      this.problem = undefined;
      this.filler ??= this.createFiller();
      this.state = 'walking';
      await this.walk(signal);
      this.state = 'filling';
      this.telling.request();
      await this.filler.fill(signal, again);
      this.state = 'complete';
    } catch (error) {
      if (signal.aborted) {
        this.state = 'cancelled';
      } else {
        this.failed(error);
      }
    }
  }

  private failed(error: unknown): void {
    this.state = 'failed';
    this.problem = wordsOf(error);
    this.telling.request();
  }

  private createFiller(): Filler {
    const { root, ffprobe, eager } = this.options;
    return new Filler({ root, database: this.database, tally: this.tally, ffprobe, eager, onChange: () => this.changed() });
  }

  private async walk(signal: AbortSignal): Promise<void> {
    const walk = this.meta.number('nextWalk') ?? 1;
    this.meta.set('nextWalk', walk + 1);
    const taker = new FolderTaker(this.database, this.tally, walk, true);
    this.taker = taker;
    let waiting: WalkedFolder[] = [];
    let names = 0;
    let since = performance.now();
    let isFirst = this.tally.files === 0;
    const take = (): void => {
      const hasChanged = taker.take(waiting);
      waiting = [];
      names = 0;
      since = performance.now();
      if (hasChanged) {
        this.changed();
      }
    };
    for await (const part of walkTree(this.root, { signal, known: (path) => taker.known(path) })) {
      waiting.push(part);
      names += part.files.length;
      if (names >= (isFirst ? FIRST_NAMES : NAMES) || performance.now() - since > NAMES_MS) {
        isFirst &&= names < FIRST_NAMES;
        take();
        await this.filler?.lookAtShown(signal);
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
    }
    take();
    if (taker.finish()) {
      this.changed();
    }
    this.meta.set('walked', Date.now());
  }

  private changed(): void {
    this.generation++;
    this.telling.request();
  }

  private skipped(): Skipped {
    return this.taker?.skipped ?? (JSON.parse(this.meta.text('skipped') ?? '{}') as Skipped);
  }
}

function wordsOf(error: unknown): string {
  if (SqliteError.is(error, SQLITE.full)) {
    return 'The disk of the catalogue is full: what was found so far stays, and nothing more is kept';
  }
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') {
    return `${path ?? 'The dataset'} may not be read by this user`;
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return `${path ?? 'The dataset'} is not there, or is no folder`;
  }
  return error instanceof Error ? error.message : String(error);
}
