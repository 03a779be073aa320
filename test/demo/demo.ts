import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { STEADY_SETTINGS } from '../e2e/steadySettings.ts';
import { windowUrl } from '../vscode/browser.ts';
import { packageExtension } from '../vscode/packageExtension.ts';
import { startServer } from '../vscode/server.ts';
import type { VscodeServer } from '../vscode/server.ts';
import { simulateGpus } from '../fakes/simulateGpus.ts';
import { SAMPLE_RUNS, simulateRuns } from '../fakes/simulateRuns.ts';
import { check } from './check.ts';
import { makeDataset } from './dataset.ts';

/** The exit code of what a person has interrupted, by the custom of shells. */
const INTERRUPTED = 130;

/** @returns the exit code */
export async function demo(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { check: { type: 'boolean', default: false }, port: { type: 'string', default: '0' }, gpus: { type: 'string', default: '0' } },
  });
  const interrupted = untilInterrupted();
  // Whoever reads along may turn away; what was started is ended all the same.
  process.stdout.on('error', () => undefined);
  const home = await mkdtemp(join(tmpdir(), 'trainyard-demo-'));
  try {
    const folder = join(home, 'home-mm');
    await mkdir(folder);
    const files = await makeDataset(folder);
    say(`A sample data set of ${files.length} files: ${folder}`);

    const vsix = join(home, 'trainyard.vsix');
    await packageExtension(vsix);
    say(`Packaged: ${((await stat(vsix)).size / 1e6).toFixed(1)} MB`);

    const settings = { 'workbench.colorTheme': 'Default Dark Modern', ...(values.check ? STEADY_SETTINGS : {}) };
    const gpus = Number(values.gpus);
    using runs = gpus > 0 ? await simulateRuns(home, folder, SAMPLE_RUNS.filter(({ cards }) => Object.keys(cards).every((card) => Number(card) < gpus))) : undefined;
    const env = runs === undefined ? {} : { PATH: `${await simulateGpus(home, gpus, runs.env)}:${process.env['PATH'] ?? ''}` };
    await using server = await startServer({ trust: true, vsix, settings, env, port: Number(values.port) });
    say('Installed in a VS Code server of its own');
    const code = await Promise.race([values.check ? check(server, folder, say) : serve(server, folder), interrupted]);
    if (code !== INTERRUPTED) {
      return code;
    }
    say('\nStopped.');
    return values.check ? INTERRUPTED : 0;
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Serves until somebody ends the demo; it resolves only when the server ends by itself, which it should not. */
async function serve(server: VscodeServer, folder: string): Promise<number> {
  say(`\nOpen ${windowUrl(server, { folder })}`);
  say('Select files in the Explorer, open the context menu, and choose “Convert…”; or run “Trainyard: Open System Dashboard”.');
  say('Ctrl-C ends the demo and removes it.');
  await server.ended();
  say(`VS Code's server ended by itself:\n${server.log}`);
  return 1;
}

/** Listens from the start: an interrupt while things are being set up is heard as soon as they are. */
function untilInterrupted(): Promise<typeof INTERRUPTED> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => resolve(INTERRUPTED));
    }
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
