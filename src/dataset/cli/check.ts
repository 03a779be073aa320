import { statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { CliIo } from '../../base/cliIo.ts';
import { EXIT } from '../../base/cliIo.ts';
import { printable } from '../../base/printable.ts';
import type { Severity } from '../../media/problem.ts';
import { ruleOf } from '../../media/rules/index.ts';
import type { ToolSearch } from '../../process/toolSearch.ts';
import { DatasetError } from '../datasetError.ts';
import { DATASET_FORMATS, formatById } from '../formats/index.ts';
import { checkHealth } from '../health/healthCheck.ts';
import { FILES_THERE, HealthStore } from '../health/healthStore.ts';
import type { ReportOf } from '../health/report.ts';
import { groupsOf, jsonReport, sarifReport } from '../health/report.ts';

const USAGE = `trainyard check DIR|MANIFEST [--json | --sarif] [--full] [--format ID]

Checks a dataset: its manifests by the rules of its format, every file's header, duplicates, leakage across splits.
  --json        one JSON document: { format, rows, problems: [{ code, severity, file, row, message }] }
  --sarif       SARIF 2.1.0, for code scanning
  --full        decodes every file too (sharp, ffmpeg)
  --distance N  bits in which two pictures may differ and still be alike, 0 to 10 (4)
  --format ID   the format, where it is not the likeliest: ${DATASET_FORMATS.map(({ id }) => id).join(', ')}

Exit codes: 0 no errors, 17 errors were found, 1 something is wrong with the request, 130 cancelled.
`;

/** Problems of a rule that are named; the rest is counted. */
const NAMED = 5;
const MARKS: Readonly<Record<Severity, string>> = { error: 'error  ', warning: 'warning', info: 'info   ' };

interface Request {
  readonly root: string;
  readonly form: 'text' | 'json' | 'sarif';
  readonly full: boolean;
  readonly format?: string;
  readonly distance: number;
}

/** `trainyard check`. Resolves to the exit code. `search` says where tools are found, and is asked with `--full` alone. */
export async function check(args: readonly string[], io: CliIo, search: () => Promise<ToolSearch>): Promise<number> {
  let request: Request | 'help';
  try {
    request = parse(args, io.cwd);
  } catch (error) {
    io.err(`${printable((error as Error).message)}\n\n${USAGE}`);
    return EXIT.badRequest;
  }
  if (request === 'help') {
    io.out(USAGE);
    return EXIT.done;
  }
  const controller = new AbortController();
  const interrupt = io.onInterrupt(() => controller.abort());
  const store = await HealthStore.open(request.root);
  try {
    const { root, full, format, distance } = request;
    await checkHealth(store, { root, format, level: full ? 'full' : 'header', distance, pace: 1, signal: controller.signal, ...(full && { search: await search() }) });
    const report = reportOf(store, root);
    io.out(request.form === 'json' ? jsonReport(report) : request.form === 'sarif' ? sarifReport(report) : textReport(report, io.cwd));
    await io.drained?.();
    return store.problemCounts().error > 0 ? EXIT.someFailed : EXIT.done;
  } catch (error) {
    if (controller.signal.aborted) {
      return EXIT.cancelled;
    }
    if (error instanceof DatasetError) {
      io.err(`${printable(error.message)}\n`);
      return error.reason === 'malformed' ? EXIT.someFailed : EXIT.badRequest;
    }
    throw error;
  } finally {
    interrupt.dispose();
    store.close();
  }
}

function parse(args: readonly string[], cwd: string): Request | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      sarif: { type: 'boolean' },
      full: { type: 'boolean' },
      format: { type: 'string' },
      distance: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    return 'help';
  }
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) {
    throw new Error('Name one folder or manifest.');
  }
  if (values.json === true && values.sarif === true) {
    throw new Error('--json and --sarif exclude each other.');
  }
  if (values.format !== undefined && formatById(values.format) === undefined) {
    throw new Error(`There is no format “${values.format}”.`);
  }
  const distance = Number(values.distance ?? 4);
  if (!Number.isInteger(distance) || distance < 0 || distance > 10) {
    throw new Error('--distance is a whole number from 0 to 10.');
  }
  const root = resolve(cwd, path);
  if (statSync(root, { throwIfNoEntry: false }) === undefined) {
    throw new Error(`${path} is not there.`);
  }
  return { root, form: values.json === true ? 'json' : values.sarif === true ? 'sarif' : 'text', full: values.full === true, distance, ...(values.format !== undefined && { format: values.format }) };
}

function reportOf(store: HealthStore, root: string): ReportOf {
  return {
    root,
    format: store.fact('format') ?? '',
    rows: Number(store.fact('rows') ?? 0),
    files: store.number(FILES_THERE),
    checked: store.number('SELECT COUNT(*) FROM files WHERE level >= 0 AND size IS NOT NULL'),
    notes: JSON.parse(store.fact('notes') ?? '[]') as string[],
    problems: store.problems(),
  };
}

/** A rule a group, with its first problems. */
function textReport({ format, rows, files, problems, notes }: ReportOf, cwd: string): string {
  const groups = groupsOf(problems, NAMED);
  const counts = (['error', 'warning', 'info'] as const).map((severity) => [severity, groups.filter((group) => group.severity === severity).reduce((sum, { count }) => sum + count, 0)] as const);
  const lines = groups.flatMap(({ code, severity, count, problems: named }) => [
    `${MARKS[severity]} ${ruleOf(code)?.title ?? code} (${count})  ${code}`,
    ...named.map(({ file, row, message }) => `        ${printable(shorter(file, cwd))}${row === undefined ? '' : `:${row}`}  ${printable(message)}`),
    ...(count > named.length ? [`        and ${count - named.length} more`] : []),
  ]);
  const sums = counts.map(([severity, count]) => `${count} ${severity === 'info' ? 'worth a look' : `${severity}${count === 1 ? '' : 's'}`}`).join(', ');
  return `${[...lines, ...(lines.length > 0 ? [''] : []), ...notes.map(printable), `${format}: ${rows} samples, ${files} files: ${sums}`].join('\n')}\n`;
}

function shorter(file: string, cwd: string): string {
  const short = relative(cwd, file);
  return short !== '' && !short.startsWith('..') ? short : file;
}
