import type { Preset } from '../preset.ts';
import { imageFit } from './image/fit.ts';
import { imageJpeg } from './image/jpeg.ts';
import { imageOrient } from './image/orient.ts';
import { imagePng } from './image/png.ts';
import { imageSquare } from './image/square.ts';
import { imageStrip } from './image/strip.ts';
import { imageWebp } from './image/webp.ts';

/** Every preset that is shipped, in the order in which a person reads them. */
export const PRESETS: readonly Preset[] = [
  imageFit,
  imageSquare,
  imageJpeg,
  imagePng,
  imageWebp,
  imageOrient,
  imageStrip,
];
