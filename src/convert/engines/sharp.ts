import type { ProgressReader, ToolOutput, ToolPlan } from '../../process/toolPlan.ts';
import type { Engine, Verdict } from '../engine.ts';
import type { SharpCall } from '../imageWork.ts';
import type { SharpJob, SharpResult } from './sharpProtocol.ts';

/**
 * libvips through sharp, in a process of its own: what a hostile picture can break is not the extension's host. Jobs go in as
 * JSON lines, and each is answered for itself, so that a bad picture costs nobody else.
 */
export const sharpEngine: Engine<SharpCall> = {
  id: 'sharp',
  group: { calls: 64, cost: 256 },

  plan(calls, run): ToolPlan {
    const jobs = calls.map((call, index): SharpJob => ({ index, salvage: run.salvage, work: call.work }));
    return {
      tool: 'sharp',
      args: [],
      stdin: jobs.map((job) => `${JSON.stringify(job)}\n`).join(''),
      env: { VIPS_CONCURRENCY: '1' },
      limits: run.limits,
      parse: (output) => output,
      progress: () => countLines(calls.length),
    };
  },

  judge(output: ToolOutput, calls): readonly Verdict[] {
    const results = new Map(output.stdout.split('\n').flatMap(parseResult));
    return calls.map((_, index) => {
      const result = results.get(index);
      if (result === undefined) {
        // It was ended, or died of this picture or of the one before: alone, the blame is certain.
        return calls.length > 1 ? { state: 'unknown' } : { state: 'failed', lines: lastLines(output) };
      }
      return result.state === 'clean' ? { state: 'clean' } : { state: result.state, lines: result.lines };
    });
  },
};

function parseResult(line: string): readonly (readonly [number, SharpResult])[] {
  try {
    const result = JSON.parse(line) as SharpResult;
    return [[result.index, result]];
  } catch {
    return [];
  }
}

function lastLines(output: ToolOutput): readonly string[] {
  const lines = output.stderr.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 0 ? lines.slice(-5) : [`exit code ${output.exitCode}, no result`];
}

function countLines(total: number): ProgressReader {
  let lines = 0;
  return {
    stream: 'stdout',
    read(text) {
      const before = lines;
      lines += text.split('\n').length - 1;
      return lines === before ? undefined : lines / total;
    },
  };
}
