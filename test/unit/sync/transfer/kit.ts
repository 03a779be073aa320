import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, readdirSync, realpathSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemPath, toBytePath } from '../../../../src/base/bytePath.ts';
import type { BytePath } from '../../../../src/base/bytePath.ts';
import type { SshLink } from '../../../../src/process/ssh/link.ts';
import { systemTimers } from '../../../../src/process/timers.ts';
import type { Timers } from '../../../../src/process/timers.ts';
import { findWrappers } from '../../../../src/process/wrappers.ts';
import type { Wrappers } from '../../../../src/process/wrappers.ts';
import type { BoxFacts, RsyncFacts } from '../../../../src/sync/box.ts';
import type { Entry, Listing } from '../../../../src/sync/entry.ts';
import { createHistory } from '../../../../src/sync/history/history.ts';
import { localEntry } from '../../../../src/sync/listing/localEntry.ts';
import { lookAt } from '../../../../src/sync/listing/localStat.ts';
import { firstApproval } from '../../../../src/sync/plan.ts';
import type { Approval, PlanItem, SyncPlan } from '../../../../src/sync/plan.ts';
import type { SyncOutcome, SyncProgress } from '../../../../src/sync/run.ts';
import { createSnapshots } from '../../../../src/sync/snapshots/snapshots.ts';
import type { Direction, Target } from '../../../../src/sync/target.ts';
import type { RunContext } from '../../../../src/sync/transfer/runContext.ts';
import { runPlan } from '../../../../src/sync/transfer/runPlan.ts';

export const RSYNC: RsyncFacts = { kind: 'rsync', version: '3.5.0', protocol: 32, zstd: true, mkpath: true, notes: [] };
export const WRAPPERS: Wrappers = await findWrappers();
export const BOX: BoxFacts = { system: 'Linux', home: '/root', rsync: RSYNC, zstd: true, git: true, find: 'gnu', load: 0, cpus: 2, installRsync: 'apt install rsync', clockAhead: 0 };

/** Waits of any length are over at once; the clock is the system's. */
export const hasty: Timers = { now: () => performance.now(), after: (milliseconds, run) => systemTimers.after(Math.min(milliseconds, 5), run) };

/** A tree from names and contents; a value beginning with `->` is a link, one of `/` a folder. All files are of one old time. */
export function makeTree(root: string, files: Readonly<Record<string, string | Buffer>>, seconds?: number): void {
  mkdirSync(root, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    putFile(root, toBytePath(name), content, seconds);
  }
}

export const OLDER = 1_600_000_000.5;

export function putFile(root: string, name: BytePath, content: string | Buffer, seconds = 1_700_000_000.25): void {
  const place = placeIn(root, name);
  const parent = name.lastIndexOf('/');
  mkdirSync(parent === -1 ? root : placeIn(root, name.slice(0, parent)), { recursive: true });
  rmSync(place, { force: true });
  if (content === '/') {
    mkdirSync(place, { recursive: true });
  } else if (typeof content === 'string' && content.startsWith('->')) {
    symlinkSync(content.slice(2), place);
  } else {
    writeFileSync(place, content);
    utimesSync(place, seconds, seconds);
  }
}

export function placeIn(root: string, name: BytePath): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), systemPath(name)]);
}

/** Each name below a folder with what it holds, our own left out: files by hash, time in microseconds and mode. */
export function treeOf(root: string, { own = false } = {}): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of entriesOf(root, own)) {
    const place = placeIn(root, entry.path);
    const what = entry.kind === 'file' ? `${createHash('sha1').update(readFileSync(place)).digest('hex').slice(0, 12)} ${entry.mtime}` : entry.kind === 'link' ? `-> ${readlinkSync(place, 'latin1')}` : entry.kind;
    found[entry.path] = `${what} ${entry.kind === 'link' ? '' : entry.mode.toString(8)}`;
  }
  return found;
}

export function entriesOf(root: string, own = false): readonly Entry[] {
  const found: Entry[] = [];
  const base = toBytePath(root);
  (function walk(folder: BytePath): void {
    for (const name of readdirSync(folder === '' ? root : placeIn(root, folder), 'buffer')) {
      const path = folder === '' ? name.toString('latin1') : `${folder}/${name.toString('latin1')}`;
      const stat = lookAt(base, path);
      if (stat !== undefined && (own || path !== '.trainyard')) {
        found.push(localEntry(base, path, stat));
        if (stat.isDirectory()) {
          walk(path);
        }
      }
    }
  })('');
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** As two listings have it; what is only at the sink is to be deleted. */
export function planOf(target: Target, box: string, from: string, to: string, remoteRoot: string): SyncPlan {
  const source = entriesOf(from);
  const there = lstatSync(to, { throwIfNoEntry: false }) === undefined ? [] : entriesOf(to);
  const sink = new Map(there.map((entry) => [entry.path, entry]));
  const items: PlanItem[] = source.flatMap((entry): PlanItem | [] => {
    const before = sink.get(entry.path);
    sink.delete(entry.path);
    const same = before !== undefined && before.kind === entry.kind && before.size === entry.size && (entry.kind !== 'file' || before.mtime === entry.mtime) && before.link === entry.link && (entry.kind === 'link' || before.mode === entry.mode);
    return same ? [] : { action: before === undefined ? 'create' : 'update', path: entry.path, source: entry, ...(before !== undefined && { sink: before }), bytes: entry.size, reason: '' };
  });
  const gone = [...sink.values()].map((entry): PlanItem => ({ action: 'delete', path: entry.path, sink: entry, bytes: entry.size, reason: '' }));
  const root = { kind: 'folder', device: '', inode: '', freeBytes: 1e12 } as const;
  return { id: 'p', target, box, direction: target.direction, remoteRoot: toBytePath(remoteRoot), madeAt: Date.now(), items: [...items, ...gone].sort((a, b) => (a.path < b.path ? -1 : 1)), guards: [], alike: 0, source: root, sink: root };
}

export function approveAll(plan: SyncPlan): Approval {
  return { ...firstApproval(plan), ticked: new Set(plan.items.map(({ path }) => path)) };
}

export interface Ground {
  readonly folder: string;
  readonly here: string;
  readonly there: string;
  readonly storage: string;
  plan(direction?: Direction, more?: Partial<Target>): SyncPlan;
  run(plan: SyncPlan, more?: { approval?: Approval; context?: Partial<RunContext>; onProgress?: (progress: SyncProgress) => void; signal?: AbortSignal }): Promise<SyncOutcome>;
}

/** A pair of folders and what a run needs; `there` is the box's side of a lab on this machine. */
export function makeGround(link: SshLink): Ground {
  const ground = groundIn(realpathSync(mkdtempSync(join(tmpdir(), 'trainyard-move-'))), link);
  mkdirSync(ground.here);
  return ground;
}

export function groundIn(folder: string, link: SshLink): Ground {
  const [here, there, storage] = ['here', 'there', 'storage'].map((name) => join(folder, name)) as [string, string, string];
  return {
    folder,
    here,
    there,
    storage,
    plan(direction = 'push', more = {}) {
      const target: Target = { name: 't', boxes: [link.host], local: here, remote: there, direction, send: { list: 'all', rules: [] }, deletions: 'plan', runsUnasked: false, checkpoints: [], from: 'typed', ...more };
      return direction === 'push' ? planOf(target, link.host, here, there, there) : planOf(target, link.host, there, here, there);
    },
    run: (plan, { approval = approveAll(plan), context = {}, onProgress = () => {}, signal = new AbortController().signal } = {}) =>
      runPlan(plan, approval, { link, facts: BOX, storage, wrappers: WRAPPERS, rsync: { path: '/usr/bin/rsync', facts: RSYNC }, snapshots: createSnapshots(storage), history: createHistory(storage), timers: hasty, ...context }, onProgress, signal),
  };
}

export function listingOf(root: string): Listing {
  return { entries: entriesOf(root), unread: [], skipped: [], root: { kind: 'folder', device: '', inode: '', freeBytes: 1e12 } };
}

