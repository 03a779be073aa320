import { openSound } from '../audio/openSound.ts';
import type { OpenTools } from '../audio/openSound.ts';
import type { SampleReader } from '../audio/sampleReader.ts';
import type { FilePart } from '../../media/filePart.ts';
import { nameOfPart } from '../../media/filePart.ts';
import type { NoThumbnail, WaveThumbnail } from '../webview/gallery/thumbnail.ts';
import { nothing } from './nothing.ts';

const STEPS = 120;
/** Samples that are read at each step of a long recording. */
const SAMPLED = 2048;
/** Seconds of compressed sound that are decoded for a tile. */
const MOST_SECONDS = 600;

/** Levels of a recording, of all channels together. Uncompressed sound is read here and there where it is long. */
export async function makeWave(part: FilePart, tools: OpenTools, signal: AbortSignal): Promise<WaveThumbnail | NoThumbnail> {
  try {
    const { reader, facts } = await openSound(part, tools, signal);
    if (reader === undefined) {
      return nothing('missing', typeof facts.host === 'object' ? facts.host.absent : 'nothing here decodes it');
    }
    return await waveOf(reader, signal);
  } catch (error) {
    signal.throwIfAborted();
    const words = error instanceof Error ? error.message : String(error);
    const path = nameOfPart(part);
    return nothing('broken', (words.startsWith(`${path}: `) ? words.slice(path.length + 2) : words).slice(0, 120));
  }
}

async function waveOf(reader: SampleReader, signal: AbortSignal): Promise<WaveThumbnail | NoThumbnail> {
  const { frames, sampleRate } = reader;
  if (frames <= 0) {
    return nothing('none', 'there is no sound in it');
  }
  if (reader.readAt !== undefined && frames > STEPS * SAMPLED) {
    const starts = Array.from({ length: STEPS }, (_, step) => Math.floor(((frames - SAMPLED) * step) / (STEPS - 1)));
    return { drawn: 'wave', levels: levelsOf(reader.readAt(starts, SAMPLED)) };
  }
  const most = Math.min(frames, MOST_SECONDS * sampleRate);
  const meters = Array.from({ length: STEPS }, () => ({ peak: 0, sum: 0, count: 0 }));
  const enough = new AbortController();
  let at = 0;
  const walk = reader.walk(
    (block) => {
      const length = block[0]?.length ?? 0;
      for (const channel of block) {
        for (let index = 0; index < length && at + index < most; index++) {
          const value = Math.abs(channel[index] ?? 0);
          const meter = meters[Math.min(STEPS - 1, Math.floor(((at + index) / most) * STEPS))];
          if (meter) {
            meter.peak = Math.max(meter.peak, value);
            meter.sum += value * value;
            meter.count++;
          }
        }
      }
      at += length;
      if (at >= most && most < frames) {
        enough.abort();
      }
    },
    AbortSignal.any([signal, enough.signal]),
  );
  await walk.catch((error: unknown) => {
    if (!enough.signal.aborted) {
      throw error;
    }
  });
  signal.throwIfAborted();
  const levels = Uint8Array.from(meters.flatMap(({ peak, sum, count }) => [byteOf(peak), byteOf(count === 0 ? 0 : Math.sqrt(sum / count))]));
  return { drawn: 'wave', levels, ...(most < frames && { until: MOST_SECONDS }) };
}

function levelsOf(runs: readonly (readonly Float32Array[])[]): Uint8Array {
  return Uint8Array.from(
    runs.flatMap((channels) => {
      let peak = 0;
      let sum = 0;
      let count = 0;
      for (const channel of channels) {
        for (const value of channel) {
          peak = Math.max(peak, Math.abs(value));
          sum += value * value;
        }
        count += channel.length;
      }
      return [byteOf(peak), byteOf(count === 0 ? 0 : Math.sqrt(sum / count))];
    }),
  );
}

function byteOf(level: number): number {
  return Math.round(Math.min(1, Number.isFinite(level) ? level : 1) * 255);
}
