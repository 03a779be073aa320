import { describe, expect, it } from 'vitest';
import { absent } from '../../../../src/base/absent.ts';
import { Emitter } from '../../../../src/base/emitter.ts';
import { status } from '../../../../src/monitor/cli/status.ts';
import type { CollectorState } from '../../../../src/monitor/collectorClient.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';
import { parseWantedGpus } from '../../../../src/monitor/wantedGpus.ts';
import { GIB, GPU, PROCESS, reading, sample } from '../inventedSample.ts';
import { inventedMachine } from '../collect/inventedMachine.ts';

const USE = { gpuUuid: 'GPU-0', pid: PROCESS.pid, kind: 'compute' as const, name: 'python', memoryUsed: 69 * GIB, utilization: absent('not told') };
const FREE = { ...GPU, index: 1, uuid: 'GPU-1', utilization: 0, memoryUsed: 0 };

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const noCollector = {
  onSample: new Emitter<SystemSample>().event,
  onDidChangeState: new Emitter<CollectorState>().event,
  wish() {},
  isThere: async () => false,
  ask: () => Promise.reject(new Error('no collector answers now')),
  box: () => {
    throw new Error('no box was asked for');
  },
  dispose() {},
};

/** The verb, told these samples by the collector of VS Code's windows one after another; then Ctrl-C, where it still goes on. */
async function ran(args: readonly string[], samples: readonly SystemSample[], how: { readonly columns?: number; readonly env?: NodeJS.ProcessEnv } = {}): Promise<Ran> {
  let [out, err] = ['', ''];
  const sampled = new Emitter<SystemSample>();
  let interrupt = (): void => {};
  const io = {
    env: how.env ?? {},
    cwd: '/nowhere',
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    outColumns: how.columns,
    onInterrupt(listener: () => void) {
      interrupt = listener;
      return { dispose() {} };
    },
  };
  const done = status(args, io, async () => ({
    attach: () => ({ ...noCollector, onSample: sampled.event }),
    readHere: () => inventedMachine('read here'),
    readBox: () => Promise.reject(new Error('no box was asked for')),
  }));
  for (const one of samples) {
    await new Promise((resolve) => setImmediate(resolve));
    sampled.fire(one);
  }
  await new Promise((resolve) => setImmediate(resolve));
  interrupt();
  return { code: await done, out, err };
}

describe('trainyard status', () => {
  it('shows GPUs, who uses them, and the host', async () => {
    const { code, out } = await ran([], [sample(0, { gpus: [reading([GPU, FREE], { uses: [USE] })] })]);
    expect(code).toBe(0);
    expect(out).toMatch(/^hgx-01 {2}2026-\d\d-\d\d \d\d:\d\d:\d\d {2}2 × Simulated H100\n\n/);
    expect(out.split('\n').filter((line) => /^ *[01] /.test(line))).toEqual([
      '  0  Simulated H100   97%   70.0/80.0  600/700   60°C  Busy        lena train',
      '  1  Simulated H100    0%    0.0/80.0  600/700   60°C  Free        free',
      '  0     4711  lena         69.0     –   101%     38.0   1:00:00  python train.py',
    ]);
    expect(out).toContain('\nCPU  48%  load 61.00 60.00 59.00');
  });

  it('shows – for what was not measured, never 0', async () => {
    const none = absent('divided');
    const gpu = { ...GPU, utilization: none, memoryUsed: none, power: none, temperature: none };
    const { out } = await ran([], [sample(0, { gpus: [reading([gpu])] })]);
    expect(out.split('\n').find((line) => line.startsWith('  0'))?.split(/ {2,}/).slice(3, 7)).toEqual(['–', '–/80.0', '–/700', '–']);
  });

  it('keeps what tools and accounts say in their line', async () => {
    const hostile = { ...PROCESS, user: 'a\u001b[2Jb', command: ['x\ny\u202e'] };
    const { out } = await ran([], [sample(0, { host: 'h\u001b[31m', gpus: [reading([{ ...GPU, name: 'G\r\n' }], { uses: [USE] })], processes: [hostile] })]);
    expect([...out].filter((character) => /[\u0000-\u0009\u000b-\u001f\u202e]/.test(character))).toEqual([]);
  });

  it('is one JSON document, with reasons for what is absent', async () => {
    const { out } = await ran(['--json'], [sample(0, { gpus: [reading([GPU, FREE], { uses: [USE] })] })]);
    expect(JSON.parse(out)).toMatchObject({
      host: 'hgx-01',
      drivers: [{ vendor: 'nvidia', kind: 'answering' }],
      gpus: [
        { index: 0, uuid: 'GPU-0', vendor: 'nvidia', utilization: 97, memoryUsed: 70 * GIB, memoryTotal: 80 * GIB, power: 600, powerLimit: 700, temperature: 60, fan: { absent: 'not told' }, free: false, processes: [{ pid: 4711, user: 'lena' }] },
        { index: 1, free: true, processes: [] },
      ],
      processes: [{ pid: 4711, command: ['python', 'train.py'] }],
      cpu: { utilization: 48 },
      memory: { total: 2048 * GIB },
    });
  });

  it('is a JSON document a line while it watches, until Ctrl-C', async () => {
    const { code, out } = await ran(['--watch', '--json'], [sample(0), sample(1), sample(2)]);
    const times = out.trimEnd().split('\n').map((line) => (JSON.parse(line) as { readonly time: number }).time);
    expect([code, times.map((time) => time - (times[0] ?? 0))]).toEqual([130, [0, 1000, 2000]]);
  });

  it('waits for drivers that have not answered yet', async () => {
    const { out } = await ran(['--json'], [sample(0, { gpus: [reading([], { state: { kind: 'starting' } })] }), sample(1, { gpus: [reading([GPU], { uses: absent('not yet') })] }), sample(2)]);
    expect((JSON.parse(out) as { readonly gpus: readonly object[] }).gpus).toMatchObject([{ uuid: 'GPU-0', processes: [] }]);
  });

  it('tells what is wrong with a driver, and ends with 17', async () => {
    const problem = { reason: 'driverMismatch', text: 'The driver was replaced.', remedy: 'Restart the machine.' } as const;
    const { code, out } = await ran([], [sample(0, { gpus: [reading([], { state: { kind: 'failed', problem } })] })]);
    expect([code, out.includes('NVIDIA: The driver was replaced. Restart the machine.')]).toEqual([17, true]);
  });

  it.each([
    ['a terminal', { columns: 100 }, true],
    ['a pipe', {}, false],
    ['a terminal whose owner wants none', { columns: 100, env: { NO_COLOR: '1' } }, false],
    ['a terminal that has none', { columns: 100, env: { TERM: 'dumb' } }, false],
  ])('has colours as %s has them', async (_, how, expected) => {
    expect((await ran([], [sample(0)], how)).out.includes('\u001b[')).toBe(expected);
  });

  it('fits the terminal', async () => {
    const long = { ...PROCESS, command: ['python', 'x'.repeat(500)] };
    const { out } = await ran([], [sample(0, { gpus: [reading([GPU], { uses: [USE] })], processes: [long] })], { columns: 90, env: { NO_COLOR: '1' } });
    expect(Math.max(...out.split('\n').map((line) => [...line].length))).toBe(90);
  });

  it('gives the screen back after it was watched', async () => {
    const { out } = await ran(['--watch'], [sample(0), sample(1)], { columns: 90 });
    expect([out.startsWith('\u001b[2J\u001b[?25l'), out.endsWith('\u001b[?25h')]).toEqual([true, true]);
  });

  it.each([['--nonsense'], ['more'], ['--wait-free', '0x4G'], ['--wait-free', '2x'], ['--wait-free', '1', '--watch']])('complains of %s %s', async (...args) => {
    expect(await ran(args, [])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('trainyard status [options]') as unknown });
  });
});

describe('trainyard status --wait-free', () => {
  const taken = reading([GPU, FREE], { uses: [USE] });
  const both = reading([{ ...GPU, memoryUsed: 0 }, FREE]);

  it('waits until enough are free at once, and names them', async () => {
    expect(await ran(['--wait-free', '2x40G'], [sample(0, { gpus: [taken] }), sample(1, { gpus: [both] })])).toEqual({ code: 0, out: 'GPU-0\nGPU-1\n', err: '' });
  });

  it('goes on waiting while too few are', async () => {
    expect(await ran(['--wait-free', '2x40G'], [sample(0, { gpus: [taken] }), sample(1, { gpus: [taken] })])).toEqual({ code: 130, out: '', err: '' });
  });

  it('takes a GPU whose driver is silent for no free one', async () => {
    const silent = { ...both, state: { kind: 'silent', since: 1 } as const };
    expect((await ran(['--wait-free', '1x40G'], [sample(0, { gpus: [silent] })])).code).toBe(130);
  });

  it('names them in JSON', async () => {
    const { out } = await ran(['--wait-free', '1x40G', '--json'], [sample(0, { gpus: [taken] })]);
    expect(JSON.parse(out)).toEqual({ gpus: [{ index: 1, uuid: 'GPU-1', name: 'Simulated H100', vendor: 'nvidia', memoryUsed: 0, memoryTotal: 80 * GIB }] });
  });

  it.each(['3x40G', '1x81G'])('does not wait for %s where that can never be', async (wanted) => {
    expect(await ran(['--wait-free', wanted], [sample(0, { gpus: [taken] })])).toMatchObject({ code: 1, out: '' });
  });

  it.each([
    ['2x40G', { count: 2, memory: 40 * GIB }],
    ['1x512MiB', { count: 1, memory: 0.5 * GIB }],
    ['16x1.5g', { count: 16, memory: 1.5 * GIB }],
    ['4', { count: 4, memory: 0 }],
    ['0', undefined],
    ['-1x4G', undefined],
    ['2x40', undefined],
    ['2xG', undefined],
  ])('reads %s', (text, wanted) => {
    expect(parseWantedGpus(text)).toEqual(wanted);
  });
});
