import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { kindByName } from '../../media/names.ts';
import { FileTree } from './support/fileTree.ts';
import { LineIndex } from './support/lineIndex.ts';
import { openBytes } from './support/openBytes.ts';
import type { YoloSet } from './yoloSet.ts';

/** The pictures of a split, by absolute path: those of a folder, or those that a list names. */
export interface YoloPictures {
  readonly count: number;
  at(index: number): string | undefined;
  from(index: number): Iterable<{ readonly file: string; readonly row: number }>;
  /** Folders with pictures in them; none for a list, whose pictures are named one by one. */
  readonly folders: readonly string[];
  close(): void;
}

export async function openPictures(set: YoloSet, base: string, signal: AbortSignal | undefined): Promise<YoloPictures> {
  return set.list ? openList(set.place, base, signal) : openFolder(set.place, signal);
}

async function openFolder(folder: string, signal: AbortSignal | undefined): Promise<YoloPictures> {
  const tree = await FileTree.read(folder, { takes: (path) => kindByName(path) === 'image', signal });
  return {
    count: tree.count,
    at(index) {
      const path = tree.at(index);
      return path === undefined ? undefined : join(folder, path);
    },
    *from(index) {
      for (const { path, index: number } of tree.from(index)) {
        yield { file: join(folder, path), row: number + 1 };
      }
    },
    folders: tree.folders.map((name) => join(folder, name)),
    close: () => undefined,
  };
}

/** A path a line: those that begin with `./` are relative to the list, as Ultralytics reads them, the others to the data set's folder. */
async function openList(list: string, base: string, signal: AbortSignal | undefined): Promise<YoloPictures> {
  const { source, close } = await openBytes(list, signal);
  const lines = await LineIndex.build(source, { signal }).catch((error: unknown) => {
    close();
    throw error;
  });
  const fileOf = (bytes: Buffer | undefined): string => {
    const line = bytes?.toString('utf8').trim() ?? '';
    const besideList = resolve(dirname(list), line);
    return isAbsolute(line) ? line : line.startsWith('./') || (!existsSync(resolve(base, line)) && existsSync(besideList)) ? besideList : resolve(base, line);
  };
  let count = lines.count;
  while (count > 0 && lines.at(count - 1)?.bytes?.toString('latin1').trim() === '') {
    count--;
  }
  return {
    count,
    at(index) {
      const line = index < count ? lines.at(index) : undefined;
      return line && fileOf(line.bytes);
    },
    *from(index) {
      for (const { index: number, bytes } of lines.from(index)) {
        if (number >= count) {
          return;
        }
        yield { file: fileOf(bytes), row: number + 1 };
      }
    },
    folders: [],
    close,
  };
}
