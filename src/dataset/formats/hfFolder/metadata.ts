import { isFileKey } from '../../../media/rules/huggingFace.ts';
import type { Rows, RowValue } from '../support/rows.ts';

/** A metadata file, opened, and what its rows are about. */
export interface HfTable {
  readonly rows: Rows;
  /** Absolute path of its folder, which its paths are relative to. */
  readonly folder: string;
  readonly split: string | undefined;
  readonly columns: readonly string[];
}

/** Paths that a row names, with the column that each stands in. */
export function namedFiles(value: RowValue): { readonly key: string; readonly path: string }[] {
  return Object.entries(value).flatMap(([key, cell]) => {
    if (!isFileKey(key)) {
      return [];
    }
    return (Array.isArray(cell) ? cell : [cell]).flatMap((path) => (typeof path === 'string' && path !== '' ? [{ key, path }] : []));
  });
}
