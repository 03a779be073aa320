import type { Measured } from '../../base/absent.ts';
import { absent, known } from '../../base/absent.ts';
import type { ByteSource } from '../byteSource.ts';
import { latin1 } from '../sniff/bytes.ts';
import type { Endian } from './endian.ts';
import { BIG, LITTLE } from './endian.ts';
import type { HeaderFacts } from './facts.ts';
import { audioFacts, cutShort, LOSSY, NOT_STATED, positive, unreadable } from './facts.ts';
import type { PcmSamples } from './pcmSamples.ts';

interface Format {
  readonly tag: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bytesPerSecond: number;
  readonly blockAlign: number;
  readonly bits: number;
  /** Of a block; 0 where none is stated. */
  readonly samplesPerBlock: number;
}

interface Chunks {
  format?: Format;
  /** Samples of a channel, by a `fact` chunk. */
  samples?: number;
  /** Where the samples begin, and how many bytes of them the header states. */
  data?: { readonly start: number; readonly stated: number };
}

const EXTENSIBLE = 0xfffe;
const PCM = 1;
const FLOAT = 3;
const ALAW = 6;
const MULAW = 7;

/** Codecs by format tag as ffmpeg spells them, other than PCM. (RFC 2361) */
const COMPRESSED: Readonly<Record<number, string>> = {
  0x02: 'adpcm_ms', 0x11: 'adpcm_ima_wav', 0x31: 'gsm_ms', 0x45: 'adpcm_g726', 0x50: 'mp2', 0x55: 'mp3', 0x64: 'adpcm_g726',
  0xff: 'aac', 0x160: 'wmav1', 0x161: 'wmav2', 0x270: 'atrac3', 0x2000: 'ac3', 0x2001: 'dts', 0xf1ac: 'flac', 0x706d: 'aac',
};

/** Codecs whose format chunk goes on with the samples of a channel in a block. (RFC 2361) */
const BLOCKS = new Set([0x02, 0x11, 0x31]);

/**
 * Lengths that writers state when they cannot go back to correct them: just below 2^32 (ffmpeg states 0xFFFFFFFF,
 * others that less a header) or about 2^31 (SoX states 0x7FFFF000). Zero counts as well where the RIFF length is no
 * better.
 */
function isUnknownLength(length: number): boolean {
  return length >= 0xffff_ff00 || (length >= 0x7fff_f000 && length <= 0x8000_0000);
}

const MAX_CHUNKS = 1000;

/**
 * RIFF, RIFX, RF64 and BW64 wave files. (Microsoft's Multimedia Programming Interface 1.0 and its 2007 update,
 * EBU Tech 3306, ITU-R BS.2088) The duration is that of the samples which are there.
 */
export function readWav(source: ByteSource): HeaderFacts {
  const order = latin1(source.read(0, 4), 0, 4) === 'RIFX' ? BIG : LITTLE;
  const chunks = readChunks(source, order);
  const { format, data } = chunks;
  if (format === undefined) {
    return { audio: audioFacts({}), duration: NOT_STATED, ...unreadable('no format chunk in the WAVE header') };
  }
  const problems: string[] = [];
  const bitDepth = bitDepthOf(format);
  const audio = audioFacts({
    codec: codecOf(format, order),
    sampleRate: positive(format.sampleRate),
    channels: positive(format.channels),
    bitDepth,
  });
  if (data === undefined) {
    return { audio, duration: absent('there is no data chunk'), problems: ['cut short: there is no data chunk'] };
  }
  const there = Math.max(0, Math.min(data.stated, source.size - data.start));
  const duration = durationOf(format, there, there === data.stated ? chunks.samples : undefined);
  if (there < data.stated) {
    problems.push(cutShortData(format, there, data.stated));
  }
  return { audio, duration, problems };
}

/** Where the samples of an uncompressed wave file lie; undefined for others. What the header states and is not there is left out. */
export function wavSamples(source: ByteSource): PcmSamples | undefined {
  const order = latin1(source.read(0, 4), 0, 4) === 'RIFX' ? BIG : LITTLE;
  const { format, data } = readChunks(source, order);
  const coding = format && { [PCM]: 'int', [FLOAT]: 'float', [ALAW]: 'alaw', [MULAW]: 'mulaw' }[format.tag];
  if (format === undefined || coding === undefined || data === undefined || !(format.channels > 0) || !(format.sampleRate > 0)) {
    return undefined;
  }
  const frame = frameBytes(format);
  const width = frame / format.channels;
  return {
    start: data.start,
    frames: frame > 0 ? Math.floor(Math.max(0, Math.min(data.stated, source.size - data.start)) / frame) : 0,
    channels: format.channels,
    sampleRate: format.sampleRate,
    width,
    // Samples of up to 8 bits have no sign. (Microsoft's Multimedia Programming Interface 1.0)
    coding: coding === 'int' && width === 1 ? 'uint' : (coding as PcmSamples['coding']),
    bigEndian: order === BIG,
  };
}

function readChunks(source: ByteSource, order: Endian): Chunks {
  const chunks: Chunks = {};
  const head = source.read(0, 12);
  if (head.length < 12) {
    return chunks;
  }
  const stated = order.u32(head, 4);
  let length64: number | undefined;
  let at = 12;
  for (let count = 0; count < MAX_CHUNKS; count++) {
    const chunk = source.read(at, 48);
    if (chunk.length < 8) {
      break;
    }
    const id = latin1(chunk, 0, 4);
    const length = order.u32(chunk, 4);
    if (id === 'ds64' && chunk.length >= 24) {
      length64 = order.u64(chunk, 16);
    } else if (id === 'fmt ' && chunk.length >= 24 && chunks.format === undefined) {
      chunks.format = readFormat(chunk.subarray(8), length, order);
    } else if (id === 'fact' && chunk.length >= 12) {
      chunks.samples = order.u32(chunk, 8);
    } else if (id === 'data') {
      chunks.data = { start: at + 8, stated: dataLength(length, length64, stated, source.size - at - 8) };
      if (chunks.format !== undefined) {
        break;
      }
    }
    at += 8 + length + (length % 2);
  }
  return chunks;
}

/** Bytes of sample data that the header states; to the end of the file where it could not know. */
function dataLength(length: number, length64: number | undefined, riffLength: number, rest: number): number {
  if (length64 !== undefined) {
    return length === 0xffff_ffff && length64 > 0 && length64 < Number.MAX_SAFE_INTEGER ? length64 : length === 0xffff_ffff ? rest : length;
  }
  const isUnknown = isUnknownLength(length) || (length === 0 && (riffLength === 0 || isUnknownLength(riffLength)));
  return isUnknown ? rest : length;
}

function readFormat(body: Buffer, length: number, order: Endian): Format {
  const tag = order.u16(body, 0);
  const isExtended = tag === EXTENSIBLE && length >= 40 && body.length >= 26;
  return {
    // The first two bytes of the sub-format's GUID are the tag that it stands for.
    tag: isExtended ? order.u16(body, 24) : tag,
    channels: order.u16(body, 2),
    sampleRate: order.u32(body, 4),
    bytesPerSecond: order.u32(body, 8),
    blockAlign: order.u16(body, 12),
    bits: order.u16(body, 14),
    samplesPerBlock: length >= 20 && BLOCKS.has(tag) ? order.u16(body, 18) : 0,
  };
}

function isUncompressed(format: Format): boolean {
  return [PCM, FLOAT, ALAW, MULAW].includes(format.tag);
}

/** Bytes of one sample of all channels. */
function frameBytes(format: Format): number {
  const least = format.channels * Math.ceil(format.bits / 8);
  // A block that does not divide among the channels, or is too small for them, is a writer's slip.
  return format.blockAlign >= least && format.blockAlign % Math.max(1, format.channels) === 0 ? format.blockAlign : least;
}

function codecOf(format: Format, order: Endian): Measured<string> {
  const end = order === BIG ? 'be' : 'le';
  const width = format.channels > 0 ? (frameBytes(format) / format.channels) * 8 : 0;
  if (format.tag === PCM) {
    const name = { 8: 'pcm_u8', 16: `pcm_s16${end}`, 24: `pcm_s24${end}`, 32: `pcm_s32${end}`, 64: `pcm_s64${end}` }[width];
    return name ?? absent(`PCM of ${format.bits} bits has no codec of its own`);
  }
  if (format.tag === FLOAT) {
    return width === 32 || width === 64 ? `pcm_f${width}${end}` : absent(`float of ${format.bits} bits has no codec of its own`);
  }
  if (format.tag === ALAW || format.tag === MULAW) {
    return format.tag === ALAW ? 'pcm_alaw' : 'pcm_mulaw';
  }
  return COMPRESSED[format.tag] ?? absent(`format tag 0x${format.tag.toString(16)} is not known`);
}

function bitDepthOf(format: Format): Measured<number> {
  return isUncompressed(format) ? positive(format.bits) : format.tag === 0xf1ac ? positive(format.bits) : LOSSY;
}

function durationOf(format: Format, bytes: number, samples: number | undefined): Measured<number> {
  if (!(format.sampleRate > 0)) {
    return absent('the header states no sample rate');
  }
  if (isUncompressed(format)) {
    const frame = frameBytes(format);
    return frame > 0 ? Math.floor(bytes / frame) / format.sampleRate : absent('the header states no sample size');
  }
  // Blocks hold this many at most, the last one some less: a count beside that is wrong, as libsndfile's of IMA in stereo.
  const most = format.blockAlign > 0 ? Math.ceil(bytes / format.blockAlign) * format.samplesPerBlock : 0;
  if (samples !== undefined && samples > 0 && samples < 0xffff_ffff && (most === 0 || (samples <= most && samples > most - 2 * format.samplesPerBlock))) {
    return samples / format.sampleRate;
  }
  if (most > 0) {
    return most / format.sampleRate;
  }
  return format.bytesPerSecond > 0 ? bytes / format.bytesPerSecond : absent('the header states neither samples nor a bit rate');
}

function cutShortData(format: Format, there: number, stated: number): string {
  const have = known(durationOf(format, there, undefined));
  const want = known(durationOf(format, stated, undefined));
  return have === undefined || want === undefined ? cutShort(there, stated, 'bytes') : cutShort(have, want, 's');
}
