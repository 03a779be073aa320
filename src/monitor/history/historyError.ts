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

  /** Any error of SQLite by its result code (sqlite.org/rescode.html). */
  static of(error: unknown): HistoryError {
    if (error instanceof HistoryError) {
      return error;
    }
    const message = error instanceof Error ? error.message : String(error);
    const code = ((error as { readonly errcode?: unknown } | null)?.errcode as number | undefined) ?? 0;
    return new HistoryError(REASONS[code & 0xff] ?? 'io', `The history: ${message}`, { cause: error });
  }
}

/** SQLITE_CORRUPT, SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_NOTADB. */
const REASONS: Readonly<Record<number, HistoryErrorReason>> = { 11: 'damaged', 13: 'full', 14: 'missing', 26: 'damaged' };
