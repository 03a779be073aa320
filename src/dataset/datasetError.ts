/** `unreadable`: the file system says no. `malformed`: the bytes are not what they should be. `unknown`: no format fits, or no such dataset. */
export type DatasetErrorReason = 'unreadable' | 'malformed' | 'unknown' | 'filter' | 'unavailable';

/** A dataset that cannot be opened or asked. The message names the file and, where there is one, the row. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';

  constructor(
    readonly reason: DatasetErrorReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
