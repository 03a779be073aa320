/** Times are nanoseconds from the recording's start, unless they say otherwise. */
export interface SensorFile {
  readonly name: string;
  readonly format: string;
  readonly bytes: number;
  /** Nanoseconds since the epoch, as digits: more than a number holds. */
  readonly start: string;
  readonly duration: number;
  readonly messages?: number;
  readonly topics: readonly TopicRow[];
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly problems: readonly string[];
}

export interface TopicRow {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  /** `ros2msg · cdr`. */
  readonly encoding: string;
  readonly count?: number;
  readonly isPicture: boolean;
}

export interface GapView {
  readonly from: number;
  readonly to: number;
}

export interface TimelineView {
  readonly topic: number;
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly outOfOrder: number;
  readonly median?: number;
  readonly p99?: number;
  readonly gapCount: number;
  readonly gaps: readonly GapView[];
  readonly presence: readonly number[];
  readonly intervals: { readonly width: number; readonly counts: readonly number[] };
}

export interface FieldsView {
  /** `linear_acceleration.x`. */
  readonly fields: readonly string[];
  /** Why there are none. */
  readonly problem?: string;
}

export interface SeriesRequest {
  /** Of the plot: a later request takes an earlier one's place. */
  readonly key: string;
  readonly topic: number;
  readonly fields: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly columns: number;
  /** Longer silences break the line. */
  readonly gap?: number;
}

export interface BorderView {
  readonly time: number;
  readonly label: string;
}

export interface SeriesView {
  readonly key: string;
  readonly topic: number;
  readonly fields: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly times: Float64Array;
  /** NaN breaks the line. */
  readonly values: readonly Float64Array[];
  /** Where episodes begin but the first; left out where more than `MAX_BORDERS` of them are in the window. */
  readonly borders?: readonly BorderView[];
  /** 0 to 1. */
  readonly done: number;
  readonly problem?: string;
}

export interface MessageRequest {
  readonly topic: number;
  readonly time: number;
  readonly side: 'before' | 'after';
}

/** A message as a tree, cut to what a person reads. */
export interface MessageView {
  /** Undefined where there is none on that side. */
  readonly time?: number;
  readonly published?: number;
  readonly bytes: number;
  readonly nodes: readonly MessageNode[];
  readonly problem?: string;
  /** When the next one comes. */
  readonly next?: number;
}

export interface MessageNode {
  readonly depth: number;
  readonly name: string;
  readonly value: string;
  readonly kind: 'number' | 'text' | 'group';
}

/** Of packed pictures the first part; others are asked for. */
export interface PictureView {
  readonly time?: number;
  readonly picture?:
    | { readonly kind: 'packed'; readonly type: string; readonly bytes: Uint8Array; readonly parts: number }
    | { readonly kind: 'pixels'; readonly width: number; readonly height: number; readonly step: number; readonly bytes: Uint8Array; readonly encoding: string; readonly range?: readonly [number, number] };
  readonly problem?: string;
}

/** What the page asks its host. */
export interface SensorHost {
  fields(params: { readonly topic: number }): FieldsView;
  /** Answered by `series`, several times while it goes on. */
  startSeries(params: SeriesRequest): void;
  stopSeries(params: { readonly key: string }): void;
  message(params: MessageRequest): MessageView;
  picture(params: { readonly topic: number; readonly time: number }): PictureView;
  /** Of the picture that `picture` gave last, from 1 on. */
  picturePart(params: { readonly topic: number; readonly part: number }): Uint8Array;
  reload(): void;
}

/** What the host tells the page. */
export interface SensorPage {
  opened(file: SensorFile): void;
  failed(params: { readonly name: string; readonly message: string }): void;
  timelines(params: { readonly done: number; readonly timelines: readonly TimelineView[] }): void;
  series(view: SeriesView): void;
  /** What was found to be wrong since it was opened. */
  problems(problems: readonly string[]): void;
  stale(params: { readonly gone: boolean }): void;
}

export const MAX_COLUMNS = 4000;
export const MAX_BORDERS = 200;
export const MAX_SERIES_FIELDS = 16;
/** Bytes of a part of a picture. */
export const PART = 900_000;
