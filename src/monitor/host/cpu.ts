import { absent, isAbsent, type Measured } from '../../base/absent.ts';
import type { CpuSample } from '../hostSample.ts';
import { FIRST_SAMPLE, NO_TIME, NOT_TOLD, numbersAt } from './counters.ts';

const SWITCHED_OFF = absent('switched off');
/** No machine has more; a larger number is none of a core's. */
const MAX_CORES = 8192;

/** Fields of a line (proc_stat(5)). Those of guests, which follow, are counted in `user` and `nice` already. */
const [USER, NICE, SYSTEM, IDLE, IO_WAIT, IRQ, SOFT_IRQ, STEAL, FIELDS] = [0, 1, 2, 3, 4, 5, 6, 7, 8];

type CpuShares = Pick<CpuSample, 'utilization' | 'ioWait' | 'user' | 'system' | 'steal'>;

/** Makes shares of the times in `/proc/stat`. */
export class CpuMeter {
  private readonly all = new TimesMeter();
  private readonly cores: TimesMeter[] = [];

  next(stat: Measured<string>): CpuShares & Pick<CpuSample, 'cores'> {
    if (isAbsent(stat)) {
      return { ...sharesOf(stat), cores: stat };
    }
    const whole = stat.startsWith('cpu ') ? this.all.next(stat, 4) : NOT_TOLD;
    // What follows the lines of the cores is very long on a large machine.
    let at = stat.indexOf('\n') + 1;
    const seen = new Set<number>();
    while (at > 0 && stat.startsWith('cpu', at)) {
      const space = stat.indexOf(' ', at);
      const core = Number(stat.slice(at + 3, space));
      if (space > at + 3 && core >= 0 && core < MAX_CORES && Number.isInteger(core)) {
        this.coreMeter(core).next(stat, space + 1);
        seen.add(core);
      }
      at = stat.indexOf('\n', at) + 1;
    }
    const cores = this.cores.map((meter, core) => (seen.has(core) ? meter.utilization : meter.forget()));
    return { ...sharesOf(whole), cores: cores.length === 0 ? NOT_TOLD : cores };
  }

  private coreMeter(core: number): TimesMeter {
    while (this.cores.length <= core) {
      this.cores.push(new TimesMeter());
    }
    return this.cores[core] as TimesMeter;
  }
}

class TimesMeter {
  utilization: Measured<number> = NOT_TOLD;
  private before = new Float64Array(FIELDS);
  private times = new Float64Array(FIELDS);
  private isFirst = true;

  /** The shares of each field since the line before, 0 to 100. */
  next(text: string, start: number): Measured<Float64Array> {
    const count = numbersAt(text, start, this.times);
    if (count < IDLE + 1) {
      this.forget();
      return (this.utilization = NOT_TOLD);
    }
    // Kernels before 2.6.11 have fewer.
    this.times.fill(0, count);
    const gains = this.before;
    let total = 0;
    for (let field = 0; field < FIELDS; field++) {
      const time = this.times[field] ?? 0;
      // The times of idleness and of waiting for disks are estimates, and go back a little at times.
      const gain = Math.max(0, time - (gains[field] ?? 0));
      gains[field] = gain;
      total += gain;
    }
    this.before = this.times;
    this.times = gains;
    if (this.isFirst) {
      this.isFirst = false;
      return (this.utilization = FIRST_SAMPLE);
    }
    if (total === 0) {
      return (this.utilization = NO_TIME);
    }
    for (let field = 0; field < FIELDS; field++) {
      gains[field] = ((gains[field] ?? 0) / total) * 100;
    }
    this.utilization = Math.max(0, 100 - (gains[IDLE] ?? 0) - (gains[IO_WAIT] ?? 0));
    return gains;
  }

  forget(): Measured<number> {
    this.isFirst = true;
    return SWITCHED_OFF;
  }
}

function sharesOf(shares: Measured<Float64Array>): CpuShares {
  if (isAbsent(shares)) {
    return { utilization: shares, ioWait: shares, user: shares, system: shares, steal: shares };
  }
  const share = (...fields: number[]): number => Math.min(100, fields.reduce((sum, field) => sum + (shares[field] ?? 0), 0));
  return {
    utilization: share(USER, NICE, SYSTEM, IRQ, SOFT_IRQ, STEAL),
    ioWait: share(IO_WAIT),
    user: share(USER, NICE),
    system: share(SYSTEM, IRQ, SOFT_IRQ),
    steal: share(STEAL),
  };
}

/** `/proc/loadavg` (proc_loadavg(5)). */
export function parseLoad(text: Measured<string>): Measured<readonly [number, number, number]> {
  if (isAbsent(text)) {
    return text;
  }
  const [, one, five, fifteen] = /^(\d{1,9}\.\d\d) (\d{1,9}\.\d\d) (\d{1,9}\.\d\d) /.exec(text) ?? [];
  return fifteen === undefined ? NOT_TOLD : [Number(one), Number(five), Number(fifteen)];
}

/** How many threads there are and the pid that was given last (proc_loadavg(5)): where both are what they were, no process has begun, and none ended. */
export function populationOf(loadavg: Measured<string>): string | undefined {
  return isAbsent(loadavg) ? undefined : /\d\/(\d+ \d+)$/.exec(loadavg.trimEnd())?.[1];
}

/** When the machine began, in milliseconds since the epoch, of `/proc/stat`. */
export function parseBootTime(stat: Measured<string>): number | undefined {
  const seconds = isAbsent(stat) ? undefined : /^btime (\d{1,12})$/m.exec(stat)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
