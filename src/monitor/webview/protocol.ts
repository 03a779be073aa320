import type { Measured } from '../../base/absent.ts';
import type { RowsChange } from './rowsChange.ts';

/**
 * What the dashboard and its host say to each other. Each interface is what one side offers: a method is a request, answered
 * with a value or an error; what answers nothing is an event. Times are milliseconds since the epoch, sizes bytes, shares
 * percent from 0 to 100. Texts are safe to be shown as they are.
 */

export type OwnerTone = 'mine' | 'others' | 'free' | 'hidden' | 'unknown';
export type StateTone = 'plain' | 'free' | 'idle' | 'bad' | 'unknown';
export type LimitKind = 'heat' | 'brake' | 'slowdown' | 'power';

export interface GpuRow {
  /** Its UUID. */
  readonly key: string;
  readonly label: string;
  readonly name: string;
  readonly who: string;
  readonly what: string;
  readonly tone: OwnerTone;
  readonly busy: Measured<number>;
  readonly memoryUsed: Measured<number>;
  readonly memoryTotal: Measured<number>;
  readonly mine: number;
  readonly others: number;
  /** Held by processes that cannot be seen; not part of `others`. */
  readonly hidden: number;
  readonly unified: boolean;
  readonly power: Measured<number>;
  readonly powerLimit: Measured<number>;
  readonly temperature: Measured<number>;
  readonly hot: boolean;
  readonly clock: Measured<number>;
  readonly memoryClock: Measured<number>;
  readonly limit: LimitKind | null;
  readonly state: string;
  readonly stateTone: StateTone;
  /** What the driver says of its state, where that is not in order. */
  readonly said: string | null;
  readonly slices: readonly SliceRow[];
  readonly encoder: Measured<number>;
  readonly decoder: Measured<number>;
  readonly memoryBusy: Measured<number>;
  readonly memoryTemperature: Measured<number>;
  readonly fan: Measured<number>;
  /** `5.0 ×16`. */
  readonly link: Measured<string>;
  readonly received: Measured<number>;
  readonly sent: Measured<number>;
  readonly errors: Measured<number>;
  readonly performanceState: Measured<string>;
}

export interface SliceRow {
  readonly profile: string;
  readonly who: string;
  readonly tone: OwnerTone;
  readonly memoryUsed: Measured<number>;
  readonly memoryTotal: Measured<number>;
}

/** A process that holds a GPU with the workers that feed it; of many GPUs, a whole run. */
export interface ProcessRow {
  /** `PID/START`. */
  readonly key: string;
  readonly pid: number;
  /** Further processes of the same run in this row. */
  readonly more: number;
  readonly user: string;
  readonly owner: 'workspace' | 'mine' | 'others' | 'hidden';
  readonly command: string;
  /** `rank 0`, `+16 loader workers`. */
  readonly note: string;
  readonly gpus: string;
  /** UUIDs. */
  readonly gpuKeys: readonly string[];
  /** Blank, which is null, where it uses no GPU. */
  readonly vram: Measured<number> | null;
  readonly gpu: Measured<number> | null;
  /** Percent of one core. */
  readonly cpu: Measured<number>;
  readonly memory: Measured<number>;
  readonly read: Measured<number>;
  readonly written: Measured<number>;
  readonly started: number | null;
}

export interface RunRow {
  readonly key: string;
  readonly title: string;
  readonly who: string;
  readonly mine: boolean;
  readonly gpus: string;
  readonly gpuKeys: readonly string[];
  readonly verdict: 'computeBound' | 'inputBound' | 'communicationBound' | 'memoryBound' | 'powerCapped' | 'heatCapped' | 'unknown';
  readonly sentence: string;
  readonly suggestion: string | null;
  /** The last minutes' verdicts, the newest last. */
  readonly minutes: readonly RunRow['verdict'][];
}

export interface CpuFacts {
  readonly busy: Measured<number>;
  /** One sign for each core, `0` at rest to `9` busy, `-` not known; empty where cores are not told. */
  readonly cores: string;
  readonly coreCount: number;
  readonly sockets: number;
  readonly load: Measured<number>;
  /** In cores: what we are allowed. */
  readonly limit: number | null;
  readonly throttled: number | null;
  readonly ioWait: Measured<number>;
}

export interface MemoryFacts {
  readonly used: Measured<number>;
  /** What we are allowed, where that is less than what is there. */
  readonly total: Measured<number>;
  readonly limited: boolean;
  readonly cached: Measured<number>;
  readonly sharedUsed: Measured<number>;
  readonly sharedTotal: Measured<number>;
  readonly swapUsed: Measured<number>;
  readonly swapTotal: Measured<number>;
}

/** Share of time in which something waited, over 10 s. */
export interface PressureFacts {
  readonly cpu: Measured<number>;
  readonly io: Measured<number>;
  readonly memory: Measured<number>;
}

export interface DiskFacts {
  readonly read: Measured<number>;
  readonly written: Measured<number>;
  /** The file system that is fullest, in percent of its size. */
  readonly fullest: { readonly mount: string; readonly share: number; readonly available: number } | null;
}

export interface NetworkFacts {
  readonly received: Measured<number>;
  readonly sent: Measured<number>;
  /** `bond0`, `eth0 + 2`. */
  readonly name: string;
  /** Bits per second. */
  readonly speed: Measured<number>;
}

export interface FabricFacts {
  readonly active: number;
  readonly ports: number;
  readonly received: Measured<number>;
  readonly sent: Measured<number>;
  readonly speed: Measured<number>;
  readonly errors: Measured<number>;
  /** Of each port, in percent of its speed; null where it is not known. */
  readonly loads: readonly (number | null)[];
}

export interface HostFacts {
  readonly cpu: CpuFacts;
  readonly memory: MemoryFacts;
  readonly pressure: PressureFacts;
  readonly disk: DiskFacts;
  readonly network: NetworkFacts;
  /** null where there is none. */
  readonly fabric: FabricFacts | null;
}

/** A named trouble in place of values, and the way out. */
export interface Trouble {
  readonly level: 'info' | 'warning' | 'error';
  readonly title: string;
  readonly text: string;
  readonly facts: readonly (readonly [title: string, value: string])[];
  readonly said: string | null;
  /** What can be done about it beside copying the details. */
  readonly way: 'signIn' | 'retryBox' | null;
}

export interface Head {
  /** A box by its name for ssh; empty: the machine of this window. */
  readonly key: string;
  readonly host: string;
  /** `8 × H100 80GB HBM3 · driver 550.90.07`. */
  readonly line: string;
  /** `2 × Xeon 8480C · 112 cores · Linux 5.15`. */
  readonly machine: string;
  /** `ok`: values are of now. `off`: nobody collects. */
  readonly state: 'starting' | 'ok' | 'trouble' | 'silent' | 'stale' | 'off';
  readonly troubles: readonly Trouble[];
  /** `6 mine · 2 by others · 0 free`. */
  readonly counts: string;
  /** `3.51 of 5.60 kW, 438 of 637 GiB`. */
  readonly sums: string;
  readonly hasGpus: boolean;
  /** Whether GPUs are many, and processes stand grouped by run. */
  readonly grouped: boolean;
  /** Why the processes are not shown. */
  readonly noProcesses: string | null;
  /** What of the processes cannot be seen, in a sentence. */
  readonly hiddenProcesses: string | null;
}

/** A machine that the dashboard can show. */
export interface MachineChoice {
  /** As in `Head`. */
  readonly key: string;
  readonly title: string;
  /** `8 × H100 80GB`, or how the box stands. */
  readonly line: string;
}

/** What has changed since the frame before; with `whole` all there is. */
export interface Frame {
  /** When it was sampled; 0 where no sample has come yet. */
  readonly time: number;
  /** When it was sent, by the same clock: the page's machine may have another. */
  readonly now: number;
  readonly whole: boolean;
  readonly head?: Head;
  readonly gpus?: RowsChange<GpuRow>;
  readonly processes?: RowsChange<ProcessRow>;
  readonly host?: Partial<HostFacts>;
  readonly runs?: readonly RunRow[];
}

/** One value over time in columns of `step`: the smallest and the largest of each; null where there is no sample. */
export interface Series {
  readonly min: readonly (number | null)[];
  /** Left out where it is the same. */
  readonly max?: readonly (number | null)[];
}

export interface History {
  /** Start of the first column, a multiple of `step`. */
  readonly from: number;
  readonly step: number;
  /** Samples this far apart or nearer belong together; a longer time is a gap. */
  readonly gap: number;
  /** By `gpuSeries` and `HOST_SERIES`. */
  readonly series: Readonly<Record<string, Series>>;
}

export const GPU_SERIES = ['busy', 'power', 'limit'] as const;
export type GpuSeries = (typeof GPU_SERIES)[number];
export const HOST_SERIES = ['cpu', 'memory', 'cpuPressure', 'ioPressure', 'memoryPressure', 'diskRead', 'networkReceived', 'fabric'] as const;
export type HostSeries = (typeof HOST_SERIES)[number];

export function gpuSeries(key: string, series: GpuSeries): string {
  return `${series} ${key}`;
}

/** What a limit is in a series: the gravest is the largest. */
export const LIMIT_VALUES: Readonly<Record<LimitKind, number>> = { power: 1, slowdown: 2, brake: 2, heat: 3 };

/** Something that happened, on the scrubber. */
export interface HistoryEvent {
  readonly time: number;
  readonly kind: 'heat' | 'ended' | 'lost' | 'note';
  readonly words: string;
}

export const PROCESS_SCOPES = ['gpu', 'all'] as const;
export type ProcessScope = (typeof PROCESS_SCOPES)[number];

export const DASHBOARD_ACTIONS = ['copyCudaDevices', 'export', 'copyDetails', 'signIn', 'retryBox', 'addBox', 'fleet'] as const;
export type DashboardAction = (typeof DASHBOARD_ACTIONS)[number];

export interface DashboardHost {
  /** Columns from `from` to `to`; `step` as the page wants them. */
  history(params: { readonly from: number; readonly to: number; readonly step: number }): History;
  /** What is kept: undefined bounds where nothing is, and why. */
  kept(): { readonly from?: number; readonly to?: number; readonly reason?: string; readonly events: readonly HistoryEvent[] };
  /** A whole frame of the last sample at or before a time; null where there is none near it. */
  at(params: { readonly time: number; readonly scope: ProcessScope }): Frame | null;
  /** Which processes the live frames hold from now on. */
  scope(params: { readonly scope: ProcessScope }): void;
  /** Time of the playhead, in playback; null: live. For the tab's title. */
  mode(params: { readonly time: number | null }): void;
  /** Which machine is shown from now on, by its key: the next frame is whole, and of it. `restored`: as the page was left. */
  machine(params: { readonly key: string; readonly restored: boolean }): void;
  /** Something done with a GPU (its UUID), a range of time, or the machine that is shown. */
  act(params: { readonly action: DashboardAction; readonly key?: string; readonly from?: number; readonly to?: number }): void;
}

export const PAGE_COMMANDS = ['pause', 'playback', 'live'] as const;
export type PageCommand = (typeof PAGE_COMMANDS)[number];

export interface DashboardPage {
  frame(frame: Frame): void;
  /** Which machines there are, this one first. */
  machines(machines: readonly MachineChoice[]): void;
  /** The same as the page's own buttons: from the command palette. */
  command(command: PageCommand): void;
  /** What went wrong outside of any request. */
  problem(message: string): void;
}
