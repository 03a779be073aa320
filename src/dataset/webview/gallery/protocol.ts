import type { AudioFacts, HostSamples } from '../audio/protocol.ts';
import type { Thumbnail } from './thumbnail.ts';

export const GALLERY_KINDS = ['image', 'video', 'audio', 'text', 'sensor', 'other'] as const;
export type GalleryKind = (typeof GALLERY_KINDS)[number];

/** Columns by which the gallery sorts. */
export const SORTS = ['path', 'name', 'modified', 'size', 'duration', 'width', 'label', 'split', 'health'] as const;
export type SortColumn = (typeof SORTS)[number];

/** Columns of which the gallery shows facets. */
export const FACETS = ['kind', 'label', 'split', 'duration', 'width', 'rate', 'health'] as const;
export type FacetColumn = (typeof FACETS)[number];

/** Ids that a request may name, and items that an action may be for. */
export const MOST_IDS = 100_000;

/** Columns by which the gallery brings items together. */
export const GROUPS = ['folder', 'label', 'split', 'kind'] as const;
export type GroupColumn = (typeof GROUPS)[number];

/** Groups that are shown; more are too many to be told apart. */
export const MOST_GROUPS = 5000;

export interface GalleryGroup {
  /** Null for the items without one. */
  readonly value: string | null;
  readonly count: number;
}

export interface GalleryQuery {
  /** A filter expression; empty for everything. */
  readonly filter: string;
  readonly sort: { readonly column: SortColumn; readonly descending: boolean };
  readonly group?: GroupColumn;
}

/** An item in words, ready to be shown. */
export interface GalleryItem {
  readonly id: number;
  /** Changes when the file does. */
  readonly stamp: string;
  readonly name: string;
  /** Relative to the dataset's root; empty for the root. */
  readonly folder: string;
  readonly kind: GalleryKind;
  /** `1920×1280`, `48 kHz · 2 ch`; undefined where nothing is known of it yet. */
  readonly facts?: string;
  /** `0:18`. */
  readonly length?: string;
  readonly label?: string;
  readonly split?: string;
  readonly caption?: string;
  /** Bytes; null where it is not known. */
  readonly size: number | null;
  readonly problem?: { readonly severity: 'error' | 'warning' | 'info'; readonly words: string };
}

export interface GallerySummary {
  /** The folder's or file's name. */
  readonly title: string;
  readonly format: string;
  /** Files, and members of archives. */
  readonly items: number;
  readonly bytes: number | null;
  readonly kinds: Readonly<Partial<Record<GalleryKind, number>>>;
  /** Items whose headers were looked at. */
  readonly probed: number;
  readonly state: 'walking' | 'filling' | 'complete' | 'failed' | 'cancelled';
  readonly problem?: string;
  readonly problems: { readonly error: number; readonly warning: number; readonly info: number };
  /** What was left out and why: `3 folders may not be read`. */
  readonly skipped: readonly string[];
  /** Changes whenever a query may answer otherwise than before. */
  readonly generation: number;
  /** Actions that can be done in this window. */
  readonly actions: readonly GalleryAction[];
}

export interface FilterProblem {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

export interface GalleryItems {
  readonly items: readonly GalleryItem[];
  readonly total: number;
  readonly generation: number;
  readonly problem?: FilterProblem;
}

export type GalleryFacet =
  | { readonly column: FacetColumn; readonly kind: 'values'; readonly values: readonly { readonly value: string | null; readonly count: number }[]; readonly more: number }
  | { readonly column: FacetColumn; readonly kind: 'histogram'; readonly edges: readonly number[]; readonly counts: readonly number[]; readonly applies: number; readonly known: number };

export interface GalleryCompletion {
  readonly text: string;
  readonly kind: 'column' | 'operator' | 'value' | 'keyword';
  readonly detail: string;
  readonly from: number;
  readonly to: number;
  readonly count?: number;
}

/** The items that an action is for: these, or all that a query finds but for some. */
export type GallerySelection = { readonly ids: readonly number[] } | { readonly filter: string; readonly except: readonly number[] };

export const GALLERY_ACTIONS = ['open', 'convert', 'export', 'sync', 'copyPaths', 'reveal', 'problems', 'refresh', 'close'] as const;
export type GalleryAction = (typeof GALLERY_ACTIONS)[number];

export interface FilmFrame {
  readonly jpeg: Uint8Array;
  /** Seconds after its beginning. */
  readonly time: number;
}

export interface GalleryHost {
  items(params: GalleryQuery & { readonly offset: number; readonly count: number }): GalleryItems;
  /** Ids and bytes of a part of a query, at most `MOST_IDS`. */
  ids(params: GalleryQuery & { readonly offset: number; readonly count: number }): { readonly ids: readonly number[]; readonly bytes: number };
  /** `px`: 128, 256 or 512. Of items that the page was sent before, and of no others. */
  thumbnail(params: { readonly id: number; readonly px: number }): Thumbnail;
  /** The groups of a query in their order, or how many there are where these are more than `MOST_GROUPS`. */
  groups(params: { readonly filter: string; readonly group: GroupColumn }): { readonly groups: readonly GalleryGroup[] } | { readonly tooMany: number };
  /** A recording of the gallery, to be heard; what is asked of it comes as for its preview. */
  sound(params: { readonly id: number }): AudioFacts;
  soundBytes(params: { readonly id: number; readonly start: number; readonly length: number }): Uint8Array;
  soundSamples(params: { readonly id: number; readonly from: number; readonly count: number }): HostSamples;
  /** A picture of a film as JPEG, `at` from 0 for its beginning to 1. */
  frame(params: { readonly id: number; readonly at: number; readonly width: number }): FilmFrame;
  /** Each facet under a filter of its own. */
  facets(params: { readonly facets: readonly { readonly column: FacetColumn; readonly filter: string }[] }): readonly GalleryFacet[];
  complete(params: { readonly filter: string; readonly caret: number }): readonly GalleryCompletion[];
  /** How many of some ids a filter leaves out; null where there are too many to ask. */
  hidden(params: { readonly filter: string; readonly ids: readonly number[] }): number | null;
  act(params: { readonly action: GalleryAction; readonly query: GalleryQuery; readonly selection?: GallerySelection; readonly id?: number }): void;
}

export interface GalleryPage {
  summary(summary: GallerySummary): void;
  /** A filter to be shown instead of the present one, as when a class is chosen in the tree. */
  filter(text: string): void;
  problem(message: string): void;
}
