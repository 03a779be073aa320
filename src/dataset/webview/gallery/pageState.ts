import type { GalleryQuery, GroupColumn, SortColumn } from './protocol.ts';
import { GROUPS, SORTS } from './protocol.ts';

/** Where the person was, when the page is shown anew. */
export interface GalleryState {
  readonly filter: string;
  readonly sort: GalleryQuery['sort'];
  readonly group: GroupColumn | undefined;
  readonly list: boolean;
  readonly facets: boolean;
  readonly first: number;
  readonly active: number;
}

export const BEGINNING: GalleryState = { filter: '', sort: { column: 'path', descending: false }, group: undefined, list: false, facets: true, first: 0, active: 0 };

/** What an earlier page has saved, whatever it is. `isWide`: there is room for the facets beside the tiles. */
export function parseGalleryState(saved: unknown, isWide: boolean): GalleryState {
  const { filter, sort, group, list, facets, first, active } = (typeof saved === 'object' && saved !== null ? saved : {}) as Record<string, unknown>;
  const { column, descending } = (typeof sort === 'object' && sort !== null ? sort : {}) as Record<string, unknown>;
  return {
    filter: typeof filter === 'string' ? filter : BEGINNING.filter,
    sort: (SORTS as readonly unknown[]).includes(column) ? { column: column as SortColumn, descending: descending === true } : BEGINNING.sort,
    group: GROUPS.find((name) => name === group),
    list: list === true,
    facets: typeof facets === 'boolean' ? facets : isWide,
    first: whole(first),
    active: whole(active),
  };
}

function whole(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
