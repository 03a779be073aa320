import type { MediaPlace } from '../../media/place.ts';
import type { Thumbnail } from '../webview/gallery/thumbnail.ts';

/** Longest side of a thumbnail in pixels. */
export const THUMBNAIL_SIZES = [128, 256, 512] as const;
export type ThumbnailSize = (typeof THUMBNAIL_SIZES)[number];

export interface ThumbnailsApi {
  /**
   * What is drawn of a medium: from the cache, or made now. Requests are served in the order in which they come, as many at once
   * as there are cores for; one whose signal is aborted is not begun. What cannot be drawn is an answer, not a failure.
   */
  thumbnail(params: { readonly place: MediaPlace; readonly px: ThumbnailSize }): Thumbnail;
}
