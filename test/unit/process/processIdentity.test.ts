import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { groupGone, isGroupGone } from '../../../src/process/processGroup.ts';
import { isAlive, isRunning, ownIdentity, parseProcessStat, processStat, startTimeOf } from '../../../src/process/processIdentity.ts';

const SOON = { timeout: 10_000, interval: 5 };
const FIELDS = '1 4242 4242 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 11 0 987654 1000 200 18446744073709551615';

describe('the stat of a process', () => {
  it.each(['node', 'a b', 'evil) R 1 2 (', '(', ')', 'x) Z 0 0 0', 'new\nline'])('is read past the name %j', (name) => {
    expect(parseProcessStat(`4242 (${name}) S ${FIELDS}\n`)).toEqual({ state: 'S', parent: 1, group: 4242, startTicks: '987654' });
  });

  it('is none where the text is cut', () => {
    expect(parseProcessStat('')).toBeUndefined();
    expect(parseProcessStat('4242 (node) S 1 2')).toBeUndefined();
  });
});

describe('a process', () => {
  it('is alive while it is itself', () => {
    const self = ownIdentity();
    expect(self.pid).toBe(process.pid);
    expect(isAlive(self)).toBe(true);
    expect(isAlive({ ...self, startTime: `${self.startTime}0` })).toBe(false);
    expect(isAlive({ ...self, startTime: self.startTime.replace(/^[^:]*/, 'another-boot') })).toBe(false);
  });

  it('is not alive when it has ended', async () => {
    const child = spawn('/bin/cat', { stdio: ['pipe', 'ignore', 'ignore'] });
    const identity = { pid: child.pid as number, startTime: startTimeOf(child.pid as number) as string };
    expect(isAlive(identity)).toBe(true);
    child.stdin.end();
    await once(child, 'exit');
    expect(isAlive(identity)).toBe(false);
  });

  it('is not alive as a zombie, nor is a group that has nothing else', async () => {
    // `cat` never asks how its children ended. It takes the shell's place before the child may end: a shell would ask.
    const parent = spawn('/bin/sh', ['-c', 'setsid cat <&3 & echo $!; exec cat 3<&-'], { stdio: ['pipe', 'pipe', 'ignore', 'pipe'] });
    const [line] = (await once(parent.stdout as Readable, 'data')) as [Buffer];
    const pid = Number(line.toString());
    await vi.waitFor(() => expect(readFileSync(`/proc/${parent.pid}/comm`, 'utf8')).toBe('cat\n'), SOON);
    await vi.waitFor(() => expect(processStat(pid)?.group).toBe(pid), SOON);
    (parent.stdio[3] as Writable).end();
    await vi.waitFor(() => expect(processStat(pid)?.state).toBe('Z'), SOON);
    expect(isAlive({ pid, startTime: startTimeOf(pid) as string })).toBe(false);
    expect(isGroupGone(pid)).toBe(true);
    parent.stdin?.end();
    await once(parent, 'exit');
  });

  it('counts in its group until it has ended', async () => {
    const child = spawn('/bin/cat', { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    let isOver = false;
    const gone = groupGone(child.pid as number).then(() => (isOver = true));
    expect(isGroupGone(child.pid as number)).toBe(false);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    child.stdin.end();
    await gone;
    expect(isRunning(processStat(child.pid as number))).toBe(false);
  });
});
