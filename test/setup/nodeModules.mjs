/** The npm packages of package-lock.json. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, peer?: boolean }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lock
 */

/**
 * Runs `npm ci` where node_modules is not what package-lock.json says. Quick when it is.
 *
 * @param {string} root the folder of package.json
 * @param {(line: string) => void} [say]
 */
export function ensureNodeModules(root, say = console.error) {
  if (isInstalled(root)) {
    return;
  }
  say('Installing npm packages: npm ci');
  const run = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (run.error ?? run.status !== 0) {
    throw new Error(`npm ci failed${run.error ? `: ${run.error.message}` : ''}`);
  }
}

/** @param {string} root */
function isInstalled(root) {
  // npm writes this file last, with what is really in node_modules.
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) {
    return false;
  }
  const { packages: wanted } = readLock(join(root, 'package-lock.json'));
  const { packages: present } = readLock(hidden);
  return Object.entries(wanted).every(([path, locked]) => {
    const found = present[path];
    // An optional package may be for another platform.
    return path === '' || (found ? found.integrity === locked.integrity : locked.optional === true);
  });
}

/**
 * @param {string} path
 * @returns {Lock}
 */
function readLock(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
