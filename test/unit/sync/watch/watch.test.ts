import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BytePath } from '../../../../src/base/bytePath.ts';
import type { Timers } from '../../../../src/process/timers.ts';
import type { GitActivity } from '../../../../src/sync/watch/gitActivity.ts';
import { gitActivity } from '../../../../src/sync/watch/gitActivity.ts';
import { watchFolders } from '../../../../src/sync/watch/folderWatcher.ts';
import type { HintListener } from '../../../../src/sync/watch/folderWatcher.ts';
import { startWatch } from '../../../../src/sync/watch/watch.ts';
import type { Watch, WatchOptions, WatchState } from '../../../../src/sync/watch/watch.ts';

/** A clock that is moved by hand. */
class HandClock implements Timers {
  private at = 0;
  private waiting: { readonly at: number; readonly run: () => void }[] = [];

  now(): number {
    return this.at;
  }

  after(milliseconds: number, run: () => void): { dispose(): void } {
    const timer = { at: this.at + milliseconds, run };
    this.waiting.push(timer);
    return { dispose: () => (this.waiting = this.waiting.filter((one) => one !== timer)) };
  }

  /** Lets time pass, and what is promised come true. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.at + milliseconds;
    for (;;) {
      await settled();
      const [next] = this.waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) {
        break;
      }
      this.at = Math.max(this.at, next.at);
      this.waiting = this.waiting.filter((one) => one !== next);
      next.run();
    }
    this.at = until;
    await settled();
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) {
    await Promise.resolve();
  }
}

describe('watching', () => {
  let clock: HandClock;
  let git: GitActivity;
  let slept: number;
  let done: string[];
  let states: WatchState[];
  let listener: HintListener;
  let fail: string | undefined;
  let running: Watch | undefined;

  beforeEach(() => {
    clock = new HandClock();
    git = { busy: false, head: 'main' };
    slept = 0;
    done = [];
    states = [];
    fail = undefined;
  });
  afterEach(() => running?.dispose());

  async function start(more: Partial<WatchOptions> = {}): Promise<Watch> {
    const act = (what: string): Promise<void> => {
      if (fail !== undefined) {
        return Promise.reject(new Error(fail));
      }
      done.push(what);
      return Promise.resolve();
    };
    running = startWatch({
      timers: clock,
      wall: () => clock.now() + slept,
      watchTree(told) {
        listener = told;
        return { dispose: () => {} };
      },
      git: () => git,
      onBranch: 'ask',
      legs: [{ box: 'forge', push: (paths: ReadonlySet<BytePath>) => act(`push ${[...paths].sort().join()}`), reconcile: (reason: string) => act(`whole: ${reason}`) }],
      onState: (_, state) => states.push(state),
      ...more,
    });
    await clock.pass(0);
    return running;
  }

  it('compares the whole first, then brings what is saved after 300 ms of quiet', async () => {
    await start();
    expect(done).toEqual(['whole: start']);
    listener.onHint('a.py');
    await clock.pass(200);
    listener.onHint('b.py');
    await clock.pass(299);
    expect(done).toHaveLength(1);
    await clock.pass(1);
    expect(done).toEqual(['whole: start', 'push a.py,b.py']);
  });

  it('waits no longer than 2 s where there is never quiet', async () => {
    await start();
    for (let turn = 0; turn < 12; turn++) {
      listener.onHint(`f${turn}`);
      await clock.pass(200);
    }
    expect(done[1]).toMatch(/^push f0,f1,f2/);
  });

  it('holds back while git is at work, and half a second longer', async () => {
    await start();
    git = { busy: true, head: 'main' };
    listener.onHint('a.py');
    await clock.pass(5000);
    expect(states.at(-1)).toEqual({ kind: 'held', by: 'git' });
    git = { busy: false, head: 'main' };
    await clock.pass(250);
    expect(done).toHaveLength(1);
    await clock.pass(500);
    expect(done).toEqual(['whole: start', 'push a.py']);
  });

  it('brings a branch switch along only where that was asked for', async () => {
    const watch = await start();
    git = { busy: false, head: 'other' };
    listener.onHint('.git/HEAD');
    listener.onHint('a.py');
    await clock.pass(60_000);
    expect(done).toEqual(['whole: start']);
    expect(states.at(-1)).toEqual({ kind: 'held', by: 'branch' });
    watch.release();
    await clock.pass(0);
    expect(done).toEqual(['whole: start', 'whole: branch']);
  });

  it('compares the whole where hints are many, lost, of rules of git, or the machine has slept', async () => {
    await start();
    Array.from({ length: 501 }, (_, index) => listener.onHint(`f${index}`));
    await clock.pass(300);
    listener.onHint('sub/.gitignore');
    await clock.pass(300);
    listener.onLost('too many folders');
    await clock.pass(0);
    slept += 3_600_000;
    await clock.pass(5000);
    await clock.pass(70_000);
    expect(done).toEqual(['whole: start', 'whole: many', 'whole: ignoreRules', 'whole: lost', 'whole: awake', 'whole: periodic']);
  });

  it('tries later and later where a box does not answer, then compares the whole', async () => {
    await start();
    fail = 'no answer';
    listener.onHint('a.py');
    await clock.pass(300);
    expect(states.at(-1)).toMatchObject({ kind: 'failed', said: 'no answer' });
    await clock.pass(4000);
    fail = undefined;
    await clock.pass(60_000);
    expect(done).toEqual(['whole: start', 'whole: again']);
    expect(states.filter(({ kind }) => kind === 'failed').length).toBeGreaterThan(1);
  });

  it('says no more of a box once it has ended, though what was under way comes to its end', async () => {
    const watch = await start({
      legs: [{ box: 'forge', reconcile: async () => {}, push: (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())) }],
    });
    listener.onHint('a.py');
    await clock.pass(300);
    expect(states.at(-1)).toEqual({ kind: 'sending' });
    watch.dispose();
    await clock.pass(0);
    expect(states.at(-1)).toEqual({ kind: 'sending' });
  });

  it('holds no box up for another that hangs', async () => {
    const other: string[] = [];
    await start({
      legs: [
        { box: 'dead', push: () => new Promise(() => {}), reconcile: () => new Promise(() => {}) },
        { box: 'forge', push: async (paths) => void other.push([...paths].join()), reconcile: async () => {} },
      ],
    });
    listener.onHint('a.py');
    await clock.pass(300);
    listener.onHint('b.py');
    await clock.pass(300);
    expect(other).toEqual(['a.py', 'b.py']);
  });
});

describe('hints of a tree', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'trainyard-watch-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** Resolves when all of these were hinted at. */
  function hinted(wanted: readonly string[], act: () => void, onHint: (path: string) => unknown = () => {}): Promise<void> {
    return new Promise((resolve) => {
      const missing = new Set(wanted);
      const watching = watchFolders(root, {
        onHint(path) {
          missing.delete(path);
          onHint(path);
          if (missing.size === 0) {
            watching.dispose();
            resolve();
          }
        },
        onLost: () => {},
      }, () => false);
      act();
    });
  }

  it('come for files in folders old and new, whatever their names', async () => {
    mkdirSync(join(root, 'old/deep'), { recursive: true });
    await hinted(['old/deep/f', 'new', 'new/inner', 'new/inner/g', 'odd\nname', 'moved'], () => {
      writeFileSync(join(root, 'old/deep/f'), 'f');
      mkdirSync(join(root, 'new/inner'), { recursive: true });
      writeFileSync(join(root, 'new/inner/g'), 'g');
      writeFileSync(join(root, 'odd\nname'), 'x');
      renameSync(join(root, 'old/deep'), join(root, 'moved'));
    });
  });

  it('come on where a folder has become a file before its own were heard', async () => {
    mkdirSync(join(root, 'd'));
    await hinted(['d', 'd/x', 'last'], () => {
      writeFileSync(join(root, 'd/x'), 'x');
      rmSync(join(root, 'd'), { recursive: true });
      writeFileSync(join(root, 'd'), 'a file');
      writeFileSync(join(root, 'last'), 'l');
    });
  });

  it('come for a folder that was removed and made anew at once', async () => {
    mkdirSync(join(root, 'out/d'), { recursive: true });
    await hinted(['out/d/early', 'out/d/late'], () => {
      rmSync(join(root, 'out/d'), { recursive: true });
      mkdirSync(join(root, 'out/d'));
      writeFileSync(join(root, 'out/d/early'), 'e');
    }, (path) => path === 'out/d/early' && writeFileSync(join(root, 'out/d/late'), 'l'));
  });

  it('come for what git does, of which the top of its folder alone is watched', async () => {
    mkdirSync(join(root, '.git/objects'), { recursive: true });
    await hinted(['.git/index.lock', '.git/HEAD'], () => {
      writeFileSync(join(root, '.git/index.lock'), '');
      writeFileSync(join(root, '.git/HEAD'), 'ref: refs/heads/main\n');
    });
    expect(gitActivity(root)).toEqual({ busy: true, head: 'ref: refs/heads/main' });
  });
});
