import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { simulateGpus } from '../../../fakes/simulateGpus.ts';
import { AS_SHIPPED } from '../../asShipped.ts';
import { SocketClient } from '../../../../src/monitor/collect/client.ts';
import { startLoopbackBox } from '../../../lab/loopback.ts';
import { leadHere } from '../collect/inventedMachine.ts';
import { temporaryFolder } from '../collect/support.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const root = temporaryFolder();
const cli = join(root, 'dist/cli.js');
const run = promisify(execFile);
let simulated = '';

beforeAll(async () => {
  ['node_modules', 'media', 'package.json'].forEach((name) => symlinkSync(join(ROOT, name), join(root, name)));
  await build({ entryPoints: [join(ROOT, 'src/cli.ts')], outdir: join(root, 'dist'), ...AS_SHIPPED });
  simulated = await simulateGpus(root, 8);
});

/** Without a session of its own, and with simulated GPUs in front of whatever there is. */
function environment(runtime = temporaryFolder()): NodeJS.ProcessEnv {
  return { ...process.env, XDG_RUNTIME_DIR: runtime, TRAINYARD_STORE: temporaryFolder(), PATH: `${simulated}:${process.env['PATH'] ?? ''}` };
}

describe('the trainyard program’s status', () => {
  it('reads the machine by itself where no window watches it', async () => {
    const { stdout } = await run(process.execPath, [cli, 'status', '--json'], { env: environment(), maxBuffer: 2 ** 26 });
    const document = JSON.parse(stdout) as { readonly gpus: readonly { readonly name: string; readonly vendor: string }[]; readonly processes: readonly { readonly pid: number }[]; readonly cpu: { readonly utilization: unknown } };
    expect(document.gpus.filter(({ vendor, name }) => vendor === 'nvidia' && name.startsWith('Simulated '))).toHaveLength(8);
    expect(document.processes.some(({ pid }) => pid === process.pid)).toBe(true);
    expect(document.cpu.utilization).toEqual(expect.any(Number));
  });

  it('reads another machine over ssh, and says why one cannot be read', async () => {
    const box = await startLoopbackBox({ path: await simulateGpus(temporaryFolder(), 2) });
    try {
      // ssh goes by the account's home and not by HOME, so the configuration is given to it by name.
      const bin = temporaryFolder();
      writeFileSync(join(bin, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F '${box.config}' "$@"\n`, { mode: 0o755 });
      const env = { ...environment(), PATH: `${bin}:${process.env['PATH'] ?? ''}` };
      const { stdout } = await run(process.execPath, [cli, 'status', '--host', 'box', '--json'], { env, maxBuffer: 2 ** 26 });
      expect(JSON.parse(stdout)).toMatchObject({ host: 'box', gpus: [{ uuid: expect.stringMatching(/^GPU-/) }, { index: 1 }] });
      const refused = run(process.execPath, [cli, 'status', '--host', 'stranger'], { env });
      await expect(refused).rejects.toMatchObject({ code: 17, stdout: '', stderr: expect.stringMatching(/^stranger: sign in first: ssh .*stranger/) });
    } finally {
      await box.stop();
    }
  });

  it('takes nothing for a host that is an option', async () => {
    const refused = run(process.execPath, [cli, 'status', '--host=-oProxyCommand=touch /tmp/pwned'], { env: environment() });
    await expect(refused).rejects.toMatchObject({ code: 1, stdout: '' });
  });

  it('names the free GPU', async () => {
    const { stdout } = await run(process.execPath, [cli, 'status', '--wait-free', '1x40G'], { env: environment() });
    expect(stdout).toMatch(/^GPU-51a00005-[0-9a-f-]+\n$/);
  });

  it('is told by the collector of a window where there is one', async () => {
    const runtime = temporaryFolder();
    const folder = join(runtime, 'trainyard');
    mkdirSync(folder, { mode: 0o700 });
    const window = new SocketClient({ folder, startCollector: leadHere(folder) });
    try {
      window.wish({ interval: 1000, detail: 'full' });
      await new Promise((resolve) => window.onSample(resolve));
      const { stdout } = await run(process.execPath, [cli, 'status', '--json'], { env: environment(runtime) });
      expect(JSON.parse(stdout)).toMatchObject({ host: 'hgx-01' });
    } finally {
      window.dispose();
    }
  });

  it('ends at Ctrl-C, and leaves no tool behind', async () => {
    const child = spawn(process.execPath, [cli, 'status', '--watch', '--json'], { env: environment(), stdio: ['ignore', 'pipe', 'inherit'] });
    await once(createInterface({ input: child.stdout }), 'line');
    child.kill('SIGINT');
    child.stdout.resume();
    expect(await once(child, 'close')).toEqual([130, null]);
  });
});
