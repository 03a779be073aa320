import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll } from 'vitest';
import type { Installation } from '../../../../src/installation.ts';
import { AS_SHIPPED } from '../../asShipped.ts';
import { ROOT } from './runBench.ts';

let built: Promise<Installation> | undefined;
const made: string[] = [];
// A worker of vitest's is ended without an `exit` of its own.
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** What is shipped, as far as a job's process needs it, in a folder that goes when this process ends. */
export function builtInstallation(): Promise<Installation> {
  built ??= (async () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'trainyard-installation-')));
    made.push(root);
    for (const name of ['node_modules', 'media']) {
      symlinkSync(join(ROOT, name), join(root, name));
    }
    mkdirSync(join(root, 'dist'));
    writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
    await build({
      entryPoints: ['convertJob', 'sharpWorker'].map((name) => join(ROOT, 'src/convert', `${name}.ts`)),
      outdir: join(root, 'dist'),
      ...AS_SHIPPED,
    });
    return { root };
  })();
  return built;
}
