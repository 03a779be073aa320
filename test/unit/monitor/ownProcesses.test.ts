import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { absent } from '../../../src/base/absent.ts';
import type { Measured } from '../../../src/base/absent.ts';
import type { KernelFiles } from '../../../src/monitor/kernelFiles.ts';
import { createLocalFiles } from '../../../src/monitor/localFiles.ts';
import { OwnProcesses } from '../../../src/monitor/ownProcesses.ts';
import { processStat } from '../../../src/process/processIdentity.ts';
import { PROCESS } from './inventedSample.ts';

/** `/proc/<pid>/stat` of a process that began then; nothing else is there. */
function statOf(path: string, startTicks = PROCESS.startTicks): Measured<string> {
  return path.endsWith('/stat') ? `1 (python) S ${Array.from({ length: 18 }, () => '1').join(' ')} ${startTicks} 0` : absent('not there');
}

describe('one’s own processes', () => {
  it('tell nothing of another that has the number of one that ended', () => {
    const own = new OwnProcesses({ text: statOf, list: () => ['7'], link: () => '/dev/nvidia0' });
    const past = { ...PROCESS, startTicks: '99' };
    expect([own.look(PROCESS).cwd, own.look(past).cwd, own.holdsDevice(past)]).toEqual(['/dev/nvidia0', { absent: 'it has ended' }, false]);
  });

  it('tell their folder and their environment', async () => {
    const child = spawn('sleep', ['600'], { cwd: tmpdir(), env: { RANK: '3', ODD: 'a=b\n' }, stdio: 'ignore' });
    try {
      await once(child, 'spawn');
      const pid = child.pid ?? 0;
      const own = new OwnProcesses(createLocalFiles()).look({ ...PROCESS, pid, startTicks: processStat(pid)?.startTicks ?? '' });
      expect(own).toEqual({ cwd: tmpdir(), environment: { RANK: '3', ODD: 'a=b\n' } });
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('hold a GPU’s device only where one is open', () => {
    const linked = (target: string): KernelFiles => ({ text: statOf, list: () => ['0', '7'], link: (path) => (path.endsWith('/7') ? target : '/dev/null') });
    const holds = (target: string) => new OwnProcesses(linked(target)).holdsDevice(PROCESS);
    expect([holds('/dev/nvidia0'), holds('/dev/dri/renderD128'), holds('/dev/kfd'), holds('/home/dev/nvidia0')]).toEqual([true, true, true, false]);
    const descriptor = openSync('/dev/null', 'r');
    try {
      expect(new OwnProcesses(createLocalFiles()).holdsDevice({ ...PROCESS, pid: process.pid, startTicks: processStat(process.pid)?.startTicks ?? '' })).toBe(false);
    } finally {
      closeSync(descriptor);
    }
  });

  it('are read again after a minute, after another took the pid, and when nobody asked for a while', () => {
    let reads = 0;
    let now = 0;
    let ticks = '1';
    const own = new OwnProcesses({ text: (path) => statOf(path, ticks), list: () => [], link: () => `/home/${reads++}` }, () => now);
    const cwd = (startTicks = '1') => {
      ticks = startTicks;
      return own.look({ ...PROCESS, startTicks }).cwd;
    };
    expect([cwd(), cwd(), cwd('2')]).toEqual(['/home/0', '/home/0', '/home/1']);
    now = 60_000;
    expect(cwd()).toBe('/home/2');
    own.sweep();
    own.sweep();
    expect(cwd()).toBe('/home/3');
  });
});
