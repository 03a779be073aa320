import type { Disposable } from '../../../base/disposable.ts';
import { ToolError } from '../../../process/toolError.ts';
import type { StreamEnd } from '../../../process/toolStreams.ts';
import type { GpuProblem } from '../../gpuSample.ts';
import type { KernelFiles } from '../../kernelFiles.ts';
import { parseBusId } from '../devices.ts';
import { FieldKnowledge } from './fieldKnowledge.ts';
import { parseRefusedField, type Column } from './fields.ts';
import { GpuRowReader, type GpuRow } from './gpuRows.ts';
import type { LoopStreams } from './loopStreams.ts';
import { missingTool, problemOf, readSurroundings } from './problems.ts';
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
  private readonly streams: LoopStreams;
  private readonly files: KernelFiles;
  private readonly listener: QueryListener;
  private readonly fields: FieldKnowledge;
  private interval: number;
  /** UUIDs or addresses to narrow to; all GPUs where empty. */
  private only: readonly string[] = [];
  private stream: Disposable | undefined;
  /** Of the last start: what arrives for an earlier one is of no more interest. */
  private start = 0;
  private running = false;
  private broken = 0;
  private ticked = false;
  /** The last line since the last tick that is no row. */
  private remark = '';
  private watch: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;

  constructor(streams: LoopStreams, files: KernelFiles, interval: number, listener: QueryListener) {
    this.streams = streams;
    this.files = files;
    this.interval = wholeMilliseconds(interval);
    this.listener = listener;
    this.fields = new FieldKnowledge(streams, files);
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

  setInterval(milliseconds: number): void {
    const interval = wholeMilliseconds(milliseconds);
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
    let columns: readonly Column[] | undefined;
    try {
      columns = await this.fields.columns();
    } catch (error) {
      if (start === this.start) {
        this.failToStart(error);
      }
      return;
    }
    if (start !== this.start) {
      return;
    }
    if (columns === undefined) {
      this.fields.forget();
      this.listener.onProblem(problemOf({ said: 'nvidia-smi takes none of the fields that tell GPUs apart' }, readSurroundings(this.files)));
      this.tryAgainLater();
      return;
    }
    this.open(start, columns);
  }

  private failToStart(error: unknown): void {
    if (ToolError.is(error, 'cancelled')) {
      return;
    }
    const around = readSurroundings(this.files);
    this.listener.onProblem(ToolError.is(error, 'notFound') ? missingTool(around) : problemOf({ said: String(error) }, around));
    this.tryAgainLater();
  }

  private open(start: number, columns: readonly Column[]): void {
    const reader = new GpuRowReader(columns);
    const grouper = new TickGrouper<NumberedRow>((rows) => {
      this.tick(rows, reader);
    });
    this.broken = 0;
    this.ticked = false;
    this.remark = '';
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
      } else if (line.trim() !== '') {
        this.remark = line;
      }
      return;
    }
    if (row === 'broken') {
      this.broken += 1;
      if (this.broken >= BROKEN_ROWS) {
        this.fields.forget();
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
    this.remark = '';
    this.armWatch();
    this.listener.onTick(rows, reader);
    const version = rows.map((row) => reader.cell(row, 'driverVersion')).find((cell) => cell !== undefined && /^\d/.test(cell));
    if (version !== undefined && this.fields.isAnother(version)) {
      // Started again by itself after the driver was replaced: it may know more fields now, or other ones.
      void this.begin();
    }
  }

  /** A person is to know within seconds that what is shown is old; the stream itself has more patience. */
  private armWatch(): void {
    if (this.watch !== undefined && !this.streams.isPolling) {
      this.watch.refresh();
      return;
    }
    clearTimeout(this.watch);
    this.watch = setTimeout(() => {
      // Instead of ending, some say again and again why they cannot.
      const problem = problemOf({ said: this.remark }, readSurroundings(this.files));
      if (problem.reason === 'unknown') {
        this.listener.onSilent();
      } else {
        this.listener.onProblem(problem);
      }
    }, 4000 + 2 * Math.max(this.interval, this.streams.pace));
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
      this.fields.refuse(refused);
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

/** `-lms` takes no fraction, and the driver should not be asked without a pause. */
function wholeMilliseconds(interval: number): number {
  return Math.max(100, Math.round(interval));
}
