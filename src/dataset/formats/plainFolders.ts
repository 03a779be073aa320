import { basename, dirname, join } from 'node:path';
import { createFolderLook } from '../folderLook.ts';
import type { DatasetFormat } from '../format.ts';
import { createDataset } from './support/createDataset.ts';
import type { Draft, Part } from './support/createDataset.ts';
import { FileTree } from './support/fileTree.ts';
import { isMedium, kindByName, splitOfPath } from '../../media/names.ts';
import { DatasetError } from '../datasetError.ts';
import { labelOfFolders, splitsOf } from './support/folderLabels.ts';

/** Any folder: its media are the samples, labelled by the folder they lie in. */
export const plainFolders: DatasetFormat = {
  id: 'folders',
  title: 'Folders of files',
  recognise(look) {
    const { files, folders } = look.list('');
    return files.length + folders.length === 0 ? undefined : { score: 0.05, reasons: [look.isFile ? 'a single file' : 'a folder with files'] };
  },
  async open(root, { signal } = {}) {
    const look = createFolderLook(root);
    if (look.isFile) {
      return createDataset({ format: plainFolders.id, parts: [single(root)], check: async () => undefined });
    }
    const { files, folders } = look.list('');
    if (files.length + folders.length === 0) {
      throw new DatasetError('unreadable', `${root} is empty, not there, or may not be read`);
    }
    // Text and tables count only where there is nothing to look at or to listen to.
    const media = await FileTree.read(root, { takes: isMedium, signal });
    const tree = media.count > 0 ? media : await FileTree.read(root, { takes: () => true, signal });
    return createDataset({ format: plainFolders.id, parts: [treePart(root, tree)], splits: splitsOf(tree), check: async () => undefined });
  },
};

function single(file: string): Part {
  const draft: Draft = { id: basename(file), media: [{ role: 'file', kind: kindByName(file), place: { file } }], labels: [] };
  return {
    count: 1,
    at: async (index) => (index === 0 ? draft : undefined),
    async *read(from) {
      if (from === 0) {
        yield draft;
      }
    },
  };
}

/** A sample a file, with the label and split of its folders. */
export function treePart(root: string, tree: FileTree): Part {
  const draftOf = (path: string): Draft => {
    const label = labelOfFolders(dirname(path));
    const split = splitOfPath(path);
    const kind = kindByName(path);
    return {
      id: path,
      media: [{ role: kind === 'other' ? 'file' : kind, kind, place: { file: join(root, path) } }],
      labels: label === undefined ? [] : [label],
      ...(split !== undefined && { split }),
    };
  };
  return {
    count: tree.count,
    async at(index) {
      const path = tree.at(index);
      return path === undefined ? undefined : draftOf(path);
    },
    async *read(from, signal) {
      for (const { path } of tree.from(from)) {
        signal?.throwIfAborted();
        yield draftOf(path);
      }
    },
  };
}
