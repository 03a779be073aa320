export type PageErrorReason = 'unknown' | 'invalid' | 'failed' | 'timeout' | 'disposed';

/** A request between a page and its host that was not answered with a value. The message is for the person at the page. */
export class PageError extends Error {
  override readonly name = 'PageError';

  constructor(
    readonly reason: PageErrorReason,
    message: string,
  ) {
    super(message);
  }

  static is(error: unknown, reason?: PageErrorReason): error is PageError {
    return error instanceof PageError && (reason === undefined || error.reason === reason);
  }
}
