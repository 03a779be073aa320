import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import Mocha from 'mocha';
import { extensionUnderTest } from './extensionUnderTest.ts';
import { REPORT_MARK } from './protocol.ts';
import type { Report } from './protocol.ts';
import { watchIntervals } from './intervals.ts';

/** Runs every `suites/*.suite.ts` inside the extension host. VS Code calls this; a rejection gives exit code 1. */
export async function run(): Promise<void> {
  watchIntervals();
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, forbidOnly: true, forbidPending: true, reporter: Mocha.reporters.Base });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await importSuites();
  const failed = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    follow(runner);
  });
  if (failed > 0) {
    throw new Error(`${failed} failed`);
  }
}

/** esbuild bundles one module for each file that fits the pattern; the folder tells which there are. */
async function importSuites(): Promise<void> {
  const folder = join(extensionUnderTest().extensionPath, 'test', 'integration', 'suites');
  const names = (await readdir(folder)).filter((file) => file.endsWith('.suite.ts')).map((file) => file.slice(0, -'.suite.ts'.length));
  if (names.length === 0) {
    throw new Error(`There is no suite in ${folder}`);
  }
  for (const name of names.sort()) {
    await import(`./suites/${name}.suite.ts`);
  }
}

function follow(runner: Mocha.Runner): void {
  let passed = 0;
  let failed = 0;
  runner.on('pass', (test) => {
    passed++;
    report({ type: 'passed', title: test.fullTitle(), ms: test.duration ?? 0 });
  });
  runner.on('fail', (test, error: Error) => {
    failed++;
    report({ type: 'failed', title: test.fullTitle(), message: error.message, stack: error.stack ?? '' });
  });
  runner.on('end', () => report({ type: 'ended', passed, failed }));
}

function report(message: Report): void {
  // The console is the one way out of the extension host that VS Code hands on to whoever automates it.
  // eslint-disable-next-line no-console
  console.log(REPORT_MARK + JSON.stringify(message));
}
