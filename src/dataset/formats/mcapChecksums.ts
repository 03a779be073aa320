import { crc32 } from 'node:zlib';
import type { ByteSource } from '../../media/byteSource.ts';
import type { RuleCode } from '../../media/rules/index.ts';
import type { Finding } from '../../media/rules/rule.ts';
import { decompress } from '../../media/sensors/decompress.ts';
import { SensorError } from '../../media/sensors/sensorError.ts';

const PIECE = 2 ** 20;

/** Where something stands that a checksum was taken of; a checksum of 0 was not taken. */
export interface Summed {
  readonly from: number;
  readonly to: number;
  readonly crc: number;
}

/** A section of the file as it lies there: the data, or the summary with the beginning of the footer (MCAP specification, Data End and Footer). */
export async function checkSection(source: ByteSource, what: string, { from, to, crc }: Summed, breathe: () => Promise<void> | undefined): Promise<Finding<RuleCode>[]> {
  if (crc === 0) {
    return [];
  }
  let sum = 0;
  for (let at = from; at < to; at += PIECE) {
    await breathe();
    sum = crc32(source.read(at, Math.min(PIECE, to - at)), sum);
  }
  return sum === crc ? [] : [{ code: 'mcap/checksum', message: `The ${what} has the checksum ${hex(sum)}, and ${hex(crc)} is stated.` }];
}

/** A chunk's records, unpacked. `at` is the chunk's place in the file, `from` to `to` its packed records. */
export async function checkChunk(source: ByteSource, at: number, { from, to, crc }: Summed, compression: string, size: number): Promise<Finding<RuleCode>[]> {
  if (crc === 0) {
    return [];
  }
  try {
    const sum = crc32(await decompress(compression, Buffer.from(source.read(from, to - from)), size));
    return sum === crc ? [] : [{ code: 'mcap/checksum', message: `The chunk at byte ${at} has the checksum ${hex(sum)}, and ${hex(crc)} is stated.` }];
  } catch (error) {
    if (error instanceof SensorError && error.reason === 'unsupported') {
      return [];
    }
    return [{ code: 'mcap/checksum', message: `The chunk at byte ${at} cannot be unpacked: ${(error as Error).message}` }];
  }
}

function hex(sum: number): string {
  return sum.toString(16).padStart(8, '0');
}
