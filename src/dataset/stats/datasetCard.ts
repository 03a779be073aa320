import { known } from '../../base/absent.ts';
import { formatBytes, formatCount, formatCountOf, formatPercent } from '../../base/format.ts';
import type { Facet, GroupSum, Summary } from '../catalogue/catalogueApi.ts';
import { escapeMarkdown, heading, table } from './markdown.ts';

export interface CardInput {
  readonly name: string;
  readonly summary: Summary;
  readonly facets: readonly Facet[];
  readonly splits: readonly GroupSum[];
  readonly labels: readonly GroupSum[];
  readonly speakers: readonly GroupSum[];
}

const MOST_LABELS = 30;
const BAR = 24;
const HOUR = 3600;

/**
 * A dataset's card in Markdown, to be read or to be put beside the dataset as its README: the front matter is what the Hugging
 * Face hub reads (hub documentation, "Dataset Cards").
 */
export function datasetCard(input: CardInput): string {
  const { name, summary, facets } = input;
  return [
    frontMatter(name, summary),
    heading(1, name),
    overview(summary),
    ...section('Splits', groupTable('Split', input.splits, summary.files)),
    ...section('Classes', [...balance(input.labels), ...groupTable('Class', input.labels.slice(0, MOST_LABELS), summary.files), ...more(input.labels.length - MOST_LABELS, 'class', 'classes')]),
    ...section('Speakers', speakers(input.speakers)),
    ...facets.flatMap(facetSection),
    ...section('Problems', problems(summary)),
  ].join('\n\n').concat('\n');
}

function frontMatter(name: string, { samples, files }: Summary): string {
  return ['---', `pretty_name: ${JSON.stringify(name)}`, 'size_categories:', `  - ${sizeCategory(known(samples) ?? files)}`, '---'].join('\n');
}

/** The hub's own classes of size. */
function sizeCategory(count: number): string {
  const bounds = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];
  const names = ['1K', '10K', '100K', '1M', '10M', '100M', '1B', '10B', '100B', '1T'];
  const at = bounds.findIndex((bound) => count < bound);
  return at === 0 ? `n<${names[0]}` : at < 0 ? `n>${names.at(-1)}` : `${names[at - 1]}<n<${names[at]}`;
}

function overview(summary: Summary): string {
  const { formats, format, files, samples, bytes, kinds, probed, members, seconds } = summary;
  const count = known(samples);
  const size = known(bytes);
  const title = formats.find(({ id }) => id === format)?.title ?? format;
  const [looked, all] = [probed + members.probed, files + members.count];
  const isWhole = summary.state === 'complete' && looked >= all;
  const rows = [
    ['Format', title],
    ...(count === undefined ? [] : [['Samples', formatCount(count)]]),
    ['Files', `${formatCount(files)}${kindWords(kinds)}`],
    ...(size === undefined ? [] : [['Size', formatBytes(size)]]),
    ...(seconds > 0 ? [['Length', hours(seconds)]] : []),
  ];
  const note = isWhole ? [] : [`*Not all of it is known yet: ${formatCount(looked)} of ${formatCountOf(all, members.count > 0 ? 'item' : 'file')} were looked into. Lengths and histograms are of those.*`];
  return [table(['', ''], rows), ...note].join('\n\n');
}

function kindWords(kinds: Summary['kinds']): string {
  const words = Object.entries(kinds).filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a).map(([kind, count]) => `${formatCount(count)} ${kind}`);
  return words.length > 1 ? ` (${words.join(', ')})` : '';
}

function groupTable(title: string, groups: readonly GroupSum[], total: number): readonly string[] {
  const named = groups.filter(({ value }) => value !== null);
  if (named.length === 0) {
    return [];
  }
  const timed = groups.some(({ seconds }) => seconds > 0);
  const largest = Math.max(...groups.map(({ items }) => items));
  return [
    table(
      [title, 'Items', 'Share', ...(timed ? ['Length'] : []), ''],
      groups.map(({ value, items, seconds }) => [value === null ? '*none*' : escapeMarkdown(value), formatCount(items), formatPercent(total === 0 ? 0 : items / total), ...(timed ? [hours(seconds)] : []), bar(items / largest)]),
    ),
  ];
}

/** How far the classes are from being of one size. */
function balance(labels: readonly GroupSum[]): readonly string[] {
  const counts = labels.filter(({ value }) => value !== null).map(({ items }) => items);
  if (counts.length < 2) {
    return [];
  }
  const [largest, smallest] = [Math.max(...counts), Math.min(...counts)];
  return [`${formatCountOf(counts.length, 'class', 'classes')}, the largest ${formatCount(largest / smallest)} times the smallest.`];
}

function speakers(groups: readonly GroupSum[]): readonly string[] {
  const named = groups.filter(({ value }) => value !== null).map(({ seconds, items }) => ({ seconds, items })).sort((a, b) => a.seconds - b.seconds);
  const middle = named[named.length >> 1];
  const [least, most] = [named[0], named.at(-1)];
  if (!least || !most || !middle) {
    return [];
  }
  const lengths = most.seconds > 0 ? `: ${hours(least.seconds)} to ${hours(most.seconds)} each, ${hours(middle.seconds)} in the middle` : '';
  return [`${formatCountOf(named.length, 'speaker')}${lengths}.`];
}

const UNITS: Readonly<Record<string, string>> = { duration: 's', rate: 'Hz', width: 'px', height: 'px', fps: 'fps' };

function facetSection(facet: Facet): readonly string[] {
  const title = facet.column.charAt(0).toUpperCase() + facet.column.slice(1);
  if (facet.kind === 'values') {
    const values = facet.values.filter(({ value }) => value !== null);
    const largest = Math.max(...values.map(({ count }) => count));
    return section(title, values.length === 0 ? [] : [table([title, 'Items', ''], values.map(({ value, count }) => [escapeMarkdown(value ?? ''), formatCount(count), bar(count / largest)])), ...more(facet.more, 'value')]);
  }
  const { edges, counts, applies, known: told } = facet;
  if (told === 0) {
    return [];
  }
  const largest = Math.max(...counts);
  const unit = UNITS[facet.column] ?? '';
  const bytes = facet.column === 'size';
  const edge = (value: number) => (bytes ? formatBytes(value) : `${Number(value.toPrecision(3))}`);
  const rows = counts.map((count, bin) => [`${edge(edges[bin] ?? 0)} – ${edge(edges[bin + 1] ?? 0)}${unit === '' ? '' : ` ${unit}`}`, formatCount(count), bar(count / largest)]);
  return section(title, [table([title, 'Items', ''], rows), ...(told < applies ? [`*Of ${formatCount(told)} of ${formatCountOf(applies, 'item')}; the others are not known.*`] : [])]);
}

function problems({ problems: counts }: Summary): readonly string[] {
  const words = [...(counts.error > 0 ? [formatCountOf(counts.error, 'error')] : []), ...(counts.warning > 0 ? [formatCountOf(counts.warning, 'warning')] : [])];
  return words.length === 0 ? [] : [`${words.join(' and ')}, as far as it was checked.`];
}

function section(title: string, body: readonly string[]): readonly string[] {
  return body.length === 0 ? [] : [heading(2, title), ...body];
}

function more(count: number, one: string, many = `${one}s`): readonly string[] {
  return count > 0 ? [`*And ${formatCountOf(count, `more ${one}`, `more ${many}`)}.*`] : [];
}

function hours(seconds: number): string {
  return seconds >= HOUR ? `${Number((seconds / HOUR).toPrecision(3))} h` : seconds >= 60 ? `${Number((seconds / 60).toPrecision(3))} min` : `${Number(seconds.toPrecision(3))} s`;
}

/** A bar of eighths of a character. */
function bar(fraction: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, fraction)) * BAR * 8);
  return '█'.repeat(eighths >> 3) + (['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths & 7] ?? '');
}
