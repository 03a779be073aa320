import type { ByteSource, OpenFile } from './byteSource.ts';
import type { HeaderFacts } from './headers/facts.ts';
import { isPictureContainer, readPicture } from './pictures.ts';
import type { Sniffed } from './sniff.ts';
import { mpegCodec } from './sniff/mpeg.ts';
import { isTaggedContainer, readTagged } from './tags.ts';
import { isTrackContainer, readTracks } from './tracks.ts';

/** Reads what headers alone do not tell, with a library. Rejects where the file cannot be taken apart. */
export type DeepReader = (file: OpenFile) => Promise<HeaderFacts>;

/**
 * The libraries that read a file, the better one first; none where all of them would overlook tracks: Theora and
 * the other pictures in Ogg.
 */
export function deepReadersOf({ container, kind }: Sniffed): readonly DeepReader[] {
  if (container === 'ogg' && kind === 'video') {
    return [];
  }
  const readers: DeepReader[] = [];
  if (isPictureContainer(container)) {
    readers.push(({ source }) => readPicture(source, container));
  }
  if (isTrackContainer(container)) {
    readers.push(async (file) => withLayer(file.source, await readTracks(file, container)));
  }
  if (isTaggedContainer(container)) {
    readers.push((file) => readTagged(file, container));
  }
  return readers;
}

/** mediabunny calls all layers of MPEG audio mp3. */
function withLayer(source: ByteSource, facts: HeaderFacts): HeaderFacts {
  const codec = facts.audio?.codec === 'mp3' ? mpegCodec(source.read(0, 4), 0) : undefined;
  return facts.audio && codec ? { ...facts, audio: { ...facts.audio, codec } } : facts;
}
