import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The pages in a real browser, their hosts on a stand-in for VS Code. */
export default defineConfig({
  resolve: { alias: { vscode: fileURLToPath(new URL('./test/pages/fakeVscode.ts', import.meta.url)) } },
  test: {
    include: ['test/pages/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
