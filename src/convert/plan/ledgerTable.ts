import { withRoom } from '../../base/columns.ts';
import type { TextHash } from '../../base/hash.ts';
import { Interner } from '../../base/interner.ts';
import { NumberMap } from '../../base/numberMap.ts';
import type { LedgerEntry } from '../ledger.ts';

/** What the last entry about an output says. */
export interface LedgerRecord {
  readonly inputStamp: string;
  readonly outputStamp: string;
  readonly recipe: string;
  readonly tool: string;
  readonly salvaged: boolean;
  /** Whether the output was made from the file of this path. */
  isFrom(input: string): boolean;
}

const FIRST_ROWS = 256;
const STAMP = /^(\d{1,15}):(-?\d{1,18}|[1-8]\d{18})$/;

/** Entries by their outputs, in columns of numbers. Texts longer than a hash are not kept. */
export class LedgerTable {
  private readonly rows = new NumberMap();
  private readonly recipes = new Interner();
  private readonly tools = new Interner();
  private inputs = new Float64Array(FIRST_ROWS);
  private inputSizes = new Float64Array(FIRST_ROWS);
  private inputTimes = new BigInt64Array(FIRST_ROWS);
  private outputSizes = new Float64Array(FIRST_ROWS);
  private outputTimes = new BigInt64Array(FIRST_ROWS);
  private recipeNumbers = new Uint32Array(FIRST_ROWS);
  private toolNumbers = new Uint32Array(FIRST_ROWS);
  private salvaged = new Uint8Array(FIRST_ROWS);
  /** Stamps that are not two numbers, by `2 * row`, and one more for the output's. */
  private readonly oddStamps = new Map<number, string>();

  constructor(private readonly hash: TextHash) {}

  get size(): number {
    return this.rows.size;
  }

  /** A later entry about an output takes the place of an earlier one. */
  set(entry: LedgerEntry): void {
    const key = this.hash(entry.output);
    const row = this.rows.get(key) ?? this.rows.size;
    this.makeRoom(row + 1);
    this.rows.set(key, row);
    this.inputs[row] = this.hash(entry.input);
    this.setStamp(row * 2, this.inputSizes, this.inputTimes, entry.inputStamp);
    this.setStamp(row * 2 + 1, this.outputSizes, this.outputTimes, entry.outputStamp);
    this.recipeNumbers[row] = this.recipes.add(entry.recipe);
    this.toolNumbers[row] = this.tools.add(entry.tool);
    this.salvaged[row] = entry.salvaged ? 1 : 0;
  }

  get(output: string): LedgerRecord | undefined {
    const row = this.rows.get(this.hash(output));
    if (row === undefined) {
      return undefined;
    }
    return {
      inputStamp: this.stamp(row * 2, this.inputSizes, this.inputTimes),
      outputStamp: this.stamp(row * 2 + 1, this.outputSizes, this.outputTimes),
      recipe: this.recipes.textOf(this.recipeNumbers[row] ?? 0),
      tool: this.tools.textOf(this.toolNumbers[row] ?? 0),
      salvaged: this.salvaged[row] === 1,
      isFrom: (input) => this.inputs[row] === this.hash(input),
    };
  }

  private setStamp(place: number, sizes: Float64Array, times: BigInt64Array, stamp: string): void {
    const [, size, time] = STAMP.exec(stamp) ?? [];
    if (size === undefined || time === undefined) {
      this.oddStamps.set(place, stamp);
      return;
    }
    this.oddStamps.delete(place);
    sizes[place >> 1] = Number(size);
    times[place >> 1] = BigInt(time);
  }

  private stamp(place: number, sizes: Float64Array, times: BigInt64Array): string {
    return this.oddStamps.get(place) ?? `${sizes[place >> 1]}:${times[place >> 1]}`;
  }

  private makeRoom(rows: number): void {
    this.inputs = withRoom(this.inputs, rows);
    this.inputSizes = withRoom(this.inputSizes, rows);
    this.inputTimes = withRoom(this.inputTimes, rows);
    this.outputSizes = withRoom(this.outputSizes, rows);
    this.outputTimes = withRoom(this.outputTimes, rows);
    this.recipeNumbers = withRoom(this.recipeNumbers, rows);
    this.toolNumbers = withRoom(this.toolNumbers, rows);
    this.salvaged = withRoom(this.salvaged, rows);
  }
}
