import type { FilterProblem } from './filterTypes.ts';

/** An expression that is not understood; the message says what was meant, where that can be guessed. */
export class FilterError extends Error {
  override readonly name = 'FilterError';

  constructor(
    /** Characters of the expression, from and to. */
    readonly from: number,
    readonly to: number,
    message: string,
  ) {
    super(message);
  }

  get problem(): FilterProblem {
    return { from: this.from, to: this.to, message: this.message };
  }
}
