/**
 * Takes pictures of the pages in every theme, for looking at: `node test/pages/look.mjs FOLDER [PART-OF-NAME]`.
 */
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
// Two folders deep in the repository, as the sources are, so that their relative paths hold.
const outfile = here(`../../node_modules/.cache/look-${process.pid}.mjs`);

await build({
  entryPoints: [here('./look.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  external: ['esbuild', 'playwright-core', 'sharp', 'h5wasm', 'node-sqlite3-wasm'],
  alias: { vscode: here('./fakeVscode.ts') },
  // As in what is shipped: some libraries require what Node brings.
  banner: { js: "import { createRequire as lookRequire } from 'node:module'; const require = lookRequire(import.meta.url);" },
  logLevel: 'warning',
});
try {
  const { look } = await import(outfile);
  await look(process.argv[2] ?? 'look', process.argv[3] ?? '');
} finally {
  await rm(outfile, { force: true });
}
