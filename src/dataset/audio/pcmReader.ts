import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FilePart } from '../../media/filePart.ts';
import { nameOfPart } from '../../media/filePart.ts';
import type { PcmSamples } from '../../media/headers/pcmSamples.ts';
import { MediaError } from '../../media/mediaError.ts';
import { DatasetError } from '../datasetError.ts';
import { decodePcm } from '../webview/audio/pcm.ts';
import type { SampleReader } from './sampleReader.ts';

/** Bytes that a walk reads at once. */
const BLOCK = 2 ** 20;
/** Samples of all channels that one read may give. */
const MOST_SAMPLES = 32 * 2 ** 20;

/** Uncompressed samples out of their file, opened anew for each read: it may be replaced meanwhile, and no handle is kept. */
export function createPcmReader(part: FilePart, pcm: PcmSamples): SampleReader {
  const { file } = part;
  const { channels, sampleRate, frames } = pcm;
  const start = (part.start ?? 0) + pcm.start;
  const frameBytes = pcm.width * channels;

  async function bytesAt(from: number, count: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(count * frameBytes);
    let handle: Awaited<ReturnType<typeof open>> | undefined;
    try {
      handle = await open(file);
      let filled = 0;
      while (filled < buffer.length) {
        const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, start + from * frameBytes + filled);
        if (bytesRead === 0) {
          throw new DatasetError('unreadable', `${nameOfPart(part)} has become shorter: it ends at ${((from + filled / frameBytes) / sampleRate).toFixed(2)} s.`);
        }
        filled += bytesRead;
      }
      return buffer;
    } catch (error) {
      throw error instanceof DatasetError ? error : MediaError.from(error, nameOfPart(part));
    } finally {
      await handle?.close();
    }
  }

  async function read(from: number, count: number, signal: AbortSignal): Promise<Float32Array[]> {
    signal.throwIfAborted();
    const first = Math.max(0, Math.min(frames, Math.floor(from)));
    const wanted = Math.max(0, Math.min(frames - first, count));
    if (wanted * channels > MOST_SAMPLES) {
      throw new DatasetError('unavailable', `${wanted} frames are more than is read at once.`);
    }
    return decodePcm(wanted === 0 ? Buffer.alloc(0) : await bytesAt(first, wanted), pcm);
  }

  return {
    sampleRate,
    channels,
    frames,
    isCheap: true,
    read,
    readAt(starts, count) {
      let fd: number | undefined;
      try {
        const opened = (fd = openSync(file, 'r'));
        const buffer = Buffer.allocUnsafe(count * frameBytes);
        return starts.map((from) => {
          const wanted = Math.max(0, Math.min(count, frames - from)) * frameBytes;
          return decodePcm(buffer.subarray(0, readSync(opened, buffer, 0, wanted, start + from * frameBytes)), pcm);
        });
      } catch (error) {
        throw MediaError.from(error, nameOfPart(part));
      } finally {
        if (fd !== undefined) {
          closeSync(fd);
        }
      }
    },
    async walk(take, signal) {
      const step = Math.max(1, Math.floor(BLOCK / frameBytes));
      for (let from = 0; from < frames; from += step) {
        take(await read(from, step, signal));
      }
    },
  };
}
