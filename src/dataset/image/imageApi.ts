import type { MediaPlace } from '../../media/place.ts';
import type { Annotation } from '../sample.ts';
import type { Glance, Histogram, PictureFacts, StoredPixels, TagGroup, Tile } from '../webview/image/protocol.ts';

export interface PictureRef {
  readonly place: MediaPlace;
  /** Of an animated or many-paged file, from 0. */
  readonly page: number;
}

export interface PictureAnnotations {
  /** As a person knows the format that they are of. */
  readonly format: string;
  /** Absolute path of the dataset that says so: a folder or a manifest. */
  readonly file: string;
  readonly items: readonly Annotation[];
}

/** What the pictures' thread does for a preview. Failures are errors in words. */
export interface ImageApi {
  glance(params: { readonly place: MediaPlace }): Glance;
  open(params: PictureRef): PictureFacts;
  /** Of the picture as stored, or turned to be shown; column and row count tiles of that level. */
  tile(params: PictureRef & { readonly upright: boolean; readonly level: number; readonly column: number; readonly row: number }): Tile;
  pixels(params: PictureRef & { readonly x: number; readonly y: number; readonly width: number; readonly height: number }): StoredPixels;
  histogram(params: PictureRef): Histogram;
  tags(params: { readonly place: MediaPlace }): readonly TagGroup[];
  annotations(params: { readonly place: MediaPlace }): PictureAnnotations | null;
  /** Forgets the pixels of a place. */
  close(params: { readonly place: MediaPlace }): void;
}
