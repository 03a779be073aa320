import { has } from './bytes.ts';

/** Bytes of an ID3v2 tag at the start, its header and footer included; 0 where there is none. (ID3v2.4, section 3.1) */
export function id3Length(bytes: Buffer): number {
  if (!has(bytes, 'ID3') || bytes.length < 10 || bytes.readUInt8(3) === 0xff || bytes.readUInt8(4) === 0xff) {
    return 0;
  }
  let size = 0;
  for (let i = 6; i < 10; i++) {
    const byte = bytes.readUInt8(i);
    if (byte > 0x7f) {
      return 0;
    }
    size = size * 128 + byte;
  }
  const footer = bytes.readUInt8(5) & 0x10 ? 10 : 0;
  return 10 + size + footer;
}

/** kbit/s by bit rate index, for MPEG-1 layers I to III and MPEG-2 layers I and II/III. (ISO 11172-3 2.4.2.3, 13818-3) */
const BIT_RATES: readonly (readonly number[])[] = [
  [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];
const SAMPLE_RATES = [44100, 48000, 32000];

/** Bytes of the MPEG audio frame that begins at `offset`; 0 where none does, or of free format. */
function mpegFrameLength(bytes: Buffer, offset: number): number {
  if (offset + 4 > bytes.length || bytes.readUInt8(offset) !== 0xff || (bytes.readUInt8(offset + 1) & 0xe0) !== 0xe0) {
    return 0;
  }
  const version = (bytes.readUInt8(offset + 1) >> 3) & 3;
  const layer = 4 - ((bytes.readUInt8(offset + 1) >> 1) & 3);
  const third = bytes.readUInt8(offset + 2);
  const baseRate = SAMPLE_RATES[(third >> 2) & 3];
  const table = version === 3 ? layer - 1 : layer === 1 ? 3 : 4;
  const kilobits = BIT_RATES[table]?.[third >> 4];
  if (version === 1 || layer === 4 || baseRate === undefined || !kilobits) {
    return 0;
  }
  const sampleRate = version === 3 ? baseRate : version === 2 ? baseRate / 2 : baseRate / 4;
  const padding = (third >> 1) & 1;
  if (layer === 1) {
    return (Math.floor((12 * kilobits * 1000) / sampleRate) + padding) * 4;
  }
  const slots = layer === 3 && version !== 3 ? 72 : 144;
  return Math.floor((slots * kilobits * 1000) / sampleRate) + padding;
}

/** Whether two MPEG audio frames of one kind follow each other from `offset`, or one ends with the file. */
export function isMpegAudio(bytes: Buffer, offset: number, size: number): boolean {
  const length = mpegFrameLength(bytes, offset);
  if (length < 8) {
    return false;
  }
  const next = offset + length;
  if (next === size) {
    return true;
  }
  return (
    mpegFrameLength(bytes, next) > 0 &&
    ((bytes.readUInt8(offset + 1) ^ bytes.readUInt8(next + 1)) & 0xfe) === 0 &&
    ((bytes.readUInt8(offset + 2) ^ bytes.readUInt8(next + 2)) & 0x0c) === 0
  );
}

/** The layer of the MPEG audio frame that begins at `offset` as ffmpeg names it. */
export function mpegCodec(bytes: Buffer, offset: number): 'mp1' | 'mp2' | 'mp3' | undefined {
  return mpegFrameLength(bytes, offset) > 0 ? LAYERS[4 - ((bytes.readUInt8(offset + 1) >> 1) & 3)] : undefined;
}

const LAYERS = [undefined, 'mp1', 'mp2', 'mp3'] as const;

/** Bytes of the ADTS frame that begins at `offset`; 0 where none does. (ISO 13818-7, 6.2) */
function adtsFrameLength(bytes: Buffer, offset: number): number {
  if (offset + 7 > bytes.length || bytes.readUInt8(offset) !== 0xff || (bytes.readUInt8(offset + 1) & 0xf6) !== 0xf0) {
    return 0;
  }
  if (((bytes.readUInt8(offset + 2) >> 2) & 15) > 12) {
    return 0;
  }
  const length = (bytes.readUIntBE(offset + 3, 3) >> 5) & 0x1fff;
  return length < 8 ? 0 : length;
}

export function isAdts(bytes: Buffer, offset: number, size: number): boolean {
  const length = adtsFrameLength(bytes, offset);
  return length > 0 && (offset + length === size || adtsFrameLength(bytes, offset + length) > 0);
}

/** Packets of 188 bytes, or of 192 with a time code before each (M2TS), each beginning with 0x47. (ISO 13818-1, 2.4.3) */
export function isTransportStream(bytes: Buffer): boolean {
  return [
    [188, 0],
    [192, 4],
  ].some(([packet = 188, first = 0]) => {
    const packets = Math.min(8, Math.floor((bytes.length - first + (packet - 1)) / packet));
    if (packets < 3) {
      return false;
    }
    for (let i = 0; i < packets; i++) {
      if (bytes[first + i * packet] !== 0x47) {
        return false;
      }
    }
    return true;
  });
}
