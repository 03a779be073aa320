import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { absent, isAbsent } from '../base/absent.ts';
import type { ToolPlan } from '../process/toolPlan.ts';
import { FileBytes } from './byteSource.ts';
import type { ByteSource } from './byteSource.ts';
import { deepReadersOf } from './deepReaders.ts';
import type { FfprobeJson } from './ffprobe.ts';
import { complaintOf, factsOfFfprobe, ffprobePlan } from './ffprobe.ts';
import type { FilePart } from './filePart.ts';
import { nameOfPart } from './filePart.ts';
import type { HeaderFacts } from './headers/facts.ts';
import { imageFacts } from './headers/facts.ts';
import { headerReaders } from './headers/headerReaders.ts';
import type { Media, MediaKind } from './media.ts';
import { MediaError } from './mediaError.ts';
import type { Sniffed } from './sniff.ts';
import { sniffSource } from './sniff.ts';

export interface ProbeOptions {
  /** Runs a plan for ffprobe, which is asked last. Without it, what only ffprobe knows is absent. */
  readonly ffprobe?: (plan: ToolPlan<FfprobeJson>) => Promise<FfprobeJson>;
  readonly signal?: AbortSignal;
}

export interface Prober {
  /**
   * What a file, or a part of one, is. A broken file has problems and does not reject; a file that cannot be read rejects with a
   * `MediaError`, an abort with the signal's reason.
   */
  probe(what: FilePart | string, options?: ProbeOptions): Promise<Media>;
  /**
   * The same at once, from one or two small reads; undefined where the headers alone do not tell. Throws a
   * `MediaError` where the file cannot be read.
   */
  probeFast(what: FilePart | string): Media | undefined;
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

  function look(fd: number, part: FilePart): Look {
    const path = nameOfPart(part);
    const { start = 0 } = part;
    const stat = fstatSync(fd);
    if (!stat.isFile()) {
      throw new MediaError('notAFile', path, `${path} is ${stat.isDirectory() ? 'a folder' : 'not a regular file'}`);
    }
    const size = Math.max(0, Math.min(part.size ?? Infinity, stat.size - start));
    const source = new FileBytes(fd, size, window, start);
    const sniffed = sniffSource(source);
    const facts = headerReaders[sniffed.container]?.(source) ?? { problems: NOTABLE[sniffed.container] ?? [] };
    return { ...sniffed, size, facts };
  }

  return {
    probeFast(what) {
      const part = typeof what === 'string' ? { file: what } : what;
      const path = nameOfPart(part);
      const found = withFile(part.file, path, (fd) => look(fd, part));
      return isWhole(found.kind, found.facts) ? mediaOf(path, found, found.facts) : undefined;
    },
    async probe(what, options = {}) {
      options.signal?.throwIfAborted();
      const part = typeof what === 'string' ? { file: what } : what;
      const path = nameOfPart(part);
      const fd = openFile(part.file, path);
      try {
        const found = look(fd, part);
        const facts = isWhole(found.kind, found.facts) ? found.facts : await lookDeeper(fd, part, found, options);
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
export function probe(what: FilePart | string, options?: ProbeOptions): Promise<Media> {
  return createProber().probe(what, options);
}

/**
 * What the headers of bytes that are no file of their own say: of a member of an archive, by its name for the message. What only
 * libraries or ffprobe know is absent.
 */
export function probeSource(source: ByteSource, name: string): Media {
  return lookAtSource(source, name).media;
}

/** The same, and whether these headers tell everything. */
export function lookAtSource(source: ByteSource, name: string): { readonly media: Media; readonly whole: boolean } {
  const sniffed = sniffSource(source);
  const facts = headerReaders[sniffed.container]?.(source) ?? { problems: NOTABLE[sniffed.container] ?? [] };
  const found = { ...sniffed, size: source.size, facts };
  const whole = isWhole(found.kind, facts);
  return { media: mediaOf(name, found, whole ? facts : unread(found)), whole };
}

function openFile(path: string, name = path): number {
  try {
    return openSync(path, OPEN_FLAGS);
  } catch (error) {
    throw MediaError.from(error, name);
  }
}

function withFile<T>(path: string, name: string, use: (fd: number) => T): T {
  const fd = openFile(path, name);
  try {
    return use(fd);
  } catch (error) {
    throw MediaError.from(error, name);
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
      return isAllKnown([facts.audio?.codec, facts.duration]) && !isDepthOpen(facts);
    case 'video':
      return isAllKnown([facts.video?.codec ?? facts.audio?.codec, facts.duration]) && (facts.video !== undefined || !isDepthOpen(facts));
    case 'image':
      return isAllKnown([facts.image?.width, facts.image?.height]);
    default:
      return true;
  }
}

/** Lossless codecs whose bits their own header states, and which not every reader looks into in another container. */
function isDepthOpen({ audio }: HeaderFacts): boolean {
  return audio !== undefined && isAbsent(audio.bitDepth) && (audio.codec === 'alac' || audio.codec === 'flac');
}

function isAllKnown(values: readonly unknown[]): boolean {
  return values.every((value) => value !== undefined && !isAbsent(value));
}

/** Asks the libraries, then ffprobe, until nothing is left to ask for. Only what the last one says is wrong counts. */
async function lookDeeper(fd: number, part: FilePart, found: Look, options: ProbeOptions): Promise<HeaderFacts> {
  // A window of its own: other files are looked at while the readers wait for theirs.
  const { start: origin = 0 } = part;
  const source = new FileBytes(fd, found.size, Buffer.allocUnsafe(WINDOW), origin);
  const readers: (() => Promise<HeaderFacts>)[] = deepReadersOf(found).map(
    (reader) => () => reader({ fd, origin, source, signal: options.signal }),
  );
  const file = resolve(part.file);
  const plan = ffprobePlan({ ...part, file }, found.container);
  const { ffprobe } = options;
  if (ffprobe && plan) {
    const ask = async (): Promise<HeaderFacts> => factsOfFfprobe(await ffprobe(plan));
    // mediabunny leaves out the tracks of a transport stream whose codecs it does not know.
    readers.splice(found.container === 'mpegts' ? 0 : readers.length, 0, ask);
  }
  let facts = found.facts;
  for (const reader of readers) {
    try {
      facts = merge(facts, await reader());
    } catch (error) {
      options.signal?.throwIfAborted();
      facts = { ...facts, problems: [`cannot be taken apart: ${complaintOf(error, file)}`] };
      continue;
    }
    if (isWhole(found.kind, facts)) {
      break;
    }
  }
  return readers.length === 0 ? unread(found) : facts;
}

/** What a file is whose container no library here reads: its header's facts, where a header was read. */
function unread({ kind, container, facts }: Look): HeaderFacts {
  if (container in headerReaders) {
    return facts;
  }
  const reason = absent(kind === 'image' ? `the header of ${container} is not read` : `only ffprobe reads ${container}`);
  switch (kind) {
    case 'image':
      return { ...facts, image: imageFacts({ width: reason, height: reason, bitDepth: reason, colour: reason }) };
    case 'audio':
      return { ...facts, duration: reason, audio: { codec: reason, sampleRate: reason, channels: reason, bitDepth: reason } };
    default:
      return { ...facts, duration: reason };
  }
}

/** The newer facts where there are any; the older where the newer ones are absent. */
function merge(older: HeaderFacts, newer: HeaderFacts): HeaderFacts {
  const duration = isAbsent(newer.duration) ? (older.duration ?? newer.duration) : (newer.duration ?? older.duration);
  const audio = newer.audio && older.audio ? overlay(older.audio, newer.audio) : (newer.audio ?? older.audio);
  const video = newer.video && older.video ? overlay(older.video, newer.video) : (newer.video ?? older.video);
  const image = newer.image ?? older.image;
  return {
    ...(duration !== undefined && { duration }),
    ...(audio && { audio }),
    ...(video && { video }),
    ...(image && { image }),
    problems: newer.problems,
  };
}

function overlay<T extends object>(older: T, newer: T): T {
  const known = Object.entries(newer).filter(([, value]) => !isAbsent(value));
  return { ...newer, ...older, ...Object.fromEntries(known) };
}

function mediaOf(path: string, found: Look, facts: HeaderFacts): Media {
  const isTimed = found.kind === 'audio' || found.kind === 'video';
  const kind = !isTimed ? found.kind : facts.video ? 'video' : facts.audio ? 'audio' : found.kind;
  return { path, kind, container: found.container, size: found.size, ...facts };
}
