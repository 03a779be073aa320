import { createToolRunner } from '../../../src/process/createToolRunner.ts';
import type { ToolPlan } from '../../../src/process/toolPlan.ts';
import type { Wrappers } from '../../../src/process/wrappers.ts';
import { findWrappers } from '../../../src/process/wrappers.ts';

/**
 * A process for a test to kill. Runs a script with /bin/sh through the runner, as `argv` says, and passes on what it prints.
 *
 *   killedHost.js SCRIPT single|sequence all|withoutTimeout
 */
const [script = '', shape, which] = process.argv.slice(2);
const { timeout, ...others } = await findWrappers();
const wrappers: Wrappers = which === 'all' ? { ...others, ...(timeout !== undefined && { timeout }) } : others;
const tool = { id: 'sox' as const, path: '/bin/sh', prefix: [], version: '', banner: '', features: new Set<string>(), buildId: '' };
const plan: ToolPlan = {
  tool: 'sox',
  args: ['-c', script],
  ...(shape === 'sequence' && { sequence: [['first'], ['second']] }),
  limits: { memory: 1_000_000_000 },
  parse: (output) => output,
  progress: () => ({
    stream: 'stdout',
    read(text) {
      process.stdout.write(text);
      return undefined;
    },
  }),
};
await createToolRunner({ tools: new Map([['sox', tool]]), wrappers }).execute(plan, { onProgress: () => {} });
