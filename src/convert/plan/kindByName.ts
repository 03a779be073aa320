import { MEDIA_EXTENSIONS } from '../view/mediaExtensions.ts';

const KINDS = ['audio', 'video', 'image'] as const;

const BY_EXTENSION: ReadonlyMap<string, (typeof KINDS)[number]> = new Map(
  KINDS.flatMap((kind) => MEDIA_EXTENSIONS[kind].map((extension) => [extension, kind] as const)),
);

/** What somebody would take a file for who cannot look into it. */
export function kindByName(path: string): (typeof KINDS)[number] | undefined {
  return BY_EXTENSION.get(path.slice(path.lastIndexOf('.') + 1).toLowerCase());
}
