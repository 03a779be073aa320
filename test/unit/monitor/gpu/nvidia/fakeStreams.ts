import { ToolError } from '../../../../../src/process/toolError.ts';
import type { AskedOutput, StreamEnd, StreamListener, StreamPlan, ToolStreams } from '../../../../../src/process/toolStreams.ts';

/** A stream that was opened: the test says what it says. */
export interface FakeStream {
  readonly plan: StreamPlan;
  readonly closed: boolean;
  say(...lines: readonly string[]): void;
  silent(): void;
  end(end?: Partial<StreamEnd>): void;
}

export interface FakeStreams extends ToolStreams {
  readonly opened: readonly FakeStream[];
  /** What was asked, words joined. */
  readonly asked: readonly string[];
  /** The stream of that kind that is open now. */
  open1(kind: 'query-gpu' | 'query-compute-apps' | 'pmon'): FakeStream;
  isOpen(kind: 'query-gpu' | 'query-compute-apps' | 'pmon'): boolean;
}

/** Streams without programs. `answers`: what is printed, by the words that were asked; an error is what it is rejected with. */
export function fakeStreams(answers: Readonly<Record<string, string | Error | (() => string)>> = {}): FakeStreams {
  const opened: FakeStream[] = [];
  const asked: string[] = [];
  const live = (kind: string): FakeStream | undefined => opened.find(({ plan, closed }) => !closed && plan.args[0]?.includes(kind));
  return {
    opened,
    asked,
    isOpen: (kind) => live(kind) !== undefined,
    open1(kind) {
      const stream = live(kind);
      if (stream === undefined) {
        throw new Error(`no ${kind} is open`);
      }
      return stream;
    },
    open(plan: StreamPlan, listener: StreamListener) {
      let closed = false;
      opened.push({
        plan,
        get closed() {
          return closed;
        },
        say: (...lines) => lines.forEach((line) => listener.onLine(line, 'stdout')),
        silent: () => listener.onSilent(),
        end: (end) => listener.onEnd({ said: '', retryIn: 1000, ...end }),
      });
      return { dispose: () => (closed = true) };
    },
    async ask(tool, args): Promise<AskedOutput> {
      const words = args.join(' ');
      asked.push(words);
      const answer = answers[words] ?? new ToolError('exit', tool, `not expected: ${words}`);
      if (answer instanceof Error) {
        throw answer;
      }
      return { exitCode: 0, stdout: typeof answer === 'string' ? answer : answer(), stderr: '' };
    },
  };
}

export const HELP = ['index', 'count', 'uuid', 'name', 'pci.bus_id', 'driver_version', 'utilization.gpu', 'utilization.encoder', 'memory.used', 'memory.total', 'power.draw', 'temperature.gpu', 'mig.mode.current', 'gpu_recovery_action']
  .map((name) => `"${name}"\nWhat it is.\n`)
  .join('\n');

export function uuidOf(index: number): string {
  return `GPU-51a0000${index}-0000-4000-8000-000000000000`;
}

const VALUES: Readonly<Record<string, (index: number) => string>> = {
  index: String,
  count: () => '2',
  uuid: uuidOf,
  name: () => 'Simulated',
  'pci.bus_id': (index) => `00000000:0${index + 1}:00.0`,
  driver_version: () => '590.48.01',
  'utilization.gpu': (index) => String(50 + index),
  'mig.mode.current': () => 'Disabled',
  gpu_recovery_action: () => 'None',
};

/** A row for what a stream was asked. */
export function rowFor({ plan }: FakeStream, index: number, others: Readonly<Record<string, string>> = {}): string {
  const fields = plan.args[0]?.split('=')[1]?.split(',') ?? [];
  return fields.map((field) => others[field] ?? VALUES[field]?.(index) ?? '7').join(', ');
}
