import { isAbsent } from '../../base/absent.ts';
import type { ClockLimit } from '../gpuSample.ts';
import type { SystemSample } from '../systemSample.ts';

/**
 * `limit`: a clock limit was in force; `gpu`: a GPU was lost or wants a reset; `driver`: a vendor's driver was silent or failed;
 * `process`: a process held memory of a GPU.
 */
export type EventKind = 'limit' | 'gpu' | 'driver' | 'process';

export interface Span {
  /** Row in the store; 0 until it is there. */
  id: number;
  readonly kind: EventKind;
  readonly key: string;
  readonly since: number;
  /** Time of the last sample in which it was so. */
  last: number;
  readonly facts: EventFacts;
}

export interface EventFacts {
  readonly gpu?: string;
  /** The limit, the GPU's state, the driver's state. */
  readonly what?: string;
  readonly text?: string;
  readonly pid?: number;
  readonly user?: string;
  readonly command?: readonly string[] | string;
  readonly gpus?: readonly string[];
}

/** Limits that mean nothing is wrong, or nothing at all. */
const UNTOLD: ReadonlySet<ClockLimit> = new Set<ClockLimit>(['idle', 'applicationClocks', 'displayClocks', 'syncBoost']);
/** Milliseconds without it that end it: a limit comes and goes each second. */
const HOLD: Readonly<Record<EventKind, number>> = { limit: 30_000, gpu: 0, driver: 0, process: 0 };
const MAX_OPEN = 1000;
const COMMAND_WORDS = 12;

/** Follows what lasts for a time, sample by sample. */
export class EventSpans {
  private readonly open = new Map<string, Span>();
  /** Since the last `settle`. */
  readonly begun: Span[] = [];
  readonly ended: Span[] = [];

  /** What an earlier writer left open. */
  adopt(spans: readonly Span[]): void {
    for (const span of spans) {
      this.open.set(`${span.kind} ${span.key}`, span);
    }
  }

  add(sample: SystemSample): void {
    const { time } = sample;
    for (const { vendor, state, gpus } of sample.gpus) {
      if (state.kind === 'silent' || state.kind === 'failed') {
        const text = state.kind === 'failed' ? state.problem.text : undefined;
        const since = state.kind === 'silent' ? state.since : time;
        this.lasts('driver', `${vendor} ${state.kind}`, time, since, () => ({ what: state.kind, ...(text === undefined ? {} : { text }) }));
      }
      for (const gpu of gpus) {
        if (gpu.state === 'lost' || gpu.state === 'resetRequired') {
          const { stateText } = gpu;
          const facts = { gpu: gpu.uuid, what: gpu.state, ...(stateText === undefined ? {} : { text: stateText }) };
          this.lasts('gpu', `${gpu.uuid} ${gpu.state}`, time, time, () => facts);
        }
        for (const limit of isAbsent(gpu.clockLimits) ? [] : gpu.clockLimits) {
          if (!UNTOLD.has(limit)) {
            this.lasts('limit', `${gpu.uuid} ${limit}`, time, time, () => ({ gpu: gpu.uuid, what: limit }));
          }
        }
      }
    }
    const readable = this.addHolders(sample);
    this.end(time, readable);
  }

  /** What was begun and ended has been stored. */
  settle(): void {
    this.begun.length = 0;
    this.ended.length = 0;
  }

  /** false where it is not known who holds what: then nobody has let go. */
  private addHolders({ time, gpus, processes }: SystemSample): boolean {
    if (gpus.some(({ state, uses }) => state.kind !== 'answering' || isAbsent(uses))) {
      return false;
    }
    const holders = new Map<number, string[]>();
    for (const { uses } of gpus) {
      for (const { pid, gpuUuid } of isAbsent(uses) ? [] : uses) {
        const held = holders.get(pid);
        if (held === undefined) {
          holders.set(pid, [gpuUuid]);
        } else {
          held.push(gpuUuid);
        }
      }
    }
    if (holders.size === 0) {
      return true;
    }
    for (const process of isAbsent(processes) ? [] : processes) {
      const held = holders.get(process.pid);
      if (held !== undefined) {
        const { pid, user, name, command, startTicks } = process;
        const words = isAbsent(command) ? name : command.slice(0, COMMAND_WORDS);
        this.lasts('process', `${pid} ${startTicks}`, time, time, () => ({ pid, user, command: words, gpus: held }));
      }
    }
    return true;
  }

  private lasts(kind: EventKind, key: string, time: number, since: number, facts: () => EventFacts): void {
    const name = `${kind} ${key}`;
    const span = this.open.get(name);
    if (span !== undefined && time - span.last <= Math.max(HOLD[kind], kind === 'process' ? Infinity : 30_000)) {
      span.last = time;
    } else if (this.open.size < MAX_OPEN) {
      if (span !== undefined) {
        this.ended.push(span);
      }
      const begun = { id: 0, kind, key, since, last: time, facts: facts() };
      this.open.set(name, begun);
      this.begun.push(begun);
    }
  }

  private end(time: number, holdersKnown: boolean): void {
    for (const [name, span] of this.open) {
      const over = time - span.last > HOLD[span.kind] || span.last > time;
      if (over && (span.kind !== 'process' || holdersKnown)) {
        this.open.delete(name);
        this.ended.push(span);
      }
    }
  }
}
