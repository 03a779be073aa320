/** `malformed`: the bytes are not what they should be. `truncated`: the file ends too early to be read at all. `unsupported`: a known thing that is not read. */
export type SensorErrorReason = 'malformed' | 'truncated' | 'unsupported' | 'unknown';

/** A recording, or a part of one, that cannot be read. The message says why, for a person. */
export class SensorError extends Error {
  override readonly name = 'SensorError';

  constructor(
    readonly reason: SensorErrorReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
