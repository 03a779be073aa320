import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absent } from '../../../../src/base/absent.ts';
import type { GpuReading } from '../../../../src/monitor/gpuSample.ts';
import { DashboardFeed } from '../../../../src/monitor/view/dashboardFeed.ts';
import { seriesValues } from '../../../../src/monitor/view/dashboardSeries.ts';
import { readHoldings } from '../../../../src/monitor/view/holders.ts';
import { statusBarText } from '../../../../src/monitor/view/statusBar.ts';
import { tooltipMarkdown } from '../../../../src/monitor/view/tooltip.ts';
import { hostNode } from '../../../../src/monitor/view/tree.ts';
import type { SystemNode } from '../../../../src/monitor/view/tree.ts';
import { GpuWatch } from '../../../../src/monitor/view/watch.ts';
import { GIB, INVENTED_INVENTORY, LENA, NOW, inventedGpu, inventedProcess, inventedReading, inventedSample, inventedUse } from './invented.ts';

const none = fc.constant(absent('not told'));
const percent = fc.oneof(none, fc.double({ min: 0, max: 100, noNaN: true }));
const bytes = fc.oneof(none, fc.double({ min: 0, max: 200 * GIB, noNaN: true }));
const some = fc.oneof(none, fc.double({ min: 0, max: 5000, noNaN: true }));
const text = fc.oneof(fc.string({ maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('python', '-m', 'train.py', '--config', '--run-name=', '\u202e|$(x)', 'a\nb'));

const gpu = fc.record({
  state: fc.constantFrom('ok', 'lost', 'asleep', 'resetRequired'),
  name: text,
  utilization: percent,
  memoryUsed: bytes,
  memoryTotal: bytes,
  unifiedMemory: fc.boolean(),
  power: some,
  powerLimit: some,
  temperature: some,
  slowdownTemperature: some,
  clock: some,
  uncorrectedErrors: some,
  recoveryAction: fc.oneof(none, text),
  clockLimits: fc.oneof(none, fc.constantFrom([], ['powerCap'], ['softwareThermal', 'idle'])),
  slices: fc.constantFrom([], [{ index: 0, gpuInstance: 1, computeInstance: 0, uuid: absent('no'), profile: absent('no'), multiprocessors: 1, memoryUsed: absent('no'), memoryTotal: 1 }]),
} as const);

const use = fc.record({ gpu: fc.integer({ min: 0, max: 3 }), pid: fc.integer({ min: 0, max: 6 }), memory: bytes, name: fc.oneof(none, text), kind: fc.constantFrom('compute', 'graphics', 'both') } as const);
const process = fc.record({ pid: fc.integer({ min: 0, max: 6 }), parent: fc.integer({ min: 0, max: 6 }), user: fc.constantFrom('lena', 'raj', 'a|b\n'), command: fc.array(text, { maxLength: 5 }), cpu: some, memory: bytes });
const state = fc.constantFrom<GpuReading['state']>({ kind: 'answering' }, { kind: 'starting' }, { kind: 'silent', since: NOW - 5000 }, { kind: 'failed', problem: { reason: 'unknown', text: 'So it is.' } });

const sample = fc
  .record({ gpus: fc.array(gpu, { maxLength: 4 }), uses: fc.oneof(none, fc.array(use, { maxLength: 6 })), processes: fc.array(process, { maxLength: 7 }), state, namespaced: fc.boolean(), hidden: fc.boolean() })
  .map(({ gpus, uses, processes, state: kind, namespaced, hidden }) =>
    inventedSample({
      gpus: [
        inventedReading(
          gpus.map((changes, index) => inventedGpu(index, changes)),
          Array.isArray(uses) ? uses.map((one) => inventedUse(one.gpu, one.pid, absent(''), { memoryUsed: one.memory, name: one.name, kind: one.kind })) : (uses),
          { state: kind },
        ),
      ],
      processes: [...new Map(processes.map((one) => [one.pid, inventedProcess(one.pid, one.user, one.command, { parent: one.parent, cpu: one.cpu, memory: one.memory })])).values()],
      processScope: { namespaced, hidden },
    }),
  );

const words = (node: SystemNode): readonly string[] => [node.label, node.description, node.spoken, ...node.tooltip.split('\n'), ...node.children.flatMap(words)];

describe('whatever a machine tells', () => {
  it('becomes words and numbers, and never a slip of the pen', () => {
    fc.assert(
      fc.property(sample, fc.constantFrom('counts', 'mine', 'busiest', 'average', 'bars'), (told, choice) => {
        const holdings = readHoldings(told, LENA);
        const watch = new GpuWatch();
        watch.observe(holdings);
        const bar = statusBarText(holdings, { choice, memoryWarning: 98, now: NOW, collector: { kind: 'live' }, watch });
        const tooltip = tooltipMarkdown(holdings, { now: NOW, memoryWarning: 98, watch });
        const node = hostNode(holdings, { viewer: LENA, now: NOW, watch });
        for (const line of [bar?.text ?? '', bar?.spoken ?? '', ...tooltip.split('\n'), ...words(node)]) {
          expect(line).not.toMatch(/NaN|Infinity|undefined|\[object|[\n\u202e]/);
        }
        const rows = tooltip.split('\n').filter((line) => line.startsWith('|'));
        expect(rows.every((row) => row.split('|').length === 8)).toBe(true);
        const frame = JSON.stringify(new DashboardFeed(LENA, watch).frame(holdings, { now: NOW, collector: { kind: 'live' }, inventory: INVENTED_INVENTORY, scope: 'all' }));
        expect(frame).not.toMatch(/NaN|Infinity|:-\d|\[object/);
        for (const value of seriesValues(told).values()) {
          expect(value).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('leaves no less than nothing hidden', () => {
    fc.assert(
      fc.property(sample, (told) => {
        for (const { hiddenMemory } of readHoldings(told, LENA).gpus) {
          if (typeof hiddenMemory === 'number') {
            expect(hiddenMemory).toBeGreaterThanOrEqual(0);
          }
        }
      }),
    );
  });
});
