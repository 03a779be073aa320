/**
 * Extensions by which a conversion is offered before any file is read: in the Explorer's menu (whose `when` in package.json says the
 * same) and in file dialogs. What a file is, its bytes decide. `.ts` and `.mts` are left to TypeScript.
 */
export const MEDIA_EXTENSIONS: Readonly<Record<'audio' | 'video' | 'image' | 'list', readonly string[]>> = {
  audio: [
    'wav', 'wave', 'aif', 'aiff', 'aifc', 'flac', 'ogg', 'oga', 'opus', 'mp3', 'm4a', 'm4b', 'aac', 'au', 'snd', 'sph', 'nist', 'caf',
    'amr', 'ape', 'wv', 'wma',
  ],
  video: [
    'mp4', 'm4v', 'mov', 'mkv', 'webm', 'avi', 'flv', 'm2ts', 'mpg', 'mpeg', 'y4m', 'h264', '264', 'wmv', 'asf', 'ogv', '3gp',
  ],
  image: [
    'jpg', 'jpeg', 'jpe', 'jfif', 'png', 'gif', 'webp', 'tif', 'tiff', 'bmp', 'avif', 'heic', 'heif', 'jxl', 'jp2', 'psd', 'pnm', 'ppm',
    'pgm', 'pbm', 'pam',
  ],
  /** Manifests that name files. */
  list: ['jsonl', 'csv', 'tsv'],
};

export function isMediaName(name: string): boolean {
  const extension = /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase();
  return extension !== undefined && Object.values(MEDIA_EXTENSIONS).some((extensions) => extensions.includes(extension));
}
