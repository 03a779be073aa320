import { basename } from 'node:path';
import { known } from '../../base/absent.ts';
import { formatCount } from '../../base/format.ts';
import type { MediaPlace } from '../../media/place.ts';
import { createProber } from '../../media/probe.ts';
import type { Glance } from '../webview/image/protocol.ts';
import { pictureSource } from './pictureSource.ts';

/** What a picture's header tells without a pixel being decoded. */
export async function glanceAt(place: MediaPlace): Promise<Glance> {
  const { size } = await pictureSource(place);
  const image = place.member === undefined ? createProber().probeFast(place.file)?.image : undefined;
  const [width, height, bits, colour] = [known(image?.width), known(image?.height), known(image?.bitDepth), known(image?.colour)];
  const words = [
    ...(width !== undefined && height !== undefined ? [`${formatCount(width)}×${formatCount(height)}`] : []),
    ...(bits !== undefined && colour !== undefined ? [`${bits}-bit ${colour}`] : []),
  ];
  return { name: basename(place.member ?? place.file), size, words: words.join(' · ') };
}
