import { SQLITE, SqliteError } from '../../base/sqlite.ts';

/**
 * `unavailable`: this Node has no SQLite. `missing`: nothing was kept yet. `damaged`, `version`: the file, or a part of it, is
 * not what this version can read. `full`: the disk or the bound. `io`: all else.
 */
export type HistoryErrorReason = 'unavailable' | 'missing' | 'damaged' | 'version' | 'full' | 'io';

/** The history cannot be kept or read. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';

  constructor(
    readonly reason: HistoryErrorReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  static is(error: unknown, reason?: HistoryErrorReason): error is HistoryError {
    return error instanceof HistoryError && (reason === undefined || error.reason === reason);
  }

  /** Any error of SQLite by its result code. */
  static of(error: unknown): HistoryError {
    if (error instanceof HistoryError) {
      return error;
    }
    const { code, message } = SqliteError.of(error);
    return new HistoryError(REASONS[code] ?? 'io', `The history: ${message}`, { cause: error });
  }
}

const REASONS: Readonly<Record<number, HistoryErrorReason>> = { [SQLITE.corrupt]: 'damaged', [SQLITE.full]: 'full', [SQLITE.cannotOpen]: 'missing', [SQLITE.notADatabase]: 'damaged' };
