/**
 * The Debian packages that the tests and the demo need.
 *
 * What runs before npm's packages are there is `.mjs` with JSDoc types, because Node 20 cannot strip types. All else is
 * TypeScript, run by vitest or by `node --import ./test/setup/typescript.mjs FILE.ts`.
 */
import { execFileSync, spawnSync } from 'node:child_process';

/** @type {readonly string[]} */
export const SYSTEM_PACKAGES = [
  // The tools that are put to work.
  'ffmpeg',
  'sox',
  'libsox-fmt-all',
  'imagemagick',
  'webp',
  // The browser, and letters for it to draw with.
  'chromium',
  'fonts-dejavu-core',
  // What VS Code's native modules are built with.
  'build-essential',
  'python3',
  'pkg-config',
  'libkrb5-dev',
  // Another box, on this machine's own loopback.
  'openssh-client',
  'openssh-server',
  'rsync',
  'zstd',
  // Peers of the bench, and what faults are made with.
  'parallel',
  'time',
  'findutils',
  'procps',
  'util-linux',
  'sqlite3',
  'jq',
];

export class SystemPackagesError extends Error {
  name = 'SystemPackagesError';
}

/**
 * Installs what is missing, with apt-get, where root or sudo without a password is there. Quick when nothing is missing.
 *
 * @param {(line: string) => void} [say]
 * @throws {SystemPackagesError} with the line to run, where it cannot be done from here
 */
export function ensureSystemPackages(say = console.error) {
  if (spawnSync('dpkg-query', ['--version']).error) {
    // Not Debian: the names may differ, so whether all is there shows in the tests.
    say(`This is not Debian, so nothing was installed. The tests need: ${SYSTEM_PACKAGES.join(' ')}`);
    return;
  }
  const missing = missingPackages();
  if (missing.length === 0) {
    return;
  }
  const become = asRoot();
  const line = `apt-get install --yes --no-install-recommends ${missing.join(' ')}`;
  if (!become) {
    throw new SystemPackagesError(`Debian packages are missing, and neither root nor sudo is there. Please run as root: ${line}`);
  }
  say(`Installing Debian packages: ${missing.join(' ')}`);
  aptGet(become, ['update']);
  aptGet(become, ['install', '--yes', '--no-install-recommends', ...missing]);
  const left = missingPackages();
  if (left.length > 0) {
    throw new SystemPackagesError(`apt-get did not install ${left.join(' ')}. Please run as root: ${line}`);
  }
}

/** @returns {string[]} */
function missingPackages() {
  const query = spawnSync('dpkg-query', ['--show', '--showformat', '${Package} ${db:Status-Status}\n', ...SYSTEM_PACKAGES], { encoding: 'utf8' });
  const installed = new Set(
    query.stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.slice(0, line.indexOf(' '))),
  );
  return SYSTEM_PACKAGES.filter((name) => !installed.has(name));
}

/** @returns {string[] | undefined} what to put before a command to run it as root */
function asRoot() {
  if (process.getuid?.() === 0) {
    return [];
  }
  return spawnSync('sudo', ['--non-interactive', 'true']).status === 0 ? ['sudo', '--non-interactive', '--preserve-env=DEBIAN_FRONTEND'] : undefined;
}

/**
 * @param {readonly string[]} become
 * @param {readonly string[]} args
 */
function aptGet(become, args) {
  const [command = '', ...rest] = [...become, 'apt-get', '--option=DPkg::Lock::Timeout=600', '--quiet', ...args];
  try {
    // Output goes to stderr: stdout belongs to the results of whoever asked.
    execFileSync(command, rest, { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  } catch (error) {
    throw new SystemPackagesError(`apt-get ${args.join(' ')} failed: ${String(error)}`);
  }
}
