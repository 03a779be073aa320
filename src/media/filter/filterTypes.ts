/** The columns by which a filter, a sort and a facet ask. */
export const COLUMNS = [
  'path', 'name', 'folder', 'kind', 'container', 'size', 'modified', 'duration', 'rate', 'channels', 'width', 'height', 'fps', 'codec', 'rows',
  'caption', 'label', 'split', 'speaker', 'hash', 'health',
] as const;
export type ColumnName = (typeof COLUMNS)[number];

export interface FilterProblem {
  /** Characters of the expression, from and to. */
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

export interface Completion {
  readonly text: string;
  readonly kind: 'column' | 'operator' | 'value' | 'keyword';
  readonly detail: string;
  /** The characters it replaces. */
  readonly from: number;
  readonly to: number;
  readonly count?: number;
}
