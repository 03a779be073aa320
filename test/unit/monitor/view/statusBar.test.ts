import { describe, expect, it } from 'vitest';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';
import { readHoldings } from '../../../../src/monitor/view/holders.ts';
import { statusBarText } from '../../../../src/monitor/view/statusBar.ts';
import type { StatusBarChoice, StatusBarOptions } from '../../../../src/monitor/view/statusBar.ts';
import { findTroubles } from '../../../../src/monitor/view/trouble.ts';
import { GpuWatch } from '../../../../src/monitor/view/watch.ts';
import type { GpuProblem, GpuSample } from '../../../../src/monitor/gpuSample.ts';
import { GIB, LENA, NOW, eightGpus, inventedGpu, inventedProcess, inventedReading, inventedSample, inventedUse, noGpu, nothingKnown, silentDriver, sixteenGpus } from './invented.ts';

const LIVE = { choice: 'counts', memoryWarning: 98, now: NOW, collector: { kind: 'live' } } as const satisfies StatusBarOptions;
const of = (sample: SystemSample | undefined, options: Partial<StatusBarOptions> = {}) => statusBarText(sample && readHoldings(sample, LENA), { ...LIVE, ...options });

/** Eight GPUs that nothing troubles. */
function calm(): SystemSample {
  const sample = eightGpus();
  return { ...sample, gpus: sample.gpus.map((reading) => ({ ...reading, gpus: reading.gpus.map((gpu) => ({ ...gpu, clockLimits: [] })) })) };
}

const mine = (changes: Partial<GpuSample>) =>
  inventedSample({ gpus: [inventedReading([inventedGpu(0, { utilization: 50, memoryUsed: 10 * GIB, ...changes })], [inventedUse(0, 5, 10)])], processes: [inventedProcess(5, 'lena', ['python', 'a.py'])] });

describe('the status bar', () => {
  it.each([
    ['counts', '$(pulse) 6/8 mine · 0 free'],
    ['mine', '$(pulse) 6/8 GPU 76% 349/478G'],
    ['busiest', '$(pulse) GPU 0 97% 71/80G'],
    ['average', '$(pulse) 8 GPU 59% 438/637G'],
    ['bars', '$(pulse) ████▃▃▂▁'],
  ] as const)('shows %s', (choice: StatusBarChoice, text) => {
    expect(of(calm(), { choice })).toMatchObject({ text });
  });

  it('is as wide with one digit as with two', () => {
    const [one, two] = [5, 55].map((utilization) => of(mine({ utilization }), { choice: 'mine' })?.text);
    expect(one).toBe('$(pulse) 1/1 GPU \u20075% 10/80G');
    expect(two).toHaveLength(one?.length ?? 0);
  });

  it('shows a dash where nothing is known, never 0', () => {
    expect(of(nothingKnown(), { choice: 'average' })?.text).toBe('$(pulse) 2 GPU \u2007–%');
    expect(of(nothingKnown(), { choice: 'bars' })?.text).toBe('$(pulse) ··');
    expect(of(nothingKnown())?.text).toBe('$(pulse) 0/2 mine · 0 free · 2 not known');
  });

  it('falls back to counts where nothing is mine', () => {
    expect(statusBarText(readHoldings(calm(), { uid: 7, folders: [] }), { ...LIVE, choice: 'mine' })?.text).toBe('$(pulse) 0/8 mine · 0 free');
  });

  it('says how long the driver has not answered, and no old number', () => {
    expect(of(silentDriver())).toMatchObject({ text: '$(debug-disconnect) GPU: no answer, 4 min', background: 'warning' });
    expect(of(calm(), { now: NOW + 16_000 })).toMatchObject({ text: '$(debug-disconnect) GPU: no answer, 16 s' });
  });

  it.each([
    ['nothing before the first sample', undefined, undefined],
    ['nothing where there is no GPU', noGpu(), undefined],
    ['a dash where the driver starts', inventedSample({ gpus: [inventedReading([], [], { state: { kind: 'starting' } })] }), '$(pulse) GPU …'],
    ['a sleeping GPU', inventedSample({ gpus: [inventedReading([inventedGpu(0, { state: 'asleep' })], [])] }), '$(pulse) GPU asleep'],
  ])('says %s', (_, sample, text) => {
    expect(of(sample)?.text).toBe(text);
  });

  it('says that collecting is off', () => {
    expect(of(calm(), { collector: { kind: 'stopped', reason: 'the setting' } })).toMatchObject({ text: '$(circle-slash) collecting off' });
  });

  it.each<[string, SystemSample, string, 'warning' | 'error' | undefined]>([
    ['heat on a GPU of mine', eightGpus(), '$(flame) GPU 3 at 87 °C', 'warning'],
    ['a lost GPU, and before all else', sixteenGpus(), '$(error) GPU 11 lost', 'error'],
    ['a power brake', mine({ clockLimits: ['powerBrake'] }), '$(zap) GPU 0 power brake', 'warning'],
    ['no power cap, which full load brings', mine({ clockLimits: ['powerCap'] }), '$(pulse) 1/1 mine · 0 free', undefined],
    ['memory that is nearly full', mine({ memoryUsed: 79 * GIB }), '$(database) GPU 0 memory 99%', 'warning'],
    ['what the driver advises', mine({ recoveryAction: 'Drain and Reset' }), '$(warning) GPU 0: drain and reset', 'warning'],
    ['a reset that is due', mine({ state: 'resetRequired' }), '$(warning) GPU 0 needs a reset', 'warning'],
  ])('warns of %s', (_, sample, text, background) => {
    expect(of(sample)).toMatchObject(background === undefined ? { text } : { text, background });
    expect(of(sample)?.background).toBe(background);
  });

  it('does not warn of the heat of others', () => {
    expect(statusBarText(readHoldings(eightGpus(), { uid: 1002, folders: [] }), LIVE)?.background).toBeUndefined();
  });

  it.each<[GpuProblem['reason'], string]>([
    ['driverMismatch', '$(warning) GPU driver differs'],
    ['noPermission', '$(circle-slash) GPU not known'],
    ['toolMissing', '$(circle-slash) GPU not known'],
  ])('names %s', (reason, text) => {
    expect(of(inventedSample({ gpus: [inventedReading([], [], { state: { kind: 'failed', problem: { reason, text: 'So it is.' } } })] }))?.text).toBe(text);
  });

  it('draws no icon that a driver’s words ask for', () => {
    expect(of(mine({ recoveryAction: '$(check) fine\n' }))?.text).toBe('$(warning) GPU 0: $ (check) fine\\u000a');
  });

  it('tells a screen reader the numbers in words', () => {
    expect(of(calm())?.spoken).toBe('8 GPUs, 6 mine, 0 free, 59 percent busy, 438/637 gibibytes');
  });
});

describe('what is watched over time', () => {
  const seen = (watch: GpuWatch, seconds: number, changes: Partial<GpuSample>) => {
    const sample = mine(changes);
    const at = NOW + seconds * 1000;
    watch.observe(readHoldings({ ...sample, time: at, gpus: sample.gpus.map((reading) => ({ ...reading, time: at })) }, LENA));
  };

  it('knows since when a GPU is held and idle, and forgets it when it works', () => {
    const watch = new GpuWatch();
    seen(watch, 0, { utilization: 0 });
    seen(watch, 60, { utilization: 1 });
    expect(watch.of(inventedGpu(0).uuid).idleSince).toBe(NOW);
    seen(watch, 61, { utilization: 30 });
    expect(watch.of(inventedGpu(0).uuid).idleSince).toBeUndefined();
  });

  it('does not call idle what nobody looked at', () => {
    const watch = new GpuWatch();
    seen(watch, 0, { utilization: 0 });
    seen(watch, 7200, { utilization: 0 });
    expect(watch.of(inventedGpu(0).uuid).idleSince).toBe(NOW + 7_200_000);
  });

  it('tells of a memory error for ten minutes', () => {
    const watch = new GpuWatch();
    seen(watch, 0, { uncorrectedErrors: 3 });
    expect(findTroubles(readHoldings(mine({ uncorrectedErrors: 3 }), LENA), { now: NOW, memoryWarning: 98, watch })).toEqual([]);
    seen(watch, 1, { uncorrectedErrors: 4 });
    const told = (seconds: number) => findTroubles(readHoldings(mine({ uncorrectedErrors: 4 }), LENA), { now: NOW + seconds * 1000, memoryWarning: 98, watch }).map(({ words }) => words);
    expect([told(2), told(700)]).toEqual([['GPU 0 memory error'], []]);
  });

  it('remembers who held a GPU that is lost', () => {
    const watch = new GpuWatch();
    seen(watch, 0, {});
    seen(watch, 1, { state: 'lost' });
    expect(watch.of(inventedGpu(0).uuid).lastSeen).toMatchObject({ time: NOW, held: { owner: 'mine' } });
  });
});
