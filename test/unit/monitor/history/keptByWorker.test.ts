import { statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Emitter } from '../../../../src/base/emitter.ts';
import { SocketClient } from '../../../../src/monitor/collect/client.ts';
import type { HistoryPlace } from '../../../../src/monitor/collect/workerMessages.ts';
import { workerCollector } from '../../../../src/monitor/collect/workerCollector.ts';
import { SMALLEST_BOUND } from '../../../../src/monitor/history/historyWriter.ts';
import { openDatabase } from '../../../../src/monitor/history/sqlite.ts';
import { AS_SHIPPED } from '../../asShipped.ts';
import { temporaryFolder } from '../collect/support.ts';
import { busyBox } from './busyBox.ts';
import { historyPath, writer } from './support.ts';

const BOUND = 200_000_000;
const bundles = temporaryFolder();
const clients = new Set<SocketClient>();

beforeAll(async () => {
  const entry = join(import.meta.dirname, '../../../../src/monitor/monitorWorker.ts');
  await build({ ...AS_SHIPPED, entryPoints: [entry], outdir: bundles, outExtension: { '.js': '.mjs' } });
});

afterEach(() => {
  clients.forEach((client) => client.dispose());
  clients.clear();
});

/** A window whose collector keeps samples where it is told to. */
function startWindow(history: HistoryPlace | undefined): { readonly client: SocketClient; readonly change: (place: HistoryPlace | undefined) => void } {
  const changed = new Emitter<void>();
  let place = history;
  const folder = temporaryFolder();
  const settings = () => ({ toolPaths: {}, env: process.env, never: [], ...(place && { history: place }) });
  const script = join(bundles, 'monitorWorker.mjs');
  const client = new SocketClient({ folder, startCollector: workerCollector({ script, folder, settings, onDidChangeHistory: changed.event }) });
  clients.add(client);
  return {
    client,
    change(next) {
      place = next;
      changed.fire();
    },
  };
}

const ask = (client: SocketClient): Promise<unknown> => client.ask({ what: 'history', query: { what: 'kept', host: 'nobody' } });

function blocksIn(path: string): number {
  const database = openDatabase(path, true);
  try {
    return Number(database.prepare('SELECT count(*) AS blocks FROM block WHERE level = 0').get()?.['blocks']);
  } finally {
    database.close();
  }
}

describe('the collector of a window', () => {
  it('keeps samples from when it is told to until it is told not to', async () => {
    const path = historyPath();
    const { client, change } = startWindow(undefined);
    client.wish({ interval: 1000, detail: 'gpus' });
    await vi.waitFor(() => expect(client.state.kind).toBe('live'), { timeout: 20_000 });
    await expect(ask(client)).rejects.toThrow('Nothing is kept');
    change({ path, bound: BOUND });
    await vi.waitFor(() => expect(blocksIn(path)).toBeGreaterThan(0), { timeout: 30_000, interval: 200 });
    change(undefined);
    await vi.waitFor(async () => expect(await ask(client).catch(String)).toContain('Nothing is kept'), { timeout: 20_000, interval: 100 });
    expect(() => statSync(`${path}-wal`)).toThrow('ENOENT');
  });

  it('lets go of what is too much as soon as the bound is lowered', async () => {
    const path = historyPath();
    const past = writer(path);
    const box = busyBox({ gpus: 32, processes: 300, cores: 256 });
    const began = Date.now() - 3_400_000;
    for (let second = 0; second < 3300; second++) {
      past.add({ ...box(second), time: began + second * 1000 });
    }
    past.dispose();
    expect(statSync(path).size).toBeGreaterThan(SMALLEST_BOUND);
    const before = blocksIn(path);
    const { client, change } = startWindow({ path, bound: BOUND });
    client.wish({ interval: 1000, detail: 'gpus' });
    await vi.waitFor(() => expect(blocksIn(path)).toBeGreaterThan(before), { timeout: 30_000, interval: 200 });
    change({ path, bound: SMALLEST_BOUND });
    await vi.waitFor(() => expect(blocksIn(path)).toBeLessThan(before), { timeout: 30_000, interval: 200 });
  });
});
