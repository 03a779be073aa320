import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { absent } from '../../../../../src/base/absent.ts';
import { ToolError } from '../../../../../src/process/toolError.ts';
import { rowFor, uuidOf } from './fakeStreams.ts';
import { CARDS, ONE_TICK, begin, type Scene } from './scene.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

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
