import { known } from '../../base/absent.ts';
import { EXIT, ReaderGone, type CliIo } from '../../base/cliIo.ts';
import { formatBytes } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import { FilterError } from '../../media/filter/filterError.ts';
import type { FilterProblem } from '../../media/filter/filterTypes.ts';
import { parseFilter } from '../../media/filter/parseFilter.ts';
import type { CatalogueItem, Query } from '../catalogue/catalogueApi.ts';
import type { CatalogueService } from '../catalogue/catalogueService.ts';
import { documentOf } from '../catalogue/exportManifest.ts';
import { withCatalogue, type OpenCatalogues } from './catalogueRun.ts';
import { parseQueryArguments, requestOf, type QueryArguments } from './datasetArguments.ts';

const USAGE = `trainyard query DIR 'FILTER' [options]

Lists the files of a dataset that a filter finds: duration > 20 and split == train and caption ~ "dog"; kind:image,video
width:512..2048 not label:cat; path:*.wav; caption ~ /dog|cat/i; duration is unknown. Words alone are looked for in paths, captions and labels.
Columns: path name folder kind container size modified duration rate channels width height fps codec rows caption label split
speaker hash health. Values take units (20s, 2min, 1:30, 10MB, 48k), ranges (5..30), dates (2026-11-02, today), * and ?.
  --sort COLUMN   the order; -COLUMN for the largest first
  --limit N       N of them at most
  --json          one JSON document a line
  --paths0        absolute paths, each ended by a zero byte, for xargs -0
Exit codes: 0 done, 1 something is wrong with the request, 130 interrupted.
`;

const PAGE = 1000;

/** `trainyard query DIR 'FILTER'`. Resolves to the exit code. */
export async function query(args: readonly string[], io: CliIo, open: () => Promise<OpenCatalogues>): Promise<number> {
  const parsed = requestOf(parseQueryArguments(args), USAGE, io);
  if ('exit' in parsed) {
    return parsed.exit;
  }
  const problem = problemOf(parsed.filter);
  if (problem !== undefined) {
    io.err(caret(parsed.filter, problem));
    return EXIT.badRequest;
  }
  const code = await withCatalogue(await open(), io, parsed.folder, undefined, async (service, summary) => {
    if (summary.problem !== undefined) {
      io.err(`${printable(summary.problem)}\n`);
    }
    if (summary.state === 'failed') {
      return EXIT.badRequest;
    }
    await list(service, summary.root, parsed, io).catch(unlessGone);
    return EXIT.done;
  });
  return code ?? EXIT.cancelled;
}

async function list({ handlers }: CatalogueService, root: string, { filter, sort, limit, output }: QueryArguments, io: CliIo): Promise<void> {
  const asked: Query = { root, filter, ...(sort && { sort }) };
  const signal = new AbortController().signal;
  for (let offset = 0; offset < limit; offset += PAGE) {
    const { items } = await handlers.items({ ...asked, offset, count: Math.min(PAGE, limit - offset) }, signal);
    io.out(items.map((item) => lineOf(item, output)).join(''));
    await io.drained?.();
    if (items.length < PAGE) {
      return;
    }
  }
}

function unlessGone(error: unknown): void {
  if (!(error instanceof ReaderGone)) {
    throw error;
  }
}

function problemOf(filter: string): FilterProblem | undefined {
  try {
    parseFilter(filter);
    return undefined;
  } catch (error) {
    if (error instanceof FilterError) {
      return error.problem;
    }
    throw error;
  }
}

/** The filter, marks under what is meant, and why. */
function caret(filter: string, { from, to, message }: FilterProblem): string {
  const before = printable(filter.slice(0, from));
  const meant = printable(filter.slice(from, to));
  return `${printable(filter)}\n${' '.repeat(before.length)}${'^'.repeat(Math.max(1, meant.length))}\n${printable(message)}\n`;
}

function lineOf(item: CatalogueItem, output: QueryArguments['output']): string {
  switch (output) {
    case 'json':
      return `${JSON.stringify(documentOf(item))}\n`;
    case 'paths0':
      return `${item.place.file}\0`;
    case 'lines': {
      const { kind, container, size, duration, width, height, label, split, path } = item;
      const seconds = known(duration);
      const bytes = known(size);
      const facts = [
        kind.padEnd(6),
        (known(container) ?? '?').padEnd(9),
        (bytes === undefined ? '?' : formatBytes(bytes)).padStart(8),
        (seconds === undefined ? '' : `${seconds.toFixed(3)} s`).padStart(12),
        (known(width) === undefined ? '' : `${known(width)}x${known(height) ?? '?'}`).padEnd(11),
      ];
      const words = [split, label].filter((word) => word !== undefined).map((word) => printable(word));
      return `${[...facts, printable(path), ...words].join('  ').trimEnd()}\n`;
    }
  }
}
