import type { Disposable } from '../../../base/disposable.ts';
import { ToolError } from '../../../process/toolError.ts';
import type { StreamEnd, ToolStreams } from '../../../process/toolStreams.ts';
import type { GpuProblem } from '../../gpuSample.ts';
import type { KernelFiles } from '../../kernelFiles.ts';
import { parseBusId } from './busId.ts';
import { chooseColumns, parseFieldHelp, parseRefusedField } from './fields.ts';
import { GpuRowReader, type GpuRow } from './gpuRows.ts';
import { missingTool, problemOf, readModuleVersion, readSurroundings } from './problems.ts';
import { TickGrouper } from './ticks.ts';

/** A row of which is known the how manieth it is. */
export type NumberedRow = GpuRow & { readonly index: number };

export interface QueryListener {
  onTick(rows: readonly NumberedRow[], reader: GpuRowReader): void;
  /** It answered and no longer does. Told once; the next tick ends it. */
  onSilent(): void;
  onProblem(problem: GpuProblem): void;
  /** The driver cannot open one GPU, by its address on the bus, and tells nothing of the others while that is asked for. */
  onUnopened(busId: string, said: string): void;
}

/** A driver without persistence mode makes its GPUs ready first: 6 s were seen for eight. */
const PATIENCE = 30_000;
/** Rows of another shape in a row that show that the driver no longer gives what was asked for. */
const BROKEN_ROWS = 8;
const NEW_TRY = 60_000;

/**
 * Keeps `nvidia-smi --query-gpu … -lms` running and reads it. Which fields to ask for is found out once for each driver version,
 * and anew where the driver turns one down, rows change their shape or another version answers.
 */
export class GpuQuery implements Disposable {
  private readonly streams: ToolStreams;
  private readonly files: KernelFiles;
  private readonly listener: QueryListener;
  private interval: number;
  /** UUIDs or addresses to narrow to; all GPUs where empty. */
  private only: readonly string[] = [];
  private stream: Disposable | undefined;
  /** Of the last start: what arrives for an earlier one is of no more interest. */
  private start = 0;
  private running = false;
  private known: { readonly version: string | undefined; readonly names: ReadonlySet<string> | undefined } | undefined;
  private readonly refused = new Set<string>();
  private answeringVersion: string | undefined;
  private broken = 0;
  private ticked = false;
  private watch: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;

  constructor(streams: ToolStreams, files: KernelFiles, interval: number, listener: QueryListener) {
    this.streams = streams;
    this.files = files;
    this.interval = interval;
    this.listener = listener;
  }

  /** Starts it, or starts it anew for these GPUs alone. */
  run(only: readonly string[] = []): void {
    this.only = only;
    this.running = true;
    void this.begin();
  }

  stop(): void {
    this.running = false;
    this.start += 1;
    this.close();
  }

  setInterval(interval: number): void {
    if (interval !== this.interval) {
      this.interval = interval;
      if (this.running) {
        void this.begin();
      }
    }
  }

  dispose(): void {
    this.stop();
  }

  private close(): void {
    clearTimeout(this.watch);
    clearTimeout(this.retry);
    this.watch = undefined;
    this.retry = undefined;
    this.stream?.dispose();
    this.stream = undefined;
  }

  private async begin(): Promise<void> {
    const start = (this.start += 1);
    this.close();
    try {
      await this.learnFields();
    } catch (error) {
      if (start === this.start) {
        this.failToStart(error);
      }
      return;
    }
    if (start === this.start) {
      this.open(start);
    }
  }

  private async learnFields(): Promise<void> {
    const version = readModuleVersion(this.files);
    if (this.known !== undefined && this.known.version === version) {
      return;
    }
    let names: ReadonlySet<string> | undefined;
    try {
      names = parseFieldHelp((await this.streams.ask('nvidia-smi', ['--help-query-gpu'], { wallSeconds: 20 })).stdout);
    } catch (error) {
      if (ToolError.is(error, 'notFound') || ToolError.is(error, 'cancelled')) {
        throw error;
      }
      // Whatever else keeps it from telling its fields will say so when it is asked for values.
    }
    this.known = { version, names };
    this.answeringVersion = undefined;
  }

  private failToStart(error: unknown): void {
    if (ToolError.is(error, 'cancelled')) {
      return;
    }
    const around = readSurroundings(this.files);
    this.listener.onProblem(ToolError.is(error, 'notFound') ? missingTool(around) : problemOf({ said: String(error) }, around));
    this.tryAgainLater();
  }

  private open(start: number): void {
    const columns = chooseColumns(this.known?.names, this.refused);
    if (columns === undefined) {
      this.listener.onProblem(problemOf({ said: `nvidia-smi takes none of the fields that tell GPUs apart: ${[...this.refused].join(', ')}` }, readSurroundings(this.files)));
      this.refused.clear();
      this.known = undefined;
      this.tryAgainLater();
      return;
    }
    const reader = new GpuRowReader(columns);
    const grouper = new TickGrouper<NumberedRow>((rows) => {
      this.tick(rows, reader);
    });
    this.broken = 0;
    this.ticked = false;
    this.stream = this.streams.open(
      {
        tool: 'nvidia-smi',
        args: [
          `--query-gpu=${columns.map(({ name }) => name).join(',')}`,
          '--format=csv,noheader,nounits',
          ...(this.only.length > 0 ? ['-i', this.only.join(',')] : []),
          '-lms',
          String(this.interval),
        ],
        silence: PATIENCE + 2 * this.interval,
      },
      {
        onLine: (line) => {
          if (start === this.start) {
            this.line(line, reader, grouper);
          }
        },
        onSilent: () => {
          if (start === this.start) {
            this.listener.onSilent();
          }
        },
        onEnd: (end) => {
          if (start === this.start) {
            this.ended(end);
          }
        },
      },
    );
  }

  private line(line: string, reader: GpuRowReader, grouper: TickGrouper<NumberedRow>): void {
    const row = reader.read(line);
    if (row === 'foreign') {
      const unopened = unopenedIn(line);
      if (unopened !== undefined) {
        this.listener.onUnopened(unopened, line.trim());
      }
      return;
    }
    if (row === 'broken') {
      this.broken += 1;
      if (this.broken >= BROKEN_ROWS) {
        this.known = undefined;
        void this.begin();
      }
      return;
    }
    this.broken = 0;
    const count = Number(reader.cell(row, 'count') ?? NaN);
    const told = this.only.length === 0 && Number.isInteger(count) && count > 0 ? count : undefined;
    grouper.push(row.index === undefined ? { ...row, index: grouper.next } : (row as NumberedRow), told);
  }

  private tick(rows: readonly NumberedRow[], reader: GpuRowReader): void {
    this.ticked = true;
    this.armWatch();
    this.listener.onTick(rows, reader);
    const version = rows.map((row) => reader.cell(row, 'driverVersion')).find((cell) => cell !== undefined && /^\d/.test(cell));
    if (version !== undefined && version !== this.answeringVersion) {
      const isAnother = this.answeringVersion !== undefined;
      this.answeringVersion = version;
      if (isAnother) {
        // Started again by itself, after the driver was replaced: it may know more fields now, or other ones.
        this.known = undefined;
        this.refused.clear();
        void this.begin();
      }
    }
  }

  /** Told to nobody yet, but a person is to know within seconds that what is shown is old; the stream has more patience. */
  private armWatch(): void {
    if (this.watch !== undefined) {
      this.watch.refresh();
      return;
    }
    this.watch = setTimeout(() => {
      this.listener.onSilent();
    }, 4000 + 2 * this.interval);
    this.watch.unref();
  }

  private ended({ exitCode, error, said }: StreamEnd): void {
    const unopened = unopenedIn(said);
    const refused = parseRefusedField(said);
    if (unopened !== undefined) {
      this.listener.onUnopened(unopened, said.trim());
      return;
    }
    if (refused !== undefined) {
      this.refused.add(refused);
      this.known = undefined;
      void this.begin();
      return;
    }
    const around = readSurroundings(this.files);
    if (ToolError.is(error, 'notFound')) {
      this.listener.onProblem(missingTool(around));
      return;
    }
    if (ToolError.is(error, 'timeout')) {
      // It was silent, which has been told, and was made to end.
      this.ticked = false;
      return;
    }
    const problem = problemOf({ ...(exitCode !== undefined && { exitCode }), said }, around);
    // Somebody may have ended it; what it cannot do it will say when it is started again.
    if (problem.reason !== 'unknown' || !this.ticked) {
      clearTimeout(this.watch);
      this.watch = undefined;
      this.listener.onProblem(problem);
    }
    this.ticked = false;
  }

  private tryAgainLater(): void {
    clearTimeout(this.retry);
    this.retry = setTimeout(() => {
      void this.begin();
    }, NEW_TRY);
    this.retry.unref();
  }
}

/** `Unable to determine the device handle for GPU 0000:3B:00.0: GPU is lost.`; newer ones write `GPU1: 0000:3B:00.0`. */
function unopenedIn(said: string): string | undefined {
  const [, address = ''] = /Unable to determine the device handle for GPU\s*(?:\d+:\s*)?([0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-7])/.exec(said) ?? [];
  return parseBusId(address);
}
