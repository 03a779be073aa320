/**
 * `npm run test:integration [-- RELEASE …]`: runs the suites of `dist/test/index.js` in the real remote extension host of each
 * VS Code, the newest and the oldest that is supported. The last line is `N passed, N failed`.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startBrowser } from '../vscode/browser.ts';
import { RELEASE_NAMES } from '../vscode/getServer.ts';
import type { Release } from '../vscode/getServer.ts';
import { runInHost } from '../vscode/runInHost.ts';
import { startServer } from '../vscode/server.ts';
import type { VscodeServer } from '../vscode/server.ts';
import { writePresumptuousSettings } from './presumptuousSettings.ts';
import { REPORT_MARK } from './protocol.ts';
import type { Report } from './protocol.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const SUITE = join(ROOT, 'dist', 'test', 'index.js');

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

async function main(wanted: readonly string[]): Promise<void> {
  if (!existsSync(SUITE)) {
    throw new Error(`${SUITE} is missing: node esbuild.mjs --tests makes it`);
  }
  let sum: Counts = { passed: 0, failed: 0 };
  for (const release of RELEASE_NAMES.filter((name) => wanted.length === 0 || wanted.includes(name))) {
    print(`\nthe ${release} VS Code`);
    const counts = await runIn(release);
    sum = { passed: sum.passed + counts.passed, failed: sum.failed + counts.failed };
  }
  print(`\n${sum.passed} passed, ${sum.failed} failed`);
  process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
}

async function runIn(release: Release): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'trainyard-workspace-'));
  await writePresumptuousSettings(folder);
  await using server = await startServer({ release, trust: true, driver: true });
  try {
    const counts = await runSuite(server, folder);
    const left = await server.detachedProcesses();
    if (left.length > 0) {
      print(`  ✗ processes were left behind: ${left.join(' ')}`);
      return { ...counts, failed: counts.failed + 1 };
    }
    return counts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runSuite(server: VscodeServer, folder: string): Promise<Counts> {
  const browser = await startBrowser();
  const kept: string[] = [];
  let ended: Counts | undefined;
  const onLine = (line: string): void => {
    const report = readReport(line);
    if (!report) {
      kept.push(line);
    } else if (report.type === 'ended') {
      ended = report;
    } else {
      print(describeReport(report));
    }
  };
  try {
    const code = await runInHost(server, browser, { folder, extension: ROOT, module: SUITE, onLine });
    if (ended && (code === 0 || ended.failed > 0)) {
      return ended;
    }
    print(`The suite ended with ${code} before it had run to its end\n${kept.slice(-60).join('\n')}`);
    return { passed: 0, failed: 1 };
  } finally {
    await browser.close();
  }
}

function readReport(line: string): Report | undefined {
  return line.startsWith(REPORT_MARK) ? (JSON.parse(line.slice(REPORT_MARK.length)) as Report) : undefined;
}

function describeReport(report: Exclude<Report, { type: 'ended' }>): string {
  return report.type === 'passed'
    ? `  ✓ ${report.title} (${report.ms} ms)`
    : `  ✗ ${report.title}\n${`${report.message}\n${report.stack}`.replace(/^/gm, '      ')}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main(process.argv.slice(2));
