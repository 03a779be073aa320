import { isAbsent, type Measured } from '../../../base/absent.ts';
import { parseBusId } from '../devices.ts';
import { DEGREES, MEBIBYTES, NOT_TOLD, PERCENT, plainText, quantityIn, textIn, WATTS } from '../quantity.ts';
import { tableRow } from '../tables.ts';

export interface NpuChip {
  /** Numbers of cards have gaps, and a card may have several chips. */
  readonly npu: number;
  readonly chip: number;
  /** `910B3`. */
  readonly name: string;
  /** `OK`, `Warning`, `Alarm`, `Critical`, `UNKNOWN`. */
  readonly health: Measured<string>;
  readonly busId: string | undefined;
  readonly power: Measured<number>;
  readonly temperature: Measured<number>;
  readonly utilization: Measured<number>;
  readonly memoryUsed: Measured<number>;
  readonly memoryTotal: Measured<number>;
}

export interface NpuProcess {
  readonly npu: number;
  readonly chip: number;
  readonly pid: number;
  readonly name: Measured<string>;
  readonly memoryUsed: Measured<number>;
}

export interface NpuInfo {
  readonly version: Measured<string>;
  readonly chips: readonly NpuChip[];
  readonly processes: readonly NpuProcess[];
}

/** `59356/ 65536`, with blanks where there is room. */
const PAIR = /(\S+?) *\/ *(\S+)/g;

/**
 * Reads the table of `npu-smi info` (Ascend documentation, npu-smi command reference): two lines for each chip, then processes.
 * Releases differ in the names of columns, in their number, and in whether the first line is there. Undefined where there is no
 * chip in it.
 */
export function parseNpuSmi(text: string): NpuInfo | undefined {
  const chips: NpuChip[] = [];
  const processes: NpuProcess[] = [];
  let version: Measured<string> = NOT_TOLD;
  let upper: readonly string[] | undefined;
  let processHead: readonly string[] | undefined;
  for (const line of plainText(text).split(/\r?\n|\r/)) {
    const cells = tableRow(line);
    if (cells === undefined) {
      continue;
    }
    const words = cells.join(' ');
    if (words.includes('Version:')) {
      version = textIn(/Version: *(\S+)/.exec(words)?.[1]);
    } else if (/Process id/i.test(words)) {
      processHead = cells;
    } else if (processHead !== undefined) {
      processes.push(...processIn(cells, processHead));
    } else if (cells.length >= 3 && /^\d/.test(cells[0] ?? '')) {
      // The second line has an address where the first has a word on the health.
      if (upper !== undefined && parseBusId(cells[1] ?? '') !== undefined) {
        chips.push(...chipIn(upper, cells));
        upper = undefined;
      } else {
        upper = cells;
      }
    }
  }
  return chips.length === 0 ? undefined : { version, chips, processes };
}

function chipIn(upper: readonly string[], lower: readonly string[]): readonly NpuChip[] {
  const [, npu, name] = /^(\d{1,4}) +(\S.*)$/.exec(upper[0] ?? '') ?? [];
  const [, chip] = /^(\d{1,4})\b/.exec(lower[0] ?? '') ?? [];
  if (npu === undefined || name === undefined || chip === undefined) {
    return [];
  }
  const [power, temperature] = (upper[2] ?? '').split(/ +/);
  const [utilization] = (lower[2] ?? '').split(/ +/);
  const [memoryUsed, memoryTotal] = memoryIn((lower[2] ?? '').slice((utilization ?? '').length));
  return [
    {
      npu: Number(npu),
      chip: Number(chip),
      name: name.slice(0, 80),
      health: textIn(upper[1]),
      busId: parseBusId(lower[1] ?? ''),
      power: quantityIn(power, WATTS),
      temperature: quantityIn(temperature, DEGREES),
      utilization: quantityIn(utilization, PERCENT),
      memoryUsed,
      memoryTotal,
    },
  ];
}

/** Chips with memory of two kinds have their own last; `0 / 0` is memory that is not there. */
function memoryIn(text: string): readonly [Measured<number>, Measured<number>] {
  const pairs = [...text.matchAll(PAIR)].map(([, used, total]) => [quantityIn(used, MEBIBYTES), quantityIn(total, MEBIBYTES)] as const);
  const real = pairs.filter(([, total]) => !isAbsent(total) && total > 0);
  return real.at(-1) ?? [pairs[0]?.[0] === 0 ? NOT_TOLD : (pairs[0]?.[0] ?? NOT_TOLD), pairs[0]?.[1] === 0 ? NOT_TOLD : (pairs[0]?.[1] ?? NOT_TOLD)];
}

/** `| 0       0 | 12345 | python | 3000 |`; newer releases have a column for the number inside a container. */
function processIn(cells: readonly string[], head: readonly string[]): readonly NpuProcess[] {
  const [, npu, chip] = /^(\d{1,4}) +(\d{1,4})$/.exec(cells[0] ?? '') ?? [];
  const at = (pattern: RegExp): string | undefined => cells[head.findIndex((title) => pattern.test(title))];
  const pid = at(/^Process id$/i) ?? '';
  return npu === undefined || chip === undefined || cells.length !== head.length || !/^[1-9]\d{0,8}$/.test(pid)
    ? []
    : [{ npu: Number(npu), chip: Number(chip), pid: Number(pid), name: textIn(at(/^Process name/i)), memoryUsed: quantityIn(at(/memory/i), MEBIBYTES) }];
}
