import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, ownIdentity, type ProcessIdentity } from '../../process/processIdentity.ts';
import { codeOf } from './faults.ts';

/** Says that a job is this process's, for as long as it lives. */
export interface OwnerLock {
  release(): void;
}

/**
 * Takes a job's folder for this process; undefined where a living process has it. The lock is a file `owner.N` that says who
 * made it. One whose maker is dead is not removed first, which could hit a newer one: the next number is taken, which the file
 * system grants to one only.
 */
export function takeOwnership(folder: string): OwnerLock | undefined {
  const before = locksIn(folder);
  if (before.some(isHeld)) {
    return undefined;
  }
  const file = join(folder, `owner.${Math.max(0, ...before.map(numberOf)) + 1}`);
  if (!createWhole(file, JSON.stringify(ownIdentity()))) {
    return undefined;
  }
  const release = (): void => rmSync(file, { force: true });
  // Two that saw different locks may have taken different numbers: then both stand back.
  if (locksIn(folder).some((other) => other !== file && isHeld(other))) {
    release();
    return undefined;
  }
  before.forEach((dead) => rmSync(dead, { force: true }));
  return { release };
}

/** The living process that has the job. */
export function ownerOf(folder: string): ProcessIdentity | undefined {
  return locksIn(folder).map(holderOf).find((holder) => holder !== undefined && isAlive(holder));
}

function locksIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /^owner\.\d+$/.test(name))
    .map((name) => join(folder, name));
}

function numberOf(file: string): number {
  return Number(file.slice(file.lastIndexOf('.') + 1));
}

function isHeld(file: string): boolean {
  const holder = holderOf(file);
  return holder !== undefined && isAlive(holder);
}

function holderOf(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined; // Released since it was listed.
  }
}

/** A file that is there with all its content or not at all; false where something has its name. */
function createWhole(file: string, text: string): boolean {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600 });
  try {
    linkSync(temporary, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      return false;
    }
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}
