import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startBrowser } from './browser.ts';
import { runInHost } from './runInHost.ts';
import { startServer } from './server.ts';

const MARK = 'trainyard-activation: ';

export interface Activation {
  /** Milliseconds from the request to the end of `activate`, with the loading of the bundle. */
  readonly totalMs: number;
  /** Of these, what `activate` itself took. */
  readonly ownMs: number;
}

/** Activates the source tree's `dist` in `runs` fresh extension hosts, one after another. */
export async function measureActivation(runs: number): Promise<Activation[]> {
  const folder = await mkdtemp(join(tmpdir(), 'trainyard-activation-'));
  const found: Activation[] = [];
  try {
    await using server = await startServer({ trust: true, driver: true });
    const browser = await startBrowser();
    try {
      for (let run = 0; run < runs; run++) {
        await runInHost(server, browser, {
          folder,
          extension: resolve(import.meta.dirname, '..', '..'),
          module: join(import.meta.dirname, 'activationProbe.mjs'),
          onLine: (line) => {
            if (line.startsWith(MARK)) {
              found.push(JSON.parse(line.slice(MARK.length)) as Activation);
            }
          },
        });
      }
    } finally {
      await browser.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (found.length < runs) {
    throw new Error(`Only ${found.length} of ${runs} activations were heard of`);
  }
  return found;
}
