import { execFile } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { CollectorFolderError, checkCollectorFolder, collectorFolder, makeCollectorFolder } from '../../../../src/monitor/collect/collectorFolder.ts';
import { Leadership, type Turn } from '../../../../src/monitor/collect/leadership.ts';
import { isRoot, temporaryFolder } from './support.ts';

const bundle = join(temporaryFolder(), 'turnTaker.mjs');

beforeAll(async () => {
  await build({ entryPoints: [join(import.meta.dirname, 'turnTaker.ts')], outfile: bundle, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
});

/** Another process that takes a turn, says which, and ends. */
async function takenElsewhere(folder: string): Promise<Turn | null> {
  const { stdout } = await promisify(execFile)(process.execPath, [bundle, folder]);
  return JSON.parse(stdout) as Turn | null;
}

async function takenInThread(folder: string): Promise<{ readonly turn: Turn | null; readonly worker: Worker }> {
  const worker = new Worker(bundle, { workerData: { folder } });
  const [turn] = (await once(worker, 'message')) as [Turn | null];
  return { turn, worker };
}

describe('the turn at leading', () => {
  it('is had by one', () => {
    const folder = temporaryFolder();
    const turn = new Leadership(folder).take();
    expect([turn?.number, new Leadership(folder).take(), new Leadership(folder).current()?.number]).toEqual([1, undefined, 1]);
  });

  it('is had by one, however many processes want it at once', async () => {
    const folder = temporaryFolder();
    const { worker: holder, turn } = await takenInThread(folder);
    expect(turn?.number).toBe(1);
    await holder.terminate();
    const others = await Promise.all(Array.from({ length: 6 }, () => takenInThread(folder)));
    expect(others.flatMap((other) => other.turn?.number ?? [])).toEqual([2]);
    await Promise.all(others.map(({ worker }) => worker.terminate()));
  });

  it('is over for one who is there and does not answer when somebody who saw that takes the next, which one does', async () => {
    const folder = temporaryFolder();
    const { turn, worker } = await takenInThread(folder);
    const [one, other] = [new Leadership(folder), new Leadership(folder)];
    expect(one.take()).toBeUndefined();
    const next = one.take(turn ?? undefined);
    expect([next?.number, one.isOurs(next as Turn), other.take(turn ?? undefined), other.current()?.number]).toEqual([2, true, undefined, 2]);
    await worker.terminate();
  });

  it('is over when the process has ended, with no word from it', async () => {
    const folder = temporaryFolder();
    expect((await takenElsewhere(folder))?.number).toBe(1);
    const leadership = new Leadership(folder);
    expect([leadership.current(), leadership.take()?.number]).toEqual([undefined, 2]);
  });

  it('is over when the thread has ended and its process lives on', async () => {
    const folder = temporaryFolder();
    const { worker } = await takenInThread(folder);
    const leadership = new Leadership(folder);
    expect(leadership.take()).toBeUndefined();
    await worker.terminate();
    expect(leadership.take()?.number).toBe(2);
  });

  it('can be handed to another thread of the process', () => {
    const folder = temporaryFolder();
    const leadership = new Leadership(folder);
    const turn = leadership.take() as Turn;
    leadership.adopt(turn);
    expect([leadership.isOurs(turn), leadership.current()]).toEqual([true, turn]);
  });

  it('is free again when it is given back, under a number of its own', () => {
    const folder = temporaryFolder();
    const leadership = new Leadership(folder);
    leadership.release(leadership.take() as Turn);
    expect([leadership.current(), leadership.take()?.number]).toEqual([undefined, 2]);
  });

  it('is not had by who comes late with a number that others have used up meanwhile', () => {
    const folder = temporaryFolder();
    const latecomer = new Leadership(folder);
    const others = new Leadership(folder);
    const draft = latecomer['draft'].bind(latecomer);
    // It has looked, and has not taken yet: another leads and goes, and a third sweeps the number away.
    latecomer['draft'] = (...args) => {
      others.release(others.take() as Turn);
      expect(others.take()?.number).toBe(2);
      return draft(...args);
    };
    expect(latecomer.take()).toBeUndefined();
    expect([others.current()?.number, readdirSync(folder).filter((file) => /-\d+$/.test(file)).length]).toEqual([2, 1]);
  });

  it.each(['', 'nonsense', 'null', '[]', '{"thread":"../../1","threadStart":"1"}', '{"thread":7}', '{"thread":"1/task/1","threadStart":"0"}'])('is not held by a file that says %j', (text) => {
    const folder = temporaryFolder();
    const leadership = new Leadership(folder);
    leadership.release(leadership.take() as Turn);
    const [name = ''] = readdirSync(folder);
    writeFileSync(join(folder, name), text);
    expect(leadership.take()?.number).toBe(2);
  });

  it('is lost with its folder', () => {
    const folder = temporaryFolder();
    const leadership = new Leadership(folder);
    const turn = leadership.take() as Turn;
    expect(leadership.isOurs(turn)).toBe(true);
    rmSync(folder, { recursive: true });
    expect(leadership.isOurs(turn)).toBe(false);
  });
});

describe('the collector’s folder', () => {
  const reasonOf = (act: () => void): unknown => {
    try {
      act();
      return undefined;
    } catch (error) {
      return error instanceof CollectorFolderError ? error.reason : error;
    }
  };

  it('is made for its user alone', () => {
    const path = join(temporaryFolder(), 'made');
    makeCollectorFolder(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it('is not used where others may enter it', () => {
    const path = join(temporaryFolder(), 'open');
    mkdirSync(path);
    chmodSync(path, 0o750);
    expect([reasonOf(() => makeCollectorFolder(path)), statSync(path).mode & 0o777]).toEqual(['open', 0o750]);
  });

  it('is not used where it is a link', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'real'), { mode: 0o700 });
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    expect(reasonOf(() => makeCollectorFolder(join(folder, 'link')))).toBe('link');
  });

  it('is not used where it is another’s', () => {
    const path = isRoot ? join(temporaryFolder(), 'theirs') : '/usr';
    if (isRoot) {
      mkdirSync(path, { mode: 0o700 });
      chownSync(path, 12_345, 12_345);
    }
    expect(reasonOf(() => checkCollectorFolder(path))).toBe('foreign');
  });

  it('lies in the session’s folder, where that is ours', () => {
    const runtime = temporaryFolder();
    expect([collectorFolder({ XDG_RUNTIME_DIR: runtime }), collectorFolder({ XDG_RUNTIME_DIR: 'relative' }).includes('relative')]).toEqual([join(runtime, 'trainyard'), false]);
  });

  it('leaves room for the socket’s name where the folder for temporary files is deep', () => {
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = `/tmp/${'d'.repeat(90)}`;
    try {
      expect(collectorFolder({}).length).toBeLessThan(64 + 'trainyard-4294967295'.length);
    } finally {
      process.env['TMPDIR'] = before ?? '';
      if (before === undefined) {
        delete process.env['TMPDIR'];
      }
    }
  });
});
