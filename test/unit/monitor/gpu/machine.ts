import { vi } from 'vitest';
import { toDisposable } from '../../../../src/base/disposable.ts';
import type { GpuReading } from '../../../../src/monitor/gpuSample.ts';
import type { GpuMachine, GpuSource, GpuVendor } from '../../../../src/monitor/gpu/vendor.ts';
import type { KernelFiles } from '../../../../src/monitor/kernelFiles.ts';
import { ToolError } from '../../../../src/process/toolError.ts';
import type { ToolId } from '../../../../src/process/toolPlan.ts';
import type { AskedOutput, StreamListener, StreamPlan } from '../../../../src/process/toolStreams.ts';

export interface OpenStream {
  readonly plan: StreamPlan;
  readonly listener: StreamListener;
  isClosed: boolean;
  say(text: string): void;
}

/** What tools answer: by `amd-smi metric`, the tool and its first argument. A tool of which nothing is said is not installed. */
export type Answers = Record<string, string | ToolError>;

export interface TestMachine extends GpuMachine {
  readonly asked: string[];
  readonly opened: OpenStream[];
  readonly answers: Answers;
}

/** A machine whose clock is vitest's. */
export function testMachine(files: KernelFiles, answers: Answers = {}): TestMachine {
  const asked: string[] = [];
  const opened: OpenStream[] = [];
  return {
    files,
    asked,
    opened,
    answers,
    now: () => Date.now(),
    streams: {
      open(plan, listener) {
        const stream: OpenStream = {
          plan,
          listener,
          isClosed: false,
          say: (text) => {
            for (const line of text.split('\n')) {
              listener.onLine(line, 'stdout');
            }
          },
        };
        opened.push(stream);
        return toDisposable(() => {
          stream.isClosed = true;
        });
      },
      async ask(tool: ToolId, args): Promise<AskedOutput> {
        const key = [tool, ...args].join(' ');
        asked.push(key);
        const answer = Object.entries(answers).find(([question]) => key.startsWith(question))?.[1] ?? new ToolError('notFound', tool, 'not found');
        if (answer instanceof ToolError) {
          throw answer;
        }
        return { exitCode: 0, stdout: answer, stderr: '' };
      },
    },
  };
}

export interface Started {
  readonly source: GpuSource;
  readonly readings: GpuReading[];
  last(): GpuReading;
  /** Lets so many milliseconds pass. */
  pass(milliseconds: number): Promise<void>;
}

/** Starts a vendor under a false clock; `afterEach` is to give back the real one. */
export function startVendor(vendor: GpuVendor, machine: GpuMachine, interval = 1000): Started {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
  const readings: GpuReading[] = [];
  const source = vendor.start(machine, (reading) => readings.push(reading), interval);
  return {
    source,
    readings,
    last: () => readings.at(-1)!,
    pass: async (milliseconds) => {
      await vi.advanceTimersByTimeAsync(milliseconds);
    },
  };
}
