import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { known } from '../../../../src/base/absent.ts';
import type { GpuSample } from '../../../../src/monitor/gpuSample.ts';
import type { MemorySample } from '../../../../src/monitor/hostSample.ts';
import { forecast } from '../../../../src/monitor/notices/forecast.ts';
import { GpusFree, IdleHeld, Throttling } from '../../../../src/monitor/notices/gpuRules.ts';
import { MemoryRunsOut } from '../../../../src/monitor/notices/memoryRule.ts';
import type { NoticeRule } from '../../../../src/monitor/notices/notice.ts';
import { ProcessEnd } from '../../../../src/monitor/notices/processEnd.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';
import { GIB, GPU, HOST, NOT_TOLD, PROCESS, reading, sample } from '../inventedSample.ts';

/** What a rule says over seconds `from` to `to`, each with the second at which it was said. */
function told(rule: NoticeRule, of: (second: number) => Partial<SystemSample>, to: number, from = 0): (readonly [number, string])[] {
  const said: (readonly [number, string])[] = [];
  for (let second = from; second <= to; second++) {
    rule.observe(sample(second, of(second))).forEach(({ message }) => said.push([second, message]));
  }
  return said;
}

const gpus = (...each: Partial<GpuSample>[]): Pick<SystemSample, 'gpus'> => ({ gpus: [reading(each.map((gpu, index) => ({ ...GPU, index, uuid: `GPU-${index}`, ...gpu })))] });
const memory = (over: Partial<MemorySample>) => ({ system: { ...HOST, memory: { ...HOST.memory, ...over } } });

describe('the end of a process', () => {
  const watching = () => {
    const rule = new ProcessEnd();
    rule.watch({ pid: PROCESS.pid, startTicks: PROCESS.startTicks, title: 'python train.py' });
    return rule;
  };

  it('is told once, with how long it ran', () => {
    const said = told(watching(), (second) => (second < 5 ? {} : { processes: [] }), 10);
    expect(said).toEqual([[5, 'python train.py (4711) has ended after 1 h. Whether it succeeded cannot be seen from outside.']]);
  });

  it('is not taken for one by another process with its pid, nor by a zombie', () => {
    expect(told(watching(), (second) => (second < 3 ? {} : { processes: [{ ...PROCESS, startTicks: '999' }] }), 5)).toHaveLength(1);
    expect(told(watching(), (second) => (second < 3 ? {} : { processes: [{ ...PROCESS, state: 'Z' }] }), 5)).toHaveLength(1);
  });

  it('is not told while processes are not known', () => {
    expect(told(watching(), () => ({ processes: NOT_TOLD }), 5)).toEqual([]);
  });

  it('is not told of one that the sample left out and that lives', () => {
    const rule = new ProcessEnd(() => true);
    rule.watch({ pid: PROCESS.pid, startTicks: PROCESS.startTicks, title: 'train' });
    expect(told(rule, () => ({ processes: [] }), 3)).toEqual([]);
    expect(rule.all).toHaveLength(1);
  });

  it('is laid to memory where the kernel ended something in that moment, and to a GPU that was lost in it', () => {
    const killed = { ...HOST, limits: { ...HOST.limits, oomKills: 1 } };
    expect(told(watching(), (second) => (second < 3 ? {} : { processes: [], system: killed }), 5)[0]?.[1]).toContain('because memory ran out');
    expect(told(watching(), (second) => (second < 3 ? {} : { processes: [], ...gpus({ state: 'lost' }) }), 5)[0]?.[1]).toContain('a GPU was lost');
    expect(told(watching(), (second) => (second < 3 ? gpus({ state: 'lost' }) : { processes: [], ...gpus({ state: 'lost' }) }), 5)[0]?.[1]).toContain('cannot be seen');
  });

  it('makes nothing of a hostile title', () => {
    const rule = new ProcessEnd();
    rule.watch({ pid: 1, startTicks: '1', title: 'a\u001b[31m\nb' });
    expect(rule.observe(sample(0))[0]?.message).not.toMatch(/[\u001b\n]/);
  });
});

describe('GPUs that are wished for', () => {
  const free = ({ gpus: readings }: SystemSample): { uuid: string; free: number }[] => readings.flatMap((each) => each.gpus.filter(({ utilization }) => known(utilization) === 0).map(({ uuid }) => ({ uuid, free: 60 * GIB })));

  it('are told once they were free long enough without a break', () => {
    const rule = new GpusFree({ count: 2, bytes: 40 * GIB, seconds: 10 }, free);
    const said = told(rule, (second) => gpus({ utilization: 0 }, { utilization: second === 6 ? 50 : 0 }, { utilization: 80 }), 40);
    expect(said).toEqual([[17, '2 GPUs of hgx-01 with 40 GiB free for 10 s.']]);
    expect(rule.isDone).toBe(true);
  });

  it('are not told where each has too little', () => {
    expect(told(new GpusFree({ count: 1, bytes: 70 * GIB, seconds: 0 }, free), () => gpus({ utilization: 0 }), 5)).toEqual([]);
  });
});

describe('a GPU that is held and not used', () => {
  it('is told after ten minutes, and again only after it has worked', (): void => {
    const idle = (second: number) => gpus({ utilization: second === 900 ? 50 : 0 });
    expect(told(new IdleHeld(() => true), idle, 1600).map(([second]) => second)).toEqual([600, 1501]);
  });

  it.each([
    ['is somebody else’s', false, { utilization: 0 }],
    ['does not tell how busy it is', true, { utilization: NOT_TOLD }],
    ['holds next to nothing', true, { utilization: 0, memoryUsed: 500 * 2 ** 20 }],
  ] as const)('is not told of one that %s', (_, isMine, gpu) => {
    expect(told(new IdleHeld(() => isMine), () => gpus(gpu), 700)).toEqual([]);
  });
});

describe('a GPU that is slowed down', () => {
  it('is told when it lasts, and not of a limit that is normal', () => {
    const of = (second: number) => gpus({ clockLimits: second >= 10 ? ['hardwareThermal'] : [], temperature: 91 }, { clockLimits: ['powerCap', 'idle'] });
    expect(told(new Throttling(), of, 100)).toEqual([[40, 'GPU 0 of hgx-01 at 91 °C is slowed down by heat or its power supply.']]);
  });
});

describe('memory that runs out', () => {
  it('is told with a forecast while it grows, once', () => {
    const total = 100 * GIB;
    const said = told(new MemoryRunsOut(), (second) => memory({ total, used: (72 + (second * 1.2) / 60) * GIB }), 900);
    expect(said).toHaveLength(1);
    const [second, message] = said[0] ?? [0, ''];
    expect(message).toMatch(/^hgx-01: host memory is full in about (?:19|20) min .* 76% is in use\.$/);
    expect(72 + (second * 1.2) / 60).toBeLessThan(77);
  });

  it('is not told of a step that is taken once', () => {
    expect(told(new MemoryRunsOut(), (second) => memory({ total: 100, used: second < 200 ? 75 : 85 }), 900)).toEqual([]);
  });

  it('is told of /dev/shm that is full, by its name', () => {
    expect(told(new MemoryRunsOut(), () => memory({ sharedTotal: 100, sharedUsed: 98 }), 60)).toEqual([[0, 'hgx-01: 98% of /dev/shm is in use.']]);
  });

  it('is told by the container’s own limit', () => {
    const system = { ...HOST, limits: { ...HOST.limits, memoryLimit: 64 * GIB, memoryUsed: 63 * GIB } };
    expect(told(new MemoryRunsOut(), () => ({ system }), 5)[0]?.[1]).toContain('98% of the memory that this container may use');
  });
});

describe('a forecast', () => {
  it('finds the moment of a straight line, whatever a fifth of the points says', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 100, noNaN: true }), fc.array(fc.nat(1000), { minLength: 2, maxLength: 5 }), (slope, outliers) => {
        const levels = Array.from({ length: 30 }, (_, index) => ({ time: index, value: index * slope }));
        outliers.slice(0, 3).forEach((value, index) => (levels[index * 7 + 2] = { time: index * 7 + 2, value }));
        const at = forecast(levels, 100 * slope);
        expect(at).toBeGreaterThan(60);
        expect(at).toBeLessThan(160);
      }),
    );
  });

  it.each([
    ['falls', [3, 2, 1, 0]],
    ['stays', [5, 5, 5, 5]],
    ['was hardly seen', [1, 2]],
  ])('is none of a level that %s', (_, values) => {
    expect(forecast(values.map((value, time) => ({ time, value })), 100)).toBeUndefined();
  });
});
