import { createHash } from 'node:crypto';
import { lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync, rmdirSync, symlinkSync, unlinkSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { isRunning, processStat } from './processIdentity.ts';

/** An empty folder that nobody else may enter (0700): the current folder of one run. */
export interface PrivateFolder {
  readonly path: string;
  /** Removes it with all that the tool left in it. Links are removed, never followed. */
  remove(): Promise<void>;
}

/** Makes such folders under one parent. Their names say whose they are, so that those of a killed process can be swept. */
export class PrivateFolders {
  private readonly prefix = `trainyard-${realm()}-`;
  private readonly ownPrefix = `${this.prefix}${process.pid}-${processStat(process.pid)?.startTicks ?? 0}-`;

  constructor(private readonly parent: string) {}

  /** `links`: plain name to absolute path. Throws a file system error, or a RangeError where a link is neither. */
  make(links: Readonly<Record<string, string>> = {}): PrivateFolder {
    for (const [name, target] of Object.entries(links)) {
      if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name) || !isAbsolute(target)) {
        throw new RangeError(`${JSON.stringify(name)} -> ${JSON.stringify(target)} is not a plain name for an absolute path`);
      }
    }
    const path = mkdtempSync(join(this.parent, this.ownPrefix));
    const made: string[] = [];
    try {
      for (const [name, target] of Object.entries(links)) {
        const link = join(path, name);
        symlinkSync(target, link);
        made.push(link);
      }
    } catch (error) {
      rmSync(path, { recursive: true, force: true });
      throw error;
    }
    return { path, remove: () => removeFolder(path, made) };
  }

  /** Removes what processes that were killed have left of theirs. Folders of other machines, containers and users stay. */
  async sweep(): Promise<void> {
    const own = process.getuid?.();
    for (const name of await readdir(this.parent)) {
      const [, pid, startTicks] = /^(\d+)-(\d+)-\w+$/.exec(name.startsWith(this.prefix) ? name.slice(this.prefix.length) : '') ?? [];
      if (pid !== undefined && !isStill(Number(pid), startTicks)) {
        const path = join(this.parent, name);
        const stat = lstatSync(path, { throwIfNoEntry: false });
        if (stat?.isDirectory() && stat.uid === own) {
          await rm(path, { recursive: true, force: true });
        }
      }
    }
  }
}

async function removeFolder(path: string, links: readonly string[]): Promise<void> {
  try {
    for (const link of links) {
      unlinkSync(link);
    }
    rmdirSync(path);
  } catch {
    // The tool left something, or took a link away.
    await rm(path, { recursive: true, force: true });
  }
}

function isStill(pid: number, startTicks: string | undefined): boolean {
  const stat = processStat(pid);
  return isRunning(stat) && stat?.startTicks === startTicks;
}

/** Where a pid means what it means here: this boot of this machine, and this container of it. */
export function realm(): string {
  const parts = [
    hostname(),
    attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    attempt(() => readlinkSync('/proc/self/ns/pid')),
  ];
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 8);
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
