import type { Measured } from '../base/absent.ts';

/**
 * The files of `/proc` and `/sys` of one machine: this one, a tree made for a test, or what a box sent. Reading is synchronous:
 * such files are made by the kernel and wait for no device. Never ask for anything else through this.
 */
export interface KernelFiles {
  /** The whole text; absent with `not there`, `not permitted` or the system's own word (`EOPNOTSUPP`). */
  text(path: string): Measured<string>;
  /** The names in a folder, unsorted; absent likewise. */
  list(path: string): Measured<readonly string[]>;
  /** What a symbolic link says. */
  link(path: string): Measured<string>;
}
