import type { ToolDescriptor } from '../toolDescriptor.ts';

/** Bundled: our own Node with our worker, which says as JSON what its library can read. Those formats are the features. */
export const sharp: ToolDescriptor = {
  id: 'sharp',
  title: 'sharp',
  purpose: 'media',
  executables: [],
  bannerArgs: ['--version'],
  identify(said) {
    const { sharp: version, vips, formats } = parse(said);
    if (typeof version !== 'string' || typeof vips !== 'string' || !Array.isArray(formats)) {
      return undefined;
    }
    const features = formats.filter((format) => typeof format === 'string').map((format) => format.toLowerCase());
    return { version, banner: `sharp ${version}, libvips ${vips}`, features: new Set([...features, 'libvips']) };
  },
  wanted: ['jpeg', 'png', 'webp', 'tiff', 'heif'],
};

function parse(said: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(said);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
