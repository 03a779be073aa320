import type { BuildOptions } from 'esbuild';

/** How the host's bundles are made, for tests that need some of them in a folder of their own. */
export const AS_SHIPPED = {
  entryNames: '[name]',
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  external: ['sharp'],
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  logLevel: 'silent',
} satisfies BuildOptions;
