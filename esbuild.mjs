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
import { copyFile, readFile, readdir, rm, writeFile } from 'node:fs/promises';
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

/** WebAssembly that a package looks for beside itself: it is imported lazily, so that it becomes a chunk. */
const SQLITE_WASM = 'node_modules/node-sqlite3-wasm/dist/node-sqlite3-wasm.wasm';
const SQLITE_WASM_COPY = join('dist', 'chunks', basename(SQLITE_WASM));

/** An ES module has no `__dirname`; Node 20.11 and newer tell it otherwise. */
const sqliteWasm = {
  name: 'node-sqlite3-wasm',
  setup({ onLoad, onEnd }) {
    onLoad({ filter: /node-sqlite3-wasm\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll('__dirname', '__trainyardFolder'),
      loader: 'js',
    }));
    onEnd(() => (existsSync(join('dist', 'chunks')) ? copyFile(SQLITE_WASM, SQLITE_WASM_COPY) : undefined));
  },
};

/** @type {import('esbuild').BuildOptions} */
const host = {
  ...common,
  entryPoints: ['src/extension.ts', 'src/cli.ts', 'src/convert/convertJob.ts', 'src/convert/sharpWorker.ts', 'src/monitor/monitorWorker.ts', 'src/dataset/datasetWorker.ts', 'src/sync/syncWorker.ts', 'src/language/languageServer.ts', 'src/language/manifestWorker.ts'].filter((file) => existsSync(file)),
  entryNames: '[name]',
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  splitting: true,
  keepNames: true,
  external: ['vscode', 'sharp'],
  // Its other build asks for its own files at run time.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  banner: { js: `${REQUIRE} const __trainyardFolder = import.meta.dirname;` },
  plugins: [sqliteWasm],
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

/** What is shipped stands first. */
const shipped = [host, await page()];
const all = [...shipped, ...(flags.has('--tests') ? [suite] : [])];

const NOTICES = join('dist', 'THIRD_PARTY_NOTICES.txt');

/** Removes what an earlier build left and this one did not write; what is in use meanwhile is never missing. */
async function removeStale(written) {
  const kept = new Set([...written, NOTICES, SQLITE_WASM_COPY]);
  const wanted = flags.has('--tests') ? '' : join('dist', 'test');
  for (const entry of await readdir('dist', { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !kept.has(path) && !(wanted && path.startsWith(wanted))) {
      await rm(path, { force: true });
    }
  }
}

/** The licences of all packages of which something is in the bundles; sharp and libvips bring their own beside them. */
async function writeNotices(inputs) {
  const names = new Set(inputs.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []));
  const notices = await Promise.all(
    [...names].sort().map(async (name) => {
      const folder = join('node_modules', name);
      const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
      const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? 'The package brings no text of its licence.' : (await readFile(join(folder, file), 'utf8')).trim();
      return `${name} ${version}: ${license}\n\n${text}\n`;
    }),
  );
  await writeFile(NOTICES, notices.join(`\n${'-'.repeat(80)}\n\n`));
}

if (flags.has('--watch')) {
  await Promise.all(all.map(async (options) => (await context(options)).watch()));
} else {
  const results = await Promise.all(all.map((options) => build(options)));
  await removeStale(results.flatMap(({ metafile }) => Object.keys(metafile.outputs)));
  await writeNotices(results.slice(0, shipped.length).flatMap(({ metafile }) => Object.keys(metafile.inputs)));
}
