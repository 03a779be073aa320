import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { absent } from '../../../../../src/base/absent.ts';
import type { GpuReading } from '../../../../../src/monitor/gpuSample.ts';
import type { GpuSource } from '../../../../../src/monitor/gpu/vendor.ts';
import { nvidia } from '../../../../../src/monitor/gpu/nvidia/nvidia.ts';
import { ToolError } from '../../../../../src/process/toolError.ts';
import { HELP, fakeStreams, rowFor, uuidOf, type FakeStreams } from './fakeStreams.ts';
import { cardFiles, filesOf } from './support.ts';

const CARDS = { ...cardFiles('0000:01:00.0'), ...cardFiles('0000:02:00.0') };
const ONE_TICK = 1000;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Scene {
  readonly streams: FakeStreams;
  readonly source: GpuSource;
  readonly readings: GpuReading[];
  readonly last: GpuReading;
  /** Both GPUs answer once. */
  tick(others?: Readonly<Record<string, string>>): void;
}

async function begin(answers: Parameters<typeof fakeStreams>[0] = {}, texts: Readonly<Record<string, string>> = CARDS): Promise<Scene> {
  const streams = fakeStreams({ '--help-query-gpu': HELP, ...answers });
  const readings: GpuReading[] = [];
  const source = nvidia.start({ files: filesOf(texts), streams, now: () => Date.now() }, (reading) => readings.push(reading), ONE_TICK);
  await vi.advanceTimersByTimeAsync(0);
  return {
    streams,
    source,
    readings,
    get last() {
      const reading = readings.at(-1);
      if (reading === undefined) {
        throw new Error('no reading');
      }
      return reading;
    },
    tick(others) {
      const stream = streams.open1('query-gpu');
      stream.say(rowFor(stream, 0, others), rowFor(stream, 1, others));
    },
  };
}

describe('NVIDIA GPUs that answer', () => {
  it('are read by one stream, and those that compute by another', async () => {
    const { streams, readings } = await begin();
    expect(readings).toEqual([{ vendor: 'nvidia', state: { kind: 'starting' }, time: 0, gpus: [], uses: absent('not told yet') }]);
    expect(streams.asked).toEqual(['--help-query-gpu']);
    const stream = streams.open1('query-gpu');
    expect(stream.plan.args.slice(1)).toEqual(['--format=csv,noheader,nounits', '-lms', '1000']);
    stream.say(rowFor(stream, 0), rowFor(stream, 1));
    expect(readings.at(-1)).toMatchObject({ state: { kind: 'answering' }, time: 1_000_000, gpus: [{ index: 0, uuid: uuidOf(0), utilization: 50 }, { index: 1, utilization: 51 }] });
    expect(streams.open1('query-compute-apps').plan.args.slice(1)).toEqual(['--format=csv,noheader,nounits', '-lms', '2000']);
    expect(streams.opened).toHaveLength(2);
  });

  it('give one reading for each tick, whatever stands between the rows', async () => {
    const { streams, readings, tick } = await begin();
    tick();
    const stream = streams.open1('query-gpu');
    stream.say('NVRM: Xid (PCI:0000:01:00): 63', rowFor(stream, 0), '', rowFor(stream, 1).slice(0, -9), 'ECC error', rowFor(stream, 0), rowFor(stream, 1));
    // The second row of the first of these two ticks was cut: what was known of that GPU stays.
    expect(readings.slice(2).map(({ gpus }) => gpus.length)).toEqual([2, 2]);
  });

  it('are asked anew only when the interval is another', async () => {
    const { streams, source, tick } = await begin();
    tick();
    source.setInterval(ONE_TICK);
    expect(streams.opened).toHaveLength(2);
    source.setInterval(5000);
    await vi.advanceTimersByTimeAsync(0);
    expect(streams.opened.filter(({ closed }) => closed)).toHaveLength(2);
    expect(streams.open1('query-gpu').plan.args.at(-1)).toBe('5000');
    expect(streams.open1('query-compute-apps').plan.args.at(-1)).toBe('10000');
    expect(streams.asked.filter((words) => words === '--help-query-gpu')).toHaveLength(1);
  });

  it('are silent after some seconds without a tick, until the next', async () => {
    const { readings, tick } = await begin();
    tick();
    await vi.advanceTimersByTimeAsync(5900);
    expect(readings.at(-1)?.state).toEqual({ kind: 'answering' });
    await vi.advanceTimersByTimeAsync(200);
    expect(readings.at(-1)).toMatchObject({ state: { kind: 'silent', since: 1_000_000 }, time: 1_000_000 });
    tick();
    expect(readings.at(-1)?.state).toEqual({ kind: 'answering' });
  });

  it('say nothing more after the source was disposed of', async () => {
    const { streams, source, readings, tick } = await begin();
    tick();
    const stream = streams.open1('query-gpu');
    source.dispose();
    const before = readings.length;
    stream.say(rowFor(stream, 0), rowFor(stream, 1));
    stream.end({ exitCode: 15, said: 'GPU is lost' });
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(readings).toHaveLength(before);
    expect(streams.opened.every(({ closed }) => closed)).toBe(true);
  });
});

describe('processes on NVIDIA GPUs', () => {
  it('are those of the last round, which a pause ends', async () => {
    const scene = await begin();
    scene.tick();
    const apps = scene.streams.open1('query-compute-apps');
    apps.say(`${uuidOf(0)}, 10, train, 100`, `${uuidOf(1)}, 11, a, b, 50`);
    await vi.advanceTimersByTimeAsync(300);
    scene.tick();
    expect(scene.last.uses).toMatchObject([{ pid: 10, name: 'train' }, { pid: 11, name: 'a, b' }]);
    apps.say(`${uuidOf(0)}, 10, train, 100`);
    await vi.advanceTimersByTimeAsync(300);
    scene.tick();
    expect(scene.last.uses).toMatchObject([{ pid: 10 }]);
  });

  it('are none when no line comes while the GPUs answer, and unknown before', async () => {
    const scene = await begin();
    scene.tick();
    expect(scene.last.uses).toEqual(absent('not told yet'));
    for (let second = 0; second < 8; second += 1) {
      await vi.advanceTimersByTimeAsync(1000);
      scene.tick();
    }
    expect(scene.last.uses).toEqual([]);
  });

  it('are not taken for ended when the driver does not answer', async () => {
    const scene = await begin();
    scene.tick();
    scene.streams.open1('query-compute-apps').say(`${uuidOf(0)}, 10, train, 100`);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(scene.last).toMatchObject({ state: { kind: 'silent' } });
    scene.tick();
    expect(scene.last.uses).toMatchObject([{ pid: 10 }]);
  });

  it('have a utilization where the driver tells it, asked for only while some compute', async () => {
    const scene = await begin();
    scene.tick();
    expect(scene.streams.isOpen('pmon')).toBe(false);
    scene.streams.open1('query-compute-apps').say(`${uuidOf(1)}, 11, train, 50`);
    await vi.advanceTimersByTimeAsync(300);
    scene.streams.open1('pmon').say('# gpu pid type sm mem command', '# Idx # C/G % % name', '    1  11  C  87  40  train');
    scene.streams.open1('query-compute-apps').say(`${uuidOf(1)}, 11, train, 50`);
    await vi.advanceTimersByTimeAsync(300);
    scene.tick();
    expect(scene.last.uses).toMatchObject([{ pid: 11, utilization: 87 }]);
  });

  it('are not asked for their utilization again where the driver cannot tell it', async () => {
    const scene = await begin();
    scene.tick();
    const apps = scene.streams.open1('query-compute-apps');
    apps.say(`${uuidOf(1)}, 11, train, 50`);
    await vi.advanceTimersByTimeAsync(300);
    scene.streams.open1('pmon').end({ exitCode: 3, said: 'not supported' });
    apps.say(`${uuidOf(1)}, 11, train, 50`);
    await vi.advanceTimersByTimeAsync(300);
    expect(scene.streams.isOpen('pmon')).toBe(false);
  });
});

describe('a report', () => {
  const XML = `<nvidia_smi_log>${[0, 1].map((index) => `<gpu id="00000000:0${index + 1}:00.0"><uuid>${uuidOf(index)}</uuid><temperature><gpu_temp_slow_threshold>89 C</gpu_temp_slow_threshold></temperature></gpu>`).join('')}</nvidia_smi_log>`;
  const MIG = `<nvidia_smi_log><gpu id="00000000:01:00.0"><uuid>${uuidOf(0)}</uuid><mig_devices><mig_device><index>0</index><gpu_instance_id>2</gpu_instance_id><compute_instance_id>0</compute_instance_id><device_attributes><shared><multiprocessor_count>60</multiprocessor_count></shared></device_attributes><fb_memory_usage><total>40448 MiB</total><used>17 MiB</used></fb_memory_usage></mig_device></mig_devices></gpu></nvidia_smi_log>`;

  async function forMinutes({ tick }: Scene, minutes: number, others?: Readonly<Record<string, string>>): Promise<void> {
    for (let second = 0; second < minutes * 60; second += 1) {
      await vi.advanceTimersByTimeAsync(1000);
      tick(others);
    }
  }

  it('is asked for once, and seldom where it tells nothing that is not known otherwise', async () => {
    const scene = await begin({ '-q -x': XML });
    await forMinutes(scene, 5);
    expect(scene.streams.asked.filter((words) => words === '-q -x')).toHaveLength(1);
    expect(scene.last.gpus).toMatchObject([{ slowdownTemperature: 89 }, { slowdownTemperature: 89 }]);
  });

  it('is asked for each minute while a GPU is divided, and shows its slices by name', async () => {
    const scene = await begin({ '-q -x': MIG, '-L': `GPU 0: Simulated (UUID: ${uuidOf(0)})\n  MIG 3g.40gb     Device  0: (UUID: MIG-1)\n` });
    await forMinutes(scene, 3, { 'mig.mode.current': 'Enabled', 'utilization.gpu': '[N/A]' });
    expect(scene.streams.asked.filter((words) => words === '-q -x')).toHaveLength(3);
    expect(scene.last.gpus[0]).toMatchObject({
      utilization: absent('a GPU divided by MIG reports none; its power tells how busy it is'),
      slices: [{ index: 0, gpuInstance: 2, computeInstance: 0, uuid: 'MIG-1', profile: '3g.40gb', multiprocessors: 60, memoryUsed: 17 * 2 ** 20, memoryTotal: 40448 * 2 ** 20 }],
    });
  });

  it('that fails leaves the rest as it is', async () => {
    const scene = await begin({ '-q -x': new ToolError('timeout', 'nvidia-smi', 'no answer') });
    await forMinutes(scene, 1);
    expect(scene.last).toMatchObject({ state: { kind: 'answering' }, gpus: [{ utilization: 50, slowdownTemperature: absent('not asked for yet') }, {}] });
  });
});

describe('fields', () => {
  it('are the safe ones where the driver does not tell its own', async () => {
    const { streams } = await begin({ '--help-query-gpu': new ToolError('exit', 'nvidia-smi', 'no') });
    expect(streams.open1('query-gpu').plan.args[0]).toContain('clocks.max.sm');
    expect(streams.open1('query-gpu').plan.args[0]).not.toContain('gpu_recovery_action');
  });

  it('that the driver turns down are left out', async () => {
    const { streams, last } = await begin();
    streams.open1('query-gpu').end({ exitCode: 2, said: 'Field "utilization.encoder" is not a valid field to query.' });
    await vi.advanceTimersByTimeAsync(0);
    expect(streams.open1('query-gpu').plan.args[0]).not.toContain('utilization.encoder');
    expect(streams.opened).toHaveLength(2);
    expect(last.state).toEqual({ kind: 'starting' });
  });

  it('are found out anew when rows lose a column in the middle of the stream', async () => {
    let help = HELP;
    const scene = await begin({ '--help-query-gpu': () => help });
    scene.tick();
    help = HELP.replace('"utilization.encoder"', '"something.else"');
    const stream = scene.streams.open1('query-gpu');
    for (let tick = 0; tick < 4; tick += 1) {
      stream.say(...[0, 1].map((index) => rowFor(stream, index, { 'utilization.encoder': 'GONE' }).replace('GONE, ', '')));
    }
    await vi.advanceTimersByTimeAsync(0);
    expect(scene.streams.open1('query-gpu').plan.args[0]).not.toContain('utilization.encoder');
    scene.tick();
    expect(scene.last).toMatchObject({ state: { kind: 'answering' }, gpus: [{ encoderUtilization: absent('not told by this driver') }, {}] });
  });

  it('are found out anew when another driver answers', async () => {
    const scene = await begin();
    scene.tick();
    scene.tick({ driver_version: '610.57.04' });
    await vi.advanceTimersByTimeAsync(0);
    expect(scene.streams.asked.filter((words) => words === '--help-query-gpu')).toHaveLength(2);
    scene.tick({ driver_version: '610.57.04' });
    await vi.advanceTimersByTimeAsync(0);
    expect(scene.streams.asked.filter((words) => words === '--help-query-gpu')).toHaveLength(2);
  });
});

describe('a driver in trouble', () => {
  it('is named with its way out, and shown again once it answers', async () => {
    const scene = await begin();
    scene.streams.open1('query-gpu').end({ exitCode: 18, said: 'Failed to initialize NVML: Driver/library version mismatch' });
    expect(scene.last.state).toMatchObject({ kind: 'failed', problem: { reason: 'driverMismatch' } });
    scene.tick();
    expect(scene.last.state).toEqual({ kind: 'answering' });
  });

  it('is not told of when a stream that answered was ended by somebody', async () => {
    const scene = await begin();
    scene.tick();
    scene.streams.open1('query-gpu').end({ exitCode: 137 });
    expect(scene.last.state).toEqual({ kind: 'answering' });
    scene.streams.open1('query-gpu').end({ exitCode: 137 });
    expect(scene.last.state).toMatchObject({ kind: 'failed', problem: { reason: 'unknown' } });
  });

  it('stays silent, and does not fail, when its tool was ended for being so', async () => {
    const scene = await begin();
    scene.tick();
    await vi.advanceTimersByTimeAsync(60_000);
    scene.streams.open1('query-gpu').silent();
    scene.streams.open1('query-gpu').end({ exitCode: 143, error: new ToolError('timeout', 'nvidia-smi', 'no answer') });
    scene.streams.open1('query-gpu').silent();
    expect(scene.last.state).toEqual({ kind: 'silent', since: 1_000_000 });
  });

  it('without nvidia-smi says how to get it, and looks again after a minute', async () => {
    const missing = new ToolError('notFound', 'nvidia-smi', 'not found');
    let there = false;
    const scene = await begin({
      '--help-query-gpu': () => {
        if (!there) {
          throw missing;
        }
        return HELP;
      },
    });
    expect(scene.last.state).toMatchObject({ kind: 'failed', problem: { reason: 'toolMissing' } });
    expect(scene.streams.opened).toEqual([]);
    there = true;
    await vi.advanceTimersByTimeAsync(60_000);
    scene.tick();
    expect(scene.last.state).toEqual({ kind: 'answering' });
  });
});

describe('a GPU that is lost', () => {
  it('is shown as such, and the others are read on', async () => {
    const scene = await begin();
    const stream = scene.streams.open1('query-gpu');
    stream.say(rowFor(stream, 0), rowFor(stream, 1));
    const lost = rowFor(stream, 1).split(', ').map((cell) => (cell === '1' ? cell : '[GPU is lost]')).join(', ');
    stream.say(rowFor(stream, 0), lost);
    expect(scene.last.gpus).toMatchObject([{ state: 'ok', utilization: 50 }, { state: 'lost', stateText: 'GPU is lost', uuid: uuidOf(1), name: 'Simulated', busId: '0000:02:00.0', utilization: absent('GPU is lost') }]);
  });

  it('does not keep the others from being read where the driver stops at it', async () => {
    const scene = await begin();
    scene.tick();
    scene.streams.open1('query-gpu').end({ exitCode: 15, said: 'Unable to determine the device handle for GPU 0000:02:00.0: GPU is lost.  Reboot the system to recover this GPU' });
    await vi.advanceTimersByTimeAsync(0);
    const stream = scene.streams.open1('query-gpu');
    expect(stream.plan.args.slice(2, 4)).toEqual(['-i', '0000:01:00.0']);
    stream.say(rowFor(stream, 0), rowFor(stream, 0));
    expect(scene.last).toMatchObject({ state: { kind: 'answering' }, gpus: [{ index: 0, state: 'ok' }, { index: 1, state: 'lost', uuid: uuidOf(1), utilization: { absent: expect.stringContaining('GPU is lost') as string } }] });
  });

  it('is a failure where there is no other', async () => {
    const scene = await begin({}, cardFiles('0000:01:00.0'));
    scene.streams.open1('query-gpu').end({ exitCode: 15, said: 'Unable to determine the device handle for GPU0: 0000:01:00.0: Unknown Error' });
    expect(scene.last).toMatchObject({ state: { kind: 'failed', problem: { reason: 'gpuLost' } }, gpus: [{ state: 'lost' }] });
  });

  it('that the driver no longer lists is lost while it is on the bus, and gone when it is not', async () => {
    const scene = await begin();
    scene.tick();
    const stream = scene.streams.open1('query-gpu');
    for (let tick = 0; tick < 4; tick += 1) {
      stream.say(rowFor(stream, 0, { count: '1' }));
    }
    expect(scene.last.gpus).toMatchObject([{ state: 'ok' }, { state: 'lost', stateText: 'no longer listed by the driver' }]);
  });
});

describe('GPUs that sleep', () => {
  const texts: Record<string, string> = {};
  const STATUS = '/sys/bus/pci/devices/0000:01:00.0/power/runtime_status';

  beforeEach(() => {
    Object.assign(texts, cardFiles('0000:01:00.0', { control: 'auto', status: 'suspended' }), {
      '/proc/driver/nvidia/gpus/0000:01:00.0/information': 'Model: \t\t NVIDIA GeForce RTX 4070 Laptop GPU\nGPU UUID: \t GPU-????????-????-????-????-????????????\n',
    });
  });

  it('are not woken: nothing is started until another program has done so', async () => {
    const scene = await begin({}, texts);
    expect(scene.streams.asked).toEqual([]);
    expect(scene.last).toMatchObject({ state: { kind: 'answering' }, gpus: [{ state: 'asleep', name: 'NVIDIA GeForce RTX 4070 Laptop GPU', uuid: 'nvidia-0000:01:00.0', utilization: absent('asleep') }], uses: absent('asleep') });
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(scene.streams.opened).toEqual([]);
    texts[STATUS] = 'active\n';
    await vi.advanceTimersByTimeAsync(2000);
    expect(scene.streams.isOpen('query-gpu')).toBe(true);
  });

  it('are let go after a minute in which nobody computes, and shown asleep when they are', async () => {
    texts[STATUS] = 'active\n';
    const scene = await begin({}, texts);
    const stream = scene.streams.open1('query-gpu');
    for (let second = 0; second < 80 && !stream.closed; second += 1) {
      stream.say(rowFor(stream, 0, { count: '1', 'utilization.gpu': '0' }));
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(scene.streams.opened.every(({ closed }) => closed)).toBe(true);
    expect(scene.last.gpus).toMatchObject([{ state: 'ok', utilization: 0 }]);
    texts[STATUS] = 'suspended\n';
    await vi.advanceTimersByTimeAsync(2000);
    expect(scene.last.gpus).toMatchObject([{ state: 'asleep', uuid: uuidOf(0), name: 'Simulated' }]);
  });

  it('are watched on while one computes', async () => {
    texts[STATUS] = 'active\n';
    const scene = await begin({}, texts);
    const stream = scene.streams.open1('query-gpu');
    for (let second = 0; second < 200; second += 1) {
      stream.say(rowFor(stream, 0, { count: '1', 'utilization.gpu': '40' }));
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(stream.closed).toBe(false);
  });
});

describe('memory of the host', () => {
  it('is the total of a GPU without its own, and what computes on it the used', async () => {
    const scene = await begin({}, { ...CARDS, '/proc/meminfo': 'MemTotal:       131072000 kB\nMemFree: 1 kB\n' });
    scene.tick({ 'memory.total': '[N/A]', 'memory.used': '[N/A]' });
    expect(scene.last.gpus[0]).toMatchObject({ unifiedMemory: true, memoryTotal: 131072000 * 1024, memoryUsed: absent('not told yet') });
    scene.streams.open1('query-compute-apps').say(`${uuidOf(0)}, 10, train, 100`, `${uuidOf(0)}, 12, eval, 50`);
    await vi.advanceTimersByTimeAsync(300);
    scene.tick({ 'memory.total': '[N/A]', 'memory.used': '[N/A]' });
    expect(scene.last.gpus).toMatchObject([{ memoryUsed: 150 * 2 ** 20 }, { memoryUsed: 0 }]);
  });
});
