/**
 * Takes pictures of the dashboard in every theme, for looking at: `node test/pages/monitorLook.mjs FOLDER [PART-OF-NAME]`.
 */
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
// Two folders deep in the repository, as the sources are, so that their relative paths hold.
const outfile = here('../../node_modules/.cache/monitorLook.mjs');

await build({
  entryPoints: [here('./monitorLook.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  external: ['esbuild', 'playwright-core'],
  alias: { vscode: here('./fakeVscode.ts') },
  logLevel: 'warning',
});
try {
  const { lookAtDashboard } = await import(outfile);
  await lookAtDashboard(process.argv[2] ?? 'look', process.argv[3] ?? '');
} finally {
  await rm(outfile, { force: true });
}
