/** Lets Node 20 run TypeScript: `node --import ./test/setup/typescript.mjs FILE.ts`. Needs esbuild, so npm's packages. */
import { register } from 'node:module';

process.setSourceMapsEnabled(true);
register('./typescriptHooks.mjs', import.meta.url);
