/** One tensor, as a row of the table. Words are ready to be shown. */
export interface TensorRow {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly parameters: number;
  /** Undefined for a type whose size is not known. */
  readonly bytes?: number;
  /** `model-00003-of-00004.safetensors, byte 1,204,488`. */
  readonly where?: string;
  /** Of an optimizer or an average, not of the model. */
  readonly beside: boolean;
  /** Its values can be read. */
  readonly readable: boolean;
}

export interface CheckpointView {
  readonly name: string;
  readonly path: string;
  readonly format: string;
  readonly state: 'complete' | 'writing' | 'damaged' | 'unknown';
  readonly reason: string;
  readonly bytes: number;
  readonly files: number;
  /** Undefined where it cannot be told, and then `unread` says why. */
  readonly parameters?: number;
  readonly unread?: string;
  readonly rows: readonly TensorRow[];
  /** Tensors that are not shown, being too many. */
  readonly left: number;
  /** Step, epoch, metrics and what the format says beside, in this order. */
  readonly facts: readonly (readonly [name: string, words: string])[];
}

export type DifferenceKind = 'alike' | 'shape' | 'dtype' | 'onlyHere' | 'onlyThere';

export interface ComparisonView {
  readonly name: string;
  readonly path: string;
  readonly rows: readonly { readonly name: string; readonly kind: DifferenceKind; readonly there?: string }[];
}

export interface ValuesView {
  readonly name: string;
  readonly nan: number;
  readonly infinite: number;
  /** 0 to 1. */
  readonly zeros: number;
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  readonly deviation?: number;
  readonly histogram: { readonly start: number; readonly width: number; readonly counts: readonly number[] };
}

/**
 * `difference` and `norm` are squares of norms, so that those of several tensors add up. Both are left out where only hashes were
 * compared, and where a value is not finite: a message to a page carries no NaN.
 */
export interface ChangeView {
  readonly name: string;
  readonly difference?: number;
  readonly norm?: number;
  readonly by: 'values' | 'hashes';
  readonly same: boolean;
}

/** Work that takes a while; `said` where it ended with a fault. */
export interface WorkView {
  readonly kind: 'values' | 'change' | 'bytes';
  readonly bytes: number;
  readonly total: number;
  readonly running: boolean;
  readonly said?: string;
}

/** What the page asks of its host. */
export interface CheckpointHost {
  /** Lets a person pick another checkpoint. */
  pickOther(): Promise<void>;
  closeOther(): Promise<void>;
  /** Of these tensors, or of all where left out. */
  checkValues(params: { readonly names?: readonly string[] | undefined }): Promise<void>;
  /** Of all that are in both: how far their values are apart, or by hashes alone whether their bytes are the same. */
  compareValues(params: { readonly by: 'values' | 'hashes' }): Promise<void>;
  stop(): Promise<void>;
  reload(): Promise<void>;
}

/** What the host tells the page. */
export interface CheckpointPage {
  opened(view: CheckpointView): void;
  failed(params: { readonly name: string; readonly message: string }): void;
  /** `undefined` in `view`: nothing is compared with. */
  compared(params: { readonly view?: ComparisonView; readonly said?: string }): void;
  values(views: readonly ValuesView[]): void;
  changes(views: readonly ChangeView[]): void;
  work(view: WorkView): void;
}
