import type { Measured } from '../../../base/absent.ts';
import type { ClockLimit } from '../../gpuSample.ts';
import { parseBusId } from '../devices.ts';
import { NO_COLUMN, cellText } from './cell.ts';
import { parseClockLimits } from './clockLimits.ts';
import type { Column, FieldId } from './fields.ts';
import { Memo } from './memo.ts';

/** No machine has more GPUs. */
const MOST_GPUS = 1024;
const UUID = /^GPU-[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/;
/** What stands in a cell of a GPU that does not answer. */
const NO_ANSWER = /^\[(?:GPU is lost|GPU requires reset|Unknown Error)[^\]]*\]$/;

/** What the driver told of one GPU at one moment. */
export interface GpuRow {
  /** Undefined where a GPU that does not answer is not told by its number either. */
  readonly index: number | undefined;
  readonly uuid: string | undefined;
  /** In the order of the columns. */
  readonly cells: readonly string[];
}

/** `foreign`: no row at all. `broken`: begins as a row does and does not go on as one. */
export type GpuLine = GpuRow | 'foreign' | 'broken';

/**
 * Reads lines of `--query-gpu` for known columns. Cells are not quoted: a line with another number of them is no row, and as the
 * last column is the UUID, whose length is known, half a row is none either.
 */
export class GpuRowReader {
  readonly columns: readonly (Column | undefined)[];
  private readonly places: Partial<Record<FieldId, number>>;
  private readonly index: number;
  private readonly uuid: number;
  private readonly texts = new Memo(cellText);
  private readonly addresses = new Memo(parseBusId);
  private readonly masks = new Memo(parseClockLimits);

  constructor(columns: readonly (Column | undefined)[]) {
    this.columns = columns;
    this.places = Object.fromEntries(columns.flatMap((column, place) => (column === undefined ? [] : [[column.field, place]])));
    this.index = this.places.index ?? -1;
    this.uuid = this.places.uuid ?? -1;
  }

  read(line: string): GpuLine {
    const cells = this.split(line);
    if (cells.length !== this.columns.length) {
      return cells.length > 2 && /^\d{1,4}$/.test(cells[this.index] ?? '') ? 'broken' : 'foreign';
    }
    const index = this.numberIn(cells[this.index]);
    const uuid = cells[this.uuid] ?? '';
    const isKnown = UUID.test(uuid);
    if ((index === undefined && !NO_ANSWER.test(cells[this.index] ?? '')) || !(isKnown || NO_ANSWER.test(uuid))) {
      return 'foreign';
    }
    return { index, uuid: isKnown ? uuid : undefined, cells };
  }

  /** Undefined where the column was not asked for. */
  cell(row: GpuRow, field: FieldId): string | undefined {
    const place = this.places[field];
    return place === undefined ? undefined : row.cells[place];
  }

  text(row: GpuRow, field: FieldId): Measured<string> {
    const cell = this.cell(row, field);
    return cell === undefined ? NO_COLUMN : this.texts.get(cell);
  }

  /** As sysfs writes it. */
  busId(row: GpuRow): string | undefined {
    const cell = this.cell(row, 'busId');
    return cell === undefined ? undefined : this.addresses.get(cell);
  }

  clockLimits(row: GpuRow): Measured<readonly ClockLimit[]> {
    const cell = this.cell(row, 'clockLimits');
    return cell === undefined ? NO_COLUMN : this.masks.get(cell);
  }

  private split(line: string): string[] {
    const cells = line.split(', ');
    // A line that was cut at a carriage return or begins with a byte order mark is a row for all that.
    if (cells.length !== this.columns.length || line.charCodeAt(0) === 0xfeff || line.endsWith('\r')) {
      return line.split(',').map((cell) => cell.trim());
    }
    return cells;
  }

  private numberIn(cell: string | undefined): number | undefined {
    return cell !== undefined && /^\d{1,4}$/.test(cell) && Number(cell) < MOST_GPUS ? Number(cell) : undefined;
  }
}

/**
 * The word of a GPU that does not answer, with what it means. A single value that is an unknown error is none: only where nothing
 * at all is told is the GPU taken for lost.
 */
export function silenceOf(row: GpuRow, reader: GpuRowReader): { readonly state: 'lost' | 'resetRequired'; readonly text: string } | undefined {
  const word = row.cells.find((cell) => cell.startsWith('[GPU '));
  if (word !== undefined) {
    return { state: word.startsWith('[GPU requires reset') ? 'resetRequired' : 'lost', text: word.slice(1, -1) };
  }
  const vital = ['utilization', 'memoryUsed', 'temperature', 'power'] as const;
  const isLost = vital.every((field) => reader.cell(row, field)?.startsWith('[Unknown Error') === true) || row.index === undefined;
  return isLost ? { state: 'lost', text: 'Unknown Error' } : undefined;
}
