import { setImmediate } from 'node:timers/promises';
import type { ToolRunner } from '../../process/toolRunner.ts';
import type { ToolState } from '../../process/toolSearch.ts';
import type { Engines } from '../engines/index.ts';
import type { ImageEngineChoice, PlanItem } from '../job.ts';
import { JobProblem, wordsOf } from './faults.ts';
import { Finish, type FinishSetup } from './finish.ts';
import { workGroup, type Begun } from './groupWork.ts';
import { discardTemporary, isRunnable, type RunnableItem } from './itemRun.ts';
import type { LimitsFor } from './limits.ts';
import { weightOf, type ProgressMeter } from './progressMeter.ts';
import { ReadyQueue, type Ready } from './readyQueue.ts';
import { startItem, type Start, type StartSetup } from './startItem.ts';

export interface BatchSetup extends StartSetup, Omit<FinishSetup, 'halt' | 'commandOf'> {
  /** The whole plan, in order. */
  readonly items: AsyncIterable<readonly PlanItem[]>;
  /** What is left of it to do: items, and the sum of their weights. */
  readonly left: { readonly items: number; readonly weight: number };
  readonly engines: Engines;
  readonly states: readonly ToolState[];
  readonly imageEngine: ImageEngineChoice;
  readonly runner: ToolRunner;
  readonly workers: number;
  readonly limitsFor: LimitsFor;
  readonly meter: ProgressMeter;
  /** Told often: whenever a tool has got on. */
  readonly onProgress: () => void;
}

/**
 * Brings the items of a plan to their outputs: a bounded number of them is made ready, laid into groups, run, verified and put in
 * place at a time. Resolves when all of them have come to an end or the signal was raised; no process of ours runs then and no
 * temporary file is left. Rejects with a `JobProblem` where going on makes no sense.
 */
export function runBatch(setup: BatchSetup): Promise<void> {
  return new Batch(setup).run();
}

type ReadyItem = Ready & Begun;

/** Groups whose outputs wait for the disk, by worker: beyond that the disk is the slower one, and the workers wait for it. */
const PLACING = 2;

class Batch {
  private readonly stop = new AbortController();
  private readonly setup: BatchSetup;
  private readonly queue: ReadyQueue<ReadyItem>;
  private readonly finish: Finish;
  private problem: JobProblem | undefined;
  private idle: number;
  /** Groups that were given out. */
  private begun = 0;
  private readonly left: { items: number; weight: number };
  /** An even share of the whole: no group need be smaller, small as the rest may get. */
  private readonly least: number;
  /** Whether more will be ready in a moment, without waiting for anything slow. */
  private isFeeding = true;
  private onRoom = (): void => {};
  private readonly probing = new Set<Promise<void>>();
  private readonly working = new Set<Promise<void>>();
  private readonly placing = new Set<Promise<void>>();
  private readonly callsSeen = { most: 1 };

  constructor(private readonly asked: BatchSetup) {
    this.setup = { ...asked, signal: this.stop.signal };
    this.queue = new ReadyQueue((id) => asked.engines.get(id)?.group ?? { calls: 1, cost: 0 });
    const { engines, runner, salvage } = asked;
    this.finish = new Finish({
      ...this.setup,
      halt: (problem) => this.halt(problem),
      commandOf(call) {
        const plan = engines.get(call.engine)?.plan([call], { salvage, limits: {} });
        return (plan && runner.commandOf(plan)) ?? [];
      },
    });
    this.idle = asked.workers;
    this.left = { ...asked.left };
    this.least = Math.ceil(asked.left.items / asked.workers);
  }

  async run(): Promise<void> {
    const { signal, folders } = this.asked;
    const cancel = (): void => this.end();
    signal.addEventListener('abort', cancel);
    if (signal.aborted) {
      cancel();
    }
    try {
      await this.feed().catch((error: unknown) => this.halt(error));
      this.queue.orderSinglesBySize();
      this.dispatch();
      while (this.working.size + this.placing.size > 0) {
        await Promise.all([...this.working, ...this.placing]);
      }
    } finally {
      signal.removeEventListener('abort', cancel);
      this.queue.drain().forEach(({ run }) => discardTemporary(run));
      folders.removeUnused();
    }
    if (this.problem) {
      throw this.problem;
    }
  }

  private get isStopped(): boolean {
    return this.stop.signal.aborted;
  }

  private end(): void {
    this.stop.abort();
    this.onRoom();
  }

  /** The first problem is the job's; what follows from ending everything is none. */
  private halt(error: unknown): void {
    if (!this.isStopped) {
      this.problem = error instanceof JobProblem ? error : new JobProblem(`The job cannot go on: ${wordsOf(error)}.`);
      this.end();
    }
  }

  private async feed(): Promise<void> {
    for await (const block of this.setup.items) {
      for (const item of block) {
        if (!isRunnable(item) || this.setup.before.isSettled(item.seq)) {
          continue;
        }
        while (this.queue.isFull(this.setup.workers) && !this.isStopped) {
          await this.idleUntil(new Promise<void>((resolve) => (this.onRoom = resolve)));
        }
        if (this.isStopped) {
          break;
        }
        await this.makeReady(item);
      }
      if (this.isStopped) {
        break;
      }
    }
    while (this.probing.size > 0) {
      await this.idleUntil(Promise.race(this.probing));
    }
    this.isFeeding = false;
  }

  /** While nothing more becomes ready, workers take what there is. */
  private async idleUntil(event: Promise<void>): Promise<void> {
    this.isFeeding = false;
    this.dispatch();
    await event;
    this.isFeeding = true;
  }

  /** Gives a promise only where there is something to wait for. */
  private makeReady(item: RunnableItem): Promise<void> | undefined {
    const start = startItem(item, this.setup);
    if (!(start instanceof Promise)) {
      this.accept(item, start);
      return undefined;
    }
    this.track(this.probing, start.then((begun) => this.accept(item, begun)));
    return this.probing.size >= this.setup.workers ? this.idleUntil(Promise.race(this.probing)) : undefined;
  }

  private accept(item: RunnableItem, start: Start): void {
    const weight = weightOf(item.engine, item.cost);
    switch (start.state) {
      case 'ready':
        this.queue.add({ ...start, seq: item.seq, engine: item.engine, cost: item.cost, weight, groupable: start.call.groupable });
        if (this.queue.holdsWhole(item.engine)) {
          this.dispatch();
        }
        return;
      case 'dropped':
        return;
      case 'ended':
        this.track(this.placing, this.finish.verifyAndPlace([start]));
        break;
      case 'recovered':
        this.track(this.working, this.finish.recover(item, start.line));
        break;
      case 'failed':
        this.finish.fail(item, start.error, start.run);
        break;
    }
    this.left.items--;
    this.left.weight -= weight;
    this.setup.meter.settle(item.engine, weight);
  }

  private dispatch(): void {
    const { workers } = this.setup;
    // Taken before the round: workers that are free together get equal shares of what is left, and so do all at the start.
    const left = this.begun < workers ? this.asked.left : this.left;
    const share = { items: Math.ceil(left.items / workers), weight: left.weight / workers, least: this.least };
    while (this.idle > 0 && !this.isStopped) {
      const group = this.queue.take(share, this.isFeeding);
      if (group === undefined) {
        return;
      }
      this.idle--;
      this.begun++;
      this.left.items -= group.length;
      this.left.weight -= group.reduce((sum, { weight }) => sum + weight, 0);
      this.track(this.working, this.work(group));
    }
  }

  private async work(group: readonly ReadyItem[]): Promise<void> {
    const { engines, meter, journal, threadsFor } = this.setup;
    const open = new Set(group.map(({ run }) => run));
    try {
      const engine = engines.get(group[0]?.engine ?? 'ffmpeg');
      if (!engine) {
        throw new JobProblem(`There is no engine ${group[0]?.engine}.`);
      }
      journal.append([{ kind: 'started', seqs: group.map(({ seq }) => seq) }]);
      const portion = meter.begin(engine.id, group.map(({ run, weight }) => ({ input: run.item.input, weight })));
      const finished = await workGroup(group, {
        ...this.setup,
        engine, portion,
        threads: Math.max(...group.map(({ run }) => threadsFor(run.media))),
        callsSeen: this.callsSeen,
        onError: (run, error) => {
          open.delete(run);
          this.finish.fail(run.item, error, run);
        },
      });
      while (this.placing.size >= this.setup.workers * PLACING) {
        await Promise.race(this.placing);
      }
      portion.end();
      finished.forEach(({ run }) => open.delete(run));
      // Not before the worker's next process is on its way.
      this.track(this.placing, setImmediate().then(() => this.finish.verifyAndPlace(finished)));
    } catch (error) {
      this.halt(error);
    } finally {
      open.forEach(discardTemporary);
      this.idle++;
      this.dispatch();
      this.onRoom();
    }
  }

  /** Holds what is under way until it has ended. */
  private track(set: Set<Promise<void>>, task: Promise<void>): void {
    const tracked: Promise<void> = task.catch((error: unknown) => this.halt(error)).then(() => void set.delete(tracked));
    set.add(tracked);
  }
}
