import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { isAlive, processStat } from '../../../src/process/processIdentity.ts';
import { startDetached } from '../../../src/process/startDetached.ts';
import { temporaryFolder } from './support.ts';

describe('a detached script', () => {
  it('runs in a group of its own with the user’s environment, and writes to its log', async () => {
    const folder = temporaryFolder();
    const script = join(folder, 'script.mjs');
    const log = join(folder, 'log');
    writeFileSync(script, 'console.log(JSON.stringify([process.argv.slice(2), process.cwd(), process.env])); setInterval(() => {}, 1000);');
    const env = {
      PATH: '/usr/bin',
      HOME: '/home/me',
      NODE_OPTIONS: '--nonsense',
      VSCODE_PID: '1',
      ELECTRON_NO_ASAR: '1',
      NODE_CHANNEL_FD: '3',
    };
    const identity = await startDetached({ script, args: ['a b', ''], env, log });
    try {
      await vi.waitFor(() => expect(readFileSync(log, 'utf8')).toContain('\n'), { timeout: 20_000, interval: 10 });
      expect(JSON.parse(readFileSync(log, 'utf8'))).toEqual([
        ['a b', ''],
        '/',
        { PATH: '/usr/bin', HOME: '/home/me', ELECTRON_RUN_AS_NODE: '1' },
      ]);
      expect(isAlive(identity)).toBe(true);
      expect(processStat(identity.pid)?.group).toBe(identity.pid);
    } finally {
      process.kill(identity.pid, 'SIGKILL');
    }
    await vi.waitFor(() => expect(isAlive(identity)).toBe(false), { timeout: 10_000, interval: 5 });
  });

  it('rejects where its log cannot be written', async () => {
    await expect(startDetached({ script: '/nowhere', args: [], env: {}, log: '/nowhere/log' })).rejects.toThrow('ENOENT');
  });
});
