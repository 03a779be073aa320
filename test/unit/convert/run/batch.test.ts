import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { limitsFor } from '../../../../src/convert/run/limits.ts';
import type { JobStatus, PlanItem } from '../../../../src/convert/job.ts';
import { outputStamp } from '../../../../src/convert/run/stamps.ts';
import { cleanUp, hashes, makeImages, newFolder, newJob, planFor, tree, type TestJob, type TestJobOptions } from './runBench.ts';
import { appeared, copyEngine, copyPreset, standIn, type StandIn } from './standIn.ts';

let input: string;
let output: string;
let tool: StandIn;

beforeEach(() => {
  input = newFolder();
  output = join(newFolder(), 'out');
  tool = standIn(newFolder());
});
afterEach(cleanUp);

const names = (count: number, prefix = 'good-'): string[] => Array.from({ length: count }, (_, index) => `${prefix}${index}.jpg`);

interface Copying {
  readonly job: TestJob;
  readonly images: readonly string[];
}

/** A job that copies pictures of these names by the stand-in. */
async function copying(
  files: readonly string[],
  options: Partial<TestJobOptions> = {},
  change?: (item: PlanItem) => PlanItem,
): Promise<Copying> {
  const images = makeImages(input, files);
  const plan = planFor(images, output, 'sox', change);
  const job = await newJob({ plan, output, preset: copyPreset, toolbox: tool.toolbox, engines: [copyEngine()], ...options });
  return { job, images };
}

const reasons = ({ failures }: JobStatus): Record<string, string> =>
  Object.fromEntries(failures.map((failure) => [basename(failure.input), failure.reason]));

describe('a batch', () => {
  it.each(['sharp', 'imagemagick'] as const)('brings every item to its verified output by %s, and nothing else', async (engine) => {
    const images = makeImages(input, names(40));
    const before = hashes(images);
    const job = await newJob({ plan: planFor(images, output, engine), output, options: { edge: 32 } });
    const progress: number[] = [];
    const status = await job.run(undefined, (seen) => progress.push(seen.progress));
    expect(status).toMatchObject({ state: 'done', progress: 1, running: [], failures: [], counts: { write: 40, done: 40, failed: 0 } });
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(tree(output)).toEqual(names(40).sort());
    expect(job.ledger.entries).toHaveLength(40);
    expect(hashes(images)).toEqual(before);
  });

  it('gives two workers half each where that is all', async () => {
    const { job } = await copying(names(12));
    await job.run();
    expect((await job.journal()).flatMap((line) => (line.kind === 'started' ? [line.seqs.length] : []))).toEqual([6, 6]);
  });

  it('costs one failure for one bad file in a group, and tries every other one no more than twice in halves', async () => {
    const files = [...names(7), 'bad-1.jpg', ...names(8, 'more-')];
    const { job, images } = await copying(files);
    const before = hashes(images);
    const status = await job.run();
    expect(status).toMatchObject({ state: 'done', progress: 1, counts: { write: 16, done: 15, failed: 1 } });
    expect(status.failures).toMatchObject([
      { seq: 7, reason: 'sox stopped with 3 · cannot read bad-1.jpg: it is bad', exitCode: 3, stderr: 'cannot read bad-1.jpg: it is bad' },
    ]);
    expect(status.failures[0]?.command.slice(0, 2)).toEqual([tool.path, images[7]]);
    expect(tree(output)).toEqual(files.filter((name) => name !== 'bad-1.jpg').sort());
    expect(hashes(images)).toEqual(before);
  });

  it('takes an output that another run of the same has named meanwhile for no failure, and not for its own', async () => {
    const { job, images } = await copying(['twin-1.jpg', 'good-1.jpg']);
    const status = await job.run();
    expect(status).toMatchObject({ state: 'done', progress: 1, counts: { done: 1, failed: 0, skip: 1 } });
    expect(status.notes).toEqual([{ input: images[0], text: 'skipped: the very same was put there meanwhile, as another job does' }]);
    expect(tree(output)).toEqual(['good-1.jpg', 'twin-1.jpg']);
    expect(job.ledger.entries.map((entry) => basename(entry.output))).toEqual(['good-1.jpg']);
  });

  it('tells what a tool said of a failure without the progress that was written over', async () => {
    const { job } = await copying(['counts-1.jpg']);
    expect((await job.run()).failures).toMatchObject([{ stderr: 'lost at 20%' }]);
  });

  it.each([
    ['nothing-1.jpg', 'no output was written'],
    ['empty-1.jpg', 'the output is empty'],
    ['wrong-1.jpg', 'the output is not what was asked for · width: expected 64 px, found 32 px'],
    ['changes-1.jpg', 'input changed while it was read'],
    ['steals-1.jpg', 'something else has taken the output’s name meanwhile · it was left alone'],
    ['complain-1.jpg', 'sox complained · warning: complain-1.jpg is damaged'],
    ['unmet-1.jpg', 'it is too loud'],
    ['callless-1.jpg', 'no output was written'],
  ])('records %s as failed with its reason, and leaves nothing of it', async (name, reason) => {
    const { job } = await copying(['good-1.jpg', name, 'good-2.jpg']);
    makeImages(input, ['other.jpg'], '32x24');
    const status = await job.run();
    expect(reasons(status)).toEqual({ [name]: reason });
    expect(status.counts).toMatchObject({ done: 2, failed: 1 });
    expect(tree(output).filter((path) => path !== name)).toEqual(['good-1.jpg', 'good-2.jpg']);
    expect(job.ledger.entries.map((entry) => basename(entry.output)).sort()).toEqual(['good-1.jpg', 'good-2.jpg']);
  });

  it('leaves alone what took the output’s name', async () => {
    const { job } = await copying(['steals-1.jpg']);
    await job.run();
    expect(readFileSync(join(output, 'steals-1.jpg'), 'utf8')).toBe('theirs');
  });

  it('keeps a damaged output in salvage mode, and records the damage', async () => {
    const { job } = await copying(['good-1.jpg', 'complain-1.jpg'], { salvage: true });
    const status = await job.run();
    expect(status).toMatchObject({ counts: { done: 2, failed: 0, salvaged: 1 } });
    expect(status.notes).toEqual([{ input: join(input, 'complain-1.jpg'), text: 'kept with damage: warning: complain-1.jpg is damaged' }]);
    expect(job.ledger.entries.filter(({ salvaged }) => salvaged).map((entry) => basename(entry.output))).toEqual(['complain-1.jpg']);
  });

  it('counts what turned out to need nothing as skipped, and passes notes on', async () => {
    const { job } = await copying(['skip-1.jpg', 'noted-1.jpg']);
    const status = await job.run();
    expect(status).toMatchObject({ state: 'done', counts: { write: 1, skip: 1, done: 1, failed: 0 } });
    expect(status.notes.map(({ text }) => text)).toEqual(['skipped: there is nothing to do', 'something to know']);
  });

  it('runs a method that takes several calls to its end', async () => {
    const { job } = await copying(['twice-1.jpg']);
    expect(await job.run()).toMatchObject({ progress: 1, counts: { done: 1 } });
    expect(readFileSync(tool.log, 'utf8')).toBe('twice-1.jpg\ntwice-1.jpg\n');
  });

  it('fails an input that has gone, and goes on', async () => {
    const { job, images } = await copying(names(3));
    rmSync(images[1] ?? '');
    const status = await job.run();
    expect(reasons(status)).toEqual({ 'good-1.jpg': `the input cannot be read · ${images[1]}: it is not there` });
    expect(status).toMatchObject({ state: 'done', counts: { done: 2, failed: 1 } });
  });

  it('replaces an old output that is as we left it, and no other one', async () => {
    const { job } = await copying(names(3), {}, (item) => ({ ...item, action: 'replace' }));
    mkdirSync(output);
    for (const [index, name] of names(3).entries()) {
      const path = join(output, name);
      writeFileSync(path, 'old');
      const entry = { input: '', output: path, inputStamp: '', outputStamp: outputStamp(path), recipe: '', tool: '', salvaged: false };
      await job.ledger.append([index === 1 ? { ...entry, outputStamp: '3:1' } : entry]);
    }
    const status = await job.run();
    expect(reasons(status)).toEqual({ 'good-1.jpg': 'the old output has been changed since it was made · it was left alone' });
    expect(names(3).map((name) => statSync(join(output, name)).size === 3)).toEqual([false, true, false]);
  });

  it('makes the folders of outputs, and removes those that stayed empty', async () => {
    const { job } = await copying(['good-1.jpg', 'bad-1.jpg'], {}, (item) => ({
      ...item,
      output: join(output, `${item.seq}/deep`, basename(item.input)),
    }));
    await job.run();
    expect(tree(output)).toEqual(['0/', '0/deep/', '0/deep/good-1.jpg']);
  });

  it('ends with a problem, not with a failure for every item, when the tool is gone', async () => {
    const { job } = await copying(['last-1.jpg', ...names(20)], { workers: 1, engines: [copyEngine(1)] });
    const status = await job.run();
    expect(status).toMatchObject({ state: 'failed', counts: { write: 21, done: 1, failed: 0 } });
    expect(status.problem).toContain(tool.path);
    expect(tree(output)).toEqual(['last-1.jpg']);
  });

  it('ends with a problem when the output folder is removed', async () => {
    const { job } = await copying(['gone-1.jpg', ...names(20)], { workers: 1, engines: [copyEngine(1)] });
    const status = await job.run();
    expect(status).toMatchObject({ state: 'failed', problem: `The output folder ${output} was removed while the job ran.` });
    expect(status.counts.failed).toBe(1);
  });

  it('fails what goes into a folder that is removed meanwhile, and makes it again for what comes later', async () => {
    const { job } = await copying(['gone-1.jpg', ...names(9)], { workers: 1, engines: [copyEngine(1)] }, (item) => ({
      ...item,
      output: join(output, 'deep', basename(item.input)),
    }));
    mkdirSync(output);
    const status = await job.run();
    expect(status.state).toBe('done');
    expect(reasons(status)['gone-1.jpg']).toBe('its output folder was removed · no output was written');
    expect(status.counts.done).toBeGreaterThan(0);
    expect(tree(output).filter((path) => !path.endsWith('/'))).toHaveLength(status.counts.done);
  });

  it('ends a tool that hangs, which costs its own file only', async () => {
    const { job } = await copying(['good-1.jpg', 'hang-1.jpg', 'good-2.jpg'], {
      change: (setup) => ({ ...setup, limitsFor: (...args) => ({ ...limitsFor(...args), wallSeconds: 1 }) }),
    });
    const status = await job.run();
    expect(reasons(status)).toEqual({ 'hang-1.jpg': expect.stringContaining('was not done within 1 s') });
    expect(tree(output)).toEqual(['good-1.jpg', 'good-2.jpg']);
  });

  it('leaves no process, no temporary file and no empty folder when it is cancelled', async () => {
    const { job, images } = await copying([...names(3), 'hang-1.jpg', ...names(20, 'more-')], { workers: 1, engines: [copyEngine(1)] });
    const before = hashes(images);
    const cancel = new AbortController();
    const running = job.run(cancel.signal);
    await appeared(tool.hangs);
    cancel.abort();
    const status = await running;
    expect(status.state).toBe('cancelled');
    expect(status.counts.failed).toBe(0);
    expect(tree(output)).toHaveLength(status.counts.done);
    expect(tree(output).filter((path) => path.includes('.part'))).toEqual([]);
    expect(hashes(images)).toEqual(before);
    // What is left is done by the next run.
    rmSync(images[3] ?? '');
    const again = await job.run();
    expect(again).toMatchObject({ state: 'done', counts: { done: 23, failed: 1 } });
    const runs = readFileSync(tool.log, 'utf8')
      .split('\n')
      .filter((name) => name.startsWith('good-'));
    expect(runs.sort()).toEqual(names(3));
  });

  it('does no harm to another one that makes the same outputs at the same time', async () => {
    const { job, images } = await copying(names(30));
    const other = await newJob({
      plan: planFor(images, output, 'sox'),
      output,
      preset: copyPreset,
      toolbox: tool.toolbox,
      engines: [copyEngine()],
    });
    const [first, second] = await Promise.all([job.run(), other.run()]);
    expect([first.state, second.state, first.counts.done + second.counts.done]).toEqual(['done', 'done', 30]);
    expect(tree(output)).toEqual(names(30).sort());
    expect(hashes(names(30).map((name) => join(output, name)))).toEqual(hashes(images));
  });

  it('does nothing, and needs no tool, where nothing is left to do', async () => {
    const { job } = await copying(names(4));
    await job.run();
    rmSync(tool.path);
    expect(await job.run()).toMatchObject({ state: 'done', progress: 1, counts: { done: 4, failed: 0 } });
  });
});
