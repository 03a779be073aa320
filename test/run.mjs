/**
 * `npm test [-- LAYER …]`: sets a fresh machine up, then runs every layer, or those that are named. The last line is
 * `N passed, N failed` over all of them.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureNodeModules } from './setup/nodeModules.mjs';
import { ensureSystemPackages } from './setup/systemPackages.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * `check`: one test that passes with exit code 0. `vitest`: counted from its JSON report. `counted`: a command of ours whose
 * last lines hold `N passed, N failed`.
 */
const LAYERS = [
  { name: 'types', kind: 'check', command: ['npx', 'tsc', '--noEmit', '-p', '.'] },
  { name: 'lint', kind: 'check', command: ['npx', 'eslint', '.'] },
  { name: 'build', kind: 'check', command: ['node', 'esbuild.mjs', '--tests'] },
  { name: 'unit', kind: 'vitest', command: ['npx', 'vitest', 'run'] },
  { name: 'sqlite', kind: 'vitest', command: ['node', '--import', './test/setup/typescript.mjs', 'test/sqlite.ts'] },
  { name: 'pages', kind: 'vitest', command: ['npx', 'vitest', 'run', '--config', 'vitest.pages.config.ts'] },
  { name: 'integration', kind: 'counted', command: ['npm', 'run', '--silent', 'test:integration'] },
  { name: 'e2e', kind: 'vitest', command: ['npx', 'vitest', 'run', '--config', 'vitest.e2e.config.ts'] },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !LAYERS.some((layer) => layer.name === name));
if (unknown.length > 0) {
  console.error(`There is no layer ${unknown.join(', ')}; there is ${LAYERS.map(({ name }) => name).join(', ')}.`);
  process.exit(1);
}

await ensureSystemPackages();
await ensureNodeModules(ROOT);

const reports = await mkdtemp(join(tmpdir(), 'trainyard-reports-'));
const results = [];
try {
  for (const layer of LAYERS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    console.log(`\n── ${layer.name}`);
    const started = Date.now();
    const counts = await runLayer(layer);
    results.push({ name: layer.name, ...counts, seconds: Math.round((Date.now() - started) / 1000) });
  }
} finally {
  await rm(reports, { recursive: true, force: true });
}

console.log('\nlayer          passed  failed  seconds');
for (const { name, passed, failed, seconds } of results) {
  console.log(`${name.padEnd(13)}${String(passed).padStart(8)}${String(failed).padStart(8)}${String(seconds).padStart(9)}`);
}
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') > 0 ? 1 : 0;

/** A layer that ends badly without having counted a failure has one all the same. */
async function runLayer({ name, kind, command }) {
  const report = join(reports, `${name}.json`);
  const args = kind === 'vitest' ? ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`] : [];
  const { code, tail } = await run([...command, ...args], kind === 'counted');
  const counts = kind === 'vitest' ? await readReport(report) : kind === 'counted' ? lastCounts(tail) : { passed: code === 0 ? 1 : 0, failed: 0 };
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function run([file, ...args], keepTail) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: ROOT, stdio: ['ignore', keepTail ? 'pipe' : 'inherit', 'inherit'] });
    let tail = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      process.stdout.write(text);
      tail = (tail + text).slice(-4000);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, tail }));
  });
}

async function readReport(file) {
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(await readFile(file, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests || numFailedTestSuites };
  } catch (error) {
    console.error(`The report is missing: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
}

function lastCounts(text) {
  const [, passed, failed] = [...text.matchAll(/(\d+) passed, (\d+) failed/g)].at(-1) ?? [];
  return passed === undefined ? { passed: 0, failed: 1 } : { passed: Number(passed), failed: Number(failed) };
}
