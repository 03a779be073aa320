import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { absent, type Measured } from '../../../../src/base/absent.ts';
import { createProcessReader, type ProcessReader } from '../../../../src/monitor/host/processReader.ts';
import type { ProcessSample } from '../../../../src/monitor/hostSample.ts';
import { createLocalFiles } from '../../../../src/monitor/localFiles.ts';
import { fakeMachine, put, statOf } from './fakeProcesses.ts';
import { numbersIn, sentFiles } from './tree.ts';

const children: ChildProcess[] = [];
afterEach(async () => {
  await Promise.all(children.splice(0).map(async (child) => (child.kill('SIGKILL'), child.exitCode ?? child.signalCode ?? (await once(child, 'exit')))));
});

function start(command: string, ...args: string[]): ChildProcess {
  const child = spawn(command, args, { stdio: 'ignore' });
  children.push(child);
  return child;
}

const samples = (reader: ProcessReader, now: number): readonly ProcessSample[] => reader.read(now) as readonly ProcessSample[];
const one = (reader: ProcessReader, now: number, pid: number | undefined): ProcessSample | undefined => samples(reader, now).find((sample) => sample.pid === pid);

describe('a process', () => {
  it('is told with all that its files tell', () => {
    const { tree, read } = fakeMachine();
    put(tree, 77, { name: 'a b) R (', ticks: 100, resident: 5000, io: [0, 4096] });
    const first = absent('first sample');
    expect(read(0).find(({ pid }) => pid === 77)).toEqual({
      pid: 77,
      startTicks: '5000',
      parent: 1,
      uid: 1000,
      user: 'me',
      name: 'a b) R (',
      command: ['python', 'train.py'],
      state: 'S',
      cpu: first,
      memory: 5000 * 4096,
      threads: 4,
      read: first,
      written: first,
      started: 1_700_000_050_000,
    });
  });

  it('has its share of the time since it was read last', () => {
    const { tree, read } = fakeMachine();
    put(tree, 77, { state: 'R', ticks: 100, io: [0, 0] });
    read(0);
    put(tree, 77, { state: 'R', ticks: 350, io: [0, 0] });
    read(1);
    put(tree, 77, { state: 'R', ticks: 500, io: [10_000, 20_000] });
    expect(read(3)[1]).toMatchObject({ cpu: 75, read: 5000, written: 10_000 });
  });

  it('never uses more than all cores, nor less than nothing', () => {
    const { tree, read } = fakeMachine();
    put(tree, 77, { ticks: 1000 });
    read(0);
    put(tree, 77, { ticks: 900_000 });
    expect(read(1)[1]?.cpu).toBe(800);
    put(tree, 77, { ticks: 800_000 });
    expect(read(2)[1]?.cpu).toBe(0);
  });

  it('of another user keeps what it reads and writes to itself', () => {
    const { tree, read } = fakeMachine();
    put(tree, 77, { uid: 4711, io: [0, 0] });
    read(0);
    expect(read(1)[1]).toMatchObject({ user: '4711', read: absent('process of another user'), written: absent('process of another user') });
  });

  it('is another one when its number is used again', () => {
    const { tree, read } = fakeMachine();
    put(tree, 77, { ticks: 1000, command: 'old\0', io: [10, 10] });
    read(0);
    read(1);
    put(tree, 77, { ticks: 50, start: 90_000, command: 'new\0', io: [4096, 4096] });
    const first = absent('first sample');
    expect(read(2)[1]).toMatchObject({ startTicks: '90000', cpu: first, read: first, written: first, command: ['new'] });
  });

  it('that has become another program is told as that', () => {
    const { tree, read } = fakeMachine();
    put(tree, 77, { name: 'bash', command: 'bash\0' });
    read(0);
    put(tree, 77, { name: 'python3', command: 'python3\0x.py\0' });
    expect(read(1)[1]).toMatchObject({ name: 'python3', command: ['python3', 'x.py'] });
  });

  it('that rewrites its command line under the same name is told so soon after its start, and later within a minute or so', () => {
    const { tree, read } = fakeMachine();
    put(tree, 77, { start: 99_900, command: 'python\0' });
    read(0);
    put(tree, 77, { start: 99_900, command: 'python\0-m\0torch\0' });
    expect(read(1)[1]).toMatchObject({ command: ['python', '-m', 'torch'] });
    for (let second = 2; second < 20; second++) {
      read(second);
    }
    put(tree, 77, { start: 99_900, command: 'ray::train\0' });
    for (let second = 20; second < 20 + 130; second++) {
      read(second);
    }
    expect(read(151)[1]).toMatchObject({ command: ['ray::train'] });
  });

  it('of the kernel has no command line, nor has one that has ended', () => {
    const { tree, read } = fakeMachine();
    put(tree, 2, { name: 'kthreadd', flags: 0x200040, uid: 0, command: '' });
    put(tree, 3, { state: 'Z', command: '' });
    put(tree, 4, { command: '' });
    expect(read(0).slice(1).map(({ command }) => command)).toEqual([absent('thread of the kernel'), absent('it has ended'), absent('not told')]);
  });

  it('that has not changed is the very same object', () => {
    const { tree, read } = fakeMachine();
    put(tree, 77, {});
    read(0);
    read(1);
    const before = read(2);
    const after = read(3);
    expect(after[1]).toBe(before[1]);
    put(tree, 77, { ticks: 1 });
    expect(read(4)[1] ?? read(5)[1]).not.toBe(before[1]);
  });

  it('that has just begun is told of from the next time on, if it is still there', () => {
    const { tree, read } = fakeMachine();
    read(0);
    put(tree, 77, {});
    put(tree, 78, {});
    expect(read(1)).toHaveLength(1);
    tree.remove('/proc/78');
    expect(read(2).map(({ pid }) => pid)).toEqual([1, 77]);
  });

  it('that has gone is gone', () => {
    const { tree, read } = fakeMachine();
    put(tree, 77, {});
    expect(read(0)).toHaveLength(2);
    tree.remove('/proc/77');
    expect(read(1)).toHaveLength(1);
  });

  it('is told by pages of whatever size the machine has', () => {
    const { tree, read } = fakeMachine();
    put(tree, 77, { resident: 1000 });
    tree.write('/proc/77/status', 'Uid:\t0\t0\t0\t0\nVmRSS:\t64000 kB\n');
    tree.remove('/proc/1');
    expect(read(0)[0]?.memory).toBe(1000 * 65536);
  });
});

describe('those that rest', () => {
  it('are read in turn where there are very many, and honestly', () => {
    const pids = Array.from({ length: 2000 }, (_, index) => String(100 + index));
    const texts: Record<string, string> = Object.fromEntries(pids.map((pid) => [`/proc/${pid}/status`, 'Uid:\t0\t0\t0\t0\n']));
    let ticks = 0;
    let asked = 0;
    const sent = sentFiles(texts, { '/proc': pids });
    const reader = createProcessReader({
      ...sent,
      text(path) {
        const pid = /^\/proc\/(\d+)\/stat$/.exec(path)?.[1];
        asked += pid === undefined ? 0 : 1;
        return pid === undefined ? sent.text(path) : statOf(Number(pid), { ticks });
      },
    });
    const read = (second: number): number => {
      asked = 0;
      reader.read(second * 1000);
      return asked;
    };
    expect([read(0), read(1)]).toEqual([2000, 2000]);
    expect(read(2)).toBe(500);
    ticks = 200;
    const shares = new Map<number, number>();
    for (let second = 3; second <= 7; second++) {
      for (const { pid, cpu } of samples(reader, second * 1000)) {
        if (typeof cpu === 'number' && cpu > 0 && !shares.has(pid)) {
          shares.set(pid, Math.round(cpu));
        }
      }
    }
    // Each was found, and its two seconds of work are told over the seconds since its turn before.
    expect(shares.size).toBe(2000);
    expect([200, 100, 67, 50, 40]).toEqual(expect.arrayContaining([...new Set(shares.values())]));
  });
});

describe('what /proc shows', () => {
  it.each([
    ['all of it', {}, { hidden: false, namespaced: false }],
    ['not the first process', { '/proc/1/status': absent('not there') }, { hidden: true, namespaced: false }],
    ['not what the first process is', { '/proc/1/status': absent('not permitted') }, { hidden: true, namespaced: false }],
    ['all of ours, where others are hidden', { '/proc/1/status': 'Uid:\t1000\t1000\t1000\t1000\n', '/proc/self/mountinfo': '22 27 0:21 / /proc rw - proc proc rw,hidepid=invisible\n' }, { hidden: true, namespaced: false }],
    ['everything, where others may not see it', { '/proc/self/mountinfo': '22 27 0:21 / /proc rw - proc proc rw,gid=5,hidepid=2\n' }, { hidden: false, namespaced: false }],
    ['everything, hiding nothing', { '/proc/1/status': 'Uid:\t1000\t1000\t1000\t1000\n', '/proc/self/mountinfo': '22 27 0:21 / /proc rw - proc proc rw,hidepid=0\n' }, { hidden: false, namespaced: false }],
  ])('is %s', (_, texts, scope) => {
    const all = { '/proc/self/status': 'Uid:\t1000\t1000\t1000\t1000\n', '/proc/1/status': 'Uid:\t0\t0\t0\t0\n', ...texts };
    const reader = createProcessReader(sentFiles(all, { '/proc': ['1', 'self'] }));
    reader.read(0);
    expect(reader.scope).toEqual(scope);
  });

  it.each([
    ['pid:[4026531836]', false],
    ['pid:[4026532741]', true],
  ])('is of the namespace %s', (target, namespaced) => {
    const { tree, reader, read } = fakeMachine();
    tree.link('/proc/self/ns/pid', target);
    read(0);
    expect(reader.scope.namespaced).toBe(namespaced);
  });

  it('is nothing where it cannot be listed', () => {
    expect(createProcessReader(sentFiles({})).read(0)).toEqual(absent('not there'));
  });

  it('lists processes that hide what they are without telling of them', () => {
    const { tree, read } = fakeMachine();
    put(tree, 77, {});
    tree.remove('/proc/77/status');
    expect(read(0).map(({ pid }) => pid)).toEqual([1]);
  });

  it('of a box is asked for at once, and told of as soon as it has come', () => {
    const there: Record<string, string> = { '/proc/77/stat': statOf(77, {}) };
    const later: Record<string, string> = { '/proc/77/status': 'Uid:\t0\t0\t0\t0\n', '/proc/77/cmdline': 'python\0' };
    const asked: string[] = [];
    const sent = sentFiles({}, { '/proc': ['77'] });
    const reader = createProcessReader({ ...sent, text: (path) => (asked.push(path), there[path] ?? absent('not told yet')) });
    expect(reader.read(0)).toEqual([]);
    expect(asked).toEqual(expect.arrayContaining(Object.keys(later)));
    Object.assign(there, later);
    expect(reader.read(1000)).toMatchObject([{ pid: 77, user: '0', command: ['python'] }]);
  });

  it('in a pid namespace of its own is known as such', () => {
    const script = `
      import { createLocalFiles } from '${import.meta.dirname}/../../../../src/monitor/localFiles.ts';
      import { createProcessReader } from '${import.meta.dirname}/../../../../src/monitor/host/processReader.ts';
      const reader = createProcessReader(createLocalFiles());
      const all = reader.read(Date.now());
      console.log(JSON.stringify({ scope: reader.scope, pids: all.map(({ pid }) => pid) }));`;
    const loader = `${import.meta.dirname}/../../../setup/typescript.mjs`;
    const said = execFileSync('unshare', [...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']), '--pid', '--fork', '--mount-proc', process.execPath, '--import', loader, '--input-type=module', '-e', script], { encoding: 'utf8' });
    const { scope, pids } = JSON.parse(said) as { scope: unknown; pids: number[] };
    expect(scope).toEqual({ hidden: false, namespaced: true });
    expect(pids).toContain(1);
    expect(pids.length).toBeLessThan(10);
  });
});

describe('the processes of this machine', () => {
  const files = createLocalFiles();

  it('are those that ps tells of, alike', async () => {
    const child = start('sleep', '1000');
    await once(child, 'spawn');
    const reader = createProcessReader(files);
    await vi.waitFor(() => expect(one(reader, Date.now(), child.pid)?.name).toBe('sleep'));
    const ps = (pid: number | undefined): readonly string[] => execFileSync('ps', ['-o', 'ppid=,euid=,euser=,s=,nlwp=,rss=,comm=', '-p', String(pid)], { encoding: 'utf8' }).trim().split(/\s+/);
    const sample = one(reader, Date.now(), child.pid);
    const [parent, uid, user, state, threads, resident, name] = ps(child.pid);
    expect(sample).toMatchObject({ parent: Number(parent), uid: Number(uid), user, state, threads: Number(threads), name, command: ['sleep', '1000'] });
    expect(Math.abs((sample?.memory as number) / 1024 - Number(resident))).toBeLessThan(512);
    expect(Math.abs((sample?.started ?? 0) - Date.now())).toBeLessThan(60_000);
    const listed = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
    expect(Math.abs(samples(reader, Date.now()).length - listed.length)).toBeLessThan(20);
    reader.dispose();
  });

  it('show how much of a core one uses', async () => {
    const reader = createProcessReader(files);
    reader.read(Date.now());
    const began = performance.now();
    const spent = process.cpuUsage();
    while (performance.now() - began < 500) {
      // Busy.
    }
    const used = process.cpuUsage(spent);
    const share = ((used.user + used.system) / 1000 / 500) * 100;
    const sample = one(reader, Date.now(), process.pid);
    expect(Math.abs((sample?.cpu as number) - share)).toBeLessThan(25);
    reader.dispose();
  });

  it('leave no file open behind', () => {
    const held = (): number => readdirSync('/proc/self/fd').length;
    const before = held();
    const ours = createLocalFiles();
    const reader = createProcessReader(ours);
    reader.read(Date.now());
    expect(held()).toBeGreaterThan(before + 5);
    reader.dispose();
    ours.dispose();
    expect(held()).toBe(before);
  });

  it('that end between two readings are let go of', async () => {
    const reader = createProcessReader(files);
    const child = start('sleep', '1000');
    await once(child, 'spawn');
    await vi.waitFor(() => expect(one(reader, Date.now(), child.pid)).toBeDefined());
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(one(reader, Date.now(), child.pid)).toBeUndefined();
    reader.dispose();
  });
});

it('any texts give processes without a throw and without a number that cannot be', () => {
  const whole = statOf(7, { ticks: 100 });
  const cut = fc.nat(whole.length);
  const spliced = fc.tuple(cut, cut, fc.string()).map(([from, to, middle]) => whole.slice(0, from) + middle + whole.slice(to));
  const absurd = fc.constantFrom(
    statOf(7, { ticks: 1e300 }),
    statOf(7, { resident: 9e15, ticks: 9e15 }),
    statOf(7, { start: 9e15 }),
    statOf(7, { ticks: -5 }),
  );
  const text = fc.oneof(fc.constant(whole), spliced, absurd, fc.string());
  const any = (...known: string[]): fc.Arbitrary<Measured<string>> => fc.oneof(fc.constantFrom<Measured<string>>(...known, absent('not permitted')), fc.string());
  const machine = fc.record({
    '/proc/7/stat': text,
    '/proc/7/status': any('Uid:\t1\t1\t1\t1\nVmRSS:\t4000 kB\n', 'Uid:\t1\t99999999999\t1\t1\n', 'Uid:\t1\t1\t1\t1\nVmRSS:\t0 kB\n'),
    '/proc/7/cmdline': any('a\0b\0', '\0'),
    '/proc/7/io': any('rchar: 5\nwchar: 6\nsyscr: 7\nsyscw: 8\nread_bytes: 9\nwrite_bytes: 10\nc: 0\n', 'a: 5\nb: 6\nc: 7\nd: 8\nread_bytes: 99999999999999999999\nwrite_bytes: 7\n'),
    '/proc/uptime': any('5.00 1.00\n', '7.00 1.0\n', '999999999999999999999.0 1\n'),
    '/proc/loadavg': any('0.54 0.65 0.49 1/92 25376\n'),
    '/proc/self/status': any('Uid:\t1\t1\t1\t1\n'),
    '/etc/passwd': any('me:x:1:1::/:/bin/sh\n'),
  });
  fc.assert(
    fc.property(fc.array(machine, { minLength: 2, maxLength: 4 }), (machines) => {
      let current: Record<string, Measured<string>> = {};
      const reader = createProcessReader({ ...sentFiles({}, { '/proc': ['7', 'self', '', '-1', '1e3'] }), text: (path) => current[path] ?? absent('not there') });
      machines.forEach((texts, index) => {
        current = texts;
        for (const [path, value] of numbersIn(reader.read(index * 900))) {
          expect(Number.isFinite(value) && value >= 0, path).toBe(true);
        }
      });
    }),
    { numRuns: 500 },
  );
});
