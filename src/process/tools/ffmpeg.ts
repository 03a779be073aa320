import type { Identity, ToolDescriptor } from '../toolDescriptor.ts';

const PACKAGES = {
  debian: 'ffmpeg',
  fedora: 'ffmpeg-free',
  rhel: 'ffmpeg-free',
  arch: 'ffmpeg',
  suse: 'ffmpeg',
  alpine: 'ffmpeg',
  conda: 'ffmpeg',
};

export const ffmpeg: ToolDescriptor = {
  id: 'ffmpeg',
  title: 'ffmpeg',
  purpose: 'media',
  executables: [{ name: 'ffmpeg' }],
  bannerArgs: ['-hide_banner', '-version'],
  identify: (said) => identifyFfmpeg('ffmpeg', said),
  wanted: ['libsoxr', 'libopus', 'libx264', 'libvpx', 'libwebp', 'libzimg'],
  packages: PACKAGES,
};

export const ffprobe: ToolDescriptor = {
  id: 'ffprobe',
  title: 'ffprobe',
  purpose: 'media',
  executables: [{ name: 'ffprobe' }],
  beside: 'ffmpeg',
  bannerArgs: ['-hide_banner', '-version'],
  identify: (said) => identifyFfmpeg('ffprobe', said),
  wanted: [],
  packages: PACKAGES,
};

/** The first line names the version, `configuration:` the `--enable-…` that it was built with: those are the features. */
function identifyFfmpeg(name: string, said: string): Identity | undefined {
  const version = new RegExp(`^${name} version (\\S+)`, 'm').exec(said)?.[1];
  if (version === undefined) {
    return undefined;
  }
  const configuration = /^\s*configuration:(.*)$/m.exec(said)?.[1] ?? '';
  const features = [...configuration.matchAll(/--enable-([^\s=']+)/g)].map(([, feature = '']) => feature.toLowerCase());
  return { version, banner: said.trim(), features: new Set(features) };
}
