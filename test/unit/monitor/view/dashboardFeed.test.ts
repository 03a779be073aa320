import { describe, expect, it } from 'vitest';
import { absent, isAbsent } from '../../../../src/base/absent.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';
import { DashboardFeed, pastFrame } from '../../../../src/monitor/view/dashboardFeed.ts';
import type { FeedOptions } from '../../../../src/monitor/view/dashboardFeed.ts';
import { columns, seriesValues } from '../../../../src/monitor/view/dashboardSeries.ts';
import { SeenHistory } from '../../../../src/monitor/view/seenHistory.ts';
import { readHoldings } from '../../../../src/monitor/view/holders.ts';
import { GpuWatch } from '../../../../src/monitor/view/watch.ts';
import { NOTHING, applyFrame, seriesOf } from '../../../../src/monitor/webview/model.ts';
import { GIB, INVENTED_HOST, INVENTED_INVENTORY, LENA_ON_EIGHT, NOW, eightGpus, inventedGpu, inventedProcess, inventedReading, inventedSample, inventedUse, noGpu, nothingKnown, silentDriver, sixteenGpus } from './invented.ts';

const OPTIONS: FeedOptions = { now: NOW, collector: { kind: 'live' }, inventory: INVENTED_INVENTORY, scope: 'gpu' };
const frameOf = (sample: SystemSample, options: Partial<FeedOptions> = {}) => new DashboardFeed(LENA_ON_EIGHT, new GpuWatch()).frame(readHoldings(sample, LENA_ON_EIGHT), { ...OPTIONS, ...options });
const momentOf = (sample: SystemSample, options: Partial<FeedOptions> = {}) => applyFrame(NOTHING, frameOf(sample, options));

describe('frames for the dashboard', () => {
  it('are whole at first, and then hold what changed', () => {
    const feed = new DashboardFeed(LENA_ON_EIGHT, new GpuWatch());
    const send = (sample: SystemSample) => feed.frame(readHoldings(sample, LENA_ON_EIGHT), OPTIONS);
    const first = send(eightGpus());
    expect([first.whole, first.gpus?.changed.length, first.processes?.changed.length]).toEqual([true, 8, 8]);
    expect(send(eightGpus({ time: NOW + 1000 }))).toEqual({ time: NOW + 1000, now: NOW, whole: false });
    const sample = eightGpus();
    const warmer = { ...sample, gpus: sample.gpus.map((reading) => ({ ...reading, gpus: reading.gpus.map((gpu) => (gpu.index === 2 ? { ...gpu, temperature: 64 } : gpu)) })) };
    expect(send(warmer)).toEqual({ time: NOW, now: NOW, whole: false, gpus: { changed: [{ key: inventedGpu(2).uuid, temperature: 64 }] } });
    feed.reset();
    expect(send(warmer).whole).toBe(true);
  });

  it('do not grow by what is finer than what is seen', () => {
    const feed = new DashboardFeed(LENA_ON_EIGHT, new GpuWatch());
    const send = (busy: number, bytes: number) => feed.frame(readHoldings(inventedSample({ gpus: [inventedReading([inventedGpu(0, { utilization: busy, memoryUsed: 20 * GIB + bytes })], [])] }), LENA_ON_EIGHT), OPTIONS);
    send(50.1, 0);
    expect(send(50.3, 1_000_000)).toEqual({ time: NOW, now: NOW, whole: false });
  });

  it('group processes by run where GPUs are many', () => {
    const { processes } = momentOf(sixteenGpus());
    expect(processes.filter(({ owner }) => owner === 'mine').map(({ pid, more, gpus, note, vram }) => [pid, more, gpus, note, vram])).toEqual([
      [90200, 5, '0–5', '6 ranks', 432 * GIB],
      [91877, 0, '6 · 3g', '', 21 * GIB],
    ]);
  });

  it('count the workers into the process that they feed', () => {
    const row = momentOf(eightGpus()).processes.find(({ pid }) => pid === 50992);
    expect(row).toMatchObject({ cpu: 108 + 16 * 99, gpus: '4, 5', note: '+16 loader workers', memory: 85 * GIB });
  });

  it('list the other processes only when asked for, and without a GPU always', () => {
    expect(momentOf(eightGpus()).processes.some(({ vram }) => vram === null)).toBe(false);
    const all = momentOf(eightGpus(), { scope: 'all' }).processes;
    expect(all.filter(({ vram }) => vram === null).map(({ command }) => command)).toEqual(expect.arrayContaining(['bash', 'sshd -D']));
    expect(momentOf(noGpu()).processes.map(({ pid }) => pid)).toEqual([700]);
  });

  it('say of a driver’s process that cannot be seen only what the driver says', () => {
    const sample = inventedSample({ gpus: [inventedReading([inventedGpu(0, { memoryUsed: 20 * GIB })], [inventedUse(0, 9999, 20)])] });
    const { processes, gpus } = momentOf(sample);
    expect(processes).toMatchObject([{ pid: 9999, user: 'hidden', owner: 'hidden', vram: 20 * GIB, started: null, cpu: { absent: expect.any(String) } }]);
    expect(gpus).toMatchObject([{ hidden: 20 * GIB, mine: 0, others: 0, who: 'hidden' }]);
  });

  it('never show a value that is not known as a number', () => {
    const { gpus, host, head } = momentOf(nothingKnown());
    const numbers = gpus.flatMap((row) => [row.busy, row.memoryUsed, row.memoryTotal, row.power, row.temperature, row.clock, row.encoder, row.received, row.errors]);
    expect(numbers.every(isAbsent)).toBe(true);
    expect([host.cpu?.busy, host.memory?.used, host.pressure?.io, host.disk?.read, host.network?.received].every(isAbsent)).toBe(true);
    expect([head?.sums, head?.noProcesses]).toEqual(['', 'not permitted']);
    expect([...seriesOf(momentOf(nothingKnown()))].filter(([, value]) => value !== undefined)).toEqual([]);
  });

  it('give no old number of a driver that fell silent', () => {
    const moment = momentOf(silentDriver());
    expect(moment.gpus.every(({ busy, memoryUsed, power, mine, others }) => isAbsent(busy) && isAbsent(memoryUsed) && isAbsent(power) && mine + others === 0)).toBe(true);
    expect(moment.processes.every(({ vram, gpu }) => isAbsent(vram) && isAbsent(gpu))).toBe(true);
    expect(moment.head).toMatchObject({ state: 'silent', counts: '8 not known', troubles: [{ level: 'error', title: 'NVIDIA driver not answering for 4 min' }] });
    expect([...seriesOf(moment)].filter(([name, value]) => name.includes(' ') && value !== undefined)).toEqual([]);
  });

  it('say that a driver is asked more seldom than others, and that nothing is wrong with it', () => {
    const [reading] = eightGpus().gpus;
    const { head } = momentOf(eightGpus({ gpus: [{ ...reading!, state: { kind: 'answering', remark: 'It is asked every few seconds.' } }] }));
    expect(head).toMatchObject({ state: 'ok', troubles: [{ level: 'info', text: 'It is asked every few seconds.' }] });
  });

  it('say in the head what the machine is and how its GPUs are held', () => {
    expect(momentOf(eightGpus()).head).toMatchObject({
      line: '8 × H100 80GB HBM3 · driver 550.90.07',
      machine: 'DGX H100 · 2 × Xeon 8480C · 112 cores · Linux 5.15',
      counts: '6 mine · 2 by others · 0 free',
      sums: '3.50 of 5.60 kW, 438 of 637 GiB',
      state: 'ok',
    });
    expect(momentOf(sixteenGpus()).head).toMatchObject({ counts: '7 mine · 6 by others · 2 in MIG mode · 2 free · 1 lost', sums: '', grouped: true });
    expect(momentOf(noGpu()).head).toMatchObject({ line: 'no GPU', troubles: [{ title: 'No GPU found on this machine' }] });
  });

  it('are stale when they are old, and not for being of the past', () => {
    expect(momentOf(eightGpus(), { now: NOW + 20_000 }).head?.state).toBe('stale');
    expect(pastFrame(eightGpus({ time: NOW - 3_600_000 }), LENA_ON_EIGHT, new GpuWatch(), OPTIONS).head?.state).toBe('ok');
  });

  it('take what we are allowed for the whole, where that is less', () => {
    const limits = { ...INVENTED_HOST.limits, memoryLimit: 64 * GIB, memoryUsed: 41 * GIB, cpuLimit: 8, throttled: 12 };
    const { host } = momentOf(inventedSample({ system: { ...INVENTED_HOST, limits } }));
    expect(host.memory).toMatchObject({ used: 41 * GIB, total: 64 * GIB, limited: true });
    expect(host.cpu).toMatchObject({ limit: 8, throttled: 12, coreCount: 112 });
  });

  it('leave a hostile name no line and no length', () => {
    const process = inventedProcess(5, 'ra\nj', ['python', `x\u202e${'y'.repeat(100_000)}`]);
    const [row] = momentOf(inventedSample({ gpus: [inventedReading([inventedGpu(0)], [inventedUse(0, 5, 20)])], processes: [process] })).processes;
    expect(`${row?.user}${row?.command}`).not.toMatch(/[\n\u202e]/);
    expect(row?.command.length).toBeLessThan(500);
  });
});

describe('series', () => {
  it('lays points into columns, null where there is none', () => {
    const points = [{ time: 0, value: 5 }, { time: 900, value: 9 }, { time: 2000, min: 1, max: 3 }, { time: 9000, value: 1 }, { time: 3000 }, { time: 3000, value: NaN }];
    expect(columns(points, 0, 4000, 1000)).toEqual({ min: [5, null, 1, null], max: [9, null, 3, null] });
    expect(columns([{ time: 0, value: 5 }], 0, 2000, 1000)).toEqual({ min: [5, null] });
  });

  it('have the names by which the page asks, live and from the history', () => {
    for (const sample of [eightGpus(), sixteenGpus(), nothingKnown(), noGpu()]) {
      const live = [...seriesOf(momentOf(sample))].filter(([, value]) => value !== undefined).map(([name]) => name);
      expect([...seriesValues(sample).keys()].sort()).toEqual(live.sort());
      const seen = new SeenHistory();
      seen.observe(sample);
      expect(Object.keys(seen.history({ from: sample.time - 60_000, to: sample.time + 1000, step: 1000 }).series).sort()).toEqual(live);
    }
  });

  it('leave out what is absent', () => {
    const sample = inventedSample({ gpus: [inventedReading([inventedGpu(0, { utilization: absent('MIG') })], [])] });
    expect([...seriesValues(sample).keys()].filter((name) => name.startsWith('busy'))).toEqual([]);
  });
});
