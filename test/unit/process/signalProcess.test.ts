import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { processStat } from '../../../src/process/processIdentity.ts';
import { SignalError, signalProcess } from '../../../src/process/signalProcess.ts';

const started: ChildProcess[] = [];
afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')));

async function sleeper(options: { readonly uid?: number } = {}): Promise<{ child: ChildProcess; pid: number; ticks: string }> {
  const child = spawn('sleep', ['600'], { stdio: 'ignore', ...options });
  started.push(child);
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  return { child, pid, ticks: processStat(pid)?.startTicks ?? '' };
}

function refusal(pid: number, ticks: string): string {
  try {
    signalProcess(pid, ticks, 'SIGTERM');
    return 'sent';
  } catch (error) {
    return error instanceof SignalError ? error.reason : String(error);
  }
}

describe('a signal', () => {
  it('reaches a process of our own', async () => {
    const { child, pid, ticks } = await sleeper();
    const ended = once(child, 'exit');
    signalProcess(pid, ticks, 'SIGINT');
    expect(await ended).toEqual([null, 'SIGINT']);
  });

  it('does not reach another that has the pid now', async () => {
    const { child, pid, ticks } = await sleeper();
    expect(refusal(pid, `${ticks}1`)).toBe('gone');
    expect(child.exitCode ?? child.signalCode).toBeNull();
  });

  it('does not reach one that has ended', async () => {
    const { child, pid, ticks } = await sleeper();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(refusal(pid, ticks)).toBe('gone');
  });

  it.each([
    ['the first process', 1],
    ['ourselves', process.pid],
    ['what we hang on', process.ppid],
    ['a whole group', -process.pid],
    ['everything', -1],
    ['our own group', 0],
    ['no number', NaN],
  ])('does not reach %s', (_, pid) => {
    expect(refusal(pid, processStat(pid)?.startTicks ?? '')).toBe('protected');
  });

  it.runIf(process.getuid?.() === 0)('does not reach another user’s process, even as root', async () => {
    const { child, pid, ticks } = await sleeper({ uid: 65_534 });
    expect(refusal(pid, ticks)).toBe('notOwn');
    expect(child.exitCode ?? child.signalCode).toBeNull();
  });
});
