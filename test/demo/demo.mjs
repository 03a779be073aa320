/**
 * `npm run demo`: sets this machine up, makes a sample data set, and serves VS Code with the packaged extension in it.
 * `npm run demo -- --check`: does the main job there through a real browser, and exits 0 or 1.
 */
import { fileURLToPath } from 'node:url';
import { ensureNodeModules } from '../setup/nodeModules.mjs';
import { ensureSystemPackages } from '../setup/systemPackages.mjs';

try {
  ensureSystemPackages();
  ensureNodeModules(fileURLToPath(new URL('../..', import.meta.url)));
  // Only now is there what TypeScript needs.
  await import('../setup/typescript.mjs');
  const { demo } = await import('./demo.ts');
  process.exitCode = await demo(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
