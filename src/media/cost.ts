import { known } from '../base/absent.ts';
import type { Media } from './media.ts';

/**
 * How much work a file is: seconds of audio or video, megapixels of pictures (all frames together); 0 for what is
 * neither, and where `isMeasured` says that it is not known.
 */
export function cost(media: Media): number {
  return measure(media) ?? 0;
}

/** Whether a file's cost comes from the file, 0 included. */
export function isMeasured(media: Media): boolean {
  return measure(media) !== undefined;
}

function measure(media: Media): number | undefined {
  if (media.kind === 'audio' || media.kind === 'video') {
    return known(media.duration);
  }
  if (media.kind !== 'image') {
    return 0;
  }
  const width = known(media.image?.width);
  const height = known(media.image?.height);
  return width === undefined || height === undefined ? undefined : (width * height * (known(media.image?.frames) ?? 1)) / 1e6;
}
