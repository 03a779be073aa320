import { describe, expect, it } from 'vitest';
import { readHoldings } from '../../../../src/monitor/view/holders.ts';
import { contextValue, hostNode } from '../../../../src/monitor/view/tree.ts';
import type { SystemNode } from '../../../../src/monitor/view/tree.ts';
import { GpuWatch } from '../../../../src/monitor/view/watch.ts';
import { GIB, LENA, LENA_ON_EIGHT, NOW, eightGpus, inventedGpu, inventedProcess, inventedReading, inventedSample, inventedUse, noGpu, silentDriver, sixteenGpus } from './invented.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';

const tree = (sample: SystemSample, watch?: GpuWatch) => hostNode(readHoldings(sample, LENA_ON_EIGHT), { viewer: LENA_ON_EIGHT, now: NOW, ...(watch && { watch }) });
const lines = (node: SystemNode, depth = 0): readonly string[] => [`${'  '.repeat(depth)}${node.icon.name} ${node.label} | ${node.description}`, ...node.children.flatMap((child) => lines(child, depth + 1))];

describe('the tree', () => {
  it('goes from the machine to its GPUs to their processes', () => {
    expect(lines(tree(eightGpus()))).toEqual([
      'vm-active hgx-01 | 6 of 8 mine · 0 free',
      '  circle-filled GPU 0 | you · 97% · 71.4 GiB',
      '    terminal python train.py | 48211 · rank 0 · 71.4 GiB · 6:12:40',
      '  circle-filled GPU 1 | you · 96% · 71.2 GiB',
      '    terminal python train.py | 48212 · rank 1 · 71.2 GiB · 6:12:40',
      '  circle-filled GPU 2 | you · 96% · 71.2 GiB',
      '    terminal python train.py | 48213 · rank 2 · 71.2 GiB · 6:12:40',
      '  flame GPU 3 | you · 97% · 70.9 GiB · 87 °C',
      '    terminal python train.py | 48214 · rank 3 · 70.9 GiB · 6:12:40',
      '  circle-filled GPU 4 | you · 34% · 35.3 GiB',
      '    terminal python finetune_vit.py | 50992 · 29.2 GiB · 0:41:07',
      '    terminal python eval_probe.py | raj · 6.1 GiB',
      '  circle-filled GPU 5 | you · 33% · 29.1 GiB',
      '    terminal python finetune_vit.py | 50992 · 29.1 GiB · 0:41:07',
      '  circle-filled GPU 6 | mkim · 22% · 71.0 GiB',
      '    terminal vllm serve | mkim · 71.0 GiB',
      '  circle-filled GPU 7 | raj · 0% · 18.2 GiB',
      '    terminal ipykernel | raj · 18.2 GiB',
    ]);
  });

  it('offers a signal for one’s own processes alone', () => {
    const processes = tree(eightGpus()).children.flatMap(({ children }) => children);
    const offered = processes.filter(({ actions }) => actions.includes('signal')).map(({ subject }) => subject.kind === 'process' && subject.process.user);
    expect(new Set(offered)).toEqual(new Set(['lena']));
    expect(processes.map(contextValue)).toContain('process;copyPid;copyCommand;');
    expect(processes.map(contextValue)).toContain('process;revealTerminal;copyPid;copyCommand;signal;');
  });

  it('never offers a signal for process 1', () => {
    const sample = inventedSample({ gpus: [inventedReading([inventedGpu(0)], [inventedUse(0, 1, 10)])], processes: [inventedProcess(1, 'lena', ['python'])] });
    const [process] = tree(sample).children[0]?.children ?? [];
    expect(process?.actions).not.toContain('signal');
  });

  it('keeps its keys and has each once', () => {
    const keys = (node: SystemNode): readonly string[] => [node.key, ...node.children.flatMap(keys)];
    for (const make of [eightGpus, sixteenGpus, silentDriver]) {
      const first = keys(tree(make()));
      expect(new Set(first).size).toBe(first.length);
      expect(keys(tree(make()))).toEqual(first);
    }
  });

  it('lists slices with their holders, and a lost GPU in red', () => {
    const shown = lines(tree(sixteenGpus()));
    expect(shown.filter((line) => /3g|1g|GPU 6|GPU 11|GPU 14/.test(line))).toEqual([
      '  circle-filled GPU 6 | you, mkim · MIG · 33.3 GiB',
      '    circle-small-filled 3g.40gb | you · 21.0 GiB',
      '    circle-small-filled 1g.10gb | free · 0.0 GiB',
      '    circle-small-filled 1g.10gb | free · 0.0 GiB',
      '    circle-small-filled 3g.40gb | raj · 32.0 GiB',
      '  error GPU 11 | lost · not known',
      '  circle-outline GPU 14 | free · 0% · 0.0 GiB',
    ]);
  });

  it('says who held a GPU before the driver fell silent, and no number of then', () => {
    const watch = new GpuWatch();
    watch.observe(readHoldings(eightGpus(), LENA));
    const silent = readHoldings(silentDriver(), LENA);
    watch.observe(silent);
    const shown = lines(tree(silentDriver(), watch));
    expect(shown.slice(0, 3)).toEqual(['vm-active hgx-04 | 8 GPUs · not known', '  debug-disconnect NVIDIA driver not answering | 4 min', '  circle-slash GPU 0 | no answer · was you']);
  });

  it('has a row for memory that nobody seen holds', () => {
    const sample = inventedSample({ gpus: [inventedReading([inventedGpu(0, { memoryUsed: 18 * GIB })], [])] });
    expect(lines(tree(sample)).at(-1)).toBe('    eye-closed 18.0 GiB | held by processes that cannot be seen here');
  });

  it('names a driver’s trouble with the way out', () => {
    const problem = { reason: 'driverMismatch', text: 'Driver and library versions differ.', remedy: 'Restart the machine.' } as const;
    const [node] = tree(inventedSample({ gpus: [inventedReading([], [], { state: { kind: 'failed', problem } })] })).children;
    expect([node?.label, node?.tooltip]).toEqual(['Driver and library versions differ.', 'Driver and library versions differ.\nRestart the machine.']);
  });

  it('breaks no line with a hostile name', () => {
    const sample = inventedSample({ host: 'h\nx', gpus: [inventedReading([inventedGpu(0)], [inventedUse(0, 5, 20)])], processes: [inventedProcess(5, 'ra\u202ej', ['py\nthon', 'a\u2028b.py'])] });
    expect(lines(tree(sample)).join('')).not.toMatch(/[\n\u202e\u2028]/);
  });

  it('is one row where there is no GPU', () => {
    expect(lines(tree(noGpu()))).toEqual(['vm-active login-1 | no GPU']);
  });
});
