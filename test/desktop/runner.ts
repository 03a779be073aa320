/**
 * `npm run test:desktop`: the suites of `dist/test/index.js` in a desktop VS Code, the newest and the oldest that is supported.
 * VS Code is fetched from the internet; without a display, run it under `xvfb-run`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { writePresumptuousSettings } from '../integration/presumptuousSettings.ts';
import manifest from '../../package.json' with { type: 'json' };

const ROOT = resolve(import.meta.dirname, '..', '..');

const workspace = await mkdtemp(join(tmpdir(), 'trainyard-workspace-'));
await writePresumptuousSettings(workspace);
try {
  for (const version of ['stable', manifest.engines.vscode.replace('^', '')]) {
    await runTests({
      version,
      extensionDevelopmentPath: ROOT,
      extensionTestsPath: join(ROOT, 'dist', 'test', 'index.js'),
      launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust', '--skip-welcome', '--skip-release-notes'],
    });
  }
} finally {
  await rm(workspace, { recursive: true, force: true });
}
