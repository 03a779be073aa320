/** Makes this machine ready for the tests: `node test/setup/setup.mjs`. Quick when it is. */
import { fileURLToPath } from 'node:url';
import { ensureNodeModules } from './nodeModules.mjs';
import { ensureSystemPackages } from './systemPackages.mjs';

try {
  ensureSystemPackages();
  ensureNodeModules(fileURLToPath(new URL('../..', import.meta.url)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
