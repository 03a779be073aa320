import type { Disposable } from '../../../base/disposable.ts';
import type { StreamEnd } from '../../../process/toolStreams.ts';
import type { GpuProblem } from '../../gpuSample.ts';
import { Inquiry } from '../inquiry.ts';
import { JsonPieces } from '../jsonPieces.ts';
import { problemOf } from '../toolProblem.ts';
import type { GpuMachine } from '../vendor.ts';
import { gpuTopArgs, readGpuTop, type GpuTopSample } from './gpuTop.ts';
import { DumpReader, dumpArgs, parseDiscovery, type XpuDevice, type XpuRow } from './xpuSmi.ts';

/** Milliseconds. Devices do not change while the machine runs. */
const DISCOVER = 600_000;
/** Level Zero takes its time to start. */
const SILENCE = 30_000;
const MOST_DEVICES = 16;

/** What was heard last of one GPU, and when. */
export interface Heard<T> {
  readonly time: number;
  readonly value: T;
}

/** `xpu-smi dump`, kept running, and who its devices are. */
export class XpuStream implements Disposable {
  readonly rows = new Map<number, Heard<XpuRow>>();
  problem: GpuProblem | undefined;
  silentSince: number | undefined;
  private readonly machine: GpuMachine;
  private readonly discovery: Inquiry<readonly XpuDevice[]>;
  private seconds: number;
  private stream: Disposable;

  constructor(machine: GpuMachine, milliseconds: number) {
    this.machine = machine;
    this.seconds = wholeSeconds(milliseconds);
    this.discovery = new Inquiry('xpu-smi', DISCOVER, () => this.discover(), ({ stdout }) => parseDiscovery(stdout));
    this.stream = this.open();
  }

  get devices(): readonly XpuDevice[] {
    return this.discovery.answer?.value ?? [];
  }

  setInterval(milliseconds: number): void {
    if (wholeSeconds(milliseconds) !== this.seconds) {
      this.seconds = wholeSeconds(milliseconds);
      this.stream.dispose();
      this.stream = this.open();
    }
  }

  dispose(): void {
    this.stream.dispose();
  }

  private open(): Disposable {
    const { streams, now } = this.machine;
    let reader = new DumpReader();
    return streams.open(
      { tool: 'xpu-smi', args: dumpArgs(this.seconds), silence: SILENCE + this.seconds * 3000 },
      {
        onLine: (line, stream) => {
          const row = stream === 'stdout' ? reader.read(line) : undefined;
          if (row !== undefined) {
            this.rows.set(row.device, { time: now(), value: row });
            this.problem = undefined;
            this.silentSince = undefined;
            this.discovery.turn(now());
          }
        },
        onSilent: () => {
          this.silentSince = now();
        },
        onEnd: (end) => {
          reader = new DumpReader();
          this.problem = problemOf('xpu-smi', end.said, end.error);
        },
      },
    );
  }

  /** One command lists the devices, and each is asked for more. */
  private async discover(): ReturnType<GpuMachine['streams']['ask']> {
    const list = await this.machine.streams.ask('xpu-smi', ['discovery', '-j']);
    const said = [list.stdout];
    for (const { device } of (parseDiscovery(list.stdout) ?? []).slice(0, MOST_DEVICES)) {
      said.push((await this.machine.streams.ask('xpu-smi', ['discovery', '-d', String(device), '-j'])).stdout);
    }
    return { ...list, stdout: said.join('\n') };
  }
}

/** `intel_gpu_top -J` of one GPU, kept running; given up where we may not look, which does not change by asking again. */
export class GpuTopStream implements Disposable {
  heard: Heard<GpuTopSample> | undefined;
  problem: GpuProblem | undefined;
  private readonly machine: GpuMachine;
  private readonly device: string | undefined;
  private milliseconds: number;
  private stream: Disposable | undefined;

  constructor(machine: GpuMachine, milliseconds: number, device: string | undefined) {
    this.machine = machine;
    this.milliseconds = milliseconds;
    this.device = device;
    this.stream = this.open();
  }

  setInterval(milliseconds: number): void {
    if (milliseconds !== this.milliseconds && this.stream !== undefined) {
      this.milliseconds = milliseconds;
      this.stream.dispose();
      this.stream = this.open();
    }
  }

  dispose(): void {
    this.stream?.dispose();
    this.stream = undefined;
  }

  private open(): Disposable {
    const { streams, now } = this.machine;
    let pieces = new JsonPieces();
    return streams.open(
      { tool: 'intel_gpu_top', args: gpuTopArgs(this.milliseconds, this.device), silence: 10_000 + this.milliseconds * 3 },
      {
        onLine: (line, stream) => {
          for (const object of stream === 'stdout' ? pieces.push(line) : []) {
            const value = readGpuTop(object);
            if (value !== undefined) {
              this.heard = { time: now(), value };
              this.problem = undefined;
            }
          }
        },
        onSilent: () => undefined,
        onEnd: (end) => {
          pieces = new JsonPieces();
          this.end(end);
        },
      },
    );
  }

  private end({ said, error }: StreamEnd): void {
    this.problem = problemOf('intel_gpu_top', said, error);
    // A crash, as where the driver is xe, will come again too.
    if (this.heard === undefined) {
      this.dispose();
    }
  }
}

function wholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.round(milliseconds / 1000));
}
