import { known } from '../../../base/absent.ts';
import type { Media } from '../../../media/media.ts';
import type { Call } from '../../engine.ts';
import { readableByImagemagick } from '../../engines/imagemagickDecoders.ts';
import { refusedByImagemagick } from '../../engines/imagemagickOperators.ts';
import { readableBySharp } from '../../../media/sharpLoaders.ts';
import type { ImageFormat, ImagemagickCall, ImageSource, PixelSize, PixelWork, SharpCall } from '../../imageWork.ts';
import { exactly, Unmet, type Expectation, type Method, type OutputShape, type Task } from '../../preset.ts';
import { BACKGROUNDS, type Background, type FormatChoice } from './options.ts';
import { imageSource, uprightSize } from './source.ts';

/** What a preset wants done with one picture; see `PixelWork` for the fields. */
export interface PixelWish {
  readonly format: ImageFormat;
  readonly resize?: PixelSize;
  readonly crop?: PixelSize;
  readonly background: Background;
  readonly colour: PixelWork['colour'];
  readonly metadata: PixelWork['metadata'];
  readonly quality: number;
  readonly lossless?: boolean;
  readonly notes?: readonly string[];
}

type Wish<O> = (media: Media, options: O) => PixelWish;

/** The same work by sharp, which is faster, and by ImageMagick, which reads more. */
export function pixelMethods<O>(wish: Wish<O>, before?: (task: Task<O>) => void): readonly Method<O>[] {
  const method = (engine: 'sharp' | 'imagemagick', refuse: (work: PixelWork) => string | undefined): Method<O> => ({
    engine,
    refuse: (media, options) => refuse(pixelWork(imageSource(media.path, media), '', wish(media, options))),
    *convert(task) {
      const [problem] = task.media.problems;
      if (problem !== undefined && !task.salvage) {
        throw new Unmet(`the input is damaged · ${problem}`);
      }
      before?.(task);
      const wished = wish(task.media, task.options);
      const source = imageSource(task.input, task.media);
      const work = pixelWork(source, task.output, wished);
      yield { engine, groupable: true, work } satisfies SharpCall | ImagemagickCall as Call;
      return { notes: [...(wished.notes ?? []), ...losses(source, task.media, wished)] };
    },
  });
  return [
    method('sharp', ({ source }) => (readableBySharp(source.container) ? undefined : `sharp does not read ${source.container}`)),
    method('imagemagick', (work) =>
      readableByImagemagick(work.source.container)
        ? refusedByImagemagick(work)
        : `ImageMagick is not asked to read ${work.source.container}`,
    ),
  ];
}

export function expectPixels<O>(wish: Wish<O>): (media: Media, options: O) => Expectation {
  return (media, options) => {
    const wished = wish(media, options);
    const { width, height } = wished.crop ?? wished.resize ?? uprightSize(media);
    return {
      container: [wished.format],
      image: { width: exactly(width), height: exactly(height), orientation: 1, frames: exactly(1) },
    };
  };
}

export function outputOf(format: ImageFormat): OutputShape {
  return { kind: 'file', extension: format === 'jpeg' ? 'jpg' : format };
}

/** The format itself where it is kept and can be written, else PNG, which loses nothing. */
export function chosenFormat(media: Media, choice: FormatChoice): ImageFormat {
  if (choice !== 'keep') {
    return choice;
  }
  const { container } = media;
  return container === 'jpeg' || container === 'webp' ? container : 'png';
}

function pixelWork(source: ImageSource, output: string, wished: PixelWish): PixelWork {
  return {
    kind: 'pixels',
    source,
    output,
    format: wished.format,
    ...(wished.resize && { resize: wished.resize }),
    ...(wished.crop && { crop: wished.crop }),
    ...(wished.format === 'jpeg' && source.alpha && { background: BACKGROUNDS[wished.background] }),
    colour: wished.colour,
    metadata: wished.metadata,
    quality: wished.quality,
    lossless: wished.lossless ?? false,
  };
}

/** What a person should know that the output no longer holds. */
function losses(source: ImageSource, media: Media, wished: PixelWish): readonly string[] {
  const notes: string[] = [];
  const frames = known(media.image?.frames) ?? 1;
  if (frames > 1) {
    notes.push(`only the first of ${frames} pictures was taken`);
  }
  if (wished.format === 'jpeg' && known(media.image?.alpha) === true) {
    notes.push(`transparent pixels were laid on ${wished.background}`);
  }
  if (source.sixteenBit && wished.format !== 'png') {
    notes.push(`${known(media.image?.bitDepth)} bits a channel became 8: ${wished.format} holds no more`);
  }
  if (source.colour === 'cmyk') {
    notes.push(
      known(media.image?.profile) === false
        ? 'CMYK without a profile was converted to sRGB by a general rule: colours are approximate'
        : 'CMYK was converted to sRGB through its profile',
    );
  }
  return notes;
}
