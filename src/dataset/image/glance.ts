import { basename } from 'node:path';
import { known } from '../../base/absent.ts';
import { formatCount } from '../../base/format.ts';
import type { MediaPlace } from '../../media/place.ts';
import { bytesInMemory } from '../../media/byteSource.ts';
import { createProber, probeSource } from '../../media/probe.ts';
import type { Glance } from '../webview/image/protocol.ts';
import { pictureSource } from './pictureSource.ts';

/** What a picture's header tells without a pixel being decoded. */
export async function glanceAt(place: MediaPlace): Promise<Glance> {
  const { input, size } = await pictureSource(place);
  const media = typeof input === 'string' ? createProber().probeFast(input) : probeSource(bytesInMemory(input), place.file);
  const image = media?.image;
  const [width, height, bits, colour] = [known(image?.width), known(image?.height), known(image?.bitDepth), known(image?.colour)];
  const words = [
    ...(width !== undefined && height !== undefined ? [`${formatCount(width)}×${formatCount(height)}`] : []),
    ...(bits !== undefined && colour !== undefined ? [`${bits}-bit ${colour}`] : []),
  ];
  return { name: basename(place.member ?? place.file), size, words: words.join(' · ') };
}
