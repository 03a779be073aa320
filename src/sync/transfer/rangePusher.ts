import { singleQuoted } from '../../base/shellWords.ts';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { writePiece } from '../../process/pipedProcess.ts';
import type { PipedProcess } from '../../process/pipedProcess.ts';
import { LineSplitter } from '../../process/lineSplitter.ts';
import { systemPath } from '../../base/bytePath.ts';
import { failureOf } from './failure.ts';
import type { Failure } from './failure.ts';
import { microseconds } from '../listing/localEntry.ts';
import { systemWords } from './localSink.ts';
import type { Carriage, Moved, Mover } from './mover.ts';
import { startOnBox } from './onBox.ts';
import { rangeHashes } from './rangeHash.ts';
import type { RangeHash, RangeTools } from './rangeHash.ts';
import { partsScript, READY, receivingScript } from './rangeScripts.ts';
import { RangeQueue } from './rangeQueue.ts';
import { CONNECTIONS, MEBIBYTE, partName } from './ranges.ts';
import type { Range } from './ranges.ts';
import { CHANGED, CHANGING } from './tarWriter.ts';
import type { Left, Move } from './work.ts';

/** Ranges of one connection that are sent and not yet answered: the next is on its way while the box reads the last one again. */
const UNANSWERED = 2;
const ZEROS = Buffer.alloc(MEBIBYTE);

/**
 * Large files from here to parts on the box, by ranges that are each held to their hash there: over the warm connection from the
 * first moment, and over connections of their own as soon as these are open. One that cannot be opened, as where each sign-in asks
 * for a code, is done without.
 */
export function rangePusher(carriage: Carriage, tools: RangeTools): Mover {
  const { link, remoteRoot, localRoot, folders, sink } = carriage;
  const folder = `${remoteRoot}/${folders.parts}`;

  return async (moves, listener, signal): Promise<Moved> => {
    const left: Left[] = [];
    const parts = moves.map((move) => ({ name: partName(move), size: move.source.size }));
    const { stdout, exitCode, stderr } = await link.run('exec env LC_ALL=C sh -s', { stdin: Buffer.from(partsScript(folder, parts)), signal });
    const early = failureOf(exitCode, stderr);
    if (early !== undefined) {
      return { failure: early, left };
    }
    const indices = new Map(parts.map(({ name }, index) => [name, index]));
    const said = new Set(stdout.toString('latin1').split('\n').map((line) => line.replace(/^\S+/, (name) => String(indices.get(name) ?? ''))));
    const whole: number[] = [];
    const queue = new RangeQueue(moves, said, (file) => void whole.push(file));
    const files = new SourceFiles(localRoot, moves, queue, left);
    const shared: Shared = { ...carriage, tools, queue, files, parts: parts.map(({ name }) => name), newHash: await rangeHashes(tools.hash), sent: 0, tell: (bytes) => listener.onBytes(bytes) };
    let failure: Failure | undefined;
    const count = Math.min(CONNECTIONS, moves.reduce((sum, { source }) => sum + Math.ceil(source.size / (16 * MEBIBYTE)), 0));
    const stop = new AbortController();
    const needless = new AbortController();
    const ended = AbortSignal.any([signal, stop.signal]);
    try {
      await Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const own = index > 0;
          const why = await new PushingConnection(shared, ended).run(own ? needless.signal : undefined);
          if (why !== undefined) {
            failure ??= why;
            stop.abort();
          } else if (!own) {
            needless.abort();
          }
        }),
      );
    } finally {
      // Whatever one ended by, the others do not outlive it.
      stop.abort();
      await files.close();
    }
    signal.throwIfAborted();
    const arrived = whole.filter((file) => !queue.isDropped(file));
    const arrivals = arrived.flatMap((file) => {
      const move = moves[file];
      return move === undefined ? [] : [{ from: `${folders.parts}/${parts[file]?.name}`, entry: move.source, replaces: move.sink?.kind === move.source.kind, bare: true }];
    });
    left.push(...(await sink.install(arrivals, signal)));
    arrivals.forEach(({ entry }) => listener.onPlaced(entry.path));
    await forget(carriage, folder, [...arrived, ...moves.keys()].filter((file) => arrived.includes(file) || queue.isDropped(file) || failure?.reason === 'space').map((file) => parts[file]?.name ?? ''), signal);
    return failure === undefined ? { left } : { failure, left };
  };
}

/** Takes away parts that nobody will go on with. */
async function forget({ link }: Carriage, folder: string, names: readonly string[], signal: AbortSignal): Promise<void> {
  if (names.length > 0) {
    await link.run(`cd ${singleQuoted(folder)} && rm -f -- ${[...new Set(names)].map((name) => `${name} ${name}.done`).join(' ')}`, { signal });
  }
}

interface Shared extends Carriage {
  readonly tools: RangeTools;
  readonly queue: RangeQueue;
  readonly files: SourceFiles;
  readonly parts: readonly string[];
  readonly newHash: () => RangeHash;
  readonly tell: (bytes: number) => void;
  sent: number;
}

/** The files here, each opened once, and held to the plan before and after each range. */
class SourceFiles {
  private readonly handles = new Map<number, Promise<FileHandle>>();

  constructor(
    private readonly root: string,
    private readonly moves: readonly Move[],
    private readonly queue: RangeQueue,
    private readonly left: Left[],
  ) {}

  /** undefined where it is not what was planned; then it is left, and said so. */
  async at(file: number): Promise<FileHandle | undefined> {
    try {
      const handle = await this.handle(file);
      return (await this.isSame(handle, file)) ? handle : this.leave(file, CHANGED);
    } catch (error) {
      return this.leave(file, (error as NodeJS.ErrnoException).code === 'ENOENT' ? CHANGED : systemWords(error));
    }
  }

  /** Bytes that were read; what cannot be read is left, and said so. */
  async read(file: number, handle: FileHandle, into: Buffer, at: number): Promise<number> {
    try {
      return (await handle.read(into, 0, into.length, at)).bytesRead;
    } catch (error) {
      this.leave(file, systemWords(error));
      return 0;
    }
  }

  /** Whether it still is what was planned is looked at once more; else it is left. */
  async check(file: number, handle: FileHandle): Promise<void> {
    try {
      if (!(await this.isSame(handle, file))) {
        this.leave(file, CHANGING);
      }
    } catch (error) {
      this.leave(file, systemWords(error));
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.handles.values()].map(async (handle) => (await handle).close()));
  }

  private async isSame(handle: FileHandle, file: number): Promise<boolean> {
    const stats = await handle.stat({ bigint: true });
    const source = this.moves[file]?.source;
    return stats.isFile() && Number(stats.size) === source?.size && microseconds(stats.mtimeNs) === source.mtime;
  }

  private handle(file: number): Promise<FileHandle> {
    const known = this.handles.get(file);
    if (known !== undefined) {
      return known;
    }
    const place = Buffer.concat([Buffer.from(`${this.root}/`), systemPath(this.moves[file]?.path ?? '')]);
    const opened = open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    this.handles.set(file, opened);
    return opened;
  }

  private leave(file: number, reason: string): undefined {
    if (!this.queue.isDropped(file)) {
      this.queue.drop(file);
      this.left.push({ path: this.moves[file]?.path ?? '', reason });
    }
  }
}

interface Awaited {
  readonly range: Range;
  /** Its bytes were sent, not only its hash asked for. */
  readonly sent: boolean;
  /** Of the file here; the box may be done before us. */
  hash?: string;
  /** What the box says. */
  told?: string;
}

class PushingConnection {
  private readonly awaited: Awaited[] = [];
  private answered: () => void = () => {};
  private failure: Failure | undefined;
  private ended = false;
  private ready = false;

  constructor(
    private readonly shared: Shared,
    private readonly signal: AbortSignal,
  ) {}

  /** To the end of the queue; what kept it from that. `needless`: of a connection of its own, when it need not be opened any more. */
  async run(needless: AbortSignal | undefined): Promise<Failure | undefined> {
    const { remoteRoot, folders, tools } = this.shared;
    const process = await startOnBox(this.shared, receivingScript(`${remoteRoot}/${folders.parts}`, tools), needless !== undefined && tools, this.signal);
    const lines = new LineSplitter((line) => this.answer(line));
    process.stdout.on('data', (chunk: Buffer) => lines.add(chunk));
    const gone = process.gone.then((end) => {
      this.ended = true;
      this.answered();
      return end;
    });
    if (needless !== undefined && !(await this.isOpened(needless))) {
      process.end();
      await gone;
      return undefined;
    }
    await this.work(process);
    process.stdin.end();
    if (this.failure !== undefined) {
      process.end();
    }
    const { exitCode, said } = await gone;
    const cut = this.awaited.length > 0 || exitCode !== 0;
    return this.failure ?? (cut && !this.signal.aborted ? (failureOf(exitCode === 0 ? 255 : exitCode, said) ?? failureOf(255, '')) : undefined);
  }

  /** Before that it takes nothing that another could send meanwhile. */
  private async isOpened(needless: AbortSignal): Promise<boolean> {
    const hear = (): void => this.answered();
    needless.addEventListener('abort', hear);
    while (!this.ready && !this.isOver() && !needless.aborted) {
      await new Promise<void>((resolve) => (this.answered = resolve));
    }
    needless.removeEventListener('abort', hear);
    return this.ready && !this.isOver();
  }

  private async work(process: PipedProcess): Promise<void> {
    for (;;) {
      const range = this.shared.queue.next();
      if (range === undefined) {
        // What is still on its way may have to be sent again.
        if (this.awaited.length === 0 || (await this.oneAnswer())) {
          return;
        }
        continue;
      }
      while (this.awaited.length >= UNANSWERED) {
        if (await this.oneAnswer()) {
          this.shared.queue.again(range);
          return;
        }
      }
      if (!(await this.send(range, process))) {
        return;
      }
    }
  }

  /** True where no more will come. */
  private async oneAnswer(): Promise<boolean> {
    const before = this.awaited.length;
    while (!this.isOver() && this.awaited.length === before) {
      await new Promise<void>((resolve) => (this.answered = resolve));
    }
    return this.isOver();
  }

  private isOver(): boolean {
    return this.ended || this.failure !== undefined || this.signal.aborted;
  }

  private async send(range: Range, process: PipedProcess): Promise<boolean> {
    const { files, queue, parts, newHash, allowance } = this.shared;
    const handle = await files.at(range.file);
    if (handle === undefined) {
      return true;
    }
    const name = parts[range.file] ?? '';
    const order = queue.isFirst(range) && (queue.wasSaid(range) || (await isHole(files, handle, range))) ? 'h' : 'w';
    const hash = newHash();
    const awaited: Awaited = { range, sent: order === 'w' };
    this.awaited.push(awaited);
    process.stdin.write(`${order} ${name} ${range.offset} ${range.length}\n`);
    for (let at = 0; at < range.length; ) {
      const piece = Buffer.allocUnsafe(Math.min(MEBIBYTE, range.length - at));
      const bytesRead = await files.read(range.file, handle, piece, range.offset + at);
      // What is missing at its end is seen by its size afterwards.
      piece.fill(0, bytesRead);
      at += piece.length;
      hash.update(piece);
      if (order === 'w') {
        await allowance.take(piece.length, this.signal);
        await writePiece(process.stdin, piece);
        this.count(piece.length);
      }
      if (this.isOver()) {
        return false;
      }
    }
    awaited.hash = hash.digest();
    await files.check(range.file, handle);
    this.settle(awaited);
    return true;
  }

  private answer(line: string): void {
    if (line === READY) {
      this.ready = true;
      this.answered();
      return;
    }
    const [name, offset, hash = ''] = line.split(' ');
    const found = this.awaited.find(({ range }) => this.shared.parts[range.file] === name && String(range.offset) === offset);
    if (found !== undefined) {
      found.told = hash;
      this.settle(found);
    }
  }

  private settle(one: Awaited): void {
    const { range, hash, told, sent } = one;
    const at = this.awaited.indexOf(one);
    if (hash === undefined || told === undefined || at === -1) {
      return;
    }
    const { queue } = this.shared;
    this.awaited.splice(at, 1);
    if (hash === told) {
      this.count(sent ? 0 : range.length);
      queue.arrived(range);
    } else if (!queue.isDropped(range.file)) {
      this.count(sent ? -range.length : 0);
      if (!queue.again(range) && sent) {
        this.failure = { again: false, reason: 'failed', said: 'The box keeps other bytes than it was sent: look at its disk.' };
      }
    }
    this.answered();
  }

  private count(bytes: number): void {
    this.shared.sent += bytes;
    this.shared.tell(this.shared.sent);
  }
}

/** Nothing but zeros, as where a file has no blocks: the part has them already. Looked at only where the first bytes are. */
async function isHole(files: SourceFiles, handle: FileHandle, { file, offset, length }: Range): Promise<boolean> {
  const whole = Buffer.allocUnsafe(MEBIBYTE);
  for (let at = 0; at < length; at += whole.length) {
    const piece = whole.subarray(0, Math.min(whole.length, length - at));
    const bytesRead = await files.read(file, handle, piece, offset + at);
    if (!piece.subarray(0, bytesRead).equals(ZEROS.subarray(0, bytesRead))) {
      return false;
    }
  }
  return true;
}
