import { absent } from '../../base/absent.ts';
import type { Measured } from '../../base/absent.ts';
import type { ByteSource } from '../byteSource.ts';
import type { AudioFacts, VideoFacts } from '../media.ts';
import { cutShort, LOSSY, NOT_STATED } from './facts.ts';
import type { HeaderFacts } from './facts.ts';
import { boxAt, boxesIn, contentOf } from './isoBoxes.ts';
import type { Box } from './isoBoxes.ts';

/** What is said of a file whose facts are not told exactly here: fragments, rare codecs, colours that only the codec tells. */
const UNDECIDED: HeaderFacts = { problems: [] };

interface Track {
  readonly handler: string;
  /** Seconds as shown, after edits. */
  readonly duration: number;
  /** Seconds of the track's own samples. */
  readonly mediaDuration: number;
  readonly samples: number;
  readonly rotation: number | undefined;
  /** The first sample entry: its type, and where it lies. */
  readonly entry: Box;
}

/**
 * MP4 and QuickTime by their `moov`: the first video and the first audio track of the common codecs, exactly, or nothing.
 * (ISO/IEC 14496-12; 14496-14 and 14496-15 for the codecs)
 */
export function readMp4(source: ByteSource): HeaderFacts {
  const top = [...boxesIn(source, 0, source.size)];
  const moov = top.find(({ type }) => type === 'moov');
  if (moov === undefined || moov.end > source.size || top.some(({ type }) => type === 'moof') || boxAt(source, moov, 'mvex') !== undefined) {
    return UNDECIDED;
  }
  const timescale = timescaleOf(source, moov);
  const tracks = [...boxesIn(source, moov.start, moov.end)].filter(({ type }) => type === 'trak').map((trak) => trackOf(source, trak, timescale));
  const video = tracks.find((track) => track?.handler === 'vide');
  const audio = tracks.find((track) => track?.handler === 'soun');
  if (tracks.length === 0 || (video === undefined && audio === undefined)) {
    return UNDECIDED;
  }
  const videoFacts = video && videoOf(source, video);
  const audioFacts = audio && audioOf(source, audio);
  const duration = Math.max(video?.duration ?? 0, audio?.duration ?? 0);
  if ((video && !videoFacts) || (audio && !audioFacts) || !(duration > 0)) {
    return UNDECIDED;
  }
  const beyond = top.find(({ end }) => end > source.size);
  return {
    duration,
    ...(audioFacts && { audio: audioFacts }),
    ...(videoFacts && { video: videoFacts }),
    problems: beyond === undefined ? [] : [cutShort(source.size, beyond.end, 'bytes')],
  };
}

/** Units of a second of `mvhd`. */
function timescaleOf(source: ByteSource, moov: Box): number {
  const mvhd = boxAt(source, moov, 'mvhd');
  const head = mvhd && contentOf(source, mvhd, 32);
  return head === undefined || head.length < 32 ? 0 : head.readUInt32BE(head[0] === 1 ? 20 : 12);
}

function trackOf(source: ByteSource, trak: Box, movieTimescale: number): Track | undefined {
  const [tkhd, mdhd, hdlr, stsd, stsz] = [['tkhd'], ['mdia', 'mdhd'], ['mdia', 'hdlr'], ['mdia', 'minf', 'stbl', 'stsd'], ['mdia', 'minf', 'stbl', 'stsz']].map((path) => boxAt(source, trak, ...path));
  if (!tkhd || !mdhd || !hdlr || !stsd || !stsz) {
    return undefined;
  }
  const [header, media, handler, sizes] = [contentOf(source, tkhd, 96), contentOf(source, mdhd, 36), contentOf(source, hdlr, 12), contentOf(source, stsz, 12)];
  const isLong = header[0] === 1;
  if (header.length < (isLong ? 96 : 84) || media.length < (media[0] === 1 ? 32 : 20) || handler.length < 12 || sizes.length < 12) {
    return undefined;
  }
  const [timescale, length] = media[0] === 1 ? [media.readUInt32BE(20), Number(media.readBigUInt64BE(24))] : [media.readUInt32BE(12), media.readUInt32BE(16)];
  const shown = isLong ? Number(header.readBigUInt64BE(28)) : header.readUInt32BE(20);
  const [entry] = boxesIn(source, stsd.start + 8, Math.min(stsd.end, source.size));
  if (entry === undefined || timescale === 0) {
    return undefined;
  }
  const mediaDuration = length / timescale;
  return {
    handler: handler.toString('latin1', 8, 12),
    duration: shownSeconds(shown, movieTimescale, mediaDuration),
    mediaDuration,
    samples: sizes.readUInt32BE(8),
    rotation: rotationOf(header.subarray(isLong ? 52 : 40)),
    entry,
  };
}

/** What edits leave of the track; where they leave all of it, its own clock tells the end more finely. */
function shownSeconds(shown: number, movieTimescale: number, mediaDuration: number): number {
  const isTold = movieTimescale > 0 && shown > 0 && shown < 0xffffffff;
  return isTold && Math.abs(shown / movieTimescale - mediaDuration) >= 1 / movieTimescale ? shown / movieTimescale : mediaDuration;
}

/** Clockwise degrees by the first column of the matrix; undefined for what is no quarter turn. (14496-12, 8.3.2) */
function rotationOf(matrix: Buffer): number | undefined {
  const [a, b] = [matrix.readInt32BE(0) / 65_536, matrix.readInt32BE(4) / 65_536];
  const angle = (Math.round((Math.atan2(b, a) * 180) / Math.PI) + 360) % 360;
  return angle % 90 === 0 ? angle : undefined;
}

const VIDEO_CODECS: Readonly<Record<string, string>> = { avc1: 'h264', avc3: 'h264', hvc1: 'hevc', hev1: 'hevc', vp08: 'vp8', vp09: 'vp9', av01: 'av1' };
/** Profiles of 8 bits, in which nobody stores HDR; of all others only `colr` or the codec itself tells. */
const EIGHT_BIT_PROFILES: Readonly<Record<string, ReadonlySet<number>>> = { avcC: new Set([66, 77, 88, 100]), hvcC: new Set([1]) };
/** Bytes of a visual sample entry before its boxes, and of an audio one. */
const VISUAL = 78;
const AUDIO = 28;

function videoOf(source: ByteSource, { entry, rotation, samples, mediaDuration }: Track): VideoFacts | undefined {
  const codec = VIDEO_CODECS[entry.type];
  const fields = contentOf(source, entry, VISUAL);
  const inside: Box = { ...entry, start: entry.start + VISUAL };
  const transfer = transferOf(source, inside);
  const isPlain = Object.entries(EIGHT_BIT_PROFILES).some(([type, profiles]) => {
    const config = boxAt(source, inside, type);
    // The profile of HEVC shares its byte with its space and tier.
    return config !== undefined && profiles.has((contentOf(source, config, 2)[1] ?? 0) & (type === 'hvcC' ? 0x1f : 0xff));
  });
  if (codec === undefined || fields.length < VISUAL || rotation === undefined || samples === 0 || (transfer === undefined && !isPlain)) {
    return undefined;
  }
  return {
    codec,
    width: fields.readUInt16BE(24),
    height: fields.readUInt16BE(26),
    rotation,
    frames: samples,
    frameRate: mediaDuration > 0 ? samples / mediaDuration : absent('the track has no length'),
    transfer: transfer ?? NOT_STATED,
  };
}

/** By the numbers of ISO/IEC 23091-2, table 3, in ffmpeg's spelling. */
const TRANSFERS: Readonly<Record<number, string>> = {
  1: 'bt709', 4: 'gamma22', 5: 'gamma28', 6: 'smpte170m', 7: 'smpte240m', 8: 'linear', 11: 'iec61966-2-4', 13: 'iec61966-2-1', 14: 'bt2020-10', 15: 'bt2020-12', 16: 'smpte2084', 18: 'arib-std-b67',
};

/** What `colr` says of the transfer characteristics; undefined where there is none, or none that says. */
function transferOf(source: ByteSource, entry: Box): Measured<string> | undefined {
  const colr = boxAt(source, entry, 'colr');
  const content = colr && contentOf(source, colr, 10);
  const isTold = content !== undefined && content.length >= 10 && ['nclx', 'nclc'].includes(content.toString('latin1', 0, 4));
  return isTold ? TRANSFERS[content.readUInt16BE(6)] : undefined;
}

/** Hertz by the index of an AudioSpecificConfig. (14496-3, table 1.18) */
const SAMPLE_RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350];
/** Channels by its configuration; 0 is told elsewhere. (14496-3, table 1.19) */
const CHANNELS = [0, 1, 2, 3, 4, 5, 6, 8];

/** AAC alone: of the others too much is told by the codec's own header. */
function audioOf(source: ByteSource, { entry }: Track): AudioFacts | undefined {
  const version = contentOf(source, entry, 10)[9];
  const esds = entry.type === 'mp4a' && version === 0 ? boxAt(source, { ...entry, start: entry.start + AUDIO }, 'esds') : undefined;
  const config = esds && specificConfigOf(contentOf(source, esds, 256));
  if (config === undefined || config.length < 2) {
    return undefined;
  }
  const bits = config.readUInt16BE(0);
  const [objectType, rate, channels] = [bits >> 11, SAMPLE_RATES[(bits >> 7) & 15], CHANNELS[(bits >> 3) & 15]];
  // AAC LC alone; of the others the rate that is heard may be another.
  const isPlain = objectType === 2 && rate !== undefined && channels !== undefined && channels > 0;
  return isPlain ? { codec: 'aac', sampleRate: rate, channels, bitDepth: LOSSY } : undefined;
}

/** The DecoderSpecificInfo inside the descriptors of `esds`, where the object type is that of MPEG-4 audio. (14496-1, 7.2.6) */
function specificConfigOf(esds: Buffer): Buffer | undefined {
  let at = 4;
  const open = (tag: number): number | undefined => {
    if (esds[at] !== tag) {
      return undefined;
    }
    at++;
    let length = 0;
    for (let count = 0; count < 4; count++) {
      const byte = esds[at++] ?? 0;
      length = (length << 7) | (byte & 0x7f);
      if (byte < 0x80) {
        break;
      }
    }
    return length;
  };
  if (open(3) === undefined) {
    return undefined;
  }
  const flags = esds[at + 2] ?? 0;
  at += 3 + (flags & 0x80 ? 2 : 0) + (flags & 0x40 ? 1 + (esds[at + 3] ?? 0) : 0) + (flags & 0x20 ? 2 : 0);
  if (open(4) === undefined || esds[at] !== 0x40) {
    return undefined;
  }
  at += 13;
  const length = open(5);
  return length === undefined ? undefined : esds.subarray(at, at + length);
}
