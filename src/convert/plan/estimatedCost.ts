import { cost, isMeasured } from '../../media/cost.ts';
import type { Media } from '../../media/media.ts';

/** Bytes of a second of audio (128 kbit/s), a second of video (4 Mbit/s) and a megapixel of a photograph. */
const BYTES: Readonly<Partial<Record<Media['kind'], number>>> = { audio: 16_000, video: 500_000, image: 300_000 };

/** Seconds of media or megapixels; by the file's size where its headers do not tell. */
export function estimatedCost(media: Media): number {
  const bytes = BYTES[media.kind];
  return isMeasured(media) || bytes === undefined ? cost(media) : media.size / bytes;
}
