import type { Disposable } from '../base/disposable.ts';
import type { OnChunk, ProcessEnd, StreamProcess } from './streamProcess.ts';
import { TailBytes } from './tailBytes.ts';
import type { Timers } from './timers.ts';

/** A program that is to run for as long as somebody wants it to. */
export interface KeptProcessPlan {
  /** Looks for what is to be run. What it rejects with is told as the end's `error`. */
  find(): Promise<(onChunk: OnChunk) => StreamProcess>;
  /** Milliseconds without a word after which it counts as silent. */
  readonly silence: number;
  /** The same before its first word; `silence` where left out. */
  readonly firstSilence?: number;
  /** Milliseconds before the first start anew; twice as long each time after that. */
  readonly firstDelay: number;
  readonly longestDelay: number;
  /** Whether trying again soon would do harm: it then waits the longest at once. */
  isHopeless?(end: Omit<KeptProcessEnd, 'retryIn'>): boolean;
}

export interface KeptProcessListener {
  /** A process runs. */
  onStart?(process: StreamProcess): void;
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
export function keepProcess(plan: KeptProcessPlan, listener: KeptProcessListener, leaving: LeavingProcesses, timers: Timers): KeptProcess {
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
    let begin: (onChunk: OnChunk) => StreamProcess;
    try {
      begin = await plan.find();
    } catch (error) {
      ended({ error, silent: false, said: '' });
      return;
    }
    // Only now is it certain: another may have been told to end while this one was looked for.
    await leaving.gone();
    if (!disposed) {
      await run(begin);
    }
  }

  async function run(begin: (onChunk: OnChunk) => StreamProcess): Promise<void> {
    const stdout = new TailBytes(SAID);
    const stderr = new TailBytes(SAID);
    const watch = watchSilence();
    let process: StreamProcess;
    try {
      process = begin((chunk, stream) => {
        watch.heard();
        (stream === 'stdout' ? stdout : stderr).add(chunk);
        if (!disposed) {
          listener.onChunk(chunk, stream);
        }
      });
    } catch (error) {
      watch.dispose();
      ended({ error, silent: false, said: '' });
      return;
    }
    running = process;
    listener.onStart?.(process);
    const end = await process.gone;
    running = undefined;
    watch.dispose();
    if (watch.spokeFor() >= SOUND) {
      delay = plan.firstDelay;
    }
    ended({ ...end, silent: watch.silent, said: stderr.toString() || stdout.toString() });
  }

  /** One timer, looked at when it rings and not touched by each word. */
  function watchSilence(): Disposable & { heard(): void; spokeFor(): number; readonly silent: boolean } {
    let first: number | undefined;
    let last = timers.now();
    let silent = false;
    let told = false;
    let timer = timers.after(plan.firstSilence ?? plan.silence, look);
    function left(): number {
      return last + (first === undefined ? (plan.firstSilence ?? plan.silence) : plan.silence) - timers.now();
    }
    function look(): void {
      const rest = left();
      timer = timers.after(Math.max(rest, 0), rest > 0 ? look : decide);
    }
    /** A turn later: when we were held up ourselves, what it said lies in the pipe until then. */
    function decide(): void {
      const rest = left();
      if (rest > 0) {
        timer = timers.after(rest, look);
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
    const retryIn = plan.isHopeless?.(end) ? plan.longestDelay : delay;
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
