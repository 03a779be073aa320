import type { Row } from '../../media/rows/rowFile.ts';
import type { ColumnSummary, Summary } from '../webview/rows/protocol.ts';

const MAX_DISTINCT = 10_000;
const MAX_KEY = 200;
/** Numbers that are kept to draw their distribution; of more, every second, fourth … one. */
const MAX_SAMPLE = 4096;
const BINS = 16;

/** Sums of columns over rows that are given one after the other. */
export class ColumnSums {
  private rows = 0;
  private readonly sums: ReadonlyMap<string, ColumnSum>;

  constructor(columns: readonly string[]) {
    this.sums = new Map(columns.map((name) => [name, new ColumnSum()]));
  }

  add(rows: readonly Row[]): void {
    for (const { values } of rows) {
      this.rows++;
      for (const [name, sum] of this.sums) {
        sum.add(values?.[name]);
      }
    }
  }

  summary(whole: boolean): Summary {
    return { rows: this.rows, whole, columns: [...this.sums].map(([name, sum]) => sum.summary(name, this.rows)) };
  }
}

class ColumnSum {
  private nulls = 0;
  private readonly seen = new Set<string>();
  private more = false;
  private numbers = 0;
  private total = 0;
  private least = Infinity;
  private most = -Infinity;
  private sample: number[] = [];
  private step = 1;
  private shortest = Infinity;
  private longest = -Infinity;

  add(value: unknown): void {
    if (value === null || value === undefined) {
      this.nulls++;
      return;
    }
    this.meet(value);
    const number = typeof value === 'number' ? value : typeof value === 'string' && value !== '' && value.length < 32 ? Number(value) : NaN;
    if (Number.isFinite(number)) {
      this.addNumber(number);
    }
    const length = typeof value === 'string' || Array.isArray(value) ? value.length : undefined;
    if (length !== undefined) {
      this.shortest = Math.min(this.shortest, length);
      this.longest = Math.max(this.longest, length);
    }
  }

  summary(name: string, rows: number): ColumnSummary {
    const isNumeric = this.numbers > 0 && this.numbers === rows - this.nulls;
    return {
      name,
      rows,
      nulls: this.nulls,
      distinct: this.seen.size,
      more: this.more,
      ...(isNumeric && { range: { least: this.least, most: this.most, mean: this.total / this.numbers, bins: this.bins() } }),
      ...(!isNumeric && this.longest >= 0 && { lengths: { least: this.shortest, most: this.longest } }),
    };
  }

  private meet(value: unknown): void {
    if (this.more) {
      return;
    }
    if (typeof value === 'object' && value !== null) {
      this.more = true;
      this.seen.clear();
      return;
    }
    this.seen.add(String(value).slice(0, MAX_KEY));
    this.more = this.seen.size >= MAX_DISTINCT;
  }

  private addNumber(number: number): void {
    if (this.numbers % this.step === 0) {
      this.sample.push(number);
      if (this.sample.length > MAX_SAMPLE) {
        this.sample = this.sample.filter((_, index) => index % 2 === 0);
        this.step *= 2;
      }
    }
    this.numbers++;
    this.total += number;
    this.least = Math.min(this.least, number);
    this.most = Math.max(this.most, number);
  }

  private bins(): number[] {
    const bins = Array.from({ length: BINS }, () => 0);
    const width = (this.most - this.least) / BINS;
    for (const number of this.sample) {
      const bin = width > 0 ? Math.min(BINS - 1, Math.floor((number - this.least) / width)) : 0;
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    return bins;
  }
}
