import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { emptyStat, isNamed, parseCommand, parseProcessStatus, readProcessIo, readProcessStat } from '../../../../src/monitor/host/processStat.ts';

const FIELDS = '1 4242 4242 0 -1 4194560 1 2 3 4 50 6 7 8 20 0 11 0 987654 1000 200 18446744073709551615 0 0\n';

function read(text: string): ReturnType<typeof emptyStat> | undefined {
  const bytes = Buffer.from(text);
  const stat = emptyStat();
  return readProcessStat(bytes, bytes.length, stat) ? stat : undefined;
}

describe('the stat of a process', () => {
  it.each(['node', 'a b', 'evil) R 1 2 (', '(', ')', 'x) Z 0 0 0', 'new\nline', ''])('is read past the name %j', (name) => {
    const text = `4242 (${name}) S ${FIELDS}`;
    const stat = read(text);
    expect(stat).toMatchObject({ state: 'S'.charCodeAt(0), parent: 1, isKernelThread: false, ticks: 56, threads: 11, startTicks: 987654, resident: 200 });
    expect(isNamed(Buffer.from(text), stat ?? emptyStat(), name)).toBe(true);
    expect(isNamed(Buffer.from(text), stat ?? emptyStat(), `${name}x`)).toBe(false);
  });

  it('tells threads of the kernel', () => {
    expect(read(`2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 21 0 0 0\n`)).toMatchObject({ isKernelThread: true, parent: 0, resident: 0 });
  });

  it('does not read what an earlier, longer text left behind', () => {
    const bytes = Buffer.from(`4242 (node) S ${FIELDS}`);
    expect(readProcessStat(bytes, 40, emptyStat())).toBe(false);
  });

  it.each(['', '4242 (node', '4242 (node)', '4242 (node) S', `4242 (node) S ${FIELDS}`.slice(0, 60), '4242 (node) S x y z', `4242 (node) S ${FIELDS.replace('987654', '987654x')}`, `4242 (node) S ${FIELDS.replace('987654', '-5')}`])('is none of %j', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it('of any bytes is a stat or none, and has no number that cannot be', () => {
    const text = `4242 (node) S ${FIELDS}`;
    const spliced = fc.tuple(fc.nat(text.length), fc.nat(text.length), fc.string()).map(([from, to, middle]) => text.slice(0, from) + middle + text.slice(to));
    fc.assert(
      fc.property(fc.oneof(fc.string(), spliced), (any) => {
        const stat = read(any);
        for (const value of Object.values(stat ?? {}).filter((one): one is number => typeof one === 'number')) {
          expect(Number.isFinite(value) && value >= 0).toBe(true);
        }
      }),
    );
  });
});

describe('what else is told of a process', () => {
  it('is whose rights it has, and its memory', () => {
    expect(parseProcessStatus('Name:\tx\nUid:\t1000\t1001\t1000\t1000\nVmRSS:\t    1752 kB\n')).toEqual({ uid: 1001, resident: 1_794_048 });
    expect(parseProcessStatus('Uid:\t0\t0\t0\t0\n')).toEqual({ uid: 0, resident: undefined });
    expect(parseProcessStatus('Name:\tx\n')).toBeUndefined();
  });

  it.each([
    ['python\0train.py\0--name\0a b\0', ['python', 'train.py', '--name', 'a b']],
    ['sshd: me@pts/0\0\0\0\0', ['sshd: me@pts/0']],
    ['x\0\0y\0', ['x', '', 'y']],
    ['', []],
    ['\0\0', []],
  ])('is the command line %j', (text, words) => {
    expect(parseCommand(text)).toEqual(words);
  });

  it('is no longer than anybody reads', () => {
    expect(parseCommand('x'.repeat(100_000))[0]).toHaveLength(8193);
  });

  it('is what it read from disks and wrote to them, which is not what it asked for', () => {
    const text = 'rchar: 999\nwchar: 888\nsyscr: 5\nsyscw: 6\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 0\n';
    const io = { read: 0, written: 0 };
    expect(readProcessIo(Buffer.from(text), text.length, io)).toBe(true);
    expect(io).toEqual({ read: 4096, written: 8192 });
    expect(readProcessIo(Buffer.from(text), 60, io)).toBe(false);
    expect(readProcessIo(Buffer.from(text), -1, io)).toBe(false);
    expect(readProcessIo(Buffer.from(text.replace('4096', '9'.repeat(30))), text.length + 26, io)).toBe(false);
  });
});
