export type RequestErrorReason = 'preset' | 'option' | 'input' | 'output' | 'job' | 'tool' | 'recipe';

/** What was asked for cannot be done as asked; nothing was read or written. The message says what to change. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  constructor(
    readonly reason: RequestErrorReason,
    message: string,
  ) {
    super(message);
  }

  static is(error: unknown, reason?: RequestErrorReason): error is RequestError {
    return error instanceof RequestError && (reason === undefined || error.reason === reason);
  }
}
