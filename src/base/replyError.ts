export type ReplyErrorReason = 'unknown' | 'invalid' | 'failed' | 'timeout' | 'cancelled' | 'disposed';

/** A request between two ends, such as a page and its host, that was not answered with a value. The message is for the person. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';

  constructor(
    readonly reason: ReplyErrorReason,
    message: string,
  ) {
    super(message);
  }

  static is(error: unknown, reason?: ReplyErrorReason): error is ReplyError {
    return error instanceof ReplyError && (reason === undefined || error.reason === reason);
  }
}
