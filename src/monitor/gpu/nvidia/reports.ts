import { isAbsent } from '../../../base/absent.ts';
import type { Disposable } from '../../../base/disposable.ts';
import type { ToolStreams } from '../../../process/toolStreams.ts';
import { parseDeviceList, type ListedSlice } from './deviceList.ts';
import { parseReport, type GpuReport } from './report.ts';

/** Milliseconds between reports where they tell something that nothing else does. */
const OFTEN = 60_000;
/** And where they do not: a program that draws may have been started, a limit been set. */
const SELDOM = 600_000;
/** After the first tick: first of all a person wants to see the GPUs. */
const FIRST = 3000;
/** A document as long as this is none that nvidia-smi prints, in characters. */
const LONGEST = 16 * 2 ** 20;

/** What a tick shows of whether a report is worth its cost. */
export interface ReportNeed {
  /** A GPU is divided by MIG. */
  readonly divided: boolean;
  /** The query has no column for the driver's advice. */
  readonly withoutAdvice: boolean;
}

/** Asks for what only XML tells: `-q -x`, which holds the driver up half a second for eight GPUs, and `-L` beside it for MIG. */
export class ReportWatch implements Disposable {
  private readonly streams: ToolStreams;
  private readonly now: () => number;
  private readonly onChange: () => void;
  private due: number | undefined;
  private asking = false;
  private disposed = false;
  private wasDivided = false;
  private byUuid: ReadonlyMap<string, GpuReport> = new Map();
  private slices: readonly ListedSlice[] = [];

  constructor(streams: ToolStreams, now: () => number, onChange: () => void) {
    this.streams = streams;
    this.now = now;
    this.onChange = onChange;
  }

  get reports(): ReadonlyMap<string, GpuReport> {
    return this.byUuid;
  }

  get listed(): readonly ListedSlice[] {
    return this.slices;
  }

  /** To be called with each tick, and with none while the GPUs are not to be woken. */
  tick(need: ReportNeed): void {
    const now = this.now();
    this.due ??= now + (need.divided ? 0 : FIRST);
    if (need.divided && !this.wasDivided) {
      this.due = now;
    }
    this.wasDivided = need.divided;
    if (now >= this.due && !this.asking) {
      this.asking = true;
      this.due = now + SELDOM;
      void this.ask(need).then((useful) => {
        this.asking = false;
        this.due = this.now() + (useful ? OFTEN : SELDOM);
      });
    }
  }

  dispose(): void {
    this.disposed = true;
  }

  private async ask(need: ReportNeed): Promise<boolean> {
    try {
      const { exitCode, stdout } = await this.streams.ask('nvidia-smi', ['-q', '-x'], { wallSeconds: 60 });
      if (exitCode !== 0 || stdout.length > LONGEST || this.disposed) {
        return false;
      }
      const reports = parseReport(stdout);
      if (need.divided) {
        this.slices = parseDeviceList((await this.streams.ask('nvidia-smi', ['-L'], { wallSeconds: 60 })).stdout);
      }
      this.byUuid = new Map(reports.map((report) => [report.uuid, report]));
      if (!this.disposed) {
        this.onChange();
      }
      return need.divided || reports.some(({ processes, recoveryAction }) => processes.some(({ kind }) => kind !== 'compute') || (need.withoutAdvice && !isAbsent(recoveryAction)));
    } catch {
      // The driver does not answer, which the query tells; what was reported before is no longer true.
      this.byUuid = new Map();
      return false;
    }
  }
}
