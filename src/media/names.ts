import type { MediaKind } from './media.ts';

const BY_EXTENSION: Readonly<Record<string, MediaKind>> = Object.fromEntries(
  (
    [
      ['audio', 'wav flac mp3 m4a aac ogg oga opus aif aiff aifc au sph caf amr ape wv wma mka weba'],
      ['video', 'mp4 m4v mov mkv webm avi flv ts mts m2ts mpg mpeg wmv y4m ogv 3gp'],
      ['image', 'jpg jpeg png gif webp tif tiff bmp avif heic heif jxl jp2 psd exr hdr pnm ppm pgm pbm ico jpe jfif'],
      ['text', 'txt json jsonl ndjson csv tsv yaml yml md xml html cls caption tags srt vtt ctm rttm lab textgrid'],
      ['sensor', 'mcap bag db3 pcd bin las laz'],
    ] as const
  ).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind])),
);

/** What a name's ending stands for; `other` where it stands for nothing known. The content may say otherwise. */
export function kindByName(name: string): MediaKind {
  return BY_EXTENSION[extensionOf(name)] ?? 'other';
}

export function isMedium(name: string): boolean {
  const kind = kindByName(name);
  return kind === 'audio' || kind === 'video' || kind === 'image';
}

/** Lower case, without the dot; empty where there is none. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > name.lastIndexOf('/') + 1 || (dot === 0 && name.length > 1) ? name.slice(dot + 1).toLowerCase() : '';
}

/** A base name without what follows its last dot. */
export function stemOf(name: string): string {
  const base = name.slice(name.lastIndexOf('/') + 1);
  const dot = base.lastIndexOf('.');
  return dot > 0 ? base.slice(0, dot) : base;
}

const SPLITS: readonly (readonly [split: string, RegExp])[] = [
  ['train', /(?:^|[^a-z])(?:train|training)(?![a-z])/i],
  ['validation', /(?:^|[^a-z])(?:validation|valid|val|dev)(?![a-z])/i],
  ['test', /(?:^|[^a-z])(?:test|testing|eval|evaluation)(?![a-z])/i],
];

/** The split that a folder's or a manifest's name speaks of, under the name that it has there: `val` of `val_manifest.json`. */
export function splitOfName(name: string): string | undefined {
  const hit = SPLITS.flatMap(([, pattern]) => pattern.exec(name) ?? [])[0];
  return hit?.replace(/^[^a-z]+/i, '').toLowerCase();
}

/** The split that a path's folders speak of; the outermost one decides. */
export function splitOfPath(path: string): string | undefined {
  for (const part of path.split('/').slice(0, -1)) {
    const split = splitOfName(part);
    if (split !== undefined) {
      return split;
    }
  }
  return undefined;
}
