import { expect, it } from 'vitest';
import { parquetCodecs } from '../../../../src/media/rows/parquetCodecs.ts';
import { PARQUET_TIMES } from '../../../../src/media/rows/parquetTimes.ts';

it('times of Parquet keep the digits behind their milliseconds, and days have no time', () => {
  const { timestampFromMicroseconds: micros, timestampFromNanoseconds: nanos, dateFromDays: days } = PARQUET_TIMES;
  expect([micros(1_709_209_815_123_456n), micros(-1n), micros(5000n), nanos(1_000_001n), nanos(123_456_000n), days(-1)].map((time) => (time as Date).toISOString())).toEqual([
    '2024-02-29T12:30:15.123456Z', '1969-12-31T23:59:59.999999Z', '1970-01-01T00:00:00.005Z', '1970-01-01T00:00:00.001000001Z', '1970-01-01T00:00:00.123456Z', '1969-12-31',
  ]);
  expect((micros(2_000_500n) as Date).valueOf()).toBe(2000);
});

it('a block of LZ4 that holds nothing is unpacked, as Arrow writes it for values that are all null', async () => {
  const { LZ4, LZ4_RAW } = await parquetCodecs();
  expect([LZ4?.(Uint8Array.of(0), 0), LZ4_RAW?.(Uint8Array.of(0), 0)]).toEqual([new Uint8Array(0), new Uint8Array(0)]);
  expect(Buffer.from(LZ4_RAW?.(Uint8Array.of(0x30, 97, 98, 99), 3) ?? []).toString()).toBe('abc');
});
