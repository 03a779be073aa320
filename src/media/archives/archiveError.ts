import { MediaError } from '../mediaError.ts';

/** `gone`: there is no such member. `tooLarge`: beyond what is unpacked into memory. */
export type ArchiveErrorReason = 'unreadable' | 'malformed' | 'unsupported' | 'encrypted' | 'tooLarge' | 'gone';

/** An archive, or a member of it, that cannot be read. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';

  constructor(
    readonly reason: ArchiveErrorReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  static from(error: unknown, file: string): ArchiveError {
    return error instanceof ArchiveError ? error : new ArchiveError('unreadable', MediaError.from(error, file).message, { cause: error });
  }
}
