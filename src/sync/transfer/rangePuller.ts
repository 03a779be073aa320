import { appendFileSync, closeSync, constants, existsSync, ftruncateSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { PipedProcess } from '../../process/pipedProcess.ts';
import { failureOf } from './failure.ts';
import type { Failure } from './failure.ts';
import { systemWords } from './localSink.ts';
import type { Carriage, Moved, Mover } from './mover.ts';
import { startOnBox } from './onBox.ts';
import { rangeHashes } from './rangeHash.ts';
import type { RangeHash, RangeTools } from './rangeHash.ts';
import { READY, sendingScript } from './rangeScripts.ts';
import { RangeQueue } from './rangeQueue.ts';
import { CONNECTIONS, MEBIBYTE, partName } from './ranges.ts';
import type { Range } from './ranges.ts';
import { CHANGED } from './tarWriter.ts';
import type { Left, Move } from './work.ts';

/** A range is asked for while the last one still comes. */
const ASKED = 2;
/** Milliseconds without a byte of what was asked for: the file there has become shorter as it was read. */
const STALL = 60_000;
/** What its script ends with where a file is not as large as it was planned. */
const OTHER_SIZE = 9;
const ZEROS = Buffer.alloc(MEBIBYTE);

/** Large files of the box to parts here, by ranges as `rangePusher` sends them; each is held to its hash there. */
export function rangePuller(carriage: Carriage, tools: RangeTools): Mover {
  const { localRoot, remoteRoot, folders, sink } = carriage;

  return async (moves, listener, signal): Promise<Moved> => {
    const left: Left[] = [];
    const parts = moves.map((move) => new LocalPart(`${localRoot}/${folders.parts}/${partName(move)}`, move.source.size));
    const whole: number[] = [];
    let received = 0;
    let failure: Failure | undefined;
    const stop = new AbortController();
    const needless = new AbortController();
    const ended = AbortSignal.any([signal, stop.signal]);
    try {
      const said = new Set(parts.flatMap((part, file) => part.open().map((offset) => `${file} ${offset}`)));
      const queue = new RangeQueue(moves, said, (file) => void whole.push(file));
      const script = sendingScript(remoteRoot, moves, tools);
      const newHash = await rangeHashes(tools.hash);
      const count = (bytes: number): void => listener.onBytes((received += bytes));
      const shared = { ...carriage, tools, moves, queue, parts, newHash, script, count };
      const wanted = Math.min(CONNECTIONS, moves.reduce((sum, { source }) => sum + Math.ceil(source.size / (16 * MEBIBYTE)), 0));
      await Promise.all(
        Array.from({ length: wanted }, async (_, index) => {
          const own = index > 0;
          const why = await pullRanges(shared, ended, own ? needless.signal : undefined);
          if (why !== undefined) {
            failure ??= why;
            stop.abort();
          } else if (!own) {
            needless.abort();
          }
        }),
      );
    } catch (error) {
      failure ??= failureOf(11, systemWords(error));
    } finally {
      // Whatever one ended by, the others do not outlive it.
      stop.abort();
      parts.forEach((part) => part.close());
    }
    signal.throwIfAborted();
    const arrivals = whole.flatMap((file) => {
      const move = moves[file];
      return move === undefined ? [] : [{ from: `${folders.parts}/${partName(move)}`, entry: move.source, replaces: move.sink?.kind === move.source.kind, bare: true }];
    });
    left.push(...(await sink.install(arrivals, signal)));
    arrivals.forEach(({ entry }) => listener.onPlaced(entry.path));
    parts.filter((_, file) => whole.includes(file) || failure?.reason === 'space').forEach((part) => part.remove());
    return failure === undefined ? { left } : { failure, left };
  };
}

interface Shared extends Carriage {
  readonly tools: RangeTools;
  readonly moves: readonly Move[];
  readonly queue: RangeQueue;
  readonly parts: readonly LocalPart[];
  readonly newHash: () => RangeHash;
  readonly script: string;
  readonly count: (bytes: number) => void;
}

/** To the end of the queue; what kept it from that. `needless`: of a connection of its own, when it need not be opened any more. */
async function pullRanges(shared: Shared, signal: AbortSignal, needless: AbortSignal | undefined): Promise<Failure | undefined> {
  const { moves, queue, parts, newHash, script, count, allowance } = shared;
  const process = await startOnBox(shared, script, needless !== undefined && shared.tools, signal);
  const reader = new ExactReader(process);
  const asked: { readonly range: Range; readonly order: 'r' | 'h' }[] = [];
  let failure: Failure | undefined;

  function ask(): void {
    const range = queue.next();
    if (range !== undefined) {
      const order = queue.isFirst(range) && queue.wasSaid(range) ? 'h' : 'r';
      asked.push({ range, order });
      process.stdin.write(`${order} ${range.file} ${range.offset} ${range.length} ${moves[range.file]?.source.size}\n`);
    }
  }
  async function receive({ range, order }: (typeof asked)[number]): Promise<void> {
    const part = parts[range.file] as LocalPart;
    const hash = newHash();
    if (order === 'h') {
      part.hash(range, hash);
    }
    for (let at = 0; order === 'r' && at < range.length; ) {
      const piece = await reader.some(range.length - at);
      await allowance.take(piece.length, signal);
      hash.update(piece);
      part.write(piece, range.offset + at);
      at += piece.length;
      count(piece.length);
    }
    const told = await reader.line();
    if (told === hash.digest()) {
      part.done(range);
      queue.arrived(range);
      count(order === 'h' ? range.length : 0);
      return;
    }
    if (order === 'r') {
      count(-range.length);
    }
    if (!queue.again(range) && order === 'r') {
      failure = { again: false, reason: 'failed', said: 'What is read here is not what the box says to have sent: look at the disks.' };
    }
  }

  if (!(await isOpened(reader, process, needless)) && needless !== undefined) {
    process.end();
    await process.gone;
    return undefined;
  }
  try {
    while (asked.length < ASKED) {
      const before = asked.length;
      ask();
      if (asked.length === before) {
        break;
      }
    }
    for (let next = asked.shift(); next !== undefined && failure === undefined; next = asked.shift()) {
      await receive(next);
      ask();
    }
  } catch (error) {
    if (!(error instanceof StreamEnded) && !signal.aborted) {
      process.end();
      await process.gone;
      return failureOf(11, systemWords(error));
    }
  }
  process.stdin.end();
  if (reader.stalled || failure !== undefined) {
    process.end();
  }
  const { exitCode, said } = await process.gone;
  if (signal.aborted) {
    return undefined;
  }
  if (exitCode === OTHER_SIZE) {
    return { again: true, reason: 'stale', said: CHANGED };
  }
  return failure ?? (reader.ended && (exitCode !== 0 || asked.length > 0) ? (failureOf(exitCode === 0 ? 255 : exitCode, said) ?? failureOf(255, '')) : undefined);
}

/** Before that it takes nothing that another could bring meanwhile. */
async function isOpened(reader: ExactReader, process: PipedProcess, needless: AbortSignal | undefined): Promise<boolean> {
  const end = (): void => process.end();
  needless?.addEventListener('abort', end);
  try {
    while ((await reader.line()) !== READY) {
      // What a shell prints by itself.
    }
    return needless?.aborted !== true;
  } catch {
    return false;
  } finally {
    needless?.removeEventListener('abort', end);
  }
}

class StreamEnded extends Error {}

/** Takes just as much from a stream as is asked for. */
class ExactReader {
  ended = false;
  stalled = false;
  private rest: Buffer = Buffer.alloc(0);
  private readonly stream: AsyncIterator<Buffer>;

  constructor(private readonly process: PipedProcess) {
    this.stream = (process.stdout as Readable & AsyncIterable<Buffer>)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  async some(most: number): Promise<Buffer> {
    if (this.rest.length === 0) {
      this.rest = await this.next();
    }
    const piece = this.rest.subarray(0, Math.min(most, MEBIBYTE));
    this.rest = this.rest.subarray(piece.length);
    return piece;
  }

  async line(): Promise<string> {
    let text = '';
    for (;;) {
      const end = this.rest.indexOf(0x0a);
      if (end !== -1) {
        text += this.rest.toString('latin1', 0, end);
        this.rest = this.rest.subarray(end + 1);
        return text;
      }
      text += this.rest.toString('latin1');
      this.rest = await this.next();
    }
  }

  private async next(): Promise<Buffer> {
    const watch = setTimeout(() => {
      this.stalled = true;
      this.process.end();
    }, STALL);
    try {
      const next = await this.stream.next();
      if (next.done === true) {
        throw new StreamEnded();
      }
      return next.value;
    } catch (error) {
      this.ended = true;
      throw error instanceof StreamEnded ? error : new StreamEnded();
    } finally {
      clearTimeout(watch);
    }
  }
}

/** A file that is gathered here: as large as it will be from the start, with holes where nothing is, or zeros come. */
class LocalPart {
  private fd = -1;
  private fresh = false;

  constructor(
    private readonly path: string,
    private readonly size: number,
  ) {}

  /** Offsets of ranges that an earlier run has put there. */
  open(): readonly string[] {
    this.fresh = !existsSync(this.path);
    this.fd = openSync(this.path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
    ftruncateSync(this.fd, this.size);
    return this.fresh || !existsSync(`${this.path}.done`) ? [] : readFileSync(`${this.path}.done`, 'latin1').split('\n').filter(Boolean);
  }

  write(piece: Buffer, at: number): void {
    if (this.fresh && piece.equals(ZEROS.subarray(0, piece.length))) {
      return;
    }
    for (let done = 0; done < piece.length; ) {
      done += writeSync(this.fd, piece, done, piece.length - done, at + done);
    }
  }

  hash({ offset, length }: Range, into: RangeHash): void {
    const piece = Buffer.allocUnsafe(MEBIBYTE);
    for (let at = 0; at < length; ) {
      const read = readSync(this.fd, piece, 0, Math.min(piece.length, length - at), offset + at);
      into.update(Buffer.from(piece.subarray(0, read)));
      at += read;
    }
  }

  done({ offset }: Range): void {
    appendFileSync(`${this.path}.done`, `${offset}\n`);
  }

  close(): void {
    if (this.fd !== -1) {
      closeSync(this.fd);
      this.fd = -1;
    }
  }

  remove(): void {
    rmSync(this.path, { force: true });
    rmSync(`${this.path}.done`, { force: true });
  }
}
