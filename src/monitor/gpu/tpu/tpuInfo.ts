import { isAbsent, type Measured } from '../../../base/absent.ts';
import { GIBIBYTES, MEBIBYTES, NOT_TOLD, PERCENT, plainText, quantityIn, textIn } from '../quantity.ts';
import { tableRow } from '../tables.ts';

export interface TpuChip {
  /** `/dev/accel0`, `/dev/vfio/0`. */
  readonly path: string;
  /** `TPU v6e chip`. */
  readonly type: string;
  /** Cores that count as devices of their own: two in v2 and v3, one since. */
  readonly devices: number;
  /** Who has opened it. */
  readonly pid: Measured<number>;
}

export interface TpuDevice {
  /** Not counted without gaps: 8, 9, 12, 13. */
  readonly id: number;
  readonly memoryUsed: Measured<number>;
  readonly memoryTotal: Measured<number>;
  /** Percent of the time in which it computed. */
  readonly dutyCycle: Measured<number>;
}

export interface TpuInfo {
  readonly chips: readonly TpuChip[];
  /** Empty unless a program runs whose runtime tells of itself. */
  readonly devices: readonly TpuDevice[];
}

/**
 * Reads the tables that `tpu-info` draws (github.com/google/cloud-accelerator-diagnostics, tpu_info). There is no form for
 * programs. Tables are known by the words of their heads, which change little. Undefined where there is no chip in it.
 */
export function parseTpuInfo(text: string): TpuInfo | undefined {
  const chips: TpuChip[] = [];
  const devices: TpuDevice[] = [];
  let head = '';
  for (const line of plainText(text).split(/\r?\n|\r/)) {
    const cells = tableRow(line);
    if (cells === undefined) {
      continue;
    }
    const words = cells.join(' ');
    if (/^(?:Chip|Device|Core|Index)\b/i.test(words)) {
      head = words;
    } else if (/\bType\b.*\bPID\b/i.test(head)) {
      chips.push(...chipIn(cells));
    } else if (/Duty cycle/i.test(head)) {
      devices.push(...deviceIn(cells));
    }
  }
  return chips.length === 0 ? undefined : { chips, devices };
}

function chipIn(cells: readonly string[]): readonly TpuChip[] {
  const [path, type, count, holder] = cells;
  const isChip = path !== undefined && /^\/dev\/[\w/]{1,60}$/.test(path);
  const devices = /^[1-8]$/.test(count ?? '') ? Number(count) : 1;
  const pid = /^[1-9]\d{0,8}$/.test(holder ?? '') ? Number(holder) : textIn(holder);
  return isChip ? [{ path, type: (type ?? '').slice(0, 80), devices, pid: typeof pid === 'string' ? NOT_TOLD : pid }] : [];
}

/** `8`, `18.45 GiB / 31.25 GiB`, `100.00%`. */
function deviceIn(cells: readonly string[]): readonly TpuDevice[] {
  const [id, memory, duty] = cells;
  if (id === undefined || !/^\d{1,5}$/.test(id)) {
    return [];
  }
  const [used, total] = (memory ?? '').split('/');
  return [{ id: Number(id), memoryUsed: bytesIn(used), memoryTotal: bytesIn(total ?? used), dutyCycle: quantityIn(duty, PERCENT) }];
}

function bytesIn(text: string | undefined): Measured<number> {
  const bytes = quantityIn(text, text?.includes('MiB') === true ? MEBIBYTES : GIBIBYTES);
  return isAbsent(bytes) ? bytes : Math.round(bytes);
}
