import { formatBytes, formatCount, formatCountOf } from '../../../base/format.ts';
import type { GalleryItem, GallerySummary } from './protocol.ts';

/** An item for a screen reader: kind, name, facts, class, problem, whether it is selected. */
export function spokenItem({ kind, name, facts, length, label, problem }: GalleryItem, selected: boolean): string {
  return [kind, name, facts ?? 'not probed', length, label, problem?.words, selected ? 'selected' : undefined].filter((part) => part !== undefined && part !== '').join(', ');
}

/** `48,212 items · 1.31 TB · 5 kinds`. */
export function summaryWords({ items, bytes, kinds, state }: GallerySummary): string {
  const count = Object.keys(kinds).length;
  return [
    `${formatCountOf(items, 'item')}${state === 'walking' ? ' so far' : ''}`,
    bytes === null ? undefined : formatBytes(bytes),
    count > 1 ? `${count} kinds` : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** Whether there is nothing to be shown of it, and its problem is why. */
export function hasFailed({ state, items }: GallerySummary): boolean {
  return state === 'failed' && items === 0;
}

/** What one value of a column is called; null stands for none. */
export function valueWords(column: string, value: string | null): string {
  return value ?? (column === 'label' ? 'no label' : column === 'split' ? 'no split' : 'none');
}

/** A number of a histogram's column, short: `0:18`, `1,024 px`, `48 kHz`. */
export function amountWords(column: string, value: number): string {
  switch (column) {
    case 'duration':
      return value < 1 ? `${Number(value.toPrecision(2))} s` : value < 60 ? `${Number(value.toPrecision(3))} s` : value < 3600 ? `${Number((value / 60).toPrecision(2))} min` : `${Number((value / 3600).toPrecision(2))} h`;
    case 'rate':
      return `${Number((value / 1000).toPrecision(4))} kHz`;
    case 'width':
      return `${formatCount(value)} px`;
    case 'size':
      return formatBytes(value);
    default:
      return formatCount(value);
  }
}
