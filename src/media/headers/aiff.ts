import { absent } from '../../base/absent.ts';
import type { ByteSource } from '../byteSource.ts';
import { latin1 } from '../sniff/bytes.ts';
import type { HeaderFacts } from './facts.ts';
import { audioFacts, cutShort, LOSSY, NOT_STATED, positive, unreadable } from './facts.ts';
import { pcmSamplesOf } from './pcmSamples.ts';
import type { PcmSamples } from './pcmSamples.ts';

interface Common {
  readonly channels: number;
  readonly frames: number;
  readonly bits: number;
  readonly sampleRate: number;
  readonly compression: string;
}

const MAX_CHUNKS = 1000;

/** AIFF and AIFF-C. (Apple's Audio Interchange File Format 1.3, and its AIFF-C draft of 1991) */
export function readAiff(source: ByteSource): HeaderFacts {
  const { common, sound } = readChunks(source);
  if (common === undefined) {
    return { audio: audioFacts({}), duration: NOT_STATED, ...unreadable('cut short: there is no COMM chunk') };
  }
  return factsOf(common, sound);
}

/** Where the samples lie; undefined for compressed ones. */
export function aiffSamples(source: ByteSource): PcmSamples | undefined {
  const { common, sound } = readChunks(source);
  if (common === undefined || sound === undefined || sound.there < SOUND_HEAD) {
    return undefined;
  }
  // Bytes between the head and the first sample, which only writers of blocks use.
  const offset = source.read(sound.start, 4).readUInt32BE(0);
  const start = sound.start + SOUND_HEAD + offset;
  const { channels, sampleRate, frames } = common;
  const found = pcmSamplesOf(codingOf(common)?.codec, { start, bytes: Math.max(0, sound.there - SOUND_HEAD - offset), channels, sampleRate });
  return found && { ...found, frames: Math.min(found.frames, frames) };
}

/** Offset and block size, which stand before the samples. */
const SOUND_HEAD = 8;

interface Sound {
  readonly start: number;
  readonly there: number;
  readonly stated: number;
}

function readChunks(source: ByteSource): { readonly common: Common | undefined; readonly sound: Sound | undefined } {
  const isCompressed = latin1(source.read(8, 4), 0, 4) === 'AIFC';
  let common: Common | undefined;
  let sound: Sound | undefined;
  let at = 12;
  for (let count = 0; count < MAX_CHUNKS && (common === undefined || sound === undefined); count++) {
    const chunk = source.read(at, 40);
    if (chunk.length < 8) {
      break;
    }
    const id = latin1(chunk, 0, 4);
    const length = chunk.readUInt32BE(4);
    if (id === 'COMM' && chunk.length >= 26) {
      common = readCommon(chunk, isCompressed);
    } else if (id === 'SSND') {
      sound = { start: at + 8, there: Math.min(length, source.size - at - 8), stated: length };
    }
    at += 8 + length + (length % 2);
  }
  return { common, sound };
}

function readCommon(chunk: Buffer, isCompressed: boolean): Common {
  return {
    channels: chunk.readUInt16BE(8),
    frames: chunk.readUInt32BE(10),
    bits: chunk.readUInt16BE(14),
    sampleRate: readExtended(chunk, 16),
    compression: isCompressed ? latin1(chunk, 26, 4) : 'NONE',
  };
}

/** An 80-bit IEEE 754 number, whose sign is not needed here. */
function readExtended(bytes: Buffer, offset: number): number {
  const exponent = bytes.readUInt16BE(offset) & 0x7fff;
  return (bytes.readUInt32BE(offset + 2) * 2 ** 32 + bytes.readUInt32BE(offset + 6)) * 2 ** (exponent - 16383 - 63);
}

function factsOf(common: Common, sound: Sound | undefined): HeaderFacts {
  const { channels, frames, sampleRate } = common;
  const coding = codingOf(common);
  const rate = Number.isFinite(sampleRate) ? positive(sampleRate) : NOT_STATED;
  const audio = audioFacts({
    codec: coding?.codec ?? absent(`compression ${JSON.stringify(common.compression)} is not known`),
    sampleRate: rate,
    channels: positive(channels),
    bitDepth: coding === undefined ? NOT_STATED : coding.bits > 0 ? coding.bits : LOSSY,
  });
  if (typeof rate !== 'number') {
    return { audio, duration: absent('the header states no sample rate'), problems: [] };
  }
  if (sound === undefined) {
    const isEmpty = frames === 0;
    return { audio, duration: isEmpty ? 0 : absent('there is no SSND chunk'), problems: isEmpty ? [] : ['cut short: there is no SSND chunk'] };
  }
  const frameBytes = coding && coding.bits > 0 ? channels * Math.ceil(coding.bits / 8) : 0;
  const packet = PACKETS[common.compression];
  const bytes = Math.max(0, sound.there - SOUND_HEAD);
  // Of packets, writers count one thing or another in COMM.
  const there = packet && channels > 0 ? Math.floor(bytes / (packet.bytes * channels)) * packet.frames : frameBytes > 0 ? Math.min(frames, Math.floor(bytes / frameBytes)) : frames;
  const isCut = sound.there < sound.stated;
  return {
    audio,
    duration: there / rate,
    problems: isCut ? [frameBytes > 0 ? cutShort(there / rate, frames / rate, 's') : cutShort(sound.there, sound.stated, 'bytes')] : [],
  };
}

/** Of one channel, in codecs that come in packets of one size: QuickTime's IMA 4:1, and GSM 06.10. */
const PACKETS: Readonly<Record<string, { readonly bytes: number; readonly frames: number }>> = { ima4: { bytes: 34, frames: 64 }, 'GSM ': { bytes: 33, frames: 160 } };

/** ffmpeg's codec and the bits of a sample; 0 bits for lossy codecs. */
function codingOf({ compression, bits }: Common): { readonly codec: string; readonly bits: number } | undefined {
  const width = Math.ceil(bits / 8) * 8;
  const known: Readonly<Record<string, readonly [string, number]>> = {
    NONE: [width === 8 ? 'pcm_s8' : `pcm_s${width}be`, bits],
    twos: [width === 8 ? 'pcm_s8' : `pcm_s${width}be`, bits],
    sowt: [width === 8 ? 'pcm_s8' : `pcm_s${width}le`, bits],
    'raw ': ['pcm_u8', 8],
    in24: ['pcm_s24be', 24],
    in32: ['pcm_s32be', 32],
    fl32: ['pcm_f32be', 32], FL32: ['pcm_f32be', 32],
    fl64: ['pcm_f64be', 64], FL64: ['pcm_f64be', 64],
    alaw: ['pcm_alaw', 8], ALAW: ['pcm_alaw', 8],
    ulaw: ['pcm_mulaw', 8], ULAW: ['pcm_mulaw', 8],
    ima4: ['adpcm_ima_qt', 0],
    'GSM ': ['gsm', 0],
  };
  const found = known[compression];
  return found && width >= 8 && width <= 64 ? { codec: found[0], bits: found[1] } : undefined;
}
