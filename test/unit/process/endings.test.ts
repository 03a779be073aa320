import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createToolRunner } from '../../../src/process/createToolRunner.ts';
import { fakePath } from '../../fakes/fakes.ts';
import { failureOf, numbersOf, planOf, runnerOf, runs, temporaryFolder, toolAt } from './support.ts';

/** Prints its own pid and its child's, both ignoring SIGTERM, and never ends. */
const STUBBORN = "trap '' TERM; sleep 600 & echo $$ $!; wait";
const onProgress = (): void => {};

describe('cancelling', () => {
  it('ends a tool that ignores SIGTERM and its child, and resolves when both are gone', async () => {
    const parent = temporaryFolder();
    const abort = new AbortController();
    const { plan, numbers } = numbersOf(planOf(['-c', STUBBORN]));
    const failure = failureOf(runnerOf('/bin/sh', { temporaryFolder: parent }).execute(plan, { signal: abort.signal, onProgress }));
    const pids = await numbers;
    expect(pids.map(runs)).toEqual([true, true]);
    abort.abort();
    expect(await failure).toMatchObject({ reason: 'cancelled' });
    expect(pids.map(runs)).toEqual([false, false]);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('ends all of a sequence', async () => {
    const abort = new AbortController();
    const { plan, numbers } = numbersOf(planOf(['-c', `${STUBBORN}`], { sequence: [['a'], ['b']] }));
    const failure = failureOf(runnerOf('/bin/sh').execute(plan, { signal: abort.signal, onProgress }));
    const pids = await numbers;
    abort.abort();
    expect(await failure).toMatchObject({ reason: 'cancelled' });
    expect(pids.map(runs)).toEqual([false, false]);
  });

  it('counts as cancelled where the tool answers SIGTERM with exit code 0, as sox does with a shortened file', async () => {
    const abort = new AbortController();
    const { plan, numbers } = numbersOf(planOf(['-c', "trap 'exit 0' TERM; echo $$; while :; do :; done"]));
    const failure = failureOf(runnerOf('/bin/sh').execute(plan, { signal: abort.signal, onProgress }));
    await numbers;
    abort.abort();
    expect(await failure).toMatchObject({ reason: 'cancelled', exitCode: 0 });
  });

  it('ends any number of runs by one signal, without a warning of a leak', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error): number => warnings.push(warning);
    process.on('warning', listen);
    const abort = new AbortController();
    const runner = runnerOf('/bin/sh');
    const started = Array.from({ length: 12 }, () => {
      const { plan, numbers } = numbersOf(planOf(['-c', 'echo $$; exec sleep 600']));
      return { failure: failureOf(runner.execute(plan, { signal: abort.signal, onProgress })), numbers };
    });
    const pids = (await Promise.all(started.map(({ numbers }) => numbers))).flat();
    abort.abort();
    expect((await Promise.all(started.map(({ failure }) => failure))).every(({ reason }) => reason === 'cancelled')).toBe(true);
    expect(pids.some(runs)).toBe(false);
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });

  it('starts nothing where it is cancelled before', async () => {
    const file = join(temporaryFolder(), 'written');
    const failure = await failureOf(runnerOf('/usr/bin/touch').execute(planOf([file]), { signal: AbortSignal.abort() }));
    expect(failure).toMatchObject({ reason: 'cancelled' });
    expect(() => statSync(file)).toThrow('ENOENT');
  });
});

describe('what a tool leaves behind', () => {
  it('is ended with it, also where it ignores SIGTERM and holds the streams open', async () => {
    const { plan, numbers } = numbersOf(planOf(['-c', "(trap '' TERM; exec sleep 600) & echo $!"]));
    const { output } = await runnerOf('/bin/sh').execute(plan, { onProgress });
    expect(output.exitCode).toBe(0);
    expect((await numbers).map(runs)).toEqual([false]);
  });

  it('does not hold up the run where it has left the group with the streams in its hands', async () => {
    const { plan, numbers } = numbersOf(planOf(['-c', 'setsid sleep 600 & echo $!']));
    const { output } = await runnerOf('/bin/sh').execute(plan, { onProgress });
    expect(output.exitCode).toBe(0);
    const [escaped = 0] = await numbers;
    process.kill(escaped, 'SIGKILL');
  });
});

describe('limits', () => {
  it('ends a tool and its child when the wall time is over', async () => {
    const { plan, numbers } = numbersOf(planOf(['-c', STUBBORN], { limits: { wallSeconds: 2 } }));
    const failure = await failureOf(runnerOf('/bin/sh').execute(plan, { onProgress }));
    expect(failure).toMatchObject({ reason: 'timeout', message: 'SoX was not done within 2 s' });
    expect((await numbers).map(runs)).toEqual([false, false]);
  });

  it('takes a wall time of months for what it is', async () => {
    const plan = planOf([], { limits: { wallSeconds: 10_000_000 } });
    await expect(runnerOf('/bin/true').execute(plan)).resolves.toMatchObject({ output: { exitCode: 0 } });
  });

  it('ends a tool at the size of a file', async () => {
    const output = join(temporaryFolder(), 'out.wav');
    const plan = planOf(['-r', '48000', '-n', '-t', 'wav', output, 'synth', '60'], { limits: { fileSize: 100_000 } });
    const { output: result } = await runnerOf('/usr/bin/sox').execute(plan);
    expect(result.exitCode).toBe(128 + 25);
    expect(statSync(output).size).toBeLessThanOrEqual(100_000);
  });

  it('keeps a tool within its memory', async () => {
    const script = 'head -c 300000000 /dev/zero | tail -n 1 | wc -c';
    await expect(runnerOf('/bin/sh').run(planOf(['-c', script]))).resolves.toMatchObject({ stdout: '300000000\n' });
    const { output } = await runnerOf('/bin/sh').execute(planOf(['-c', script], { limits: { memory: 100_000_000 } }));
    expect(output.stdout).toBe('0\n');
    expect(output.stderr).toContain('memory exhausted');
  });

  it('lets Node start under a limit far below the address space it reserves, and keeps it within', async () => {
    const runner = createToolRunner({ tools: new Map([['sharp', toolAt('sharp', process.execPath)]]) });
    const plan = (bytes: number) => ({
      tool: 'sharp' as const,
      args: ['-e', `Buffer.alloc(${bytes}, 1); console.log('allocated')`],
      limits: { memory: 400_000_000 },
      parse: () => undefined,
    });
    await expect(runner.execute(plan(100_000_000))).resolves.toMatchObject({ output: { exitCode: 0, stdout: 'allocated\n' } });
    const { output } = await runner.execute(plan(800_000_000));
    expect(output.exitCode).not.toBe(0);
    expect(output.stdout).toBe('');
  });

  it('ends a tool that is busy for too long', async () => {
    const { output } = await runnerOf('/bin/sh').execute(planOf(['-c', 'while :; do :; done'], { limits: { cpuSeconds: 1 } }));
    expect(output.exitCode).toBe(128 + 24);
  });

  it('gives each run of a sequence its own CPU time and file size', async () => {
    const folder = temporaryFolder();
    const runsOfSequence = ['a', 'b', 'c'].map((name) => [join(folder, name)]);
    const plan = planOf(['-c', 'head -c 60000 /dev/zero > "$0"'], {
      sequence: runsOfSequence,
      limits: { fileSize: 100_000, cpuSeconds: 5 },
    });
    await runnerOf('/bin/sh').run(plan);
    expect(runsOfSequence.map(([path = '']) => statSync(path).size)).toEqual([60_000, 60_000, 60_000]);
  });

  it('runs a tool that dies of its limit without a core dump or a word of ours on stderr', async () => {
    const { output } = await runnerOf(fakePath('sox', 'dies')).execute(planOf([], { limits: { fileSize: 1000 } }));
    expect(output).toMatchObject({ exitCode: 139, stderr: '' });
  });
});
