/** Bytes that lie in a plain file: all of it, or a run of it, as a stored member of an archive does. */
export interface FilePart {
  /** Absolute path. */
  readonly file: string;
  /** Of its first byte; 0 where left out. */
  readonly start?: number;
  /** Bytes; up to the end of the file where left out. */
  readonly size?: number;
  /** As it is called before people, and by which its extension is told; the file's own path where left out. */
  readonly name?: string;
  /** Absolute path of a plain file with these bytes alone, for libraries that open paths; left out where `file` is one. */
  plain?(signal?: AbortSignal): Promise<string>;
}

export function nameOfPart({ file, name = file }: FilePart): string {
  return name;
}

export function plainFileOf(part: FilePart, signal?: AbortSignal): Promise<string> {
  return part.plain?.(signal) ?? Promise.resolve(part.file);
}

/** Protocols that ffmpeg and ffprobe may open for a part: nothing but files of this machine. */
export function protocolsOf({ size }: FilePart): string {
  return size === undefined ? 'file' : 'file,subfile';
}

/**
 * How ffmpeg and ffprobe are told of a part. What stands behind subfile's options is taken as it is, so that no name can add one.
 * (ffmpeg-protocols, 3.46 subfile)
 */
export function inputUrl({ file, start = 0, size }: FilePart): string {
  return size === undefined ? `file:${file}` : `subfile,,start,${start},end,${start + size},,:file:${file}`;
}
