/**
 * Bundles everything that is shipped, and on request the suite that runs inside the extension host.
 *
 *   node esbuild.mjs            what is shipped, minified
 *   node esbuild.mjs --dev      the same with source maps, not minified
 *   node esbuild.mjs --watch    --dev, again after each change
 *   node esbuild.mjs --tests    also dist/test
 *
 * The bundles of the host share chunks, so that what is imported lazily is loaded lazily. VS Code loads ES modules in the
 * Node extension host since 1.100.
 */
import { cp, readdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, context } from 'esbuild';

const flags = new Set(process.argv.slice(2));
const dev = flags.has('--dev') || flags.has('--watch');

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  minify: !dev,
  sourcemap: dev ? 'linked' : false,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  outdir: 'dist',
};

/** CommonJS packages inside an ES module still call `require` for Node's own modules. */
const REQUIRE = "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** @type {import('esbuild').BuildOptions} */
const host = {
  ...common,
  entryPoints: ['src/extension.ts', 'src/cli.ts', 'src/convert/convertJob.ts', 'src/convert/sharpWorker.ts'].filter((file) => existsSync(file)),
  entryNames: '[name]',
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  splitting: true,
  keepNames: true,
  external: ['vscode', 'sharp'],
  banner: { js: REQUIRE },
};

/** Every room's pages: `src/ROOM/webview/*Page.ts` becomes `dist/pages/ROOMName.js`. */
async function pages() {
  const entries = {};
  for (const room of await readdir('src', { withFileTypes: true })) {
    const folder = join('src', room.name, 'webview');
    if (room.isDirectory() && existsSync(folder)) {
      for (const file of (await readdir(folder)).filter((name) => name.endsWith('Page.ts'))) {
        const name = basename(file, 'Page.ts');
        entries[`pages/${room.name}${name[0].toUpperCase()}${name.slice(1)}`] = join(folder, file);
      }
    }
  }
  return entries;
}

/** @returns {Promise<import('esbuild').BuildOptions>} */
async function page() {
  return { ...common, entryPoints: await pages(), platform: 'browser', target: 'chrome130', format: 'esm' };
}

/** @type {import('esbuild').BuildOptions} */
const suite = {
  ...common,
  minify: false,
  sourcemap: 'inline',
  entryPoints: ['test/integration/index.ts'],
  outdir: 'dist/test',
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  external: ['vscode'],
  banner: { js: REQUIRE },
};

const all = [host, await page(), ...(flags.has('--tests') ? [suite] : [])];

const CODICONS = ['codicon.css', 'codicon.ttf'].map((name) => ({ from: `node_modules/@vscode/codicons/dist/${name}`, to: `dist/pages/${name}` }));

/** Removes what an earlier build left and this one did not write; what is in use meanwhile is never missing. */
async function removeStale(written) {
  const kept = new Set([...written, ...CODICONS.map(({ to }) => to)]);
  const wanted = flags.has('--tests') ? '' : join('dist', 'test');
  for (const entry of await readdir('dist', { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !kept.has(path) && !(wanted && path.startsWith(wanted))) {
      await rm(path, { force: true });
    }
  }
}

for (const { from, to } of CODICONS) {
  await cp(from, to);
}
if (flags.has('--watch')) {
  await Promise.all(all.map(async (options) => (await context(options)).watch()));
} else {
  const results = await Promise.all(all.map((options) => build(options)));
  await removeStale(results.flatMap(({ metafile }) => Object.keys(metafile.outputs)));
}
