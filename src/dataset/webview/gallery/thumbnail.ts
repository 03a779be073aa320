/** What is drawn of a medium in a tile. Bytes are at most some 100 kB. */
export type Thumbnail = PictureThumbnail | WaveThumbnail | SeriesThumbnail | TextThumbnail | TurnsThumbnail | NoThumbnail;

export interface PictureThumbnail {
  readonly drawn: 'picture';
  readonly bytes: Uint8Array;
  readonly type: 'image/jpeg' | 'image/webp';
  /** Pixels of the thumbnail as shown, turned as the file's orientation says. */
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
}

export interface WaveThumbnail {
  readonly drawn: 'wave';
  /** By equal steps of time: the largest magnitude and the root mean square, in turn, 255 for full scale. */
  readonly levels: Uint8Array;
  /** Where only the beginning was read: seconds of it. */
  readonly until?: number;
}

export interface SeriesThumbnail {
  readonly drawn: 'series';
  /** The first few columns of numbers. Values lie between 0 (the least) and 1; null where there is none. */
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
}

export interface TextThumbnail {
  readonly drawn: 'text';
  readonly lines: readonly string[];
}

export interface TurnsThumbnail {
  readonly drawn: 'turns';
  /** The first ones of a conversation. */
  readonly turns: readonly { readonly role: string; readonly text: string }[];
}

/**
 * `broken`: the file's own fault. `vanished`: it is not there. `refused`: too large, or may not be read. `missing`: what would
 * draw it is not on this machine. `none`: there is nothing to be drawn of such a file.
 */
export type NoThumbnailReason = 'broken' | 'vanished' | 'refused' | 'missing' | 'none';

export interface NoThumbnail {
  readonly drawn: 'nothing';
  readonly reason: NoThumbnailReason;
  readonly words: string;
}
