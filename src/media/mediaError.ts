export type MediaErrorReason = 'notFound' | 'permission' | 'notAFile' | 'io';

/** A file whose bytes could not be got at. A file that is merely broken is no error: its `Media` has problems. */
export class MediaError extends Error {
  override readonly name = 'MediaError';

  constructor(
    readonly reason: MediaErrorReason,
    readonly path: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Tells the reason by the system's error code. */
  static from(error: unknown, path: string): MediaError {
    if (error instanceof MediaError) {
      return error;
    }
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const [reason, words] = REASONS[code] ?? (['io', `cannot be read (${code || String(error)})`] as const);
    return new MediaError(reason, path, `${path} ${words}`, { cause: error });
  }
}

const REASONS: Readonly<Record<string, readonly [MediaErrorReason, string]>> = {
  ENOENT: ['notFound', 'is not there'],
  ENOTDIR: ['notFound', 'is not there: a part of its path is not a folder'],
  ENAMETOOLONG: ['notFound', 'is not there: the name is longer than the file system allows'],
  ERR_INVALID_ARG_VALUE: ['notFound', 'is not a path: it holds a null character'],
  ELOOP: ['notFound', 'is not there: its symbolic links lead round in a circle'],
  EACCES: ['permission', 'may not be read by this user'],
  EPERM: ['permission', 'may not be read by this user'],
  EISDIR: ['notAFile', 'is a folder'],
  ENXIO: ['notAFile', 'is a socket or a device, not a file'],
  ENODEV: ['notAFile', 'is a device, not a file'],
};
