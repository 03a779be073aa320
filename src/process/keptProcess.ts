import type { Disposable } from '../base/disposable.ts';
import type { ProcessEnd, StreamCommand, StreamProcess, StreamProcessOptions } from './streamProcess.ts';
import { startStreamProcess } from './streamProcess.ts';
import { TailBytes } from './tailBytes.ts';

/** A program that is to run for as long as somebody wants it to. */
export interface KeptProcessPlan {
  /** Made anew for each start. What it rejects with is told as the end's `error`. */
  command(): Promise<StreamCommand>;
  /** Milliseconds without a word after which it counts as silent. */
  readonly silence: number;
  /** Milliseconds before the first start anew; twice as long each time after that. */
  readonly firstDelay: number;
  readonly longestDelay: number;
}

export interface KeptProcessListener {
  /** A process runs; `write` gives it something to read. */
  onStart?(process: Pick<StreamProcess, 'write'>): void;
  onChunk(chunk: Buffer, stream: 'stdout' | 'stderr'): void;
  /** Told once; the next chunk ends it. */
  onSilent(): void;
  onEnd(end: KeptProcessEnd): void;
}

export interface KeptProcessEnd extends ProcessEnd {
  /** We ended it because it was silent. */
  readonly silent: boolean;
  /** The last 4 KiB of stderr, and of stdout where stderr has nothing. */
  readonly said: string;
  readonly retryIn: number;
  /** As it was run; absent where there was nothing to run. */
  readonly words?: readonly string[];
}

export interface KeptProcess extends Disposable {
  /** Starts it at once, where it waits to be started again. */
  retry(): void;
}

/** Bytes. */
const SAID = 4096;
/** Who has spoken for so long, in milliseconds, is sound: the next wait is the first again. */
const SOUND = 60_000;

/** Processes that were told to end, or have ended and left something: where one of them is wedged, another of the kind would be too. */
export class LeavingProcesses {
  private readonly processes = new Set<Promise<unknown>>();

  add(gone: Promise<unknown>): void {
    if (!this.processes.has(gone)) {
      this.processes.add(gone);
      void gone.then(() => this.processes.delete(gone));
    }
  }

  /** Resolves when there is none. */
  async gone(): Promise<void> {
    while (this.processes.size > 0) {
      await Promise.all(this.processes);
    }
  }
}

/**
 * Keeps one process running, never a second while the first is there, nor while one of its kind is `leaving`. A silent one is told
 * to end; nothing takes its place until all of it is gone.
 */
export function keepProcess(
  plan: KeptProcessPlan,
  listener: KeptProcessListener,
  leaving: LeavingProcesses,
  options: StreamProcessOptions,
): KeptProcess {
  const { timers } = options;
  let disposed = false;
  let delay = plan.firstDelay;
  let running: StreamProcess | undefined;
  let pause: Disposable | undefined;

  async function start(): Promise<void> {
    pause = undefined;
    await leaving.gone();
    if (disposed) {
      return;
    }
    let command: StreamCommand;
    try {
      command = await plan.command();
    } catch (error) {
      ended({ error, silent: false, said: '' });
      return;
    }
    // Only now is it certain: another may have been told to end while this one was looked for.
    await leaving.gone();
    if (!disposed) {
      await run(command);
    }
  }

  async function run(command: StreamCommand): Promise<void> {
    const stdout = new TailBytes(SAID);
    const stderr = new TailBytes(SAID);
    const watch = watchSilence();
    const process = startStreamProcess(
      command,
      (chunk, stream) => {
        watch.heard();
        (stream === 'stdout' ? stdout : stderr).add(chunk);
        if (!disposed) {
          listener.onChunk(chunk, stream);
        }
      },
      options,
    );
    running = process;
    listener.onStart?.(process);
    const end = await process.gone;
    running = undefined;
    watch.dispose();
    if (watch.spokeFor() >= SOUND) {
      delay = plan.firstDelay;
    }
    ended({ ...end, silent: watch.silent, said: stderr.toString() || stdout.toString(), words: command.words });
  }

  /** One timer, looked at when it rings and not touched by each word. */
  function watchSilence(): Disposable & { heard(): void; spokeFor(): number; readonly silent: boolean } {
    let first: number | undefined;
    let last = timers.now();
    let silent = false;
    let told = false;
    let timer = timers.after(plan.silence, look);
    function look(): void {
      const left = last + plan.silence - timers.now();
      timer = timers.after(Math.max(left, 0), left > 0 ? look : decide);
    }
    /** A turn later: when we were held up ourselves, what it said lies in the pipe until then. */
    function decide(): void {
      const left = last + plan.silence - timers.now();
      if (left > 0) {
        timer = timers.after(left, look);
        return;
      }
      silent = true;
      if (!told && !disposed) {
        told = true;
        listener.onSilent();
      }
      leave();
    }
    return {
      heard() {
        last = timers.now();
        first ??= last;
      },
      spokeFor: () => last - (first ?? last),
      get silent() {
        return silent;
      },
      dispose: () => timer.dispose(),
    };
  }

  function leave(): void {
    if (running !== undefined) {
      leaving.add(running.gone);
      running.end();
    }
  }

  function ended(end: Omit<KeptProcessEnd, 'retryIn'>): void {
    if (disposed) {
      return;
    }
    const retryIn = delay;
    delay = Math.min(delay * 2, plan.longestDelay);
    pause = timers.after(retryIn, () => void start());
    listener.onEnd({ ...end, retryIn });
  }

  void start();
  return {
    retry() {
      if (pause !== undefined) {
        pause.dispose();
        void start();
      }
    },
    dispose() {
      disposed = true;
      pause?.dispose();
      leave();
    },
  };
}
