import { describe, expect, it } from 'vitest';
import { absent } from '../../../../src/base/absent.ts';
import type { GpuUse } from '../../../../src/monitor/gpuSample.ts';
import { visibleDevicesLine } from '../../../../src/monitor/view/cudaDevices.ts';
import { freeGpus, freedom } from '../../../../src/monitor/view/free.ts';
import { heldBy } from '../../../../src/monitor/view/gpuRow.ts';
import { gpuRow } from '../../../../src/monitor/view/dashboardGpus.ts';
import { readHoldings } from '../../../../src/monitor/view/holders.ts';
import type { HeldGpu } from '../../../../src/monitor/view/holders.ts';
import { label, runTitle } from '../../../../src/monitor/view/commandWords.ts';
import { GIB, LENA, LENA_ON_EIGHT, eightGpus, inventedGpu, inventedProcess, inventedReading, inventedSample, inventedUse, nothingKnown, silentDriver, sixteenGpus } from './invented.ts';

const words = (held: HeldGpu | undefined) => {
  const { who, what } = heldBy(held as HeldGpu);
  return what === '' ? who : `${who} ${what}`;
};

/** One GPU with what it uses and who is there. */
function one(used: number, uses: readonly GpuUse[] | ReturnType<typeof absent>, processes: readonly ReturnType<typeof inventedProcess>[] = [], scope = { hidden: false, namespaced: false }) {
  const sample = inventedSample({ gpus: [inventedReading([inventedGpu(0, { memoryUsed: used * GIB })], uses)], processes, processScope: scope });
  return readHoldings(sample, LENA).gpus[0] as HeldGpu;
}

describe('who holds a GPU', () => {
  it('tells the workspace’s runs, one’s own, and those of others apart', () => {
    const { gpus, runs } = readHoldings(eightGpus(), LENA_ON_EIGHT);
    expect(gpus.map(words)).toEqual([
      'you llama-8b-sft',
      'you llama-8b-sft',
      'you llama-8b-sft',
      'you llama-8b-sft',
      'you vit-l-aug, raj',
      'you vit-l-aug',
      'mkim vllm serve',
      'raj ipykernel',
    ]);
    expect(gpus.map(({ owner }) => owner)).toEqual(['workspace', 'workspace', 'workspace', 'workspace', 'mine', 'mine', 'others', 'others']);
    expect(runs.map(({ title, owner, root, members }) => [title, owner, root.pid, members.map(({ rank }) => rank)])).toEqual([
      ['llama-8b-sft', 'workspace', 48200, [0, 1, 2, 3]],
      ['vit-l-aug', 'mine', 50992, [undefined]],
      ['vllm serve', 'others', 31877, [undefined]],
      ['ipykernel', 'others', 27140, [undefined]],
      ['eval_probe', 'others', 51377, [undefined]],
    ]);
  });

  it('counts the loader workers of a process', () => {
    const { runs } = readHoldings(eightGpus(), LENA);
    expect(runs.map(({ members }) => members.map(({ loaders, helpers }) => [loaders, helpers.length]))).toContainEqual([[16, 16]]);
  });

  it('knows a run of the workspace by a path in its words where its folder cannot be read', () => {
    const process = inventedProcess(5, 'lena', ['python', '/home/lena/train-lab/train.py']);
    expect(one(10, [inventedUse(0, 5, 10)], [process]).owner).toBe('workspace');
    const neighbour = inventedProcess(5, 'lena', ['python', '/home/lena/train-lab-2/train.py']);
    expect(one(10, [inventedUse(0, 5, 10)], [neighbour]).owner).toBe('mine');
  });

  it('splits memory into mine and that of others', () => {
    const [, , , , shared] = readHoldings(eightGpus(), LENA).gpus;
    const { mine, others } = gpuRow(shared as HeldGpu, {}, 0);
    expect([Math.round((mine / GIB) * 10) / 10, Math.round((others / GIB) * 10) / 10]).toEqual([29.2, 6.1]);
  });

  it('says how much is held by processes that cannot be seen', () => {
    const held = one(18, []);
    expect([held.hiddenMemory, held.owner, words(held), freedom(held)]).toEqual([18 * GIB, 'hidden', 'hidden', 'taken']);
  });

  it('holds what a driver needs for itself against nobody', () => {
    const held = one(0.6, []);
    expect([held.hiddenMemory, held.owner, freedom(held)]).toEqual([0, undefined, 'free']);
  });

  it('does not join numbers of another pid namespace', () => {
    const process = inventedProcess(4711, 'lena', ['python', 'train.py']);
    const held = one(20, [inventedUse(0, 4711, 20)], [process], { hidden: false, namespaced: true });
    expect([held.owner, held.hiddenMemory, words(held)]).toEqual(['hidden', 20 * GIB, 'hidden python3.11']);
    const sample = inventedSample({ gpus: [inventedReading([inventedGpu(0)], [inventedUse(0, 4711, 20)])], processes: [process], processScope: { hidden: false, namespaced: true } });
    expect(readHoldings(sample, { ...LENA, isSame: () => true }).gpus[0]?.owner).toBe('mine');
  });

  it('claims nothing hidden where a visible process’s memory is not told', () => {
    const held = one(20, [inventedUse(0, 5, absent('N/A'))], [inventedProcess(5, 'raj', ['python'])]);
    expect(held.hiddenMemory).toMatchObject({ absent: expect.any(String) });
  });

  it('knows nothing of a GPU whose processes nobody tells', () => {
    const held = readHoldings(nothingKnown(), LENA).gpus[0] as HeldGpu;
    expect([words(held), freedom(held), held.owner]).toEqual(['not told', 'unknown', undefined]);
  });

  it('gives no old values of a driver that went silent', () => {
    const { gpus } = readHoldings(silentDriver(), LENA);
    expect(gpus.every(({ fresh }) => !fresh)).toBe(true);
    expect(gpus.map(freedom)).not.toContain('free');
  });

  it('ends climbing at a loop of parents', () => {
    const a = inventedProcess(10, 'lena', ['python', 'a.py'], { parent: 11 });
    const b = inventedProcess(11, 'lena', ['python', 'b.py'], { parent: 10 });
    expect(one(10, [inventedUse(0, 10, 10)], [a, b]).owner).toBe('mine');
  });

  it('says of MIG who holds which slices', () => {
    const { gpus } = readHoldings(sixteenGpus(), LENA);
    expect([words(gpus[6]), words(gpus[7]), words(gpus[11]), words(gpus[14])]).toEqual(['you, mkim 2 of 4 slices', 'raj, ana 3 of 3 slices', 'not known', 'free']);
  });
});

describe('a free GPU', () => {
  it('is one that nobody computes on, those with most memory first', () => {
    expect(freeGpus(readHoldings(sixteenGpus(), LENA).gpus).map(({ gpu }) => gpu.index)).toEqual([14, 15]);
  });

  it('may draw a desktop', () => {
    expect(freedom(one(1.9, [inventedUse(0, 9, 1.4, { kind: 'graphics' })], [inventedProcess(9, 'lena', ['/usr/lib/xorg/Xorg'])]))).toBe('free');
  });

  it('is not one that is at work, though nobody tells for whom', () => {
    const sample = inventedSample({ gpus: [inventedReading([inventedGpu(0, { utilization: 60 })], absent('not told'))] });
    expect(freedom(readHoldings(sample, LENA).gpus[0] as HeldGpu)).toBe('taken');
  });
});

describe('the line for a shell', () => {
  it.each([
    ['GPUs by UUID', [{ gpu: inventedGpu(0) }, { gpu: inventedGpu(3) }], 'CUDA_VISIBLE_DEVICES=GPU-00000000-0000-4000-8000-000000000000,GPU-00000003-0000-4000-8000-000000000000'],
    ['a slice', [{ gpu: sixteenGpus().gpus[0]!.gpus[6]!, slice: sixteenGpus().gpus[0]!.gpus[6]!.slices[0]! }], 'CUDA_VISIBLE_DEVICES=MIG-6-0-0000'],
    ['AMD by number', [{ gpu: inventedGpu(2, { vendor: 'amd' }) }], 'HIP_VISIBLE_DEVICES=2'],
    ['two makers', [{ gpu: inventedGpu(0) }, { gpu: inventedGpu(2, { vendor: 'amd' }) }], undefined],
    ['a UUID that a shell would run', [{ gpu: inventedGpu(0, { uuid: 'GPU-0;rm -rf ~' }) }], undefined],
    ['nothing', [], undefined],
  ])('names %s', (_, devices, line) => {
    expect(visibleDevicesLine(devices)).toBe(line);
  });
});

describe('what a process is called', () => {
  it.each([
    [['/usr/bin/python3', 'train.py', '--lr', '1'], 'python train.py', 'train'],
    [['python', '-m', 'vllm.entrypoints.api_server'], 'python -m vllm.entrypoints.api_server', 'vllm'],
    [['python3.11', '-m', 'torch.distributed.run', '--nproc_per_node', '4', 'train.py', '--config', 'c/llama.yaml'], 'python train.py', 'llama'],
    [['accelerate', 'launch', 'sft.py'], 'accelerate sft.py', 'sft'],
    [['/usr/local/bin/vllm', 'serve', 'Qwen'], 'vllm serve', 'vllm serve'],
    [['ollama'], 'ollama', 'ollama'],
    [['python', 'train.py', '--run-name=\u202egnp.exe'], 'python train.py', '\\u202egnp.exe'],
    [[], '', ''],
  ])('%j is %s, its run %s', (command, short, title) => {
    const process = inventedProcess(7, 'lena', command);
    expect([label(process), runTitle(process, undefined)]).toEqual([short, title]);
  });
});
