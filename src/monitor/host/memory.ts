import { absent, isAbsent, known, type Measured } from '../../base/absent.ts';
import type { MemorySample } from '../hostSample.ts';
import type { FileSystemSpace } from '../../process/statfsProbe.ts';
import { lineStart, NOT_TOLD, parseCount } from './counters.ts';

const NO_FIELD = absent('not told by this kernel');

/** A field of `/proc/meminfo` (proc_meminfo(5)) in bytes. */
export function memoryField(text: string, field: string): Measured<number> {
  const start = lineStart(text, `${field}:`);
  if (start === -1) {
    return NO_FIELD;
  }
  const end = text.indexOf(' kB', start);
  const kilobytes = end === -1 ? undefined : parseCount(text.slice(start + field.length + 1, end).trimStart());
  return kilobytes === undefined ? NOT_TOLD : kilobytes * 1024;
}

/** `cached` is what `free` calls buff/cache. */
export function memoryOf(meminfo: Measured<string>, shared: Measured<FileSystemSpace>): MemorySample {
  const field = (name: string): Measured<number> => (isAbsent(meminfo) ? meminfo : memoryField(meminfo, name));
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
