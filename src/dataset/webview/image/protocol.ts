import type { Measured } from '../../../base/absent.ts';
import type { Orientation } from '../../../base/orientation.ts';

/** Pixels of a tile's side. A tile of noise with alpha stays below 1 MiB without any compression. */
export const TILE = 480;

export interface PictureFacts {
  readonly name: string;
  /** Bytes, and milliseconds since 1970. */
  readonly size: number;
  readonly modified: number;
  readonly container: string;
  /** Pixels as stored. */
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
  readonly pages: number;
  /** As stored, in order: `R`, `G`, `B`, `A`; `C`, `M`, `Y`, `K`; `Gray`. */
  readonly channels: readonly string[];
  /** Of a channel as stored. */
  readonly bits: Measured<number>;
  /** The largest value that a channel can hold here: 255 or 65,535. */
  readonly ceiling: number;
  /** The description of the embedded ICC profile. */
  readonly profile: Measured<string>;
  /** Halvings after which the whole fits into one tile. */
  readonly levels: number;
  /** Levels below this one are decoded afresh for each tile, which takes as long as the picture is large. */
  readonly quickFrom: number;
  /** Who decoded it: `sharp`, or a tool. */
  readonly decoder: string;
  /** What a person should know of how it is shown, a sentence each. */
  readonly notes: readonly string[];
  /** What is wrong with the file. */
  readonly problems: readonly string[];
}

export interface Tile {
  readonly type: 'image/png' | 'image/jpeg';
  readonly bytes: Uint8Array;
}

export interface Histogram {
  /** 256 bins of each channel as stored, over all pixels or an even part of them. */
  readonly counts: readonly (readonly number[])[];
  /** Part of the pixels with a colour channel at 0 and at the ceiling. */
  readonly clippedLow: number;
  readonly clippedHigh: number;
  /** Of the pixels that were counted: 1 for all. */
  readonly part: number;
}

export interface TagGroup {
  readonly title: string;
  readonly tags: readonly { readonly name: string; readonly value: string }[];
}

/** Something to be drawn on the picture, in pixels of the picture as stored. */
export interface Shape {
  readonly label: string;
  readonly score?: number;
  readonly box?: readonly [number, number, number, number];
  readonly polygons?: readonly (readonly number[])[];
  readonly keypoints?: readonly { readonly x: number; readonly y: number; readonly visible: boolean; readonly name?: string }[];
}

export interface Shapes {
  /** `COCO`, and the path of the dataset that says so. */
  readonly format: string;
  readonly file: string;
  readonly items: readonly Shape[];
}

/** Values as stored, channel by channel and row by row, of the part that lies in the picture. */
export interface StoredPixels {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly values: readonly number[];
}

/** What the header alone tells, at once. */
export interface Glance {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** `65,536×65,536 · 8-bit rgb`, as far as it is known. */
  readonly words: string;
}

export interface ImageHost {
  glance(): Glance;
  /** Decodes a page of the picture anew. */
  open(params: { readonly page: number }): PictureFacts;
  tile(params: { readonly page: number; readonly upright: boolean; readonly level: number; readonly column: number; readonly row: number }): Tile;
  /** At most 1024 pixels. */
  pixels(params: { readonly page: number; readonly x: number; readonly y: number; readonly width: number; readonly height: number }): StoredPixels;
  histogram(params: { readonly page: number }): Histogram;
  tags(): readonly TagGroup[];
  /** Null where no dataset around it says anything of the picture. */
  shapes(): Shapes | null;
  /** Goes to the dataset that holds the annotations. */
  openSource(): void;
}

export interface ImagePage {
  /** The file has changed on the disk, or is gone; what is shown is as of before. */
  changed(what: 'changed' | 'gone'): void;
}
