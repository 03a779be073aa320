import { closeSync, constants, copyFileSync, mkdirSync, openSync, rmSync, symlinkSync, writeSync } from 'node:fs';
import { singleQuoted } from '../../base/shellWords.ts';
import { systemPath } from '../../base/bytePath.ts';
import type { BytePath } from '../../base/bytePath.ts';
import type { Entry } from '../entry.ts';
import { failureOf } from './failure.ts';
import type { Failure } from './failure.ts';
import { setTime, systemWords } from './localSink.ts';
import type { Carriage, MoveListener, Mover } from './mover.ts';
import { startOnBox } from './onBox.ts';
import { folderOf, word } from './remoteScript.ts';
import { TarDamaged, TarReader } from './tarReader.ts';
import { CHANGED, TarCut, writeTar } from './tarWriter.ts';
import type { Left, Move } from './work.ts';

/** One tar into the stage of a box. What is torn is taken out of the stage again, so that all that lies there is whole. */
export function tarPusher(carriage: Carriage): Mover {
  const { link, remoteRoot, localRoot, folders, allowance } = carriage;
  const stage = `cd ${singleQuoted(`${remoteRoot}/${folders.stage}`)}`;
  return async (moves, listener, signal) => {
    // -o: to whoever extracts it; -p: with all permission bits.
    const process = await startOnBox(carriage, `${stage} && exec tar -xpof -`, false, signal);
    process.stdout.resume();
    let written = { left: [] as readonly Left[], torn: [] as readonly Left[] };
    try {
      written = await writeTar({ root: localRoot, moves, out: process.stdin, allowance, listener, signal });
      process.stdin.end();
    } catch (error) {
      if (!(error instanceof TarCut) && !signal.aborted) {
        process.end();
        throw error;
      }
    }
    const { exitCode, said } = await process.gone;
    signal.throwIfAborted();
    const failure = tarFailure(exitCode, said);
    if (failure === undefined && written.torn.length > 0) {
      const script = `${stage} && rm -f -- ${written.torn.map(({ path }) => word(path)).join(' ')}`;
      await link.run('exec env LC_ALL=C sh -s', { stdin: Buffer.from(script, 'latin1'), signal });
    }
    const left = [...written.left, ...written.torn];
    return failure === undefined ? { left } : { failure, left };
  };
}

/** One tar of a box into the stage here. */
export function tarPuller(carriage: Carriage): Mover {
  const { remoteRoot, localRoot, folders, allowance } = carriage;
  const base = `${localRoot}/${folders.stage}/`;
  const at = (path: BytePath): Buffer => Buffer.concat([Buffer.from(base), systemPath(path)]);
  return async (moves, listener, signal) => {
    const process = await startOnBox(carriage, `cd ${singleQuoted(remoteRoot)} && exec tar -cf - --no-recursion --null -T -`, false, signal);
    process.stdin.end(Buffer.from(moves.map(({ path }) => `./${path}\0`).join(''), 'latin1'));
    const unpacker = new Unpacker(new Map(moves.map((move) => [move.path, move])), at, listener);
    const reader = new TarReader(unpacker);
    let refusal: Failure | undefined;
    try {
      for await (const chunk of process.stdout as AsyncIterable<Buffer>) {
        await allowance.take(chunk.length, signal);
        reader.add(chunk);
        unpacker.tell();
      }
    } catch (error) {
      process.end();
      refusal = signal.aborted
        ? undefined
        : error instanceof TarDamaged
          ? { again: true, reason: 'failed', said: error.message }
          : failureOf(11, systemWords(error));
    } finally {
      unpacker.close();
    }
    const { exitCode, said } = await process.gone;
    signal.throwIfAborted();
    // 1: a file has changed as it was read; 2: one could not be read. Both are told by what has not come whole.
    const failure = refusal ?? (reader.isOver ? undefined : (tarFailure(exitCode, said) ?? { again: true, reason: 'unreachable', said: 'The link was cut.' }));
    return failure === undefined ? { left: unpacker.missing() } : { failure, left: [] };
  };
}

function tarFailure(exitCode: number, said: string): Failure | undefined {
  const failure = failureOf(exitCode === 24 ? 1 : exitCode, said);
  // rsync's codes mean nothing here.
  return failure === undefined || failure.again || failure.reason !== 'failed' ? failure : { ...failure, said: `tar on the box: ${said.split('\n').at(-1) ?? ''}` };
}

/** Writes what comes and was asked for, and nothing else, into the stage. */
class Unpacker {
  private readonly made = new Set<BytePath>();
  /** Files that are whole. */
  private readonly arrived = new Map<BytePath, Entry>();
  private readonly reasons = new Map<BytePath, string>();
  private fd: number | undefined;
  private current: Move | undefined;
  private written = 0;

  constructor(
    private readonly wanted: Map<BytePath, Move>,
    private readonly at: (path: BytePath) => Buffer,
    private readonly listener: MoveListener,
  ) {}

  onEntry({ path, type, size, link }: { path: BytePath; type: string; size: number; link: BytePath }): void {
    const move = this.wanted.get(path);
    this.current = undefined;
    if (move === undefined) {
      return;
    }
    const { source } = move;
    if (type === '1') {
      this.copy(link.replace(/^(?:\.\/)+/, ''), move);
      return;
    }
    if ((source.kind === 'file' ? type !== '0' || size !== source.size : source.kind === 'folder' ? type !== '5' : type !== '2' || link !== source.link)) {
      this.reasons.set(path, CHANGED);
      return;
    }
    this.current = move;
    this.makeFolder(source.kind === 'folder' ? path : folderOf(path));
    if (source.kind === 'file') {
      rmSync(this.at(path), { force: true });
      this.fd = openSync(this.at(path), constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, source.mode | 0o200);
    } else if (source.kind === 'link') {
      rmSync(this.at(path), { force: true });
      symlinkSync(systemPath(link), this.at(path));
      setTime(this.at(path), source.mtime, true);
    }
  }

  onData(piece: Buffer): void {
    if (this.fd !== undefined) {
      for (let done = 0; done < piece.length; ) {
        done += writeSync(this.fd, piece, done);
      }
      this.written += piece.length;
    }
  }

  onEntryEnd(): void {
    if (this.current !== undefined) {
      const { path, source } = this.current;
      this.close();
      this.wanted.delete(path);
      if (source.kind === 'file') {
        this.arrived.set(path, source);
      }
    }
  }

  tell(): void {
    this.listener.onBytes(this.written);
  }

  close(): void {
    if (this.fd !== undefined) {
      closeSync(this.fd);
      this.fd = undefined;
    }
  }

  missing(): readonly Left[] {
    return [...this.wanted.keys()].map((path) => ({ path, reason: this.reasons.get(path) ?? 'it could not be read on the box' }));
  }

  /** Another name of a file that has come before it becomes a file of its own. */
  private copy(from: BytePath, move: Move): void {
    const { path, source } = move;
    if (source.kind !== 'file' || this.arrived.get(from)?.size !== source.size) {
      this.reasons.set(path, CHANGED);
      return;
    }
    this.makeFolder(folderOf(path));
    rmSync(this.at(path), { force: true });
    copyFileSync(this.at(from), this.at(path), constants.COPYFILE_EXCL);
    this.written += source.size;
    this.current = move;
  }

  private makeFolder(path: BytePath): void {
    if (!this.made.has(path)) {
      this.made.add(path);
      mkdirSync(this.at(path), { recursive: true });
    }
  }
}
