import { closeSync, constants, openSync, readSync } from 'node:fs';
import { FileBytes } from '../../../media/byteSource.ts';
import { wavSamples } from '../../../media/headers/wav.ts';
import type { PcmSamples } from '../../../media/headers/pcmSamples.ts';
import type { Media } from '../../../media/media.ts';
import { readableBySharp } from '../../../media/sharpLoaders.ts';
import { loadSharp } from '../../../media/sharpLibrary.ts';

const PX = 160;
/** Bytes of a picture that a hover shows: more makes the window slow. */
const MOST_BYTES = 22_000;
/** Pixels beyond which a picture is not decoded for a hover. */
const MOST_PIXELS = 120_000_000;
const BARS = 80;
const SAMPLED = 1024;

/** A small picture of a medium as an address of data; undefined where nothing here draws it. */
export async function pictureOf(media: Media): Promise<string | undefined> {
  try {
    return media.kind === 'image' ? await thumbnail(media) : media.container === 'wav' ? waveform(media.path, media.size) : undefined;
  } catch {
    return undefined;
  }
}

async function thumbnail({ path, container }: Media): Promise<string | undefined> {
  if (!readableBySharp(container)) {
    return undefined;
  }
  const sharp = await loadSharp();
  const bytes = await sharp(path, { failOn: 'none', sequentialRead: true, limitInputPixels: MOST_PIXELS }).rotate().resize({ width: PX, height: PX, fit: 'inside', withoutEnlargement: true }).flatten({ background: '#808080' }).jpeg({ quality: 75 }).toBuffer();
  return bytes.length <= MOST_BYTES ? `data:image/jpeg;base64,${bytes.toString('base64')}` : undefined;
}

/** Peaks of an uncompressed sound, read here and there, as bars. */
function waveform(path: string, size: number): string | undefined {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const samples = wavSamples(new FileBytes(fd, size, Buffer.allocUnsafe(65_536)));
    if (samples === undefined || samples.coding === 'alaw' || samples.coding === 'mulaw' || samples.frames < 1) {
      return undefined;
    }
    const bars = Array.from({ length: BARS }, (_, bar) => Math.max(0.02, peakAt(fd, samples, bar)));
    const shapes = bars.map((peak, bar) => `M${bar * 3 + 1} ${(24 - peak * 23).toFixed(1)}V${(24 + peak * 23).toFixed(1)}`).join('');
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${BARS * 3}" height="48"><path d="${shapes}" stroke="#3b8eea" stroke-width="2"/></svg>`;
    return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  } finally {
    closeSync(fd);
  }
}

function peakAt(fd: number, { start, frames, channels, width, coding, bigEndian }: PcmSamples, bar: number): number {
  const from = Math.floor((frames * bar) / BARS);
  const count = Math.min(SAMPLED, Math.max(1, Math.floor(frames / BARS)));
  const bytes = Buffer.alloc(count * channels * width);
  const read = bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, start + from * channels * width));
  let peak = 0;
  for (let at = 0; at + width <= read.length; at += width) {
    peak = Math.max(peak, Math.abs(valueAt(read, at, width, coding, bigEndian)));
  }
  return Math.min(1, peak);
}

function valueAt(bytes: Buffer, at: number, width: number, coding: PcmSamples['coding'], bigEndian: boolean): number {
  if (coding === 'float') {
    return width === 8 ? (bigEndian ? bytes.readDoubleBE(at) : bytes.readDoubleLE(at)) : bigEndian ? bytes.readFloatBE(at) : bytes.readFloatLE(at);
  }
  const bits = Math.min(width, 6);
  const raw = coding === 'uint' ? (bigEndian ? bytes.readUIntBE(at, bits) : bytes.readUIntLE(at, bits)) - 2 ** (bits * 8 - 1) : bigEndian ? bytes.readIntBE(at, bits) : bytes.readIntLE(at, bits);
  return raw / 2 ** (bits * 8 - 1);
}
