import type { Measured } from '../base/absent.ts';
import type { MediaKind } from '../media/media.ts';
import type { MediaPlace } from '../media/place.ts';

/** One medium of a sample. */
export interface SampleMedium {
  /** The field, column or key that names it: `image`, `audio_filepath`, `observation.images.top`, `jpg`. */
  readonly role: string;
  readonly kind: MediaKind;
  readonly place: MediaPlace;
  /** The part that is meant, in seconds; the whole where it is left out. */
  readonly segment?: { readonly start: number; readonly duration: Measured<number> };
}

/** Something drawn on a picture, in pixels of the picture as stored, the origin at its top left corner. */
export interface Annotation {
  readonly label: string;
  /** 0 to 1, of predictions. */
  readonly score?: number;
  /** Left, top, width, height. */
  readonly box?: readonly [number, number, number, number];
  /** Outlines: x and y in turn. */
  readonly polygons?: readonly (readonly number[])[];
  readonly keypoints?: readonly { readonly x: number; readonly y: number; readonly visible: boolean; readonly name?: string }[];
}

/** One row, utterance, picture, pair or episode of a dataset. */
export interface Sample {
  /** Unique in its dataset, as the format names it. */
  readonly id: string;
  /** In the format's order, counted from 0. */
  readonly index: number;
  readonly split?: string;
  readonly media: readonly SampleMedium[];
  /** Caption, transcript, or the words of a conversation. */
  readonly text?: string;
  readonly labels: readonly string[];
  readonly speaker?: string;
  /** What the dataset itself states of the length, in seconds. */
  readonly statedDuration?: number;
  /** Where it is described: the manifest, and its row counted from 1. */
  readonly source?: { readonly file: string; readonly row: number };
}
