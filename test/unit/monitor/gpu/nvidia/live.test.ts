import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { absent } from '../../../../../src/base/absent.ts';
import { DisposableStore } from '../../../../../src/base/disposable.ts';
import type { GpuReading, GpuSample } from '../../../../../src/monitor/gpuSample.ts';
import { nvidia } from '../../../../../src/monitor/gpu/nvidia/nvidia.ts';
import { createToolStreams } from '../../../../../src/process/createToolStreams.ts';
import { createToolFinder } from '../../../../../src/process/toolFinder.ts';
import { simulateGpus } from '../../../../fakes/simulateGpus.ts';
import { captures, cardFiles, filesOf, hasCaptures } from './support.ts';

let home: string;
let count = 0;
const started = new DisposableStore();
let running: DisposableStore;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'trainyard-nvidia-'));
});
afterEach(() => {
  running.dispose();
});
afterAll(async () => {
  started.dispose();
  await rm(home, { recursive: true, force: true });
});

interface Live {
  readonly readings: readonly GpuReading[];
  /** Command lines that were run, without the program. */
  readonly starts: readonly string[];
  /** The first reading, of those that were and those that come, for which this holds. */
  until(holds: (reading: GpuReading) => boolean): Promise<GpuReading>;
}

/** The whole source over real processes of the stand-in, ten times a second. */
async function live(gpus: number, env: Readonly<Record<string, string>> = {}, texts: Readonly<Record<string, string>> = {}): Promise<Live> {
  running = new DisposableStore();
  const own = await mkdtemp(join(home, `${(count += 1)}-`));
  const PATH = await simulateGpus(own, gpus, { TRAINYARD_FAKE_STATE: own, ...env });
  const finder = createToolFinder();
  const starts: string[] = [];
  const streams = createToolStreams({
    find: async (tool) => (await finder.find({ paths: {}, env: { PATH }, sharpWorker: '', never: [] }, [tool]))[0]!,
    temporaryFolder: own,
    log: (line) => starts.push(...(/starts: \S+ (.*)$/.exec(line)?.slice(1) ?? [])),
  });
  running.add(streams);
  const readings: GpuReading[] = [];
  const waiting = new Set<(reading: GpuReading) => void>();
  running.add(
    nvidia.start(
      { files: filesOf({ '/proc/self/ns/pid': 'pid:[4026532800]', ...texts }), streams, now: () => Date.now() },
      (reading) => {
        readings.push(reading);
        waiting.forEach((told) => told(reading));
      },
      100,
    ),
  );
  return {
    readings,
    starts,
    until: (holds) =>
      new Promise((resolve) => {
        const told = (reading: GpuReading): void => {
          if (holds(reading)) {
            waiting.delete(told);
            resolve(reading);
          }
        };
        waiting.add(told);
        readings.forEach(told);
      }),
  };
}

const isAnswering = ({ state }: GpuReading): boolean => state.kind === 'answering';
const hasUses = ({ uses }: GpuReading): boolean => Array.isArray(uses) && uses.length > 0;
const every = (reading: GpuReading, holds: (gpu: GpuSample) => boolean): boolean => reading.gpus.length > 0 && reading.gpus.every(holds);

describe('the source over a tool that streams', () => {
  it('reads eight GPUs and their processes, and starts nothing more while it does', async () => {
    const { until, starts, readings } = await live(8);
    const reading = await until(hasUses);
    expect(reading.gpus).toHaveLength(8);
    expect(every(reading, ({ name, state, memoryTotal }) => name.startsWith('Simulated') && state === 'ok' && memoryTotal === 81559 * 2 ** 20)).toBe(true);
    expect(reading.uses).toHaveLength(7);
    const from = readings.length;
    await until(() => readings.length > from + 20);
    expect(starts.filter((line) => line.startsWith('--query-gpu'))).toHaveLength(1);
    expect(starts.filter((line) => line.startsWith('--query-compute-apps'))).toHaveLength(1);
    expect(starts.length).toBeLessThanOrEqual(3);
  });

  it('reads sixteen through Xid lines, CRLF and a byte order mark', async () => {
    const { until, readings } = await live(16, { TRAINYARD_FAKE_MODE: 'noise,crlf,bom' });
    await until(isAnswering);
    const from = readings.length;
    await until(() => readings.length > from + 10);
    expect(readings.slice(from).every((reading) => reading.gpus.length === 16 && every(reading, ({ utilization }) => typeof utilization === 'number'))).toBe(true);
  });

  it('asks for each answer where the driver does not repeat them, and says so', async () => {
    const { until, starts } = await live(2, { TRAINYARD_FAKE_MODE: 'no-loop' });
    const reading = await until(hasUses);
    expect(reading).toMatchObject({ state: { kind: 'answering', remark: expect.stringContaining('asked every few seconds') as string }, gpus: [{ index: 0 }, { index: 1 }] });
    // Each is tried once as a stream, and no more.
    expect(starts.filter((line) => line.includes('-lms'))).toHaveLength(1);
  });

  it('reads a name with a comma', async () => {
    const { until } = await live(1, { TRAINYARD_FAKE_MODE: 'comma' });
    const { uses } = await until(hasUses);
    expect(uses).toContainEqual(expect.objectContaining({ pid: 4190999, name: '/opt/my, tools/train', memoryUsed: 2 ** 30 }));
  });

  it('shows the slices of a divided GPU, and no utilization that nobody measured', async () => {
    const { until } = await live(2, { TRAINYARD_FAKE_MODE: 'mig' });
    const { gpus } = await until(({ gpus }) => gpus.some(({ slices }) => slices.length > 0));
    expect(gpus).toMatchObject([
      { utilization: { absent: expect.stringContaining('MIG') as string }, slices: [{ profile: '3g.40gb', uuid: 'MIG-51a00000-0000-4000-9000-000000000000' }, { profile: '2g.20gb', multiprocessors: 32 }] },
      { utilization: expect.any(Number) as number, slices: [] },
    ]);
  });

  it('shows the host’s memory where a GPU has none', async () => {
    const { until } = await live(1, { TRAINYARD_FAKE_MODE: 'unified' });
    const { gpus } = await until(isAnswering);
    expect(gpus).toMatchObject([{ unifiedMemory: true, memoryTotal: absent('not there') }]);
  });

  it.each([
    ['lost', 'lost', 'GPU is lost'],
    ['reset', 'resetRequired', 'GPU requires reset'],
  ])('goes on with the others when one is %s', async (mode, state, stateText) => {
    const { until } = await live(3, { TRAINYARD_FAKE_MODE: mode });
    const { gpus } = await until((reading) => reading.gpus[1]?.state === state);
    expect(gpus).toMatchObject([{ state: 'ok' }, { state, stateText, utilization: absent(stateText), name: 'Simulated H100 80GB HBM3' }, { state: 'ok' }]);
  });

  it('asks for the others by name when the driver stops at one that it cannot open', async () => {
    const cards = { ...cardFiles('0000:1a:00.0'), ...cardFiles('0000:1b:00.0'), ...cardFiles('0000:1c:00.0') };
    const { until } = await live(3, { TRAINYARD_FAKE_MODE: 'unopened' }, cards);
    const { gpus, uses } = await until((reading) => reading.gpus.length === 3 && hasUses(reading));
    expect(gpus).toMatchObject([{ index: 0, state: 'ok' }, { state: 'lost', busId: '0000:1b:00.0', stateText: expect.stringContaining('GPU is lost') as string }, { index: 2, state: 'ok' }]);
    expect(uses).toMatchObject([{ gpuUuid: gpus[0]?.uuid }, { gpuUuid: gpus[2]?.uuid }]);
  });

  it('asks for other fields when a driver that was replaced no longer gives one', async () => {
    const { until, readings } = await live(2, { TRAINYARD_FAKE_MODE: 'upgrade' });
    const reading = await until(({ gpus }) => gpus[0]?.driverVersion === '610.57.04');
    expect(every(reading, ({ encoderUtilization, utilization }) => typeof utilization === 'number' && typeof encoderUtilization !== 'number')).toBe(true);
    expect(readings.every(({ state }) => state.kind !== 'failed')).toBe(true);
  });

  it.skipIf(!hasCaptures)('replays what a real machine printed', async () => {
    const { until } = await live(1, { TRAINYARD_FAKE_CAPTURE: join(captures, 'captures-split/linux-x86_64__nvidia-h100-80gb-hbm3__590.48.01') });
    const { gpus, uses } = await until(hasUses);
    expect(gpus).toMatchObject([{ name: 'NVIDIA H100 80GB HBM3', utilization: 100, power: 631.95, memoryUsed: 19818 * 2 ** 20 }]);
    expect(uses).toMatchObject([{ pid: 11327 }, { pid: 11328 }, { pid: 11345, name: './gpu_burn', memoryUsed: 15690 * 2 ** 20 }]);
  });
});

describe('the source over a tool that fails', () => {
  it.each([
    ['exit4', 'noPermission'],
    ['exit6', 'noDevices'],
    ['exit8', 'powerCable'],
    ['exit9', 'driverNotLoaded'],
    ['exit12', 'libraryMissing'],
    ['exit15', 'gpuLost'],
    ['exit18', 'driverMismatch'],
    ['exit255', 'deviceCgroupLost'],
    ['exit9,stderr', 'driverNotLoaded'],
    ['exit15,stderr', 'gpuLost'],
    ['exit18,stderr', 'driverMismatch'],
    ['exit255,stderr', 'deviceCgroupLost'],
  ])('by %s says %s, and what to do', async (mode, reason) => {
    const { until } = await live(2, { TRAINYARD_FAKE_MODE: mode });
    const { state } = await until(({ state }) => state.kind === 'failed');
    expect(state).toMatchObject({ problem: { reason, text: expect.stringMatching(/\.$/) as string, remedy: expect.any(String) as string } });
  });

  it('by half a line and then nothing is silent, and shows no half value', async () => {
    const { until, readings } = await live(2, { TRAINYARD_FAKE_MODE: 'half' });
    const { gpus, time } = await until(({ state }) => state.kind === 'silent');
    expect(gpus).toHaveLength(2);
    expect(time).toBe(readings.filter(isAnswering).at(-1)?.time);
  });

  it('by a wedge that nothing but SIGKILL ends, with a child that holds its output, is silent and starts no second one', async () => {
    const { until, starts } = await live(2, { TRAINYARD_FAKE_MODE: 'wedged', TRAINYARD_FAKE_WEDGE_SECONDS: '8' });
    await until(({ state }) => state.kind === 'silent');
    expect(starts.filter((line) => line.startsWith('--query-gpu'))).toHaveLength(1);
  });
});
