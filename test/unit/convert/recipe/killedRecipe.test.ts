import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AS_SHIPPED } from '../../asShipped.ts';
import { temporaryFolder } from '../../media/support.ts';
import { Kitchen } from './kitchen.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const root = temporaryFolder();
const cli = join(root, 'dist/cli.js');
const kitchen = new Kitchen();
const env = { ...process.env, TRAINYARD_STORE: join(kitchen.root, 'store') };

beforeAll(async () => {
  ['node_modules', 'media', 'package.json'].forEach((name) => symlinkSync(join(ROOT, name), join(root, name)));
  mkdirSync(env.TRAINYARD_STORE);
  await build({ entryPoints: [join(ROOT, 'src/cli.ts'), join(ROOT, 'src/convert/sharpWorker.ts')], outdir: join(root, 'dist'), ...AS_SHIPPED });
});
afterAll(() => kitchen.remove());

const RECIPE = `version: 1
inputs: ['clips/*.wav']
steps:
  - ffmpeg: { audio: { filters: [{ aresample: 16000 }], codec: pcm_s16le }, extension: wav }
  - sox: { effects: [{ gain: -3 }], extension: flac }
outputs: { folder: out, manifest: { path: out.jsonl } }
concurrency: 1
`;
const CLIPS = 8;

describe('a recipe whose process is killed in the middle', () => {
  it('goes on where it was at the next run, and leaves no trace of the first', async () => {
    for (let index = 0; index < CLIPS; index++) {
      kitchen.tone(`clips/${index}.wav`, 300 + index * 50);
    }
    kitchen.write('r.recipe.yaml', RECIPE);
    const first = spawn(process.execPath, [cli, 'run', 'r.recipe.yaml'], { cwd: kitchen.data, env, stdio: 'ignore' });
    const exit = once(first, 'exit');
    // Killed as soon as the first outputs are there, and more are on their way.
    const out = join(kitchen.data, 'out');
    await new Promise<void>((resolve) => {
      const look = setInterval(() => {
        const done = existsSync(out) ? readdirSync(out).filter((name) => name.endsWith('.flac')).length : 0;
        if (done > 0 || first.exitCode !== null) {
          clearInterval(look);
          resolve();
        }
      }, 5);
    });
    first.kill('SIGKILL');
    await exit;
    const before = readdirSync(out).filter((name) => name.endsWith('.flac'));
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThan(CLIPS);
    expect(existsSync(join(kitchen.data, 'r.recipe.lock'))).toBe(false);

    const second = await promisify(execFile)(process.execPath, [cli, 'run', 'r.recipe.yaml', '--json'], { cwd: kitchen.data, env });
    const items = second.stdout.trim().split('\n').map((line) => JSON.parse(line) as { kind: string; outcome?: string; output?: string });
    const skipped = items.filter(({ outcome }) => outcome === 'skipped').map(({ output = '' }) => output.slice(out.length + 1));
    expect(skipped.sort()).toEqual([...before].sort());
    expect(items.filter(({ outcome }) => outcome === 'done')).toHaveLength(CLIPS - before.length);
    expect(readdirSync(out).sort()).toEqual(Array.from({ length: CLIPS }, (_, index) => `${index}.flac`));
    expect(readFileSync(join(kitchen.data, 'out.jsonl'), 'utf8').trim().split('\n')).toHaveLength(CLIPS);
    expect(Object.keys((JSON.parse(kitchen.text('r.recipe.lock')) as { outputs: object }).outputs)).toHaveLength(CLIPS);
  });

  it('names a tool that has become another', async () => {
    const lock = JSON.parse(kitchen.text('r.recipe.lock')) as { tools: Record<string, { version: string }> };
    const { explained } = await import('../../../../src/convert/recipe/whatChanged.ts');
    const { readLock } = await import('../../../../src/convert/recipe/lock.ts');
    const locked = readLock(join(kitchen.data, 'r.recipe.lock'));
    const item = { seq: 0, action: 'replace', reason: 'tool changed', input: '/a', size: 1, cost: 1 } as const;
    const version = lock.tools['ffmpeg']?.version ?? '';
    const now = { steps: locked?.steps ?? [], tools: { ...locked?.tools, ffmpeg: { version: '99.1', build: 'other' } } };
    expect(explained(item, locked, now).reason).toBe(`ffmpeg ${version} → 99.1`);
    writeFileSync(join(kitchen.data, 'r.recipe.lock'), 'mine');
    expect(() => readLock(join(kitchen.data, 'r.recipe.lock'))).toThrow('no lock file');
  });
});
