import { startPiped } from '../../process/pipedProcess.ts';
import type { BytePath } from '../../base/bytePath.ts';
import { complaints, failureOf } from './failure.ts';
import type { Carriage, LocalRsync, Mover } from './mover.ts';
import { rsyncArgs } from './rsyncArgs.ts';
import { lineFormat, RsyncOutput } from './rsyncOutput.ts';
import type { Left, Move } from './work.ts';
import { isAbsent } from '../../base/absent.ts';
import { toBytePath } from '../../base/bytePath.ts';

export interface RsyncWay {
  readonly delta: boolean;
  readonly compress: boolean;
  /** Into the stage, to be installed afterwards: for sides whose rsync has no trash of its own to be relied on. */
  readonly staged: boolean;
  /** A folder on the disk of all that is received. */
  readonly ownTemporary: boolean;
}

/** Seconds without a byte: a link that says nothing is cut by ssh before that. */
const TIMEOUT = 60;

/** One rsync over the warm connection, told each name. */
export function rsyncMover(carriage: Carriage & { readonly rsync: LocalRsync }, { delta, compress, staged, ownTemporary }: RsyncWay): Mover {
  const { link, facts, target, localRoot, remoteRoot, direction, folders, rsync } = carriage;
  const remote = isAbsent(facts.rsync) ? rsync.facts : facts.rsync;

  return async (moves, listener, signal) => {
    signal.throwIfAborted();
    const { words, env } = await link.transport(false);
    const { prefix, format } = lineFormat();
    const stage = staged ? `/${folders.stage}` : '';
    const args = rsyncArgs({
      direction,
      host: link.host,
      from: direction === 'push' ? localRoot : remoteRoot,
      to: `${direction === 'push' ? remoteRoot : localRoot}${stage}`,
      transport: words,
      local: rsync.facts,
      remote,
      delta,
      compress,
      format,
      timeout: TIMEOUT,
      ...(target.rsyncPath !== undefined && target.from !== 'workspace' && { rsyncPath: target.rsyncPath }),
      ...(!staged && { backupFolder: folders.trash }),
      ...(!staged && ownTemporary && { temporaryFolder: folders.stage }),
      ...(target.bandwidth !== undefined && { bandwidth: target.bandwidth }),
    });
    const process = startPiped({ words: [...carriage.holding, rsync.path, ...args], folder: '/', env: { ...env, LC_ALL: 'C' } }, signal);
    const sizes = new Map(moves.map(({ path, source }) => [path, source.size]));
    let placedBytes = 0;
    const output = new RsyncOutput(prefix, {
      onItem({ path }) {
        const size = sizes.get(path);
        if (size !== undefined) {
          sizes.delete(path);
          placedBytes += size;
          listener.onPlaced(path);
        }
      },
      onCount: ({ bytes }) => listener.onBytes(Math.max(0, bytes - placedBytes)),
      onNote: () => {},
    });
    process.stdout.on('data', (chunk: Buffer) => output.add(chunk));
    process.stdin.end(names(moves));
    const { exitCode, said } = await process.gone;
    output.end();
    signal.throwIfAborted();
    const failure = failureOf(exitCode, said);
    // 23 is said of single names, which do not keep the others.
    const left = exitCode === 23 || exitCode === 24 ? leftOf(moves, said) : [];
    return failure === undefined || (exitCode === 23 && left.length > 0) ? { left } : { failure, left };
  };
}

/** With `./` before each: `#` and `;` begin a comment in such a list, ended by NUL or not. */
function names(moves: readonly Move[]): Buffer {
  return Buffer.from(moves.map(({ path }) => `./${path}\0`).join(''), 'latin1');
}

/** By the paths that its complaints end in. */
function leftOf(moves: readonly Move[], said: string): readonly Left[] {
  const reasons = [...complaints(said)].map(([path, why]) => [toBytePath(path), why] as const);
  const found = new Map<BytePath, string>();
  for (const [path, why] of reasons) {
    const move = moves.find((candidate) => path === candidate.path || path.endsWith(`/${candidate.path}`) || path.includes(`/.${candidate.path.slice(candidate.path.lastIndexOf('/') + 1)}.`));
    if (move !== undefined) {
      found.set(move.path, why);
    }
  }
  return [...found].map(([path, reason]) => ({ path, reason }));
}
