import { open } from 'node:fs/promises';
import { OpenArchives } from '../../media/archives/openPlace.ts';
import { lazyAsync } from '../../base/lazy.ts';
import type { FilePart } from '../../media/filePart.ts';
import { nameOfPart } from '../../media/filePart.ts';
import { MediaError } from '../../media/mediaError.ts';
import type { MediaPlace } from '../../media/place.ts';
import { ffprobeRunner } from '../../process/ffprobeRunner.ts';
import { mediaRunner } from './mediaRunner.ts';
import { memberFiles } from '../memberFiles.ts';
import type { CreateService } from '../service.ts';
import { createPackedStore } from '../thumbnails/packedStore.ts';
import type { PackedStore } from '../thumbnails/packedStore.ts';
import { cacheFolder } from '../thumbnails/thumbnailsService.ts';
import { MOST_BYTES } from '../webview/audio/protocol.ts';
import type { HostSamples } from '../webview/audio/protocol.ts';
import type { AudioApi, SoundRef } from './audioApi.ts';
import { openSound } from './openSound.ts';
import { SoundEntry } from './soundEntry.ts';
import { transcriptOf } from './transcript.ts';

/** Recordings kept open; what a preview shows is asked for again when it was pushed out. */
const MOST_OPEN = 8;

/** Recordings for their previews, and for the sound of films. */
export const createAudioService: CreateService<AudioApi, object> = (context) => {
  const { search } = context;
  const archives = new OpenArchives();
  const files = memberFiles(context, archives);
  const tools = {
    ...(search && { ffmpeg: lazyAsync(() => mediaRunner(search)), ffprobe: lazyAsync(() => ffprobeRunner(search)) }),
  };
  const store = lazyAsync(
    (): Promise<PackedStore> => (context.cacheBytes > 0 ? createPackedStore({ folder: cacheFolder(context.storage), budget: context.cacheBytes, ...(context.log && { log: context.log }) }) : Promise.resolve(NO_STORE)),
  );
  /** By place, the one last used at the end. */
  const entries = new Map<string, Promise<SoundEntry>>();
  let line: Promise<void> = Promise.resolve();

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = line.then(work);
    line = done.catch(() => undefined);
    return done;
  };

  function entry({ place }: SoundRef, signal: AbortSignal, fresh = false): Promise<SoundEntry> {
    const key = keyOf(place);
    const existing = entries.get(key);
    entries.delete(key);
    if (fresh) {
      forget(existing);
    }
    const opening = (fresh ? undefined : existing) ?? openEntry(place, fresh ? signal : NEVER);
    entries.set(key, opening);
    opening.catch(() => entries.get(key) === opening && entries.delete(key));
    for (const [oldest, old] of entries) {
      if (entries.size <= MOST_OPEN) {
        break;
      }
      entries.delete(oldest);
      forget(old);
    }
    return opening;
  }

  async function openEntry(place: MediaPlace, signal: AbortSignal): Promise<SoundEntry> {
    const bytes = await files.open(place, signal);
    try {
      return new SoundEntry(place, bytes, await openSound(bytes, tools, signal), store, inTurn);
    } catch (error) {
      bytes.dispose();
      throw error;
    }
  }

  function forget(old: Promise<SoundEntry> | undefined): void {
    old?.then((gone) => gone.dispose(), () => undefined);
  }

  type P<K extends keyof AudioApi> = Parameters<AudioApi[K]>[0];
  return {
    handlers: {
      open: async (params, signal) => (await entry(params as P<'open'>, signal, true)).sound.facts,
      progress: async (params, signal) => (await entry(params as P<'progress'>, signal)).progress(),
      async peaks(params, signal) {
        const { place, ...request } = params as P<'peaks'>;
        return (await entry({ place }, signal)).peaks(request, signal);
      },
      scale: async (params, signal) => spectrogramOf(await entry(params as P<'scale'>, signal)).scale(signal),
      async tile(params, signal) {
        const { place, channel, level, index } = params as P<'tile'>;
        return spectrogramOf(await entry({ place }, signal)).tile(channel, level, index, signal);
      },
      transcript: (params, signal) => transcriptOf((params as P<'transcript'>).place, archives, signal),
      async bytes(params, signal) {
        const { place, start, length } = params as P<'bytes'>;
        return readBytes(place.member === undefined ? { file: place.file } : (await entry({ place }, signal)).bytes, start, length);
      },
      async samples(params, signal) {
        const { place, from, count } = params as P<'samples'>;
        const opened = await entry({ place }, signal);
        return interleaved(await opened.reader.read(from, count, signal), isDeep(opened));
      },
      close({ place }: P<'close'>) {
        const key = keyOf(place);
        forget(entries.get(key));
        entries.delete(key);
      },
    } as ReturnType<CreateService<AudioApi, object>>['handlers'],
    dispose() {
      entries.forEach(forget);
      entries.clear();
      files.dispose();
      archives.dispose();
      void store().then((opened) => opened.dispose(), () => undefined);
    },
  };
};

const NEVER = new AbortController().signal;
const NO_STORE: PackedStore = { get: () => undefined, put: () => undefined, dispose: () => undefined };

function keyOf({ file, member }: MediaPlace): string {
  return JSON.stringify([file, member ?? null]);
}

function spectrogramOf(entry: SoundEntry): NonNullable<SoundEntry['spectrogram']> {
  // Says why where nothing decodes it.
  void entry.reader;
  return entry.spectrogram as NonNullable<SoundEntry['spectrogram']>;
}

/** Whether 16 bits would lose something. */
function isDeep({ sound: { facts } }: SoundEntry): boolean {
  return typeof facts.bitDepth === 'number' && facts.bitDepth > 16;
}

function interleaved(samples: readonly Float32Array[], deep: boolean): HostSamples {
  const channels = samples.length;
  const frames = Math.min(samples[0]?.length ?? 0, Math.floor(MOST_BYTES / channels / (deep ? 4 : 2)));
  const data = deep ? new Float32Array(frames * channels) : new Int16Array(frames * channels);
  samples.forEach((channel, index) => {
    for (let frame = 0, at = index; frame < frames; frame++, at += channels) {
      const value = channel[frame] as number;
      data[at] = deep ? value : Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)));
    }
  });
  return { frames, data };
}

async function readBytes(part: FilePart, from: number, length: number): Promise<Uint8Array> {
  const { file, start = 0, size = Infinity } = part;
  let handle: Awaited<ReturnType<typeof open>> | undefined;
  try {
    handle = await open(file);
    const buffer = new Uint8Array(Math.max(0, Math.min(length, MOST_BYTES, size - from)));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start + from);
    return bytesRead === buffer.length ? buffer : buffer.slice(0, bytesRead);
  } catch (error) {
    throw MediaError.from(error, nameOfPart(part));
  } finally {
    await handle?.close();
  }
}
