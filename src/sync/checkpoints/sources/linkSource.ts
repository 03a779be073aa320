import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import { printable } from '../../../base/printable.ts';
import { SshFailed } from '../../../process/ssh/link.ts';
import type { SshLink } from '../../../process/ssh/link.ts';
import type { CheckpointFile, CheckpointListing, CheckpointSource, FileRange } from '../../checkpoint.ts';
import { SyncError } from '../../syncError.ts';
import { digestScript, endMark, kindScript, listScript, readScript } from './linkScripts.ts';
import { isBelow, MAX_NAMES, OF_SEVERAL } from './sourceNames.ts';

/** Bytes and parts that one command gives at most. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_RANGES = 400;
const MOST_LISTED = 32 * 1024 * 1024;

/** A file or folder of a box: `path` is absolute there, from the home by `~/`, or relative to it. Rejects with a `SyncError`. */
export async function openLinkSource(link: Pick<SshLink, 'run' | 'host'>, path: string, signal?: AbortSignal): Promise<CheckpointSource> {
  if (/\0/.test(path)) {
    throw new SyncError('target', 'A path has no NUL.');
  }
  const run = runner(link);
  const kind = (await run(kindScript(path), 16, signal)).toString('latin1');
  const shown = `${link.host}:${path}`;
  if (kind !== 'd' && kind !== 'f') {
    throw new SyncError('target', kind === 'o' ? `${shown} is neither a file nor a folder.` : `There is no ${printable(shown)}.`);
  }
  const folder = kind === 'd' ? path : posix.dirname(path);
  return new LinkSource(shown, folder, kind === 'd' ? undefined : posix.basename(path), run);
}

type Run = (script: string, keep: number, signal?: AbortSignal) => Promise<Buffer>;

function runner(link: Pick<SshLink, 'run' | 'host'>): Run {
  return async (script, keep, signal) => {
    try {
      const { exitCode, stdout, stderr } = await link.run(script, { keep, ...(signal && { signal }) });
      if (exitCode !== 0) {
        throw new SyncError('failed', `${link.host}: ${printable(stderr.trim().split('\n').at(-1) ?? '') || `the command ended with ${exitCode}`}`);
      }
      return stdout;
    } catch (error) {
      signal?.throwIfAborted();
      throw error instanceof SshFailed ? new SyncError(error.problem, `${link.host}: ${printable(error.said)}`, { cause: error }) : error;
    }
  };
}

class LinkSource implements CheckpointSource {
  readonly folderName: string;

  constructor(
    readonly path: string,
    private readonly folder: string,
    readonly focus: string | undefined,
    private readonly run: Run,
  ) {
    this.folderName = posix.basename(folder);
  }

  async list(depth: number, signal?: AbortSignal): Promise<CheckpointListing> {
    const only = this.focus !== undefined && !OF_SEVERAL.test(this.focus) ? this.focus : undefined;
    const answer = await this.run(listScript(this.folder, this.focus === undefined ? depth : 1, only), MOST_LISTED, signal);
    const [clock = '', ...records] = answer.toString('utf8').split('\0');
    const now = Number(clock.trim()) * 1000;
    if (!Number.isSafeInteger(now)) {
      throw new SyncError('noisyShell', 'The box prints what is no answer: its shell says more than it was asked for.');
    }
    return { now, files: records.slice(0, MAX_NAMES).flatMap((record) => fileOf(record)) };
  }

  read(ranges: readonly FileRange[], signal?: AbortSignal): Promise<readonly Buffer[]> {
    return this.answers(ranges, signal, readScript, (bytes, length) => bytes.length <= length);
  }

  async digest(ranges: readonly FileRange[], signal?: AbortSignal): Promise<readonly string[]> {
    const answers = await this.answers(ranges, signal, digestScript, (bytes) => /^[0-9a-f]{64}$/.test(bytes.toString('latin1')), () => 64);
    return answers.map((bytes) => bytes.toString('latin1'));
  }

  /** What a box answers is taken only where it is framed exactly as asked for. */
  private async answers(
    ranges: readonly FileRange[],
    signal: AbortSignal | undefined,
    script: typeof readScript,
    isFit: (bytes: Buffer, length: number) => boolean,
    sizeOf: (range: FileRange) => number = ({ length }) => length,
  ): Promise<readonly Buffer[]> {
    const results: Buffer[] = [];
    for (const batch of batchesOf(ranges, sizeOf)) {
      const asked = batch.filter(({ file }) => isBelow(file));
      const token = randomBytes(12).toString('hex');
      const keep = batch.reduce((sum, range) => sum + sizeOf(range) + 96, 4096);
      const answer = asked.length === 0 ? Buffer.alloc(0) : await this.run(script(this.folder, asked, token), keep, signal);
      const frames = splitFrames(answer, token, asked.length);
      let at = 0;
      for (const range of batch) {
        const bytes = isBelow(range.file) ? frames[at++] : Buffer.alloc(0);
        if (bytes === undefined || (isBelow(range.file) && !isFit(bytes, range.length))) {
          throw new SyncError('failed', `What the box answered for ${printable(range.file)} is not what was asked for: the file may have changed meanwhile.`);
        }
        results.push(bytes);
      }
    }
    return results;
  }
}

function splitFrames(answer: Buffer, token: string, count: number): readonly Buffer[] {
  const mark = endMark(token);
  const frames: Buffer[] = [];
  for (let at = 0; frames.length < count; ) {
    const head = answer.indexOf(0x0a, at);
    const length = head < 0 ? NaN : Number(answer.toString('latin1', at, head));
    const end = head + 1 + length;
    if (!Number.isSafeInteger(length) || length < 0 || answer.toString('latin1', end, end + mark.length) !== mark) {
      throw new SyncError('failed', 'What the box answered is not what was asked for: a file may have changed meanwhile, or its shell prints more.');
    }
    frames.push(answer.subarray(head + 1, end));
    at = end + mark.length;
  }
  return frames;
}

function batchesOf(ranges: readonly FileRange[], sizeOf: (range: FileRange) => number): readonly (readonly FileRange[])[] {
  const batches: FileRange[][] = [];
  let bytes = 0;
  for (const range of ranges) {
    const last = batches.at(-1);
    if (last === undefined || last.length >= MOST_RANGES || bytes + sizeOf(range) > MOST_BYTES) {
      batches.push([range]);
      bytes = 0;
    } else {
      last.push(range);
    }
    bytes += sizeOf(range);
  }
  return batches;
}

function fileOf(record: string): readonly CheckpointFile[] {
  const [, kind, size, seconds, path] = /^([a-zA-Z]) (\d+) (\d+(?:\.\d+)?) \.\/([^]+)$/.exec(record) ?? [];
  if (path === undefined || (kind !== 'f' && kind !== 'd') || !isBelow(path)) {
    return [];
  }
  return [{ name: path, size: kind === 'd' ? 0 : Number(size), mtime: Number(seconds) * 1000, folder: kind === 'd' }];
}
