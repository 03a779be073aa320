import { demuxerArgs, MEDIA_DEMUXERS } from '../../media/demuxers.ts';
import { complaintOf } from '../../media/ffprobe.ts';
import type { FilePart } from '../../media/filePart.ts';
import { inputUrl, nameOfPart, protocolsOf } from '../../media/filePart.ts';
import type { Container } from '../../media/media.ts';
import { ToolError } from '../../process/toolError.ts';
import type { ToolPlan } from '../../process/toolPlan.ts';
import type { ToolRunner } from '../../process/toolRunner.ts';
import { DatasetError } from '../datasetError.ts';
import { decodePcm } from '../webview/audio/pcm.ts';
import type { SampleReader } from './sampleReader.ts';

export interface CompressedSound {
  readonly part: FilePart;
  readonly container: Container;
  readonly sampleRate: number;
  readonly channels: number;
  /** By the header. */
  readonly frames: number;
}

/** Bytes of a decoded block, and how many are kept. */
const BLOCK_BYTES = 4 * 2 ** 20;
const BLOCK_SECONDS = 8;
const KEPT_BLOCKS = 8;
/** Seconds that are decoded before a block and thrown away: lossy codecs need what lies before to be right. */
const PREROLL = 0.25;
const LIMITS = { memory: 4 * 2 ** 30, fileSize: 0 };
const BYTES = 4;

/** Compressed samples by ffmpeg: a read costs one start of it for each block that is not there yet. */
export class FfmpegReader implements SampleReader {
  readonly isCheap = false;
  readonly sampleRate: number;
  readonly channels: number;
  readonly frames: number;
  private readonly blockFrames: number;
  /** The one last used at the end. */
  private readonly blocks = new Map<number, Promise<Float32Array[]>>();

  constructor(
    private readonly runner: ToolRunner,
    private readonly sound: CompressedSound,
  ) {
    const { sampleRate, channels, frames } = sound;
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.frames = frames;
    this.blockFrames = Math.max(1, Math.min(BLOCK_SECONDS * sampleRate, Math.floor(BLOCK_BYTES / BYTES / channels)));
  }

  async read(from: number, count: number, signal: AbortSignal): Promise<Float32Array[]> {
    const start = Math.max(0, Math.floor(from));
    const pieces: Float32Array[][] = [];
    for (let at = start; at < start + count; ) {
      const index = Math.floor(at / this.blockFrames);
      const offset = at - index * this.blockFrames;
      const block = await this.block(index, signal);
      const there = block[0]?.length ?? 0;
      const end = Math.min(there, offset + start + count - at);
      if (end > offset) {
        pieces.push(block.map((samples) => samples.subarray(offset, end)));
      }
      if (there < this.blockFrames) {
        break;
      }
      at = (index + 1) * this.blockFrames;
    }
    return join(pieces, this.channels);
  }

  async walk(take: (block: readonly Float32Array[]) => void, signal: AbortSignal): Promise<void> {
    await this.decode([], take, signal);
  }

  /** A block that is decoded for one who gave up is decoded again for the next. */
  private async block(index: number, signal: AbortSignal): Promise<Float32Array[]> {
    const known = this.blocks.get(index);
    if (known !== undefined) {
      this.blocks.delete(index);
      this.blocks.set(index, known);
      try {
        return await known;
      } catch (error) {
        signal.throwIfAborted();
        if (!ToolError.is(error, 'cancelled')) {
          throw error;
        }
      }
    }
    const decoding = this.decodeBlock(index, signal);
    this.blocks.set(index, decoding);
    decoding.catch(() => this.blocks.get(index) === decoding && this.blocks.delete(index));
    for (const oldest of this.blocks.keys()) {
      if (this.blocks.size <= KEPT_BLOCKS) {
        break;
      }
      this.blocks.delete(oldest);
    }
    return decoding;
  }

  private async decodeBlock(index: number, signal: AbortSignal): Promise<Float32Array[]> {
    const start = (index * this.blockFrames) / this.sampleRate;
    const early = Math.min(start, PREROLL);
    const seconds = early + this.blockFrames / this.sampleRate;
    const pieces: Float32Array[][] = [];
    // A little more than is needed: the times of packets are rounded.
    await this.decode(start > 0 ? ['-ss', (start - early).toFixed(6), '-t', (seconds + 0.1).toFixed(6)] : ['-t', (seconds + 0.1).toFixed(6)], (block) => pieces.push([...block]), signal);
    const skip = Math.round(early * this.sampleRate);
    return join(pieces, this.channels).map((samples) => samples.slice(skip, skip + this.blockFrames));
  }

  private async decode(range: readonly string[], take: (block: readonly Float32Array[]) => void, signal: AbortSignal): Promise<void> {
    const { part, channels } = this.sound;
    const frameBytes = channels * BYTES;
    const pcm = { channels, width: BYTES, coding: 'float', bigEndian: false } as const;
    let rest: Buffer = Buffer.alloc(0);
    let decoded = 0;
    try {
      await this.runner.run(decodePlan(this.sound, range), {
        signal,
        onStdout(chunk) {
          const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
          const whole = bytes.length - (bytes.length % frameBytes);
          rest = bytes.subarray(whole);
          if (whole > 0) {
            decoded += whole / frameBytes;
            take(decodePcm(bytes.subarray(0, whole), pcm));
          }
        },
      });
    } catch (error) {
      signal.throwIfAborted();
      if (ToolError.is(error, 'cancelled')) {
        throw error;
      }
      // What was decoded before it broke is worth having.
      if (decoded === 0 || !ToolError.is(error, 'exit')) {
        throw new DatasetError('malformed', `${nameOfPart(part)}: ffmpeg cannot decode it: ${complaintOf(error, part.file)}`, { cause: error });
      }
    }
  }
}

/** Float samples of the first sound track on stdout. The demuxer is forced, as for ffprobe. */
function decodePlan({ part, container, sampleRate, channels }: CompressedSound, range: readonly string[]): ToolPlan<undefined> {
  const demuxer = MEDIA_DEMUXERS[container];
  return {
    tool: 'ffmpeg',
    args: [
      '-hide_banner', '-nostdin', '-v', 'error', '-threads', '1', '-protocol_whitelist', `${protocolsOf(part)},pipe`, ...(demuxer ? demuxerArgs(demuxer) : []),
      ...range, '-i', inputUrl(part), '-map', '0:a:0', '-vn', '-sn', '-dn', '-ar', String(sampleRate), '-ac', String(channels),
      '-c:a', 'pcm_f32le', '-f', 'f32le', 'pipe:1',
    ],
    keep: 65_536,
    limits: LIMITS,
    parse: () => undefined,
  };
}

export function join(pieces: readonly (readonly Float32Array[])[], channels: number): Float32Array[] {
  const frames = pieces.reduce((sum, piece) => sum + (piece[0]?.length ?? 0), 0);
  return Array.from({ length: channels }, (_, channel) => {
    const all = new Float32Array(frames);
    let at = 0;
    for (const piece of pieces) {
      const samples = piece[channel];
      if (samples !== undefined) {
        all.set(samples, at);
        at += samples.length;
      }
    }
    return all;
  });
}
