import type { Measured } from '../../../base/absent.ts';
import { MEBIBYTES } from '../quantity.ts';
import { cellQuantity, cellText } from './cell.ts';

/** What `--query-compute-apps` is asked for. */
export const PROCESS_COLUMNS = 'gpu_uuid,pid,process_name,used_gpu_memory';

/** One process that computes on one GPU. In a divided GPU too `gpuUuid` is that of the whole. */
export interface ProcessRow {
  readonly gpuUuid: string;
  readonly pid: number;
  readonly name: Measured<string>;
  readonly memoryUsed: Measured<number>;
}

/** No kernel gives a higher one. */
const MOST_PIDS = 2 ** 22;

/**
 * Reads `GPU-…, 4711, /usr/bin/python3, 1024`. From both ends, as a name may hold commas and nothing is quoted. Undefined where
 * the line is no such row.
 */
export function parseProcessRow(line: string): ProcessRow | undefined {
  const [, gpuUuid = '', pid = '', name = '', memory = ''] =
    /^\uFEFF?\s*(GPU-[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}),\s*(\d{1,7}),\s?(.*),\s*(\d+(?: MiB)?|\[?[^,[\]]*\]?)\s*$/.exec(line) ?? [];
  const number = Number(pid);
  if (gpuUuid === '' || number < 1 || number > MOST_PIDS || !/^(?:\d+(?: MiB)?|N\/A|\[[^\]]+\])$/.test(memory)) {
    return undefined;
  }
  return { gpuUuid, pid: number, name: cellText(name.trim()), memoryUsed: cellQuantity(memory, MEBIBYTES) };
}
