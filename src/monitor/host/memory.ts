import { absent, isAbsent, known, type Measured } from '../../base/absent.ts';
import type { MemorySample } from '../hostSample.ts';
import type { FileSystemSpace } from '../../process/statfsProbe.ts';
import { NOT_TOLD, parseCount } from './counters.ts';

const NO_FIELD = absent('not told by this kernel');

/** The fields of `/proc/meminfo` (proc_meminfo(5)) in bytes. */
export function parseMeminfo(text: string): (field: string) => Measured<number> {
  const lines = `\n${text}`;
  return (field) => {
    // A pattern for each field would be compiled anew at each tick.
    const start = lines.indexOf(`\n${field}:`);
    if (start === -1) {
      return NO_FIELD;
    }
    const end = lines.indexOf('\n', start + 1);
    const [, digits] = /^ *(\d+) kB\s*$/.exec(lines.slice(start + field.length + 2, end === -1 ? undefined : end)) ?? [];
    const kilobytes = parseCount(digits);
    return kilobytes === undefined ? NOT_TOLD : kilobytes * 1024;
  };
}

/** `cached` is what `free` calls buff/cache. */
export function memoryOf(meminfo: Measured<string>, shared: Measured<FileSystemSpace>): MemorySample {
  const field = isAbsent(meminfo) ? (): Measured<number> => meminfo : parseMeminfo(meminfo);
  const total = field('MemTotal');
  const available = field('MemAvailable');
  const swapTotal = field('SwapTotal');
  return {
    total,
    available,
    used: less(total, available),
    cached: sum(field('Buffers'), field('Cached'), known(field('SReclaimable')) ?? 0),
    swapTotal,
    swapUsed: less(swapTotal, field('SwapFree')),
    sharedTotal: isAbsent(shared) ? shared : shared.total,
    sharedUsed: isAbsent(shared) ? shared : shared.used,
  };
}

function less(whole: Measured<number>, part: Measured<number>): Measured<number> {
  if (isAbsent(whole) || isAbsent(part)) {
    return isAbsent(whole) ? whole : part;
  }
  return part > whole ? NOT_TOLD : whole - part;
}

function sum(...parts: readonly Measured<number>[]): Measured<number> {
  return parts.find((part) => isAbsent(part)) ?? (parts as readonly number[]).reduce((total, part) => total + part, 0);
}
