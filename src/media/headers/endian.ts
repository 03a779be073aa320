/** Reads integers of one byte order. Throws a RangeError past the end, as Buffer does. */
export interface Endian {
  u16(bytes: Buffer, offset: number): number;
  u32(bytes: Buffer, offset: number): number;
  /** Exact up to 2^53. */
  u64(bytes: Buffer, offset: number): number;
}

export const LITTLE: Endian = {
  u16: (bytes, offset) => bytes.readUInt16LE(offset),
  u32: (bytes, offset) => bytes.readUInt32LE(offset),
  u64: (bytes, offset) => bytes.readUInt32LE(offset) + bytes.readUInt32LE(offset + 4) * 2 ** 32,
};

export const BIG: Endian = {
  u16: (bytes, offset) => bytes.readUInt16BE(offset),
  u32: (bytes, offset) => bytes.readUInt32BE(offset),
  u64: (bytes, offset) => bytes.readUInt32BE(offset) * 2 ** 32 + bytes.readUInt32BE(offset + 4),
};
