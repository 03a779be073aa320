import { EXIT, type CliIo } from '../../base/cliIo.ts';
import { formatBytes, formatCount, formatWhen } from '../../base/format.ts';
import { isAbsent } from '../../base/absent.ts';
import { printable } from '../../base/printable.ts';
import type { CheckpointFacts, CheckpointSource } from '../checkpoint.ts';
import { compareTensors, countDifferences } from '../checkpoints/compare.ts';
import type { TensorDifference } from '../checkpoints/compare.ts';
import { inspectCheckpoint } from '../checkpoints/inspectCheckpoint.ts';
import type { InspectedCheckpoint } from '../checkpoints/inspectCheckpoint.ts';
import { STATE_WORDS, countWords, metricWords } from '../checkpoints/words.ts';
import { bestComplete, usualMetric } from '../runs/choose.ts';
import { metricOf, readRun } from '../runs/readRun.ts';
import type { Run } from '../runs/readRun.ts';
import { parseCkptArguments } from './ckptArguments.ts';

const USAGE = `trainyard ckpt FILE|FOLDER|HOST:PATH [options]

Says what a checkpoint is, whether it is whole, and what is in it, from heads and tails of its files alone: no weights are copied,
and nothing of it is run. A folder of a run lists its checkpoints.
  --compare OTHER     tells tensors that differ in shape or type, or are in one of both alone; OTHER may be HOST:PATH, too
  --ssh-config FILE   a configuration of ssh in place of yours
  --json              one JSON document
Exit codes: 0 complete, 1 something is wrong with the request, 17 not complete, 130 interrupted.
`;

/** Differences that are told one by one. */
const TOLD = 40;

/** Opens what stands for a checkpoint on a command line; disposed of at the end. */
export interface CkptServices {
  open(place: string, signal: AbortSignal): Promise<CheckpointSource>;
  dispose(): void;
}

/** `trainyard ckpt`. Resolves to the exit code. */
export async function ckpt(args: readonly string[], io: CliIo, open: (sshConfig: string | undefined) => Promise<CkptServices>): Promise<number> {
  const parsed = parseCkptArguments(args);
  if (parsed === 'help') {
    io.out(USAGE);
    return EXIT.done;
  }
  if ('fault' in parsed) {
    io.err(`${printable(parsed.fault)}\n\n${USAGE}`);
    return EXIT.badRequest;
  }
  const interrupt = new AbortController();
  const interrupted = io.onInterrupt(() => interrupt.abort());
  const services = await open(parsed.sshConfig);
  try {
    const source = await services.open(parsed.place, interrupt.signal);
    const here = await inspectCheckpoint(source, interrupt.signal);
    if (here.facts.format === 'unknown' && source.focus === undefined && parsed.compare === undefined) {
      const run = await readRun(source, interrupt.signal);
      io.out(parsed.json ? `${JSON.stringify(runDocument(run))}\n` : runText(run));
      return run.checkpoints.length > 0 ? EXIT.done : EXIT.someFailed;
    }
    const there = parsed.compare === undefined ? undefined : await inspectCheckpoint(await services.open(parsed.compare, interrupt.signal), interrupt.signal);
    io.out(parsed.json ? `${JSON.stringify({ ...documentOf(here.facts), ...(there && { comparison: comparisonOf(here, there) }) })}\n` : `${textOf(here)}${there ? comparisonText(here, there) : ''}`);
    return here.facts.state === 'complete' ? EXIT.done : EXIT.someFailed;
  } catch (error) {
    if (interrupt.signal.aborted) {
      return EXIT.cancelled;
    }
    io.err(`${printable(error instanceof Error ? error.message : String(error))}\n`);
    return EXIT.badRequest;
  } finally {
    interrupted.dispose();
    services.dispose();
  }
}

/** The public names; what is not known is `{ "absent": REASON }`. */
function documentOf({ path, format, state, reason, tensors, parameters, dtypes, step, epoch, metrics }: CheckpointFacts): object {
  return { path, format, state, reason, tensors, parameters, dtypes, step, epoch, metrics };
}

function runDocument(run: Run): object {
  const best = bestComplete(run)?.name;
  return { path: run.path, checkpoints: run.checkpoints.map(({ name, facts, writtenAt }) => ({ ...documentOf(facts), name, bytes: facts.bytes, writtenAt, best: name === best })), left: run.left };
}

function comparisonOf(here: InspectedCheckpoint, there: InspectedCheckpoint): object {
  const differences = compareTensors(here.inspection, there.inspection);
  return {
    with: documentOf(there.facts),
    ...countDifferences(differences),
    differences: differences.filter(({ kind }) => kind !== 'alike').map(({ name, kind, here: one, there: other }) => ({ name, kind, ...(one && { here: { dtype: one.dtype, shape: one.shape } }), ...(other && { there: { dtype: other.dtype, shape: other.shape } }) })),
  };
}

function textOf({ facts, inspection }: InspectedCheckpoint): string {
  const { dtypes } = facts;
  const total = typeof facts.parameters === 'number' ? facts.parameters : 0;
  const types = isAbsent(dtypes)
    ? dtypes.absent
    : Object.entries(dtypes)
        .sort(([, one], [, other]) => other - one)
        .map(([name, count]) => `${name} ${formatCount(count)}${total > 0 ? ` (${((count / total) * 100).toFixed(count === total ? 0 : 2)} %)` : ''}`)
        .join(', ');
  const lines: readonly (readonly [string, string])[] = [
    ['state', `${STATE_WORDS[facts.state]}: ${facts.reason}`],
    ['format', `${facts.format}, ${formatBytes(facts.bytes)} in ${formatCount(inspection.files.length)} ${inspection.files.length === 1 ? 'file' : 'files'}`],
    ['tensors', countWords(facts.tensors)],
    ['parameters', countWords(facts.parameters)],
    ['types', types],
    ['step', countWords(facts.step)],
    ['epoch', countWords(facts.epoch)],
    ['metrics', metricWords(facts.metrics)],
  ];
  return `${printable(facts.path)}\n${lines.map(([name, words]) => `  ${name.padEnd(11)} ${printable(words)}\n`).join('')}`;
}

function comparisonText(here: InspectedCheckpoint, there: InspectedCheckpoint): string {
  const differences = compareTensors(here.inspection, there.inspection);
  const counts = countDifferences(differences);
  const other = differences.filter(({ kind }) => kind !== 'alike');
  const head = `against ${printable(there.facts.path)}\n  ${formatCount(counts.alike)} of one shape and type, ${counts.shape} of another shape, ${counts.dtype} of another type, ${counts.onlyHere} only here, ${counts.onlyThere} only there\n`;
  return `${head}${other.slice(0, TOLD).map((difference) => `  ${differenceText(difference)}\n`).join('')}${other.length > TOLD ? `  and ${formatCount(other.length - TOLD)} more\n` : ''}`;
}

function differenceText({ name, kind, here, there }: TensorDifference): string {
  const words = (tensor: typeof here) => (tensor ? `${tensor.dtype} [${tensor.shape.join(', ')}]` : '');
  const what = { alike: '', shape: `${words(here)} here, ${words(there)} there`, dtype: `${words(here)} here, ${words(there)} there`, onlyHere: `only here, ${words(here)}`, onlyThere: `only there, ${words(there)}` }[kind];
  return `${printable(name)}  ${what}`;
}

function runText(run: Run): string {
  if (run.checkpoints.length === 0) {
    return `${printable(run.path)}\n  No checkpoint is in this folder.\n`;
  }
  const metric = usualMetric(run);
  const best = bestComplete(run, metric);
  const rows = run.checkpoints.map((checkpoint) => {
    const value = metric && metricOf(checkpoint, metric.name);
    return [
      typeof checkpoint.facts.step === 'number' ? formatCount(checkpoint.facts.step) : '–',
      value === undefined ? '–' : String(Number(value.toPrecision(5))),
      formatBytes(checkpoint.facts.bytes),
      formatWhen(checkpoint.writtenAt, run.now),
      checkpoint === best ? `${STATE_WORDS[checkpoint.facts.state]}, best` : STATE_WORDS[checkpoint.facts.state],
      `${checkpoint.name}${checkpoint.facts.state === 'complete' ? '' : `  ${checkpoint.facts.reason}`}`,
    ];
  });
  const all = [['step', metric?.name ?? 'metric', 'size', 'written', 'state', 'name'], ...rows];
  const widths = all.reduce<number[]>((most, row) => row.map((cell, index) => Math.max(most[index] ?? 0, cell.length)), []);
  const line = (row: readonly string[]) => `  ${row.map((cell, index) => (index === row.length - 1 ? cell : index < 3 ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0))).join('  ')}`;
  return `${printable(run.path)}\n${all.map((row) => `${printable(line(row))}\n`).join('')}${run.left > 0 ? `  and ${formatCount(run.left)} older ones that were not looked at\n` : ''}`;
}
