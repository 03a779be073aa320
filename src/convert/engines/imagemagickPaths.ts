import { basename, dirname } from 'node:path';
import type { ImageSource } from '../imageWork.ts';

/**
 * What ImageMagick takes for itself somewhere in a path is anything but these: it expands `*?{}` in inputs against the folder
 * (and reads the neighbours), takes a trailing `[0]` for a frame although a file of that name exists, and expands `%d` in
 * outputs. No escape covers them all; measured with 6.9.11.
 */
const LITERAL = /^[\p{L}\p{N} /.,_+=^#$&()!;-]+$/u;

/** Writes paths so that ImageMagick takes them literally: as they are where it does, else through links in the working folder. */
export class PathNames {
  readonly links: Record<string, string> = {};

  /** A link is also taken to name the first picture: nothing in the private folder can be called `i0[0]`. */
  input(index: number, source: Pick<ImageSource, 'path' | 'several'>): string {
    if (LITERAL.test(source.path) && !source.several) {
      return source.path;
    }
    const name = `i${index}`;
    this.links[name] = source.path;
    return source.several ? `${name}[0]` : name;
  }

  output(index: number, path: string): string {
    if (LITERAL.test(path)) {
      return path;
    }
    // The output does not exist yet, and a link to nothing would be written through only by some coders: the folder is linked.
    const name = `o${index}`;
    this.links[name] = dirname(path);
    return `${name}/${basename(path)}`;
  }

  profile(path: string): string {
    if (LITERAL.test(path)) {
      return path;
    }
    this.links['srgb.icc'] = path;
    return 'srgb.icc';
  }
}
