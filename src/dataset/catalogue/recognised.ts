import { createFolderLook } from '../folderLook.ts';
import { formatById, recogniseFormats } from '../formats/index.ts';
import type { Summary } from './catalogueApi.ts';

/** What a dataset looks like by its names and first bytes; `pinned` is what a person chose instead. */
export function recognised(root: string, pinned?: string): Pick<Summary, 'formats' | 'format'> {
  const formats = recogniseFormats(createFolderLook(root)).map(({ format: { id, title }, score, reasons }) => ({ id, title, score, reasons }));
  const chosen = pinned === undefined ? undefined : formatById(pinned);
  return { formats, format: chosen?.id ?? formats[0]?.id ?? 'folders' };
}
