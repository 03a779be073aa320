import { MediaError } from '../mediaError.ts';

/** `unreadable`: the file system says no. `malformed`: not what its format demands. `unsupported`: a form that is not read. `tooLarge`: beyond a bound. `gone`: no such row or member. */
export type RowsErrorReason = 'unreadable' | 'malformed' | 'unsupported' | 'tooLarge' | 'gone';

/** A table, or an archive, that cannot be read at all. What is wrong with one row is told in the row. */
export class RowsError extends Error {
  override readonly name = 'RowsError';

  constructor(
    readonly reason: RowsErrorReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  static from(error: unknown, file: string): RowsError {
    return error instanceof RowsError ? error : new RowsError('unreadable', MediaError.from(error, file).message, { cause: error });
  }
}
