import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { isAbsent } from '../base/absent.ts';
import type { ToolPlan } from '../process/toolPlan.ts';
import { FileBytes } from './byteSource.ts';
import type { FfprobeJson } from './ffprobe.ts';
import { factsOfFfprobe, ffprobePlan } from './ffprobe.ts';
import type { HeaderFacts } from './headers/facts.ts';
import { headerReaders } from './headers/headerReaders.ts';
import type { Media, MediaKind } from './media.ts';
import { MediaError } from './mediaError.ts';
import type { Sniffed } from './sniff.ts';
import { sniffSource } from './sniff.ts';
import { isTrackContainer, readTracks } from './tracks.ts';

export interface ProbeOptions {
  /** Runs a plan for ffprobe, which is asked last. Without it, what only ffprobe knows is absent. */
  readonly ffprobe?: (plan: ToolPlan<FfprobeJson>) => Promise<FfprobeJson>;
  readonly signal?: AbortSignal;
}

export interface Prober {
  /**
   * What a file is. A broken file has problems and does not reject; a file that cannot be read rejects with a
   * `MediaError`, an abort with the signal's reason.
   */
  probe(path: string, options?: ProbeOptions): Promise<Media>;
  /**
   * The same at once, from one or two small reads; undefined where the headers alone do not tell. Throws a
   * `MediaError` where the file cannot be read.
   */
  probeFast(path: string): Media | undefined;
}

interface Look extends Sniffed {
  readonly size: number;
  readonly facts: HeaderFacts;
}

const WINDOW = 65_536;
/** A FIFO is opened without waiting for a writer, and no terminal becomes ours. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** A prober with its own read buffer, for one thread. */
export function createProber(): Prober {
  const window = Buffer.allocUnsafe(WINDOW);

  function look(fd: number, path: string): Look {
    const stat = fstatSync(fd);
    if (!stat.isFile()) {
      throw new MediaError('notAFile', path, `${path} is ${stat.isDirectory() ? 'a folder' : 'not a regular file'}`);
    }
    const source = new FileBytes(fd, stat.size, window);
    const sniffed = sniffSource(source);
    const facts = headerReaders[sniffed.container]?.(source) ?? { problems: NOTABLE[sniffed.container] ?? [] };
    return { ...sniffed, size: stat.size, facts };
  }

  return {
    probeFast(path) {
      const found = withFile(path, (fd) => look(fd, path));
      return isWhole(found.kind, found.facts) ? mediaOf(path, found, found.facts) : undefined;
    },
    async probe(path, options = {}) {
      options.signal?.throwIfAborted();
      const fd = openFile(path);
      try {
        const found = look(fd, path);
        const facts = isWhole(found.kind, found.facts) ? found.facts : await lookDeeper(fd, path, found, options);
        return mediaOf(path, found, facts);
      } catch (error) {
        options.signal?.throwIfAborted();
        throw MediaError.from(error, path);
      } finally {
        closeSync(fd);
      }
    },
  };
}

/** `createProber().probe` for a single file. */
export function probe(path: string, options?: ProbeOptions): Promise<Media> {
  return createProber().probe(path, options);
}

function openFile(path: string): number {
  try {
    return openSync(path, OPEN_FLAGS);
  } catch (error) {
    throw MediaError.from(error, path);
  }
}

function withFile<T>(path: string, use: (fd: number) => T): T {
  const fd = openFile(path);
  try {
    return use(fd);
  } catch (error) {
    throw MediaError.from(error, path);
  } finally {
    closeSync(fd);
  }
}

const NOTABLE: Readonly<Record<string, readonly string[]>> = {
  empty: ['the file is empty'],
  gitLfsPointer: ['a Git LFS pointer: the content itself is not here (git lfs pull fetches it)'],
};

/** Whether nothing is left to ask for: also of files with a problem, as no other reader mends one. */
function isWhole(kind: MediaKind, facts: HeaderFacts): boolean {
  if (facts.problems.length > 0) {
    return true;
  }
  switch (kind) {
    case 'audio':
      return isAllKnown([facts.audio?.codec, facts.duration]);
    case 'video':
      return isAllKnown([facts.video?.codec ?? facts.audio?.codec, facts.duration]);
    case 'image':
      return isAllKnown([facts.image?.width, facts.image?.height]);
    default:
      return true;
  }
}

function isAllKnown(values: readonly unknown[]): boolean {
  return values.every((value) => value !== undefined && !isAbsent(value));
}

async function lookDeeper(fd: number, path: string, found: Look, options: ProbeOptions): Promise<HeaderFacts> {
  let facts = found.facts;
  if (isTrackContainer(found.container)) {
    facts = await attempt(facts, () => readTracks(fd, found.size, found.container as never, options.signal), options);
  }
  const plan = ffprobePlan(resolve(path), found.container);
  if (options.ffprobe && plan && !isWhole(found.kind, { ...facts, problems: [] })) {
    const { ffprobe } = options;
    facts = await attempt(facts, async () => factsOfFfprobe(await ffprobe(plan)), options);
  }
  return facts;
}

/** What a further reader finds, beside what is known already; its failure is a problem of the file. */
async function attempt(known: HeaderFacts, reader: () => Promise<HeaderFacts>, { signal }: ProbeOptions): Promise<HeaderFacts> {
  try {
    const more = await reader();
    return { ...known, ...more };
  } catch (error) {
    signal?.throwIfAborted();
    return { ...known, problems: [...known.problems, `cannot be taken apart: ${(error as Error).message}`] };
  }
}

function mediaOf(path: string, found: Look, facts: HeaderFacts): Media {
  const isTimed = found.kind === 'audio' || found.kind === 'video';
  const kind = !isTimed ? found.kind : facts.video ? 'video' : facts.audio ? 'audio' : found.kind;
  return { path, kind, container: found.container, size: found.size, ...facts };
}
