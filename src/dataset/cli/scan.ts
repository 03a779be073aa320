import { known } from '../../base/absent.ts';
import { EXIT, type CliIo } from '../../base/cliIo.ts';
import { formatBytes, formatCount, formatCountOf, formatPercent } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import type { Summary } from '../catalogue/catalogueApi.ts';
import { withCatalogue, type OpenCatalogues } from './catalogueRun.ts';
import { parseScanArguments, requestOf } from './datasetArguments.ts';

const USAGE = `trainyard scan DIR [options]

Says what a dataset is: its format, files, samples, kinds of media, hours and splits. What was seen before and has not changed is
not looked at again.
  --format ID   takes it for this format, instead of the likeliest one
  --json        one JSON document
Exit codes: 0 done, 1 something is wrong with the request, 17 some files cannot be read, 130 interrupted.
`;

const SECONDS_AN_HOUR = 3600;

/** `trainyard scan DIR`. Resolves to the exit code. */
export async function scan(args: readonly string[], io: CliIo, open: () => Promise<OpenCatalogues>): Promise<number> {
  const parsed = requestOf(parseScanArguments(args), USAGE, io);
  if ('exit' in parsed) {
    return parsed.exit;
  }
  const summary = await withCatalogue(await open(), io, parsed.folder, parsed.format, async (_, found) => found);
  if (summary === undefined) {
    return EXIT.cancelled;
  }
  if (summary.state === 'failed') {
    io.err(`${printable(summary.problem ?? 'The dataset cannot be read')}\n`);
    return EXIT.badRequest;
  }
  io.out(parsed.json ? `${JSON.stringify(documentOf(summary))}\n` : textOf(summary));
  if (summary.problem !== undefined) {
    io.err(`${printable(summary.problem)}\n`);
  }
  return unreadable(summary) > 0 ? EXIT.someFailed : EXIT.done;
}

/** The public names; what is not known is `{ "absent": REASON }`. */
function documentOf(summary: Summary): object {
  const { root, formats, format, files, bytes, samples, kinds, seconds, splits, skipped, problems } = summary;
  const confidence = formats.find(({ id }) => id === format)?.score ?? 0;
  return { path: root, format, confidence, files, bytes, samples, kinds, hours: seconds / SECONDS_AN_HOUR, splits, skipped, problems };
}

function textOf(summary: Summary): string {
  const { root, formats, format, files, bytes, samples, kinds, seconds, splits, skipped, problems } = summary;
  const chosen = formats.find(({ id }) => id === format);
  const size = known(bytes);
  const count = known(samples);
  const hours = seconds / SECONDS_AN_HOUR;
  const lines: readonly (readonly [string, string])[] = [
    ['format', chosen === undefined ? format : `${chosen.title} (${format}, ${formatPercent(chosen.score)} sure: ${chosen.reasons.join('; ')})`],
    ...formats.filter(({ id }) => id !== format).map(({ id, title, score }) => ['or', `${title} (${id}, ${formatPercent(score)})`] as const),
    ['files', `${formatCount(files)}${size === undefined ? '' : `, ${formatBytes(size)}`}`],
    ...(count === undefined ? [] : [['samples', formatCount(count)] as const]),
    ['kinds', listOf(kinds)],
    ...(seconds > 0 ? [['hours', hours < 10 ? hours.toFixed(3) : formatCount(hours)] as const] : []),
    ...(Object.keys(splits).length > 0 ? [['splits', listOf(splits)] as const] : []),
    ...(Object.keys(skipped).length > 0 ? [['left out', listOf(skipped)] as const] : []),
    ...(problems.error + problems.warning > 0 ? [['problems', `${formatCountOf(problems.error, 'error')}, ${formatCountOf(problems.warning, 'warning')}`] as const] : []),
  ];
  return `${printable(root)}\n${lines.map(([name, words]) => `  ${name.padEnd(9)} ${printable(words)}\n`).join('')}`;
}

function listOf(counts: Readonly<Partial<Record<string, number>>>): string {
  return Object.entries(counts)
    .sort(([, a = 0], [, b = 0]) => b - a)
    .map(([name, count = 0]) => `${name} ${formatCount(count)}`)
    .join(', ');
}

function unreadable({ skipped }: Summary): number {
  return (skipped['permission'] ?? 0) + (skipped['unreadable'] ?? 0);
}
