import { defineConfig } from 'vitest/config';

/** What needs `node:sqlite`, as VS Code's extension host has it. test/sqlite.ts starts this in a Node that does. */
export default defineConfig({
  test: {
    include: ['test/unit/monitor/history/**/*.test.ts', 'test/unit/base/sqlite.test.ts', 'test/unit/dataset/catalogue/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
