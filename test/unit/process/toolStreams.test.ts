import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createToolStreams } from '../../../src/process/createToolStreams.ts';
import { signalGroup } from '../../../src/process/processGroup.ts';
import { ToolError } from '../../../src/process/toolError.ts';
import { createToolFinder } from '../../../src/process/toolFinder.ts';
import type { ToolId } from '../../../src/process/toolPlan.ts';
import type { ToolState } from '../../../src/process/toolSearch.ts';
import { disposing, manualTimers, recorder, scriptPlan, shell, shellStreams } from './streamSupport.ts';
import { failureOf, runs, temporaryFolder, toolAt } from './support.ts';

const own = disposing();
afterEach(() => own.all());

const untilGone = (pids: readonly number[]): Promise<void> =>
  vi.waitFor(() => expect(pids.filter(runs)).toEqual([]), { timeout: 20_000, interval: 5 });

async function open(script: string, more: Parameters<typeof scriptPlan>[1] = {}, options: Parameters<typeof shellStreams>[0] = {}) {
  const heard = recorder();
  const streams = own.add(await shellStreams(options));
  const stream = own.add(streams.open(scriptPlan(script, more), heard));
  return { heard, streams, stream };
}

describe('what a stream tells', () => {
  it('are the lines of stdout and stderr as they come, but none that is cut, and then how it ended', async () => {
    const { heard } = await open('printf "\\357\\273\\277one\\r\\ntwo\\r\\n"; echo three >&2; printf half; exit 9');
    const { end } = await heard.next('end');
    const lines = heard.events.flatMap((event) => (event.kind === 'line' ? [`${event.stream} ${event.line}`] : []));
    expect(lines.filter((line) => line.startsWith('stdout'))).toEqual(['stdout one', 'stdout two']);
    expect(lines).toContain('stderr three');
    expect(end).toMatchObject({ exitCode: 9, said: 'three', retryIn: 1000, error: { reason: 'exit', exitCode: 9 } });
  });

  it('says why it ended with the words of stdout where stderr has none', async () => {
    const { heard } = await open('echo "Failed to initialize NVML: Driver/library version mismatch"; exit 18');
    expect((await heard.next('end')).end).toMatchObject({
      exitCode: 18,
      said: 'Failed to initialize NVML: Driver/library version mismatch',
    });
  });

  it('keeps the last 4 KiB of what was said', async () => {
    const { heard } = await open('seq 1 100000 >&2; echo last words >&2; exit 3');
    const { said } = (await heard.next('end')).end;
    expect(said.length).toBeLessThanOrEqual(4096);
    expect(said.length).toBeGreaterThan(4000);
    expect(said).toMatch(/100000\nlast words$/);
  });

  it('loses no line of a flood', async () => {
    const { heard } = await open('seq 1 200000');
    await heard.next('end');
    const lines = heard.events.flatMap((event) => (event.kind === 'line' ? [event.line] : []));
    expect(lines).toHaveLength(200_000);
    expect([lines[0], lines[99_999], lines.at(-1)]).toEqual(['1', '100000', '200000']);
  });

  it('is an end without an error where it ended with 0', async () => {
    const { heard } = await open('exit 0');
    expect((await heard.next('end')).end).toEqual({ exitCode: 0, said: '', retryIn: 1000 });
  });

  it('counts a signal as a shell does', async () => {
    const { heard } = await open('kill -SEGV $$');
    expect((await heard.next('end')).end).toMatchObject({ exitCode: 139 });
  });

  it('runs in a cleared environment, in an empty folder, with the arguments as they are', async () => {
    const env = { ...process.env, CUDA_VISIBLE_DEVICES: '3', LD_PRELOAD: '/nowhere.so' };
    const heard = recorder();
    const script = 'env | cut -d= -f1 | sort | tr "\\n" " "; echo; ls -A | wc -l; echo "$LC_ALL $1"';
    own.add(
      (await shellStreams({ env })).open(
        { tool: 'nvidia-smi', args: ['-c', script, 'sh', '$(id) "x'], env: { MORE: '1' }, silence: 1e6 },
        heard,
      ),
    );
    expect(await heard.line()).toBe('HOME LC_ALL MORE PATH PWD TMPDIR ');
    expect((await heard.line()).trim()).toBe('0');
    expect(await heard.line()).toBe('C.UTF-8 $(id) "x');
  });
});

describe('a stream that ends', () => {
  it('is started again, later each time, up to five minutes', async () => {
    const timers = manualTimers();
    const { heard } = await open('exit 1', {}, { process: { timers } });
    const waits: number[] = [];
    for (let round = 0; round < 11; round += 1) {
      const { retryIn } = (await heard.next('end')).end;
      waits.push(retryIn);
      timers.advance(retryIn);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map((seconds) => seconds * 1000));
  });

  it('is not started before its time', async () => {
    const timers = manualTimers();
    const { heard } = await open('echo $$; exit 1', {}, { process: { timers } });
    await heard.line();
    await heard.next('end');
    timers.advance(999);
    expect(timers.waits).toEqual([1000]);
    timers.advance(1);
    await heard.line();
  });

  it('begins at one second again when it has spoken for a minute', async () => {
    const timers = manualTimers();
    const folder = temporaryFolder();
    const script = `echo up; until [ -e ${folder}/go ]; do sleep 0.01; done; rm ${folder}/go; echo down; exit 1`;
    const { heard } = await open(script, {}, { process: { timers } });
    async function round(speech: number): Promise<number> {
      await heard.line();
      timers.advance(speech);
      writeFileSync(`${folder}/go`, '');
      const { retryIn } = (await heard.next('end')).end;
      await heard.line();
      timers.advance(retryIn);
      return retryIn;
    }
    expect([await round(100), await round(59_999), await round(60_000), await round(0)]).toEqual([1000, 2000, 1000, 2000]);
  });

  it('tells what could not be started, and tries again', async () => {
    const timers = manualTimers();
    let found = toolAt('nvidia-smi', '/nowhere/nvidia-smi');
    const find = async () => ({ id: 'nvidia-smi', title: 'nvidia-smi', found, rejected: [] }) as const;
    const { heard } = await open('echo here; sleep 600', {}, { find, process: { timers } });
    expect((await heard.next('end')).end).toMatchObject({ error: { reason: 'notFound' }, retryIn: 1000 });
    found = toolAt('nvidia-smi', '/bin/sh');
    timers.advance(1000);
    expect(await heard.line()).toBe('here');
  });

  it('says of a tool that is not there what was looked at', async () => {
    const find = async () =>
      ({ id: 'nvidia-smi', title: 'nvidia-smi', rejected: [{ path: '/x', reason: 'it lies in the workspace' }] }) as const;
    const { heard } = await open('', {}, { find });
    const { end } = await heard.next('end');
    expect(end.error).toBeInstanceOf(ToolError);
    expect(end.error?.message).toBe('nvidia-smi was not found on this machine; /x is not taken: it lies in the workspace');
    expect(end.exitCode).toBeUndefined();
  });

  it('tries again where the system has no room for its folder', async () => {
    const timers = manualTimers();
    const { heard } = await open('echo here; sleep 600', {}, { temporaryFolder: '/nowhere', process: { timers } });
    expect((await heard.next('end')).end).toMatchObject({ error: { reason: 'notFound' }, retryIn: 1000 });
    timers.advance(1000);
    expect((await heard.next('end')).end).toMatchObject({ retryIn: 2000 });
  });

  it('takes what it has started with it, and does not wait for what has left its group with its pipes', async () => {
    const timers = manualTimers();
    const left = `${temporaryFolder()}/left`;
    const script = `sleep 600 & in=$!; setsid sh -c 'touch ${left}; exec sleep 600' & until [ -e ${left} ]; do sleep 0.01; done; echo $in $!; exit 7`;
    const { heard } = await open(script, {}, { process: { timers } });
    const [inside = 0, outside = 0] = (await heard.line()).split(' ').map(Number);
    await untilGone([inside]);
    timers.advance(1000);
    expect((await heard.next('end')).end).toMatchObject({ exitCode: 7 });
    expect(runs(outside)).toBe(true);
    process.kill(outside, 'SIGKILL');
  });
});

describe('a stream that falls silent', () => {
  it('is told once, ends by SIGTERM, and is started again', async () => {
    const timers = manualTimers();
    const { heard } = await open('printf "%s\\nhalf" $$; exec sleep 600', { silence: 5000 }, { process: { timers } });
    const first = Number(await heard.line());
    timers.advance(5000);
    await heard.next('silent');
    expect((await heard.next('end')).end).toMatchObject({ error: { reason: 'timeout' }, retryIn: 1000 });
    expect(runs(first)).toBe(false);
    timers.advance(1000);
    expect(await heard.line()).toMatch(/^\d+$/);
    expect(heard.events.filter(({ kind }) => kind === 'silent')).toHaveLength(1);
    expect(heard.events.filter((event) => event.kind === 'line' && event.line === 'half')).toEqual([]);
  });

  it('is not silent as long as it speaks, be it on stderr', async () => {
    const timers = manualTimers();
    const folder = temporaryFolder();
    const script = `echo a; until [ -e ${folder}/b ]; do sleep 0.01; done; echo b >&2; exec sleep 600`;
    const { heard } = await open(script, { silence: 5000 }, { process: { timers } });
    await heard.line();
    timers.advance(4999);
    writeFileSync(`${folder}/b`, '');
    await heard.line();
    timers.advance(4999);
    expect(heard.events.filter(({ kind }) => kind === 'silent')).toEqual([]);
    timers.advance(1);
    await heard.next('silent');
  });

  it('gets SIGKILL 3 s after SIGTERM where it ignores that, with the grandchild that holds its stdout', async () => {
    const timers = manualTimers();
    const { heard } = await open(
      "trap '' TERM; sleep 600 & echo $$ $!; while :; do sleep 600; done",
      { silence: 5000 },
      { process: { timers } },
    );
    const pids = (await heard.line()).split(' ').map(Number);
    timers.advance(5000);
    await heard.next('silent');
    timers.advance(2999);
    expect(pids.map(runs)).toEqual([true, true]);
    timers.advance(1);
    expect((await heard.next('end')).end).toMatchObject({ error: { reason: 'timeout' } });
    expect(pids.map(runs)).toEqual([false, false]);
  });

  it('has nothing started in its place, and none of its tool looked for or asked, until it goes', async () => {
    const timers = manualTimers();
    const started = temporaryFolder();
    const script = `touch ${started}/$$; echo; exec sleep 600`;
    const looked: string[] = [];
    let found: () => void = () => {};
    async function find(id: ToolId): Promise<ToolState> {
      looked.push(id);
      if (looked.length === 2) {
        await new Promise<void>((resolve) => (found = resolve));
      }
      return { id, title: id, found: shell(id), rejected: [] };
    }
    let group = 0;
    // As a wedged driver has it: no signal ends it.
    const signal = (to: number): void => void (group = to);
    const { heard, streams } = await open(script, { silence: 5000 }, { find, process: { timers, signal } });
    await heard.line();
    const [lookedForBefore, openedAfter] = [recorder(), recorder()];
    own.add(streams.open(scriptPlan(script), lookedForBefore));
    await vi.waitFor(() => expect(looked).toHaveLength(2), { interval: 1 });
    timers.advance(5000);
    await heard.next('silent');
    timers.advance(3000);
    found();
    own.add(streams.open(scriptPlan(script), openedAfter));
    const asked = failureOf(streams.ask('nvidia-smi', ['-c', `touch ${started}/asked`], { wallSeconds: 10 }));
    // Time enough for any of them, and a tool that is not wedged answers.
    expect(await streams.ask('rocm-smi', ['-c', 'sleep 0.1; echo fine'])).toMatchObject({ stdout: 'fine\n' });
    timers.advance(3_600_000);
    expect(await asked).toMatchObject({ reason: 'timeout', tool: 'nvidia-smi' });
    expect(readdirSync(started)).toHaveLength(1);
    expect(looked).toEqual(['nvidia-smi', 'nvidia-smi', 'rocm-smi']);
    expect(heard.events.filter(({ kind }) => kind !== 'line')).toEqual([{ kind: 'silent' }]);

    signalGroup(group, 'SIGKILL');
    expect((await heard.next('end')).end).toMatchObject({ error: { reason: 'timeout' } });
    await Promise.all([lookedForBefore.line(), openedAfter.line()]);
    timers.advance(1000);
    await heard.line();
    expect(readdirSync(started)).toHaveLength(4);
    readdirSync(started)
      .map(Number)
      .filter(runs)
      .forEach((pid) => process.kill(pid, 'SIGKILL'));
  });
});

describe('disposing', () => {
  it('ends the process with its children and tells nothing more', async () => {
    const { heard, stream } = await open('sleep 600 & echo $$ $!; wait');
    const pids = (await heard.line()).split(' ').map(Number);
    stream.dispose();
    await untilGone(pids);
    expect(heard.events.map(({ kind }) => kind)).toEqual(['line']);
  });

  it('leaves no start behind that was under way, and no folder', async () => {
    const parent = temporaryFolder();
    const started = temporaryFolder();
    const streams = await shellStreams({ temporaryFolder: parent });
    const heard = recorder();
    const first = streams.open(scriptPlan('echo; exec sleep 600'), heard);
    await heard.line();
    streams.open(scriptPlan(`touch ${started}/x`), recorder()).dispose();
    first.dispose();
    streams.dispose();
    await vi.waitFor(() => expect(readdirSync(parent)).toEqual([]), { interval: 5 });
    expect(readdirSync(started)).toEqual([]);
  });
});

describe('asking', () => {
  it('gives what a command said and its exit code, whatever that is', async () => {
    const streams = own.add(await shellStreams());
    expect(await streams.ask('nvidia-smi', ['-c', 'echo out; echo err >&2; exit 6'])).toEqual({
      exitCode: 6,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('runs one at a time of each tool, in their order', async () => {
    const folder = temporaryFolder();
    const streams = own.add(await shellStreams());
    const script = `mkdir ${folder}/lock || echo overlaps; sleep 0.05; rmdir ${folder}/lock; echo "$1"`;
    const answers = await Promise.all(['1', '2', '3'].map((name) => streams.ask('rocm-smi', ['-c', script, 'sh', name])));
    expect(answers.map(({ stdout }) => stdout)).toEqual(['1\n', '2\n', '3\n']);
  });

  it('rejects what takes too long, and ends it', async () => {
    const folder = temporaryFolder();
    const streams = own.add(await shellStreams());
    const failure = await failureOf(streams.ask('amd-smi', ['-c', `echo $$ > ${folder}/pid; exec sleep 600`], { wallSeconds: 0.5 }));
    expect(failure).toMatchObject({ reason: 'timeout', tool: 'amd-smi' });
    await untilGone([Number(readFileSync(`${folder}/pid`, 'utf8'))]);
    expect(await streams.ask('amd-smi', ['-c', 'echo again'])).toMatchObject({ stdout: 'again\n' });
  });

  it('rejects where there is no such tool', async () => {
    const streams = own.add(await shellStreams({ find: async (id) => ({ id, title: id, rejected: [] }) }));
    expect(await failureOf(streams.ask('npu-smi', []))).toMatchObject({ reason: 'notFound', tool: 'npu-smi' });
  });
});

it('runs a real program that the finder found, for as long as it is listened to', async () => {
  const finder = createToolFinder();
  async function find(id: ToolId): Promise<ToolState> {
    const [state] = await finder.find({ paths: {}, env: process.env, sharpWorker: '/nowhere', never: [] }, [id]);
    return state as ToolState;
  }
  const streams = own.add(createToolStreams({ find, temporaryFolder: temporaryFolder() }));
  const heard = recorder();
  const stream = streams.open({ tool: 'sox', args: ['-n', '-t', 'dat', '-', 'synth', '0.01', 'sine', '440'], silence: 60_000 }, heard);
  expect(await heard.line()).toBe('; Sample Rate 48000');
  expect((await heard.next('end')).end).toMatchObject({ exitCode: 0 });
  stream.dispose();
});
