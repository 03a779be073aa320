import { known } from '../../../base/absent.ts';
import type { Media } from '../../../media/media.ts';
import { readableByImagemagick } from '../../engines/imagemagickDecoders.ts';
import { readableBySharp } from '../../../media/sharpLoaders.ts';
import { MOST_PIXELS, type ImageSource, type PixelSize } from '../../imageWork.ts';

/** Why a picture cannot be taken by any image engine; undefined where one may. */
export function refuseImage(media: Media): string | undefined {
  if (!readableBySharp(media.container) && !readableByImagemagick(media.container)) {
    return `${media.container} is not read as a picture`;
  }
  const width = known(media.image?.width);
  const height = known(media.image?.height);
  if (!width || !height) {
    return 'its width and height are not known';
  }
  if (width * height > MOST_PIXELS) {
    return `${width} x ${height} pixels are more than the ${MOST_PIXELS} that are decoded`;
  }
  return undefined;
}

/** Facts that are not known are taken for what makes the engines most careful. */
export function imageSource(path: string, media: Media): ImageSource {
  const { image } = media;
  const width = known(image?.width);
  const height = known(image?.height);
  if (!width || !height) {
    throw new Error('a picture of unknown size was not refused');
  }
  return {
    path,
    container: media.container,
    width,
    height,
    orientation: orientationOf(media),
    colour: colourOf(known(image?.colour)),
    alpha: known(image?.alpha) ?? true,
    profile: known(image?.profile) ?? true,
    sixteenBit: (known(image?.bitDepth) ?? 8) > 8,
    several: media.container !== 'jpeg' && media.container !== 'png' && known(image?.frames) !== 1,
  };
}

export function orientationOf(media: Media): number {
  return known(media.image?.orientation) ?? 1;
}

/** Size as it is to be seen. */
export function uprightSize(media: Media): PixelSize {
  const { width, height } = imageSource('', media);
  return orientationOf(media) >= 5 ? { width: height, height: width } : { width, height };
}

function colourOf(colour: string | undefined): ImageSource['colour'] {
  return colour === 'rgb' || colour === 'gray' || colour === 'cmyk' ? colour : 'other';
}
