import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ArraysApi } from '../../../../src/dataset/arrays/arraysApi.ts';
import { createArraysService } from '../../../../src/dataset/arrays/arraysService.ts';
import type { ArraysFile, StatisticsView } from '../../../../src/dataset/webview/arrays/protocol.ts';
import { npyBytes, safetensorsBytes } from '../../media/arrays/arrayBytes.ts';
import { fileOf } from '../../media/arrays/madeFile.ts';
import { temporaryFolder } from '../../media/support.ts';

const never = new AbortController().signal;

function serve() {
  const told: StatisticsView[] = [];
  const waiting: (() => void)[] = [];
  const service = createArraysService({ storage: '/nonexistent', root: '/nonexistent', cacheBytes: 0 }, (_event, { view }) => {
    told.push(view);
    waiting.splice(0).forEach((resolve) => resolve());
  });
  const ask = <K extends keyof ArraysApi>(method: K, params: Parameters<ArraysApi[K]>[0]) => Promise.resolve(service.handlers[method](params, never)) as Promise<ReturnType<ArraysApi[K]>>;
  return {
    ask,
    told,
    open: async (file: string): Promise<{ id: number; file: ArraysFile }> => ask('open', { place: { file } }),
    /** The next word on a walk that fits. */
    async hear(fits: (view: StatisticsView) => boolean): Promise<StatisticsView> {
      for (;;) {
        const found = told.find(fits);
        if (found) {
          return found;
        }
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    dispose: () => service.dispose(),
  };
}

/** A file of zeros but for its header, that takes no room on the disk. */
function sparse(name: string, head: Uint8Array, size: number): string {
  const file = join(temporaryFolder(), name);
  const fd = openSync(file, 'w');
  writeSync(fd, head);
  ftruncateSync(fd, size);
  closeSync(fd);
  return file;
}

const bytes = Uint8Array.from({ length: 6 * 4 * 3 }, (_, index) => index);

describe('the service of arrays', () => {
  it('gives a grid with the dimensions in the order that is asked for', async () => {
    const { ask, open, dispose } = serve();
    const { id } = await open(fileOf(npyBytes("'|u1'", [6, 4, 3], bytes), '.npy'));
    const grid = await ask('grid', { id, path: 'array', at: [0, 0, 2], rowDimension: 1, columnDimension: 0, rows: { start: 1, stop: 3 }, columns: { start: 0, stop: 6 } });
    expect([grid.height, grid.width, [...(grid.values ?? [])]]).toEqual([2, 6, [5, 17, 29, 41, 53, 65, 8, 20, 32, 44, 56, 68]]);
    dispose();
  });

  it('gives pictures with their colours, wherever the colours stand', async () => {
    const { ask, open, dispose } = serve();
    const { id } = await open(fileOf(npyBytes("'|u1'", [3, 6, 4], bytes), '.npy'));
    const { pixels, height, width } = await ask('grid', { id, path: 'array', at: [0, 0, 0], rowDimension: 1, columnDimension: 2, colours: 0, rows: { start: 0, stop: 6 }, columns: { start: 0, stop: 4 } });
    expect([height, width, [...(pixels ?? []).slice(0, 8)]]).toEqual([6, 4, [0, 24, 48, 255, 1, 25, 49, 255]]);
    dispose();
  });

  it('gives a table turned as it is asked for', async () => {
    const { ask, open, dispose } = serve();
    const { id } = await open(fileOf(npyBytes("'|u1'", [6, 4, 3], bytes), '.npy'));
    const table = await ask('table', { id, path: 'array', at: [0, 0, 0], rowDimension: 1, columnDimension: 0, rows: { start: 0, stop: 2 }, columns: { start: 0, stop: 3 } });
    expect(table).toEqual({ height: 2, width: 3, cells: ['0', '12', '24', '3', '15', '27'] });
    dispose();
  });

  it('shows a part of 50 GB at steps, in less than 1 MiB', async () => {
    const { ask, open, dispose } = serve();
    const [height, width] = [125_000, 100_000];
    const head = safetensorsBytes({ big: { dtype: 'F32', shape: [height, width], data_offsets: [0, height * width * 4] } }, new Uint8Array());
    const { id, file } = await open(sparse('big.safetensors', head, head.length + height * width * 4));
    expect([file.bytes, file.problems]).toEqual([head.length + 50_000_000_000, []]);
    const grid = await ask('grid', { id, path: 'big', at: [0, 0], rowDimension: 0, columnDimension: 1, rows: { start: 0, stop: height }, columns: { start: 0, stop: width } });
    expect(grid.values?.byteLength).toBeLessThan(1_000_000);
    expect(grid.height * grid.rowStep).toBeGreaterThanOrEqual(height);
    expect(grid.width * grid.columnStep).toBeGreaterThanOrEqual(width);
    dispose();
  });

  it('walks values with progress, and stops when it is told to', async () => {
    const { ask, open, hear, told, dispose } = serve();
    const count = 5_000_000_000;
    const head = npyBytes("'<f4'", [count], new Uint8Array());
    const { id } = await open(sparse('long.npy', head, head.length + count * 4));
    await ask('startStatistics', { id, path: 'array' });
    const view = await hear(({ done }) => done > 0);
    expect([view.complete, view.done < 1, view.result?.zeros === view.result?.count]).toEqual([false, true, true]);
    await ask('stopStatistics', { id });
    const after = told.length;
    // What the walk had under way is over by the time that another one has ended.
    const small = await open(fileOf(npyBytes("'|u1'", [3], Uint8Array.of(1, 2, 3)), '.npy'));
    await ask('startStatistics', { id: small.id, path: 'array' });
    await hear(({ complete }) => complete);
    expect(told.slice(after).every(({ complete }) => complete)).toBe(true);
    dispose();
  });

  it('gives the statistics of what is there of a file that ends early, and says so', async () => {
    const { ask, open, hear, dispose } = serve();
    const { id, file } = await open(fileOf(npyBytes("'|u1'", [10], Uint8Array.of(1, 2, 3)), '.npy'));
    expect(file.problems[0]).toContain('3 of 10 elements');
    await ask('startStatistics', { id, path: 'array' });
    const view = await hear(({ complete }) => complete);
    expect([view.problem, view.result?.count, view.result?.max]).toEqual([expect.stringContaining('3 of 10'), 3, 3]);
    dispose();
  });

  it('answers nothing for a file that was closed', async () => {
    const { ask, open, dispose } = serve();
    const { id } = await open(fileOf(npyBytes("'|u1'", [3], Uint8Array.of(1, 2, 3)), '.npy'));
    await ask('close', { id });
    await expect(async () => ask('children', { id, path: '', from: 0 })).rejects.toThrow('no longer open');
    dispose();
  });
});
