import { formatCount } from '../../../base/format.ts';

export const STATES = { complete: 'complete', writing: 'being written', damaged: 'damaged', unknown: 'unchecked' } as const;

/** With a true minus; three figures. */
export function number(value: number): string {
  const size = Math.abs(value);
  const text = value === 0 ? '0' : size >= 0.001 && size < 100_000 ? String(Number(value.toPrecision(3))) : value.toExponential(1);
  return text.replace('-', '−');
}

/** Of a relative change: `1.31 %`. */
export function percent(fraction: number): string {
  const value = fraction * 100;
  return `${value === 0 ? '0' : value < 0.01 ? '< 0.01' : value < 10 ? value.toFixed(2) : value < 1000 ? value.toFixed(0) : formatCount(value)} %`;
}

export function shape(sizes: readonly number[]): string {
  return `[${sizes.join(', ')}]`;
}
