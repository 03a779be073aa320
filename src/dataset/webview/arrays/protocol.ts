/** A line of the tree. */
export interface ArrayRow {
  readonly label: string;
  readonly path: string;
  /** Of groups: how many arrays or children, where known. */
  readonly group?: { readonly count?: number; readonly bytes?: number; readonly types: readonly string[] };
  readonly array?: ArrayFacts;
  readonly attributes: readonly NamedText[];
}

export interface ArrayFacts {
  readonly shape: readonly number[];
  readonly type: string;
  /** Undefined where it is part of something else. */
  readonly bytes?: number;
  readonly numeric: boolean;
  /** Whether it may be drawn as a picture: bytes, the last dimension being red, green, blue and, perhaps, opacity. */
  readonly isByte: boolean;
  readonly storage: readonly string[];
  /** Why its values cannot be shown. */
  readonly unreadable?: string;
  /** What bytes without a type may be read as. */
  readonly readings: readonly string[];
}

export interface NamedText {
  readonly name: string;
  readonly value: string;
}

export interface ArrayRows {
  readonly rows: readonly ArrayRow[];
  readonly total: number;
}

export interface ArraysFile {
  readonly name: string;
  readonly format: string;
  readonly bytes: number;
  readonly facts: readonly NamedText[];
  readonly problems: readonly string[];
  readonly root: ArrayRows;
}

/** From `start` to before `stop`. */
export interface Range {
  readonly start: number;
  readonly stop: number;
}

/** Which array, and what of it: a single index of every dimension but those that are drawn. */
export interface Aim {
  readonly path: string;
  /** What bytes without a type are read as. */
  readonly reading?: string;
  /** One index for each dimension. */
  readonly at: readonly number[];
}

export interface LineRequest extends Aim {
  readonly dimension: number;
  readonly range: Range;
  readonly columns: number;
}

export interface LineView {
  /** Indices of the first element of each column, and one beyond the last. */
  readonly edges: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly exact: boolean;
}

export interface GridRequest extends Aim {
  readonly rowDimension: number;
  readonly columnDimension: number;
  readonly rows: Range;
  readonly columns: Range;
  /** The dimension of red, green and blue. */
  readonly colours?: number;
}

export interface GridView {
  readonly height: number;
  readonly width: number;
  /** Every so many rows and columns were taken. */
  readonly rowStep: number;
  readonly columnStep: number;
  /** Row by row; left out where it is a picture. */
  readonly values?: Float32Array;
  /** Red, green, blue, opacity. */
  readonly pixels?: Uint8Array;
}

export interface TableRequest extends Aim {
  readonly rowDimension: number;
  /** Left out for arrays of one dimension or none. */
  readonly columnDimension?: number;
  readonly rows: Range;
  readonly columns: Range;
}

export interface TableView {
  readonly cells: readonly string[];
  readonly height: number;
  readonly width: number;
}

export interface StatisticsView {
  readonly path: string;
  /** 0 to 1. */
  readonly done: number;
  readonly result?: {
    readonly count: number;
    readonly finite: number;
    readonly nan: number;
    readonly infinite: number;
    readonly zeros: number;
    readonly min?: number;
    readonly max?: number;
    readonly mean?: number;
    readonly deviation?: number;
    readonly start: number;
    readonly width: number;
    readonly counts: readonly number[];
  };
  /** Whether it is finished; else `result` is of what was walked so far. */
  readonly complete: boolean;
  readonly problem?: string;
}

/** What the page asks its host. */
export interface ArraysHost {
  children(params: { readonly path: string; readonly from: number }): ArrayRows;
  line(params: LineRequest): LineView;
  grid(params: GridRequest): GridView;
  table(params: TableRequest): TableView;
  /** Told of by `statistics`; what was walked before is ended. */
  startStatistics(params: { readonly path: string; readonly reading?: string }): void;
  stopStatistics(): void;
  /** Once more from the disk. */
  reload(): void;
}

/** What the host tells the page. */
export interface ArraysPage {
  opened(file: ArraysFile): void;
  failed(params: { readonly name: string; readonly message: string }): void;
  statistics(view: StatisticsView): void;
  /** The file has changed on the disk, or is gone. */
  stale(params: { readonly gone: boolean }): void;
}

/** Elements that a grid has at most: 4 bytes each, below 1 MiB. */
export const MAX_GRID = 240_000;
export const MAX_CELLS = 4000;
export const MAX_COLUMNS = 4000;
/** Lines of the tree per request. */
export const CHILDREN = 500;
