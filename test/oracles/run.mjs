/**
 * Holds our readers to the libraries that write the formats: `node test/oracles/run.mjs [SUITE …]`. Each folder beside this file is a
 * suite: requirements.txt is installed into a virtual environment of its own in the user's cache folder, write.py makes files, and
 * check.ts judges what we say of them; accept.py, where there is one, reads by the libraries what check.ts had us write. It takes gigabytes of packages, and is no part of `npm test`.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const HERE = import.meta.dirname;
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'trainyard-oracles');

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(' ')} ended with ${status ?? error?.message}`);
  }
}

/** The suite's Python; made anew only where its requirements have changed. */
function python(suite) {
  const requirements = join(HERE, suite, 'requirements.txt');
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const folder = join(CACHE, suite);
  const done = join(folder, 'requirements.sha256');
  if (!existsSync(done) || readFileSync(done, 'utf8') !== digest) {
    run('python3', ['-m', 'venv', folder]);
    run(join(folder, 'bin', 'pip'), ['install', '--quiet', '--requirement', requirements]);
    writeFileSync(done, digest);
  }
  return join(folder, 'bin', 'python');
}

const asked = process.argv.slice(2);
const suites = readdirSync(HERE, { withFileTypes: true }).filter((entry) => entry.isDirectory() && (asked.length === 0 || asked.includes(entry.name)));
let failed = 0;
for (const { name } of suites) {
  const folder = mkdtempSync(join(tmpdir(), `trainyard-oracle-${name}-`));
  try {
    run(python(name), ['-B', join(HERE, name, 'write.py'), join(folder, 'made')]);
    run(process.execPath, ['--import', join(HERE, '../setup/typescript.mjs'), join(HERE, name, 'check.ts'), join(folder, 'made')]);
    const accept = join(HERE, name, 'accept.py');
    if (existsSync(accept)) {
      run(python(name), ['-B', accept, join(folder, 'made')]);
    }
  } catch (error) {
    failed++;
    process.stderr.write(`${name}: ${error.message}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
process.exitCode = failed > 0 ? 1 : 0;
