import type { Disposable } from '../base/disposable.ts';
import type { Event } from '../base/emitter.ts';
import type { BoxReport } from './boxes/boxState.ts';
import type { HostInventory } from './hostSample.ts';
import type { SystemSample } from './systemSample.ts';

/**
 * How much of a sample somebody wants. `gpus`: all but the processes that use no GPU. `full`: everything.
 */
export type SampleDetail = 'gpus' | 'full';

export interface SampleWish {
  /** Milliseconds between samples; the collector goes by the smallest of all wishes. */
  readonly interval: number;
  readonly detail: SampleDetail;
}

/** `connecting`: no sample yet, or the collector has just gone and another takes over. */
export type CollectorState = { readonly kind: 'connecting' | 'live' } | { readonly kind: 'stopped'; readonly reason: string };

/** One face's connection to the collector of this user on this machine. */
export interface CollectorClient extends Disposable {
  readonly state: CollectorState;
  readonly onDidChangeState: Event<CollectorState>;
  readonly onSample: Event<SystemSample>;
  /** The last sample, which may be old: compare its time. */
  readonly latest: SystemSample | undefined;
  /** undefined: nothing for now. */
  wish(wish: SampleWish | undefined): void;
  inventory(): Promise<HostInventory>;
}

/** One face's look at a box, which the collector reads over one ssh for all faces. */
export interface BoxClient {
  /** The name by which ssh knows it. */
  readonly alias: string;
  /** How it stood last; `connecting` before anything was told. */
  readonly report: BoxReport;
  readonly onDidReport: Event<BoxReport>;
  readonly onSample: Event<SystemSample>;
  /** The last sample, which may be old: compare its time. */
  readonly latest: SystemSample | undefined;
  /** undefined: nothing for now. */
  wish(wish: SampleWish | undefined): void;
  /** Tries at once, as after a person has signed in. */
  retry(): void;
}
