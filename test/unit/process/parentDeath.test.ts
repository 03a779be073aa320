import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { PrivateFolders } from '../../../src/process/privateFolder.ts';
import { ownIdentity } from '../../../src/process/processIdentity.ts';
import { runs, temporaryFolder } from './support.ts';

const folder = temporaryFolder();
const host = join(folder, 'host.mjs');

beforeAll(async () => {
  await build({
    entryPoints: [join(import.meta.dirname, 'killedHost.ts')],
    outfile: host,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
});

/** The pids that the script prints once it runs, after the process that ran it was ended by SIGKILL. */
async function pidsAfterKill(
  script: string,
  shape: 'single' | 'sequence',
  wrappers: 'all' | 'withoutTimeout',
  tmp: string,
): Promise<readonly number[]> {
  const child = spawn(process.execPath, [host, script, shape, wrappers], {
    env: { ...process.env, TMPDIR: tmp },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const pids = line.split(' ').map(Number);
  expect(pids.map(runs)).toEqual(pids.map(() => true));
  child.kill('SIGKILL');
  await ended;
  return pids;
}

describe('when our own process is killed', () => {
  it.each([
    ['a tool that ignores every signal it can', 'single', 'all', "trap '' TERM ALRM INT HUP; echo $$; while :; do sleep 600; done"],
    ['a tool and its child', 'single', 'all', "trap '' TERM ALRM INT HUP; sleep 600 & echo $$ $!; wait"],
    ['the run of a sequence that is under way', 'sequence', 'all', 'echo $$; exec sleep 600'],
    ['the run of a sequence and its child', 'sequence', 'all', "trap '' TERM ALRM INT HUP; sleep 600 & echo $$ $! $PPID; wait"],
    ['a tool, where GNU timeout is not there', 'single', 'withoutTimeout', 'echo $$; exec sleep 600'],
    ['the run of a sequence, where GNU timeout is not there', 'sequence', 'withoutTimeout', 'echo $$ $PPID; exec sleep 600'],
  ] as const)('the system ends %s', async (_title, shape, wrappers, script) => {
    const pids = await pidsAfterKill(script, shape, wrappers, folder);
    await vi.waitFor(() => expect(pids.map(runs)).toEqual(pids.map(() => false)), { timeout: 10_000, interval: 5 });
  });

  it('the next process sweeps its private folder, and none of a process that lives or runs elsewhere', async () => {
    const tmp = temporaryFolder();
    await pidsAfterKill('echo $$; exec sleep 600', 'single', 'all', tmp);
    const [left = ''] = readdirSync(tmp);
    const others = [
      left.replace(/-\d+-\d+-/, `-${ownIdentity().pid}-${ownIdentity().startTime.split(':')[1]}-`),
      left.replace(/-\w{8}-/, '-00000000-'),
      'unrelated',
    ];
    others.forEach((name) => mkdirSync(join(tmp, name)));
    await new PrivateFolders(tmp).sweep();
    expect(readdirSync(tmp).sort()).toEqual(others.sort());
  });
});
