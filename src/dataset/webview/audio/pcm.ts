/** How each sample is written; the shape of `PcmSamples` in `src/media/headers`, which pages do not know. */
export interface PcmCoding {
  readonly channels: number;
  /** Bytes of one sample of one channel, 1 to 8; narrower samples stand at the top of them. */
  readonly width: number;
  readonly coding: 'int' | 'uint' | 'float' | 'alaw' | 'mulaw';
  readonly bigEndian: boolean;
}

/** Samples by channel, full scale at 1. Whole frames alone are read; of less than a frame nothing. */
export function decodePcm(bytes: Uint8Array, pcm: PcmCoding): Float32Array[] {
  const { channels, width } = pcm;
  const frames = Math.floor(bytes.length / (width * channels));
  const plain = plainSamples(bytes, pcm);
  if (plain !== undefined) {
    const scale = plain instanceof Float32Array ? 1 : plain instanceof Int16Array ? 2 ** -15 : 2 ** -31;
    return Array.from({ length: channels }, (_, channel) => {
      const samples = new Float32Array(frames);
      for (let frame = 0, at = channel; frame < frames; frame++, at += channels) {
        samples[frame] = plain[at]! * scale;
      }
      return samples;
    });
  }
  const read = reader(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), pcm);
  return Array.from({ length: channels }, (_, channel) => {
    const samples = new Float32Array(frames);
    const step = width * channels;
    for (let frame = 0, at = channel * width; frame < frames; frame++, at += step) {
      samples[frame] = read(at);
    }
    return samples;
  });
}

/** Samples that an array of this machine holds as they are; most are such, and are read several times as fast so. */
function plainSamples(bytes: Uint8Array, { width, coding, bigEndian }: PcmCoding): Int16Array | Int32Array | Float32Array | undefined {
  const isForeign = bigEndian === (new Uint8Array(Uint16Array.of(1).buffer)[0] === 1);
  const Kind = coding === 'int' && width === 2 ? Int16Array : coding === 'int' && width === 4 ? Int32Array : coding === 'float' && width === 4 ? Float32Array : undefined;
  if (isForeign || Kind === undefined) {
    return undefined;
  }
  const length = Math.floor(bytes.length / width);
  const aligned = bytes.byteOffset % width === 0 ? bytes : Uint8Array.from(bytes.subarray(0, length * width));
  return new Kind(aligned.buffer as ArrayBuffer, aligned.byteOffset, length);
}

function reader(view: DataView, { width, coding, bigEndian }: PcmCoding): (at: number) => number {
  const little = !bigEndian;
  if (coding === 'alaw' || coding === 'mulaw') {
    const table = coding === 'alaw' ? ALAW : MULAW;
    return (at) => table[view.getUint8(at)] ?? 0;
  }
  if (coding === 'float') {
    return width === 8 ? (at) => view.getFloat64(at, little) : (at) => view.getFloat32(at, little);
  }
  switch (coding === 'uint' && width !== 1 ? 0 : width) {
    case 1:
      return coding === 'uint' ? (at) => (view.getUint8(at) - 128) / 128 : (at) => view.getInt8(at) / 128;
    case 2:
      return (at) => view.getInt16(at, little) / 2 ** 15;
    case 3:
      return little
        ? (at) => (view.getInt16(at + 1, true) * 256 + view.getUint8(at)) / 2 ** 23
        : (at) => (view.getInt16(at, false) * 256 + view.getUint8(at + 2)) / 2 ** 23;
    case 4:
      return (at) => view.getInt32(at, little) / 2 ** 31;
    default: {
      // The four highest bytes hold more than a float keeps.
      const high = little ? width - 4 : 0;
      return (at) => view.getInt32(at + high, little) / 2 ** 31;
    }
  }
}

/** ITU-T G.711, Table 1a, with full scale at 2^15. */
const ALAW = Float32Array.from({ length: 256 }, (_, code) => {
  const value = code ^ 0x55;
  const exponent = (value >> 4) & 7;
  const mantissa = ((value & 15) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 256) << (exponent - 1);
  return ((value & 0x80) !== 0 ? magnitude : -magnitude) / 32_768;
});

/** ITU-T G.711, Table 2a, with full scale at 2^15. */
const MULAW = Float32Array.from({ length: 256 }, (_, code) => {
  const value = ~code & 0xff;
  const magnitude = ((((value & 15) << 3) + 132) << ((value >> 4) & 7)) - 132;
  return ((value & 0x80) !== 0 ? -magnitude : magnitude) / 32_768;
});
