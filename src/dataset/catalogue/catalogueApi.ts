import type { Measured } from '../../base/absent.ts';
import type { ColumnName, Completion, FilterProblem } from '../../media/filter/filterTypes.ts';
import type { Container, MediaKind } from '../../media/media.ts';
import type { MediaPlace } from '../../media/place.ts';
import type { Severity } from '../../media/problem.ts';

/**
 * One item of a catalogue: a file, or a member of an archive. What was not looked at yet is absent with its reason
 * (`not probed`), what does not apply is left out.
 */
export interface CatalogueItem {
  /** Of this catalogue, kept as long as the item is there. */
  readonly id: number;
  readonly place: MediaPlace;
  /** Relative to the dataset's root, with `/`, a member after `!/`. */
  readonly path: string;
  readonly kind: MediaKind;
  readonly container: Measured<Container>;
  /** Bytes. */
  readonly size: Measured<number>;
  /** Milliseconds since 1970. */
  readonly modified: Measured<number>;
  /** Seconds. */
  readonly duration?: Measured<number>;
  /** Hertz. */
  readonly sampleRate?: Measured<number>;
  readonly channels?: Measured<number>;
  /** Pixels as stored. */
  readonly width?: Measured<number>;
  readonly height?: Measured<number>;
  readonly fps?: Measured<number>;
  readonly codec?: Measured<string>;
  readonly rows?: Measured<number>;
  readonly caption?: string;
  readonly label?: string;
  readonly split?: string;
  readonly speaker?: string;
  /** xxHash64 of the content, as hexadecimal; absent until the health check asked for it. */
  readonly hash?: Measured<string>;
  /** The gravest problem that is known of it. */
  readonly health?: { readonly severity: Severity; readonly message: string };
}

export interface Query {
  /** Absolute path of the dataset's root. */
  readonly root: string;
  /** A filter expression; empty for everything. */
  readonly filter: string;
  readonly sort?: { readonly column: ColumnName; readonly descending: boolean };
  /** A column of few words, by whose values the items come together, those without one last: the values ascending, within each as sorted. */
  readonly group?: ColumnName;
}

export interface Summary {
  readonly root: string;
  /** Names of formats that fit, the likeliest first, at most three. */
  readonly formats: readonly { readonly id: string; readonly title: string; readonly score: number; readonly reasons: readonly string[] }[];
  /** The one that is used: pinned by the person, or the likeliest. */
  readonly format: string;
  readonly state: 'walking' | 'filling' | 'complete' | 'failed' | 'cancelled';
  readonly problem?: string;
  /** Without the members of archives, which are among the kinds, splits and problems. */
  readonly files: number;
  readonly bytes: Measured<number>;
  readonly samples: Measured<number>;
  readonly kinds: Readonly<Partial<Record<MediaKind, number>>>;
  /** Files whose headers were looked at. */
  readonly probed: number;
  /** Of archives, and how many of them were looked at. */
  readonly members: { readonly count: number; readonly probed: number };
  /** Seconds of audio and video among the probed ones. */
  readonly seconds: number;
  readonly splits: Readonly<Record<string, number>>;
  readonly problems: Readonly<Record<Severity, number>>;
  /** What the walk could not take in, and why: `permission: 3`. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Changes whenever a query may answer otherwise than before. */
  readonly generation: number;
}

export type Facet =
  | { readonly column: ColumnName; readonly kind: 'values'; readonly values: readonly { readonly value: string | null; readonly count: number }[]; readonly more: number }
  | {
      readonly column: ColumnName;
      readonly kind: 'histogram';
      /** Edges of the bins: one more than counts, ascending. */
      readonly edges: readonly number[];
      readonly counts: readonly number[];
      /** Items to which the column applies, and those of them whose value is known. */
      readonly applies: number;
      readonly known: number;
    };

/** Items, seconds and bytes of all that share a value; null for those without one. */
export interface GroupSum {
  readonly value: string | null;
  readonly items: number;
  /** Of those whose length is known. */
  readonly seconds: number;
  /** Of those whose size is known. */
  readonly bytes: number;
}

/** What a check found out of an item; what is left out stays as it is. */
export interface ItemNote {
  readonly place: MediaPlace;
  /** xxHash64 of the content, as hexadecimal. */
  readonly hash?: string;
  /** The gravest problem that it has; null where it has none. */
  readonly health?: { readonly severity: Severity; readonly message: string } | null;
}

/** What the catalogue's thread does for the window. Every method may be cancelled. Failures are `DatasetError`s in words. */
export interface CatalogueApi {
  /** Begins or goes on to walk and fill a dataset; answers as soon as what is known already can be told. */
  open(params: { readonly root: string; readonly format?: string }): Summary;
  summary(params: { readonly root: string }): Summary;
  /** Stops what runs for a dataset; what is in the catalogue stays. */
  close(params: { readonly root: string }): void;
  /** Reads again the folders that have changed. */
  refresh(params: { readonly root: string }): Summary;
  /** At most 1000 items. `problem` where the filter is not understood: then `items` is empty. */
  items(params: Query & { readonly offset: number; readonly count: number }): {
    readonly items: readonly CatalogueItem[];
    readonly total: number;
    readonly generation: number;
    readonly problem?: FilterProblem;
  };
  /** Place of an item in the order of a query; -1 where it is not in it. */
  indexOf(params: Query & { readonly id: number }): number;
  item(params: { readonly root: string; readonly id: number }): CatalogueItem | null;
  facets(params: Query & { readonly columns: readonly ColumnName[] }): readonly Facet[];
  /** Sums by the values of a column that holds words. */
  sums(params: Query & { readonly column: ColumnName }): readonly GroupSum[];
  complete(params: { readonly root: string; readonly filter: string; readonly caret: number }): readonly Completion[];
  /** Folders and items directly in a folder of the dataset, for the tree. */
  children(params: { readonly root: string; readonly folder: string; readonly offset: number; readonly count: number }): {
    readonly folders: readonly { readonly path: string; readonly files: number }[];
    readonly items: readonly CatalogueItem[];
    readonly total: number;
  };
  /** Takes in what others found out of items, 1000 of them at most; those that are not in the catalogue are passed over. Answers how many were not. */
  annotate(params: { readonly root: string; readonly notes: readonly ItemNote[] }): number;
  /** Writes the items of a query, or of ids, to a manifest that does not exist yet. Answers the number of rows. */
  exportManifest(params: Query & { readonly ids?: readonly number[]; readonly form: 'jsonl' | 'csv' | 'hf'; readonly file: string }): number;
}

/** What the catalogue's thread tells by itself, at most a few times a second. */
export interface CatalogueEvents {
  changed(summary: Summary): void;
}
