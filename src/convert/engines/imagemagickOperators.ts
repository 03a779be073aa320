import { FULL_COLOUR, type ImageSource, type PixelSize, type PixelWork } from '../imageWork.ts';

/** Turns that bring a picture stored with this EXIF orientation upright. TIFF 6.0, "Orientation". */
const UPRIGHT: Readonly<Record<number, readonly string[]>> = {
  2: ['-flop'],
  3: ['-rotate', '180'],
  4: ['-flip'],
  5: ['-transpose'],
  6: ['-rotate', '90'],
  7: ['-transverse'],
  8: ['-rotate', '270'],
};

/**
 * How much larger than the result a JPEG must still be after libjpeg has shrunk it while decoding. At 1.5, 1920x1080 to 512
 * differs from a full decode by 48.7 dB (noise) and 52.4 dB (photo); JPEG at quality 90 alone costs 36.4 and 40.5 dB.
 */
const SHRINK_MARGIN = 1.5;

/**
 * Reads the picture, brings it upright, then to colour, size and format. Settings outlive the picture in a group, so each call
 * sets or unsets every one that it depends on.
 */
export function imagemagickOperators(
  work: PixelWork,
  names: { readonly input: string; readonly profile: string },
): readonly string[] {
  const { source } = work;
  return [
    ...shrinkOnLoad(work),
    names.input,
    ...(source.container === 'gif' ? ['-coalesce'] : []),
    ...(UPRIGHT[source.orientation] ?? []),
    '-orient', 'TopLeft',
    '+repage',
    ...colour(work, names.profile),
    ...(work.resize ? ['-resize', `${work.resize.width}x${work.resize.height}!`] : []),
    ...(work.crop ? ['-gravity', 'center', '-crop', `${work.crop.width}x${work.crop.height}+0+0`, '+repage'] : []),
    ...(work.background === undefined ? [] : ['-background', work.background, '-alpha', 'remove', '-alpha', 'off']),
    ...metadata(work),
    ...encoding(work),
  ];
}

function shrinkOnLoad({ source, resize }: PixelWork): readonly string[] {
  if (source.container !== 'jpeg') {
    return [];
  }
  const { width, height } = (resize && shrunkSize(source, resize)) ?? source;
  return ['-define', `jpeg:size=${width}x${height}`];
}

function shrunkSize(source: ImageSource, resize: PixelSize): PixelSize | undefined {
  const turned = source.orientation >= 5;
  const factor = Math.min(
    source.width / (turned ? resize.height : resize.width),
    source.height / (turned ? resize.width : resize.height),
  );
  const shrink = [8, 4, 2].find((candidate) => factor / candidate >= SHRINK_MARGIN);
  return shrink === undefined ? undefined : { width: Math.floor(source.width / shrink), height: Math.floor(source.height / shrink) };
}

function colour(work: PixelWork, profile: string): readonly string[] {
  const { source } = work;
  const convert = work.colour === 'srgb' || source.colour === 'cmyk';
  if (convert && source.profile) {
    return ['-intent', 'perceptual', '-profile', profile];
  }
  return source.colour === 'cmyk' ? ['-colorspace', 'sRGB'] : [];
}

function metadata(work: PixelWork): readonly string[] {
  const keepProfile = keepsProfile(work);
  if (work.metadata === 'keep') {
    return keepProfile ? [] : ['+profile', 'icc'];
  }
  if (!keepProfile) {
    return ['-strip'];
  }
  return ['+profile', '!icc,*', '+set', 'comment'];
}

function encoding(work: PixelWork): readonly string[] {
  const { source } = work;
  switch (work.format) {
    case 'jpeg':
      return ['-quality', String(work.quality), ...jpegSampling(work), ...jpegType(source)];
    case 'webp':
      return [
        '+type',
        '-quality', String(work.lossless ? 100 : work.quality),
        '-define', `webp:lossless=${work.lossless}`,
        ...(work.lossless ? ['-define', 'webp:exact=true'] : []),
      ];
    case 'png':
      return [
        '+type',
        ...(source.sixteenBit ? ['-depth', '16', '-define', 'png:bit-depth=16'] : ['-depth', '8', '-define', 'png:bit-depth=8']),
        ...pngColourType(work),
        '-quality', '75',
      ];
  }
}

/** Left to itself ImageMagick goes by the input. */
function jpegSampling({ quality, source }: PixelWork): readonly string[] {
  return ['-sampling-factor', quality < FULL_COLOUR && source.colour !== 'gray' ? '4:2:0' : '4:4:4'];
}

/** Left to itself ImageMagick writes grey wherever the pixels allow it. */
function jpegType({ colour: kind }: ImageSource): readonly string[] {
  return kind === 'rgb' ? ['-type', 'TrueColor'] : kind === 'gray' ? ['-type', 'Grayscale'] : ['+type'];
}

/** Left to itself ImageMagick writes grey or a palette wherever the pixels allow it. Colour types: PNG specification, 11.2.2. */
function pngColourType({ source, background }: PixelWork): readonly string[] {
  if (source.colour === 'other') {
    return undefine('png:color-type');
  }
  const alpha = source.alpha && background === undefined;
  const type = source.colour === 'gray' ? (alpha ? 4 : 0) : alpha ? 6 : 2;
  return ['-define', `png:color-type=${type}`];
}

/** Taking back a setting that was never made is an error: it is made first. */
function undefine(key: string): readonly string[] {
  return ['-define', `${key}=0`, '+define', key];
}

/**
 * Why this work cannot be done honestly; undefined where it can. 6.9.11 drops the ICC profile from a PNG together with its
 * texts, however the chunks to leave out are named.
 */
export function refusedByImagemagick(work: Pick<PixelWork, 'format' | 'colour' | 'metadata' | 'source'>): string | undefined {
  return work.format === 'png' && work.metadata === 'strip' && keepsProfile(work)
    ? 'ImageMagick cannot strip metadata from a PNG and keep its colour profile: convert to sRGB, keep the metadata, or use sharp'
    : undefined;
}

function keepsProfile({ colour: wanted, source }: Pick<PixelWork, 'colour' | 'source'>): boolean {
  return wanted === 'keep' && source.profile && source.colour !== 'cmyk';
}
