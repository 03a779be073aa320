import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { AS_SHIPPED } from './asShipped.ts';
import { temporaryFolder } from './media/support.ts';
import { wavBytes } from './media/wavBytes.ts';

const ROOT = join(import.meta.dirname, '../..');
const root = temporaryFolder();
const cli = join(root, 'dist/cli.js');
const run = promisify(execFile);

/** The program as it is shipped, in a process of its own. */
beforeAll(async () => {
  ['node_modules', 'media', 'package.json'].forEach((name) => symlinkSync(join(ROOT, name), join(root, name)));
  await build({
    entryPoints: [join(ROOT, 'src/cli.ts'), join(ROOT, 'src/convert/sharpWorker.ts')],
    outdir: join(root, 'dist'),
    ...AS_SHIPPED,
  });
});

function withStore(settings?: string): NodeJS.ProcessEnv {
  const store = join(temporaryFolder(), 'store');
  mkdirSync(store);
  if (settings !== undefined) {
    writeFileSync(join(store, 'settings.json'), settings);
  }
  return { ...process.env, TRAINYARD_STORE: store };
}

describe('the trainyard program', () => {
  it('tells its version', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect((await run(process.execPath, [cli, '--version'])).stdout).toBe(`${version}\n`);
  });

  it('names the settings file that it cannot read', async () => {
    const env = withStore('{ "toolPaths": ');
    await expect(run(process.execPath, [cli, 'presets'], { env })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^\/.*\/settings\.json cannot be read: .*\n$/) as unknown,
    });
  });

  it('lists what is wrong with presets of one’s own beside the others', async () => {
    const env = withStore('{ "customPresets": [{ "name": "Mine", "tool": "bash" }] }');
    const { stdout, stderr } = await run(process.execPath, [cli, 'presets', 'audio.flac'], { env });
    expect([stdout.startsWith('audio.flac  '), stderr.startsWith('Your preset “Mine” cannot be used:')]).toEqual([true, true]);
  });

  it('ends well where its reader has seen enough, and leaves no job behind', async () => {
    const env = withStore();
    const data = temporaryFolder();
    const wav = wavBytes({ tag: 1, channels: 1, sampleRate: 8000, bits: 16, frames: 80 });
    for (let index = 0; index < 3000; index++) {
      writeFileSync(join(data, `${String(index).padStart(200, '0')}.wav`), wav);
    }
    const child = spawn(process.execPath, [cli, 'convert', '--preset', 'audio.flac', '--dry-run', data], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.stdout.destroy();
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(readdirSync(env['TRAINYARD_STORE'] ?? '').filter((name) => /^\d/.test(name))).toEqual([]);
  });
});
