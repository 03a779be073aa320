import { absent, type Measured } from '../../../base/absent.ts';
import type { Disposable } from '../../../base/disposable.ts';
import type { LoopStreams } from './loopStreams.ts';
import { PROCESS_COLUMNS, parseProcessRow, type ProcessRow } from './processRows.ts';

/** Rows of one round come at once; a pause as long as this ends it, milliseconds. */
const ROUND_ENDS = 250;
/** It says nothing at all while no process computes, which is no reason to end it. */
const NEVER = 2 ** 31 - 1;
const NOT_YET = absent('not told yet');
const ENDED = absent('nvidia-smi ended and is to be started again');

/**
 * Keeps `nvidia-smi --query-compute-apps … -lms` running. Nothing marks a round, and one without processes has no line: a round
 * ends with a pause, and is empty where none begins in its time while the driver answers otherwise.
 */
export class ProcessWatch implements Disposable {
  private readonly streams: LoopStreams;
  private readonly isAnswering: () => boolean;
  private readonly onChange: () => void;
  private stream: Disposable | undefined;
  private interval: number;
  private round: ProcessRow[] = [];
  private pause: NodeJS.Timeout | undefined;
  private quiet: NodeJS.Timeout | undefined;
  private only: readonly string[] = [];
  private current: Measured<readonly ProcessRow[]> = NOT_YET;

  constructor(streams: LoopStreams, interval: number, isAnswering: () => boolean, onChange: () => void) {
    this.streams = streams;
    this.interval = interval;
    this.isAnswering = isAnswering;
    this.onChange = onChange;
  }

  /** Of the last round. */
  get rows(): Measured<readonly ProcessRow[]> {
    return this.current;
  }

  setInterval(interval: number): void {
    if (interval !== this.interval) {
      this.interval = interval;
      if (this.stream !== undefined) {
        this.stop();
        this.run();
      }
    }
  }

  /** UUIDs or addresses to narrow to; all GPUs where empty. */
  narrow(only: readonly string[]): void {
    this.only = only;
    if (this.stream !== undefined) {
      this.stop();
      this.run();
    }
  }

  run(): void {
    if (this.stream !== undefined) {
      return;
    }
    this.stream = this.streams.open(
      {
        tool: 'nvidia-smi',
        args: [`--query-compute-apps=${PROCESS_COLUMNS}`, '--format=csv,noheader,nounits', ...(this.only.length > 0 ? ['-i', this.only.join(',')] : []), '-lms', String(this.interval)],
        silence: NEVER,
      },
      {
        onLine: (line) => {
          this.line(line);
        },
        onSilent: () => undefined,
        onEnd: ({ retryIn }) => {
          // Why it ended the other query tells as well, and to people.
          this.clear();
          this.current = ENDED;
          this.expectRound(retryIn);
          this.onChange();
        },
      },
    );
    this.expectRound();
  }

  stop(): void {
    this.clear();
    this.stream?.dispose();
    this.stream = undefined;
    this.current = NOT_YET;
  }

  dispose(): void {
    this.stop();
  }

  private clear(): void {
    clearTimeout(this.pause);
    clearTimeout(this.quiet);
    this.pause = undefined;
    this.quiet = undefined;
    this.round = [];
  }

  private line(line: string): void {
    const row = parseProcessRow(line);
    if (row === undefined) {
      return;
    }
    if (this.round.some(({ gpuUuid, pid }) => gpuUuid === row.gpuUuid && pid === row.pid)) {
      // The next round follows so closely that there was no pause.
      this.end();
    }
    this.round.push(row);
    if (this.pause === undefined) {
      this.pause = setTimeout(() => {
        this.pause = undefined;
        this.end();
      }, ROUND_ENDS);
    } else {
      this.pause.refresh();
    }
    this.expectRound();
  }

  /** `from`: milliseconds until it is there to tell of one. */
  private expectRound(from = 0): void {
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      if (this.isAnswering()) {
        this.end();
      }
      this.expectRound();
    }, from + 2 * Math.max(this.interval, this.streams.pace) + 3000);
    this.quiet.unref();
  }

  private end(): void {
    this.current = this.round;
    this.round = [];
    this.onChange();
  }
}
