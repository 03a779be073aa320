import type { ParquetParsers } from 'hyparquet';

/** A time whose text has digits beyond the milliseconds, where it has such. */
class FineTime extends Date {
  constructor(
    milliseconds: number,
    private readonly digits: string,
  ) {
    super(milliseconds);
  }

  override toISOString(): string {
    return super.toISOString().replace('Z', `${this.digits}Z`);
  }
}

/** A day without a time. */
class Day extends Date {
  override toISOString(): string {
    return super.toISOString().replace(/T.*/, '');
  }
}

const MILLISECONDS_A_DAY = 86_400_000;

/** Times to all their digits, and days without a time of theirs; hyparquet cuts both to milliseconds. */
export const PARQUET_TIMES: Pick<ParquetParsers, 'timestampFromMicroseconds' | 'timestampFromNanoseconds' | 'dateFromDays'> = {
  timestampFromMicroseconds: (value) => timeOf(value, 1000n, 3),
  timestampFromNanoseconds: (value) => timeOf(value, 1_000_000n, 6),
  dateFromDays: (days) => new Day(days * MILLISECONDS_A_DAY),
};

function timeOf(value: bigint, perMillisecond: bigint, digits: number): Date {
  const rest = ((value % perMillisecond) + perMillisecond) % perMillisecond;
  return new FineTime(Number((value - rest) / perMillisecond), String(rest).padStart(digits, '0').replace(/(?:000)+$/, ''));
}
