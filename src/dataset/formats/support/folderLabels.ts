import { distinct } from './createDataset.ts';
import type { FileTree } from './fileTree.ts';
import { splitOfName, splitOfPath } from '../../../media/names.ts';

/** Folders that say what files are and not what they show. */
const NO_LABELS = new Set(['images', 'image', 'img', 'imgs', 'jpegimages', 'audio', 'audios', 'wav', 'wavs', 'clips', 'video', 'videos', 'data', 'files', 'raw', 'samples', 'media', '.', '']);

/** The class that a folder's name stands for; none where the folder is a split or the like. */
export function labelOfFolders(folder: string): string | undefined {
  const name = folder.slice(folder.lastIndexOf('/') + 1);
  return NO_LABELS.has(name.toLowerCase()) || isSplitFolder(name) ? undefined : name;
}

/** Whether the whole of a folder's name is that of a split. */
export function isSplitFolder(name: string): boolean {
  const split = splitOfName(name);
  return split !== undefined && split.length + 4 >= name.length;
}

export function splitsOf(tree: FileTree): string[] {
  return distinct(tree.folders.map((folder) => splitOfPath(`${folder}/x`)));
}
