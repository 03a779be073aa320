import type { Measured } from '../../../base/absent.ts';
import { PERCENT } from '../quantity.ts';
import { cellQuantity } from './cell.ts';

/** What `pmon` tells of one process at one moment. */
export interface ProcessLoad {
  readonly gpuIndex: number;
  readonly pid: number;
  /** Share of the GPU's time, in percent. */
  readonly utilization: Measured<number>;
}

/**
 * Reads what `nvidia-smi pmon` prints: lines that begin with `#` name the columns, of which there are more with each driver; a
 * dash stands for what is not known.
 */
export class ProcessLoadReader {
  private columns: readonly string[] = [];

  /** Undefined where the line tells of no process. */
  read(line: string): ProcessLoad | undefined {
    const cells = line.replace('\uFEFF', '').trim().split(/\s+/);
    if (cells[0] === '#') {
      if (cells.includes('pid')) {
        this.columns = cells.slice(1);
      }
      return undefined;
    }
    // A command may hold blanks, and comes last.
    const [index, pid, load] = ['gpu', 'pid', 'sm'].map((name) => cells[this.columns.indexOf(name)]);
    if (cells.length < this.columns.length || index === undefined || !/^\d{1,4}$/.test(index) || pid === undefined || !/^[1-9]\d{0,6}$/.test(pid)) {
      return undefined;
    }
    return { gpuIndex: Number(index), pid: Number(pid), utilization: cellQuantity(load === '-' ? '[N/A]' : load, PERCENT) };
  }
}
