import { linkSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { realm } from '../../process/privateFolder.ts';
import { isGone, isThreadAlive, ownThread, type ThreadIdentity } from './threadIdentity.ts';

/** A turn at leading. Each has a number of its own, one higher than the turn before. */
export interface Turn {
  readonly number: number;
  /** Absolute path of the socket on which whoever has the turn answers. */
  readonly socket: string;
}

const HIGHEST = 999_999_999;

/**
 * Who leads among the windows of one user on one machine. A turn is a file that holds the identity of a thread; it is over when
 * that thread has ended, however it ended, has written that it is done, or has not answered for so long that somebody took the
 * next one. The next turn is had by whoever links a file of the next number first.
 *
 * No two ever lead at once: a turn is asked for by those alone who saw that the one before was over, the file system gives a
 * number once, and the highest file is never removed, so that who comes late with an old number sees a higher one. One that was
 * silent, because its process was stopped, must ask `isOurs` before it does anything when it goes on. All methods but `isOurs`
 * throw where the folder cannot be read or written.
 */
export class Leadership {
  private readonly prefix = `collector-${realm()}-`;

  constructor(private readonly folder: string) {}

  /** The turn that is now, or undefined where nobody has one. */
  current(): Turn | undefined {
    const number = this.highest();
    return number > 0 && this.isHeld(number) ? this.turn(number) : undefined;
  }

  /**
   * Takes the next turn for the thread that calls; undefined where somebody has one, or was quicker. `silent`: the turn of one who
   * does not answer, which is over with this.
   */
  take(silent?: Turn): Turn | undefined {
    const before = this.highest();
    if (before >= HIGHEST || (before > 0 && before !== silent?.number && this.isHeld(before))) {
      return undefined;
    }
    const number = before + 1;
    const draft = this.draft(number, ownThread());
    try {
      linkSync(draft, this.file(number));
    } catch {
      return undefined;
    } finally {
      rmSync(draft, { force: true });
    }
    if (this.highest() !== number) {
      rmSync(this.file(number), { force: true });
      return undefined;
    }
    this.sweep(number);
    return this.turn(number);
  }

  /** Makes a turn that another thread of this process took the calling thread's. */
  adopt({ number }: Turn): void {
    renameSync(this.draft(number, ownThread()), this.file(number));
  }

  /** Ends a turn that is ours. */
  release({ number, socket }: Turn): void {
    rmSync(socket, { force: true });
    if (this.highest() === number) {
      renameSync(this.draft(number, undefined), this.file(number));
    }
  }

  /** Whether a turn is still the calling thread's: who cleans up temporary files may have removed the folder. */
  isOurs({ number }: Turn): boolean {
    try {
      const holder = this.holder(number);
      const own = ownThread();
      return this.highest() === number && holder?.thread === own.thread && holder.threadStart === own.threadStart;
    } catch (error) {
      return !isGone(error);
    }
  }

  private isHeld(number: number): boolean {
    try {
      const holder = this.holder(number);
      return holder !== undefined && isThreadAlive(holder);
    } catch (error) {
      return !isGone(error);
    }
  }

  private turn(number: number): Turn {
    return { number, socket: `${this.file(number)}.sock` };
  }

  private file(number: number): string {
    return join(this.folder, `${this.prefix}${number}`);
  }

  /** 0 where there is none. */
  private highest(): number {
    return Math.max(0, ...this.numbers());
  }

  private numbers(): readonly number[] {
    return readdirSync(this.folder)
      .filter((name) => name.startsWith(this.prefix))
      .map((name) => name.slice(this.prefix.length))
      .filter((rest) => /^[1-9]\d{0,8}$/.test(rest))
      .map(Number);
  }

  /** undefined where nobody has it any more. Throws where the file cannot be read. */
  private holder(number: number): ThreadIdentity | undefined {
    const text = readFileSync(this.file(number), 'utf8');
    try {
      const value = JSON.parse(text) as Partial<ThreadIdentity> | null;
      return typeof value?.thread === 'string' && typeof value.threadStart === 'string' ? (value as ThreadIdentity) : undefined;
    } catch {
      return undefined;
    }
  }

  /** A file with the whole of the content, before it gets a name that others read. */
  private draft(number: number, holder: ThreadIdentity | undefined): string {
    const path = `${this.file(number)}.${ownThread().thread.replaceAll('/', '-')}.draft`;
    writeFileSync(path, JSON.stringify(holder ?? { released: true }), { mode: 0o600 });
    return path;
  }

  /** What turns before this one have left. */
  private sweep(number: number): void {
    for (const old of this.numbers().filter((other) => other < number)) {
      rmSync(this.file(old), { force: true });
      rmSync(this.turn(old).socket, { force: true });
    }
  }
}
