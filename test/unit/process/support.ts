import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { ToolRunnerOptions } from '../../../src/process/createToolRunner.ts';
import { createToolRunner } from '../../../src/process/createToolRunner.ts';
import type { FoundTool } from '../../../src/process/foundTool.ts';
import { isRunning, processStat } from '../../../src/process/processIdentity.ts';
import type { ToolError } from '../../../src/process/toolError.ts';
import type { ToolId, ToolOutput, ToolPlan } from '../../../src/process/toolPlan.ts';
import type { ToolRunner } from '../../../src/process/toolRunner.ts';

const base = mkdtempSync(join(tmpdir(), 'trainyard-process-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** A folder that is gone when the test file is done. */
export function temporaryFolder(): string {
  return mkdtempSync(join(base, 'folder-'));
}

export function toolAt(id: ToolId, path: string, prefix: readonly string[] = []): FoundTool {
  return { id, path, prefix, version: '0', banner: '', features: new Set(), buildId: '' };
}

/** A runner that takes any program for sox: tests of running need no media. */
export function runnerOf(path: string, options: Partial<ToolRunnerOptions> = {}): ToolRunner {
  return createToolRunner({ tools: new Map([['sox', toolAt('sox', path)]]), ...options });
}

export function planOf(args: readonly string[], more: Partial<ToolPlan> = {}): ToolPlan {
  return { tool: 'sox', args, parse: (output: ToolOutput) => output, ...more };
}

/** What a run rejects with. */
export function failureOf(run: Promise<unknown>): Promise<ToolError> {
  return run.then(
    () => Promise.reject(new Error('the run did not fail')),
    (error: unknown) => error as ToolError,
  );
}

export function runs(pid: number): boolean {
  return isRunning(processStat(pid));
}

/** Resolves with the whole numbers of the first line that a plan's tool prints, and makes the plan report them. */
export function numbersOf(plan: ToolPlan): { readonly plan: ToolPlan; readonly numbers: Promise<readonly number[]> } {
  let resolveNumbers: (numbers: readonly number[]) => void = () => {};
  const numbers = new Promise<readonly number[]>((resolve) => (resolveNumbers = resolve));
  let text = '';
  const progress: ToolPlan['progress'] = () => ({
    stream: 'stdout',
    read(piece) {
      text += piece;
      if (text.includes('\n')) {
        resolveNumbers(text.split('\n', 1)[0]?.trim().split(' ').map(Number) ?? []);
      }
      return undefined;
    },
  });
  return { plan: { ...plan, progress }, numbers };
}
