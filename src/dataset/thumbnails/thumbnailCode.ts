import type { Thumbnail } from '../webview/gallery/thumbnail.ts';

const LINE_FEED = 0x0a;

/** For the store: what it is, as a line of JSON, and its bytes behind that. */
export function encodeThumbnail(thumbnail: Thumbnail): Buffer {
  const [facts, bytes] = apart(thumbnail);
  return Buffer.concat([Buffer.from(`${JSON.stringify(facts)}\n`), bytes]);
}

/** Undefined for what an older version has written. */
export function decodeThumbnail(stored: Buffer): Thumbnail | undefined {
  const end = stored.indexOf(LINE_FEED);
  try {
    const facts = JSON.parse(stored.toString('utf8', 0, end)) as Thumbnail;
    const bytes = new Uint8Array(stored.subarray(end + 1));
    return facts.drawn === 'picture' ? { ...facts, bytes } : facts.drawn === 'wave' ? { ...facts, levels: bytes } : facts;
  } catch {
    return undefined;
  }
}

function apart(thumbnail: Thumbnail): readonly [object, Uint8Array] {
  switch (thumbnail.drawn) {
    case 'picture': {
      const { bytes, ...facts } = thumbnail;
      return [facts, bytes];
    }
    case 'wave': {
      const { levels, ...facts } = thumbnail;
      return [facts, levels];
    }
    default:
      return [thumbnail, new Uint8Array()];
  }
}
