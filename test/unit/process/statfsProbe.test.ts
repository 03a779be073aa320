import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { absent } from '../../../src/base/absent.ts';
import { isRunning, processStat } from '../../../src/process/processIdentity.ts';
import { parseStatfs, probeStatfs } from '../../../src/process/statfsProbe.ts';

const SOON = { timeout: 10_000, interval: 10 };

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainyard-statfs-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A folder with a `stat` of ours beside the system's `timeout`. */
function programs(stat: string): readonly string[] {
  writeFileSync(join(folder, 'stat'), `#!/bin/sh\n${stat}\n`);
  chmodSync(join(folder, 'stat'), 0o755);
  symlinkSync('/usr/bin/timeout', join(folder, 'timeout'));
  return [folder];
}

describe('the space of a file system, asked for by a process', () => {
  it('is what df says', async () => {
    const probe = probeStatfs('/');
    const total = Number(execFileSync('df', ['-B1', '--output=size', '/'], { encoding: 'utf8' }).split('\n')[1]);
    expect(await probe.answer).toMatchObject({ total });
    await probe.gone;
  });

  it('is that of the very path, whatever its name', async () => {
    const path = join(folder, '--help $(touch hit); *');
    mkdirSync(path);
    expect(await probeStatfs(path).answer).toMatchObject({ total: expect.any(Number) });
  });

  it('is absent where there is no such path', async () => {
    expect(await probeStatfs(join(folder, 'none')).answer).toEqual(absent('not there'));
  });

  it('is absent where the programs are not there', async () => {
    expect(await probeStatfs('/', { folders: [folder] }).answer).toEqual(absent('timeout was not found'));
  });

  it('is absent where the program says something else', async () => {
    expect(await probeStatfs('/', { folders: programs('echo all is well') }).answer).toEqual(absent('not told'));
  });

  it('is not waited for when nothing answers: the process is ended', async () => {
    const probe = probeStatfs('/', { folders: programs(`echo $$ > ${folder}/pid; exec sleep 1000`), wallSeconds: 0.3 });
    expect(await probe.answer).toEqual(absent('not answering'));
    await probe.gone;
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    await vi.waitFor(() => expect(isRunning(processStat(pid))).toBe(false), SOON);
  });

  it('has not gone while something of it is left', async () => {
    const probe = probeStatfs('/', { folders: programs('setsid sleep 2 & exit 0'), wallSeconds: 0.2 });
    let isGone = false;
    void probe.gone.then(() => (isGone = true));
    expect(await probe.answer).toEqual(absent('not answering'));
    expect(isGone).toBe(false);
    await probe.gone;
  });

  // Only root may mount without a helper. What hangs for others is the program above.
  it.skipIf(process.getuid?.() !== 0 || !existsSync('/dev/fuse'))('of a dead mount is not waited for, though its process cannot be ended, and this one goes on', async () => {
    const server = spawn('python3', [join(import.meta.dirname, 'deadMount.py'), folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const lines = createInterface(server.stdout);
      expect((await once(lines, 'line'))[0]).toBe('mounted');
      const asked = once(lines, 'line');
      const probe = probeStatfs(folder, { wallSeconds: 0.5 });
      let isGone = false;
      void probe.gone.then(() => (isGone = true));
      await asked;
      expect(await readFile('/proc/self/comm', 'utf8')).not.toBe('');
      expect(await probe.answer).toEqual(absent('not answering'));
      expect(isGone).toBe(false);
      // The server's end ends all that wait for it.
      server.kill();
      await probe.gone;
    } finally {
      server.kill('SIGKILL');
      await vi.waitFor(() => execFileSync('umount', ['--lazy', folder]), SOON);
    }
  });
});

describe('what stat prints', () => {
  it.each([
    ['4096 100 40 30\n', { total: 409600, available: 122880, used: 245760 }],
    ['4096 0 0 0\n', absent('not told')],
    ['4096 100 200 30\n', absent('not told')],
    ['4096 100 40\n', absent('not told')],
    ['4096 99999999999999999999999999999999 1 1\n', absent('not told')],
    ['', absent('not told')],
  ])('%j', (text, expected) => {
    expect(parseStatfs(text)).toEqual(expected);
  });
});
