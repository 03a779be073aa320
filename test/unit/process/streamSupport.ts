import type { FoundTool } from '../../../src/process/foundTool.ts';
import { createToolStreams } from '../../../src/process/createToolStreams.ts';
import type { ToolStreamsOptions } from '../../../src/process/createToolStreams.ts';
import type { Timers } from '../../../src/process/timers.ts';
import type { ToolId } from '../../../src/process/toolPlan.ts';
import type { StreamEnd, StreamListener, StreamPlan } from '../../../src/process/toolStreams.ts';
import type { Disposable } from '../../../src/base/disposable.ts';
import { findWrappers } from '../../../src/process/wrappers.ts';
import { temporaryFolder, toolAt } from './support.ts';

export interface ManualTimers extends Timers {
  /** Lets time pass: what is due runs in its order, also what that asks for. */
  advance(milliseconds: number): void;
  /** Waits of this length that have not rung; longer ones are of no account. */
  readonly waits: readonly number[];
}

export function manualTimers(): ManualTimers {
  let now = 1000;
  let pending: { readonly at: number; readonly length: number; readonly run: () => void }[] = [];
  return {
    now: () => now,
    after(length, run) {
      const timer = { at: now + length, length, run };
      pending.push(timer);
      return { dispose: () => (pending = pending.filter((other) => other !== timer)) };
    },
    advance(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        const [next] = pending.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) {
          break;
        }
        pending = pending.filter((other) => other !== next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = end;
    },
    get waits() {
      return pending.map(({ length }) => length);
    },
  };
}

export type StreamEvent =
  | { readonly kind: 'line'; readonly line: string; readonly stream: 'stdout' | 'stderr' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'end'; readonly end: StreamEnd };

export interface Recorder extends StreamListener {
  readonly events: readonly StreamEvent[];
  /** The next event of this kind that nobody has been given yet. */
  next<K extends StreamEvent['kind']>(kind: K): Promise<Extract<StreamEvent, { kind: K }>>;
  line(): Promise<string>;
}

export function recorder(): Recorder {
  const events: StreamEvent[] = [];
  const given = new Set<StreamEvent>();
  let waiting: (() => void)[] = [];
  function tell(event: StreamEvent): void {
    events.push(event);
    const told = waiting;
    waiting = [];
    told.forEach((resolve) => resolve());
  }
  async function next<K extends StreamEvent['kind']>(kind: K): Promise<Extract<StreamEvent, { kind: K }>> {
    for (;;) {
      const event = events.find((one) => one.kind === kind && !given.has(one));
      if (event !== undefined) {
        given.add(event);
        return event as Extract<StreamEvent, { kind: K }>;
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }
  return {
    events,
    next,
    line: async () => (await next('line')).line,
    onLine: (line, stream) => tell({ kind: 'line', line, stream }),
    onSilent: () => tell({ kind: 'silent' }),
    onEnd: (end) => tell({ kind: 'end', end }),
  };
}

const wrappers = findWrappers();

/** Streams that take /bin/sh for any tool. */
export async function shellStreams(options: Partial<ToolStreamsOptions> = {}): Promise<ReturnType<typeof createToolStreams>> {
  return createToolStreams({
    find: async (id) => ({ id, title: id, found: shell(id), rejected: [] }),
    wrappers: await wrappers,
    temporaryFolder: temporaryFolder(),
    ...options,
  });
}

export function shell(id: ToolId): FoundTool {
  return toolAt(id, '/bin/sh');
}

export function scriptPlan(script: string, more: Partial<StreamPlan> = {}): StreamPlan {
  return { tool: 'nvidia-smi', args: ['-c', script], silence: 600_000, ...more };
}

/** Disposes at the end of a test, whatever came of it. */
export function disposing(): { add<T extends Disposable>(item: T): T; all(): void } {
  const items: Disposable[] = [];
  return {
    add(item) {
      items.push(item);
      return item;
    },
    all() {
      items
        .splice(0)
        .reverse()
        .forEach((item) => item.dispose());
    },
  };
}
