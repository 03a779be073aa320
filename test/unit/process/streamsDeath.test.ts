import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { runs, temporaryFolder } from './support.ts';

const folder = temporaryFolder();
const host = join(folder, 'streams.mjs');
const STUBBORN = "trap '' TERM ALRM INT HUP PIPE; sleep 600 & echo $$ $!; while :; do sleep 600; done";

beforeAll(async () => {
  await build({
    entryPoints: [join(import.meta.dirname, 'killedStreams.ts')],
    outfile: host,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
});

async function streaming(): Promise<{ readonly child: ChildProcess; readonly pids: readonly number[] }> {
  const child = spawn(process.execPath, [host, STUBBORN], { env: { ...process.env, TMPDIR: folder }, stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const pids = line.split(' ').map(Number);
  expect(pids.map(runs)).toEqual([true, true]);
  return { child, pids };
}

const gone = (pids: readonly number[]): Promise<void> =>
  vi.waitFor(() => expect(pids.filter(runs)).toEqual([]), { timeout: 10_000, interval: 5 });

describe('a stream that was started in a worker thread and ignores every signal it can', () => {
  it('ends with its child when our process is killed', async () => {
    const { child, pids } = await streaming();
    child.kill('SIGKILL');
    await gone(pids);
  });

  it('ends with its child when the thread is ended and the process lives on', async () => {
    const { child, pids } = await streaming();
    child.stdin?.write('end\n');
    await gone(pids);
    child.stdin?.destroy();
    await once(child, 'exit');
  });
});
