/** How frequencies are spread over the height of a spectrogram. */
export type Axis = 'linear' | 'log' | 'mel';

const LOWEST = 30;

const mel = (hertz: number) => 2595 * Math.log10(1 + hertz / 700);
const hertzOf = (value: number) => 700 * (10 ** (value / 2595) - 1);

/** Hertz at a height, 0 at the bottom and 1 at the top, which is half of the rate. */
export function frequencyAt(height: number, axis: Axis, rate: number): number {
  const top = rate / 2;
  switch (axis) {
    case 'linear':
      return height * top;
    case 'log':
      return LOWEST * (top / LOWEST) ** height;
    case 'mel':
      return hertzOf(height * mel(top));
  }
}

/** The height of a frequency. */
export function heightOf(hertz: number, axis: Axis, rate: number): number {
  const top = rate / 2;
  switch (axis) {
    case 'linear':
      return hertz / top;
    case 'log':
      return Math.log(Math.max(hertz, 1) / LOWEST) / Math.log(top / LOWEST);
    case 'mel':
      return mel(hertz) / mel(top);
  }
}

/** Frequencies to be named on an axis, with room between them. */
export function axisTicks(axis: Axis, rate: number, height: number): readonly number[] {
  const top = rate / 2;
  const candidates = axis === 'linear' ? [0.25, 0.5, 0.75, 1].map((part) => nice(part * top)) : [50, 100, 200, 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000];
  const ticks: number[] = [];
  let last = Infinity;
  for (const hertz of candidates.filter((value) => value <= top).reverse()) {
    const y = heightOf(hertz, axis, rate) * height;
    if (last - y >= 18 && y > 6 && y < height - 4) {
      ticks.push(hertz);
      last = y;
    }
  }
  return ticks;
}

function nice(hertz: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(1, hertz)));
  return Math.floor(hertz / (unit / 2)) * (unit / 2);
}

/** `200`, `1k`, `2.5k`. */
export function hertzWords(hertz: number): string {
  return hertz >= 1000 ? `${Number((hertz / 1000).toFixed(1))}k` : String(Math.round(hertz));
}

/** For each row of pixels from the top, the first and the last bin that it shows. */
export function rowBins(rows: number, axis: Axis, rate: number, bins: number): readonly (readonly [number, number])[] {
  const binAt = (height: number) => (frequencyAt(height, axis, rate) / (rate / 2)) * bins;
  return Array.from({ length: rows }, (_, row) => {
    const low = binAt(1 - (row + 1) / rows);
    const high = binAt(1 - row / rows);
    const first = Math.max(0, Math.min(bins - 1, Math.round(low)));
    return [first, Math.max(first, Math.min(bins - 1, Math.round(high) - 1))] as const;
  });
}
