import { basename, dirname } from 'node:path/posix';
import { known } from '../../base/absent.ts';
import { formatBytes, formatCount, formatCountOf } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import type { CatalogueItem, Summary } from '../catalogue/catalogueApi.ts';
import type { GalleryAction, GalleryItem, GallerySummary } from '../webview/gallery/protocol.ts';

/** A caption is a hint in a hover; the whole stands in the preview. */
const MOST_CAPTION = 300;

/** An item in words, as a tile shows it. */
export function galleryItem(item: CatalogueItem): GalleryItem {
  const { id, path, kind, label, split, caption, health } = item;
  const folder = dirname(path);
  const facts = factsOf(item);
  const length = lengthOf(item);
  return {
    id,
    stamp: `${known(item.size) ?? ''} ${known(item.modified) ?? ''}`,
    name: printable(basename(path)),
    folder: folder === '.' ? '' : printable(folder),
    kind,
    size: known(item.size) ?? null,
    ...(facts !== undefined && { facts }),
    ...(length !== undefined && { length }),
    ...(label !== undefined && { label: printable(label) }),
    ...(split !== undefined && { split: printable(split) }),
    ...(caption !== undefined && { caption: printable(caption.slice(0, MOST_CAPTION)) }),
    ...(health && { problem: { severity: health.severity, words: printable(health.message) } }),
  };
}

/** What matters of a kind, in one short line; undefined where it was not looked at. */
export function factsOf(item: CatalogueItem): string | undefined {
  const parts = FACTS[item.kind](item).filter((part) => part !== undefined);
  const size = known(item.size);
  return parts.length > 0 ? parts.join(' · ') : known(item.container) === undefined || size === undefined ? undefined : formatBytes(size);
}

const FACTS: Readonly<Record<CatalogueItem['kind'], (item: CatalogueItem) => readonly (string | undefined)[]>> = {
  image: ({ width, height }) => [sizeWords(known(width), known(height))],
  video: ({ width, height, fps, codec }) => [sizeWords(known(width), known(height)), rounded(known(fps), 'fps'), known(fps) === undefined ? known(codec) : undefined],
  audio: ({ sampleRate, channels, codec }) => {
    const rate = known(sampleRate);
    return [rate === undefined ? undefined : `${Number((rate / 1000).toPrecision(4))} kHz`, rounded(known(channels), 'ch'), rate === undefined ? known(codec) : undefined];
  },
  text: ({ rows }) => [known(rows) === undefined ? undefined : formatCountOf(known(rows) ?? 0, 'row')],
  sensor: ({ rows }) => [known(rows) === undefined ? undefined : formatCountOf(known(rows) ?? 0, 'row')],
  other: ({ rows }) => [known(rows) === undefined ? undefined : formatCountOf(known(rows) ?? 0, 'row')],
};

function sizeWords(width: number | undefined, height: number | undefined): string | undefined {
  return width === undefined || height === undefined ? undefined : `${width}×${height}`;
}

function rounded(value: number | undefined, unit: string): string | undefined {
  return value === undefined ? undefined : `${Number(value.toFixed(2))} ${unit}`;
}

/** `0:18`, `1:02:03`. */
export function lengthOf({ duration }: CatalogueItem): string | undefined {
  const seconds = known(duration);
  if (seconds === undefined) {
    return undefined;
  }
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

export function gallerySummary(summary: Summary, actions: readonly GalleryAction[]): GallerySummary {
  const { root, format, formats, files, members, kinds, probed, state, problem, problems, generation } = summary;
  return {
    title: printable(basename(root) || root),
    format: formats.find(({ id }) => id === format)?.title ?? format,
    items: files + members.count,
    bytes: known(summary.bytes) ?? null,
    kinds,
    probed: probed + members.probed,
    state,
    ...(problem !== undefined && { problem }),
    problems,
    skipped: Object.entries(summary.skipped).map(([reason, count]) => `${formatCount(count)} left out: ${reason}`),
    generation,
    actions,
  };
}
