import { closeSync, constants, fstatSync, linkSync, lstatSync, openSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { codeOf, ItemError } from './faults.ts';

/** What `link` says on file systems that have no hard links: FAT and exFAT, some network and FUSE ones. */
const NO_HARD_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']);

/** Gives a temporary file its name; never over something else. Throws an `ItemError`, or the system's error. */
export function nameFile(temporary: string, target: string): void {
  try {
    linkSync(temporary, target);
  } catch (error) {
    if (NO_HARD_LINKS.has(codeOf(error))) {
      nameByClaim(temporary, target);
      return;
    }
    throw clash(error);
  }
  unlinkSync(temporary);
}

/**
 * The way without hard links: an empty file of our own takes the name first, which fails where it is taken (O_EXCL), and then
 * the temporary file takes that one's place, as long as it is still ours and still empty.
 */
export function nameByClaim(temporary: string, target: string): void {
  let fd: number;
  try {
    fd = openSync(target, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
  } catch (error) {
    throw clash(error);
  }
  const { dev, ino } = fstatSync(fd);
  closeSync(fd);
  const isOurs = (): boolean => {
    const there = lstatSync(target, { throwIfNoEntry: false });
    return there?.ino === ino && there.dev === dev && there.size === 0;
  };
  if (!isOurs()) {
    throw taken();
  }
  try {
    renameSync(temporary, target);
  } catch (error) {
    if (isOurs()) {
      unlinkSync(target);
    }
    throw error;
  }
}

/** Puts a verified file in the place of an old output, which `isUntouched` looks at right before. */
export function replaceFile(temporary: string, target: string, isUntouched: () => boolean): void {
  if (lstatSync(target, { throwIfNoEntry: false }) === undefined) {
    nameFile(temporary, target);
    return;
  }
  if (!isUntouched()) {
    throw changed();
  }
  renameSync(temporary, target);
}

/** Gives a temporary folder its name, where nothing has it. */
export function nameFolder(temporary: string, target: string): void {
  // Renaming a folder fails over anything but an empty folder, which is seen here.
  if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) {
    throw taken();
  }
  try {
    renameSync(temporary, target);
  } catch (error) {
    throw clash(error);
  }
}

/**
 * Puts a verified folder in the place of an old one, which is looked at again after it was moved to `retired`: from then on
 * nobody puts anything into it under its old name.
 */
export function replaceFolder(temporary: string, target: string, retired: string, isUntouched: (folder: string) => boolean): void {
  if (lstatSync(target, { throwIfNoEntry: false }) === undefined) {
    nameFolder(temporary, target);
    return;
  }
  if (!isUntouched(target)) {
    throw changed();
  }
  renameSync(target, retired);
  if (!isUntouched(retired)) {
    renameSync(retired, target);
    throw changed();
  }
  try {
    nameFolder(temporary, target);
  } catch (error) {
    renameSync(retired, target);
    throw error;
  }
  rmSync(retired, { recursive: true, force: true });
}

function clash(error: unknown): unknown {
  return ['EEXIST', 'ENOTEMPTY', 'ENOTDIR'].includes(codeOf(error)) ? taken() : error;
}

/** What lies under the output's name came there while the output was made. */
export class InTheWay extends ItemError {}

function taken(): ItemError {
  return new InTheWay('something else has taken the output’s name meanwhile · it was left alone');
}

function changed(): ItemError {
  return new InTheWay('the old output has been changed since it was made · it was left alone');
}
