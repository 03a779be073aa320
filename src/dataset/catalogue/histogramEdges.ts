/** Bins that are aimed at. */
const BINS = 24;
/** How many times larger the largest is than the smallest, from which on the bins grow. */
const LOGARITHMIC = 100;

/**
 * Edges of bins over all numbers from `low` to `high`, one more than bins, ascending: round steps of 1, 2 or 5, or, where the
 * numbers span decades, edges in equal ratios. Whole numbers get no bins that hold none.
 */
export function edgesFor(low: number, high: number, isWhole: boolean): readonly number[] {
  if (low > 0 && high / low >= LOGARITHMIC) {
    return growingEdges(low, high, isWhole);
  }
  // Fractions that differ in their last digits alone stand on one place.
  const span = !isWhole && high - low < Math.abs(high) * 1e-9 ? 0 : high - low;
  const step = span > 0 ? roundStep(span / BINS, isWhole) : isWhole || low === 0 ? 1 : 10 ** Math.floor(Math.log10(Math.abs(low)) - 1);
  const first = Math.floor(low / step);
  // The edge of a whole number belongs to the bin above it.
  const last = Math.max(first + 1, isWhole ? Math.floor(high / step) + 1 : Math.ceil(high / step));
  return around(low, high, Array.from({ length: last - first + 1 }, (_, at) => clean((first + at) * step, isWhole)));
}

function around(low: number, high: number, edges: number[]): readonly number[] {
  edges[0] = Math.min(edges[0]!, low);
  edges[edges.length - 1] = Math.max(edges.at(-1)!, high);
  return edges;
}

function roundStep(least: number, isWhole: boolean): number {
  const decade = 10 ** Math.floor(Math.log10(least));
  const step = ([1, 2, 5, 10].find((factor) => factor * decade >= least * (1 - 1e-9)) ?? 10) * decade;
  return isWhole ? Math.max(1, step) : step;
}

function growingEdges(low: number, high: number, isWhole: boolean): readonly number[] {
  const ratio = (high / low) ** (1 / BINS);
  const edges = new Set<number>();
  for (let at = 0; at <= BINS; at++) {
    edges.add(threeDigits(low * ratio ** at, isWhole));
  }
  return around(low, high, [...edges].sort((a, b) => a - b));
}

function threeDigits(value: number, isWhole: boolean): number {
  const rounded = Number(value.toPrecision(3));
  return isWhole ? Math.round(rounded) : rounded;
}

/** 0.30000000000000004 is meant as 0.3; of whole numbers every digit counts, as of times in milliseconds. */
function clean(value: number, isWhole: boolean): number {
  return isWhole ? Math.round(value) : Number(value.toPrecision(12));
}
