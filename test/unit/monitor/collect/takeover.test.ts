import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { AS_SHIPPED } from '../../asShipped.ts';
import { temporaryFolder } from './support.ts';

const INTERVAL = 1000;
const bundles = temporaryFolder();

beforeAll(async () => {
  const root = join(import.meta.dirname, '../../../..');
  await build({
    ...AS_SHIPPED,
    entryPoints: [join(root, 'src/monitor/monitorWorker.ts'), join(import.meta.dirname, 'killedFace.ts')],
    outdir: bundles,
    outExtension: { '.js': '.mjs' },
  });
});

interface Face {
  readonly child: ChildProcess;
  readonly told: { readonly time: number; readonly leads: boolean }[];
}

const faces = new Set<Face>();
afterEach(async () => {
  for (const { child } of faces) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  faces.clear();
});

/** A process with a window's part in it, the real collector included. */
function startFace(folder: string): Face {
  const child = spawn(process.execPath, [join(bundles, 'killedFace.mjs'), folder, join(bundles, 'monitorWorker.mjs'), String(INTERVAL)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const told: Face['told'] = [];
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => told.push(JSON.parse(line) as Face['told'][number]));
  const face = { child, told };
  faces.add(face);
  return face;
}

const leads = ({ told }: Face): boolean => told.at(-1)?.leads === true;

async function told(all: readonly Face[], samples: number): Promise<void> {
  const before = all.map((face) => face.told.length);
  await vi.waitFor(() => expect(all.every((face, index) => face.told.length >= (before[index] ?? 0) + samples)).toBe(true), { timeout: 30_000, interval: 5 });
}

/** Ticks that came between each sample and the next: 1 where none is missing. */
function steps({ told: samples }: Face): readonly number[] {
  const ticks = samples.map(({ time }) => Math.round(time / INTERVAL));
  return ticks.slice(1).map((tick, index) => tick - (ticks[index] ?? 0));
}

describe('several windows', () => {
  it('have one leader, and when it is killed another, with no more than one tick missing', async () => {
    const folder = temporaryFolder();
    const all = Array.from({ length: 4 }, () => startFace(folder));
    await told(all, 3);
    const [first, ...more] = all.filter(leads);
    expect([first === undefined, more.length]).toEqual([false, 0]);
    const followers = all.filter((face) => face !== first);
    first?.child.kill('SIGKILL');
    await vi.waitFor(() => expect(followers.filter(leads)).toHaveLength(1), { timeout: 30_000, interval: 5 });
    await told(followers, 3);
    expect(followers.filter(leads)).toHaveLength(1);
    expect(followers.map((face) => Math.max(...steps(face)) <= 2)).toEqual([true, true, true]);
  });

  it('go on without a leader that was stopped, which follows when it comes back', async () => {
    const folder = temporaryFolder();
    const first = startFace(folder);
    await told([first], 1);
    const others = [startFace(folder), startFace(folder)];
    await told(others, 2);
    expect([leads(first), others.some(leads)]).toEqual([true, false]);
    first.child.kill('SIGSTOP');
    await vi.waitFor(() => expect(others.filter(leads)).toHaveLength(1), { timeout: 60_000, interval: 20 });
    await told(others, 3);
    const before = first.told.length;
    first.child.kill('SIGCONT');
    await told([first, ...others], 3);
    // What it tells from then on is what the new leader saw: of the same ticks as the others.
    await vi.waitFor(() => expect([first, ...others].filter(leads)).toHaveLength(1), { timeout: 30_000, interval: 20 });
    expect(leads(first)).toBe(false);
    await told([first, ...others], 2);
    const seen = new Set(others[0]?.told.map(({ time }) => time));
    expect(first.told.slice(before).slice(-2).every(({ time }) => seen.has(time))).toBe(true);
  });

  it('go on when the leader’s window is closed', async () => {
    const folder = temporaryFolder();
    const first = startFace(folder);
    await told([first], 1);
    const second = startFace(folder);
    await told([second], 2);
    expect(leads(second)).toBe(false);
    first.child.stdin?.end();
    expect(await once(first.child, 'exit')).toEqual([0, null]);
    await told([second], 2);
    expect([leads(second), Math.max(...steps(second)) <= 2]).toEqual([true, true]);
  });
});
