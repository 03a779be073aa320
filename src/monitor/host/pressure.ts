import { absent, isAbsent, type Measured } from '../../base/absent.ts';
import type { Pressure, PressureSample } from '../hostSample.ts';
import type { KernelFiles } from '../kernelFiles.ts';
import { NOT_TOLD, parseCount, Share } from './counters.ts';

const SWITCHED_OFF = absent('switched off; the boot option psi=1 turns it on');
const TOO_OLD = absent('not told by this kernel');
const NO_CPU_FULL = absent('not defined for the whole machine');

const MICROSECONDS = 1e6;

/** Makes shares of the stalled time that `/proc/pressure` counts; its own averages are of 10 seconds and more. */
export class PressureMeter {
  private readonly meters = { cpu: new StallMeter(true), io: new StallMeter(false), memory: new StallMeter(false) };

  next(files: KernelFiles, moment: number): PressureSample {
    const { cpu, io, memory } = this.meters;
    return {
      cpu: cpu.next(files.text('/proc/pressure/cpu'), moment),
      io: io.next(files.text('/proc/pressure/io'), moment),
      memory: memory.next(files.text('/proc/pressure/memory'), moment),
    };
  }
}

export class StallMeter {
  private readonly some = new Share(MICROSECONDS);
  private readonly full = new Share(MICROSECONDS);
  private readonly isOfCpu: boolean;

  constructor(isOfCpu: boolean) {
    this.isOfCpu = isOfCpu;
  }

  next(text: Measured<string>, moment: number): Measured<Pressure> {
    if (isAbsent(text)) {
      return text.absent === 'EOPNOTSUPP' ? SWITCHED_OFF : text.absent === 'not there' ? TOO_OLD : text;
    }
    const some = parseStall(text, 'some');
    const full = parseStall(text, 'full');
    if (some === undefined) {
      return NOT_TOLD;
    }
    return {
      some: this.some.next(some.total, moment),
      // The kernel writes zeros there, for programs that expect the line (Documentation/accounting/psi.rst).
      full: this.isOfCpu ? NO_CPU_FULL : this.full.next(full?.total ?? NOT_TOLD, moment),
      someAverage10: some.average10,
    };
  }
}

/** `some avg10=0.00 avg60=0.00 avg300=0.00 total=0`: percent, and microseconds since the boot. */
export function parseStall(text: string, kind: 'some' | 'full'): { readonly average10: number; readonly total: number } | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${kind} `)) ?? '';
  const [, average, digits] = /^\w+ avg10=(\d{1,3}\.\d\d) .*total=(\d+)\s*$/.exec(line) ?? [];
  const total = parseCount(digits);
  return average === undefined || total === undefined ? undefined : { average10: Math.min(100, Number(average)), total };
}
