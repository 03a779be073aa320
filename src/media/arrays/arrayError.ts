/**
 * `malformed`: the bytes are not what they should be. `truncated`: the file ends before what its header states. `pickle`:
 * Python objects, which only Python can and only trusted files may unpack. `unsupported`: a known thing that is not read.
 * `bounds`: a selection outside of the array, or larger than is handed out at once.
 */
export type ArrayErrorReason = 'malformed' | 'truncated' | 'pickle' | 'unsupported' | 'bounds' | 'unknown';

/** An array, or a file of arrays, that cannot be read. The message says why, for a person. */
export class ArrayError extends Error {
  override readonly name = 'ArrayError';

  constructor(
    readonly reason: ArrayErrorReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
