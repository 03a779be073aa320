import { closeSync, constants, ftruncateSync, openSync, readSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Milliseconds between two looks. */
const PAUSE = 100;
const PIECE = 64 * 1024;
/** Bytes after which what was read is given back to the disk: a tool may say the same for ever. */
const MOST = 16 * 1024 * 1024;

/**
 * A nameless file that a process writes a stream to, read ten times a second. For tools that write in many small pieces: a pipe
 * would wake us for each of them, which takes a tenth of the time of short conversions.
 */
export class OutputFile {
  /** For the process, which writes at the end whatever we do. */
  readonly fd: number;
  private readonly piece = Buffer.allocUnsafe(PIECE);
  private timer: NodeJS.Timeout | undefined;
  private position = 0;

  /** Throws the system's error where nothing can be written in `folder`. */
  constructor(folder: string) {
    const path = join(folder, '.output');
    this.fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND, 0o600);
    unlinkSync(path);
  }

  follow(onChunk: (chunk: Buffer) => void, onError: (error: unknown) => void): void {
    this.timer = setInterval(() => {
      try {
        this.read(onChunk);
      } catch (error) {
        onError(error);
      }
    }, PAUSE);
  }

  /** Gives what was not read yet. */
  read(onChunk: (chunk: Buffer) => void): void {
    for (;;) {
      const length = readSync(this.fd, this.piece, 0, PIECE, this.position);
      if (length === 0) {
        break;
      }
      this.position += length;
      onChunk(Buffer.from(this.piece.subarray(0, length)));
    }
    if (this.position > MOST) {
      ftruncateSync(this.fd, 0);
      this.position = 0;
    }
  }

  close(): void {
    clearInterval(this.timer);
    closeSync(this.fd);
  }
}
