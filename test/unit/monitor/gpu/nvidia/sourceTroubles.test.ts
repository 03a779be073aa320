import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { absent } from '../../../../../src/base/absent.ts';
import { ToolError } from '../../../../../src/process/toolError.ts';
import { HELP, rowFor, uuidOf } from './fakeStreams.ts';
import { begin } from './scene.ts';
import { cardFiles } from './support.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
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

  it('is named where it goes on saying what is wrong and never ends, and noise between ticks is none', async () => {
    const scene = await begin();
    scene.tick();
    scene.streams.open1('query-gpu').say('NVRM: Xid (PCI:0000:01:00): 79, GPU has fallen off the bus.');
    scene.tick();
    expect(scene.readings.every(({ state }) => state.kind !== 'failed')).toBe(true);
    scene.streams.open1('query-gpu').say('Failed to initialize NVML: Driver/library version mismatch');
    await vi.advanceTimersByTimeAsync(7000);
    expect(scene.last.state).toMatchObject({ kind: 'failed', problem: { reason: 'driverMismatch' } });
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

  it('that is seen first when it does not answer is the same one when it does', async () => {
    const scene = await begin();
    const stream = scene.streams.open1('query-gpu');
    const lost = rowFor(stream, 1).split(', ').map((cell) => (cell === '1' || cell === '00000000:02:00.0' ? cell : '[Unknown Error]')).join(', ');
    stream.say(rowFor(stream, 0), lost);
    expect(scene.last.gpus).toMatchObject([{ state: 'ok' }, { index: 1, state: 'lost', uuid: 'nvidia-0000:02:00.0', name: 'NVIDIA GPU' }]);
    scene.tick();
    expect(scene.last.gpus).toMatchObject([{ state: 'ok' }, { index: 1, state: 'ok', uuid: uuidOf(1) }]);
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
