import type { ToolDescriptor } from '../toolDescriptor.ts';

/** The file formats and effects of `sox --help` are the features; an effect is `effect-NAME`. Also its fork sox_ng. */
export const sox: ToolDescriptor = {
  id: 'sox',
  title: 'SoX',
  purpose: 'media',
  executables: [{ name: 'sox' }, { name: 'sox_ng' }],
  bannerArgs: ['--help'],
  identify(said) {
    const version = /\bSoX(?:_ng)?\s+v?(\d\S*)/.exec(said)?.[1];
    if (version === undefined) {
      return undefined;
    }
    const formats = /^AUDIO FILE FORMATS:.*$/m.exec(said)?.[0] ?? '';
    const effects = /^EFFECTS:.*$/m.exec(said)?.[0] ?? '';
    const features = [...words(formats), ...words(effects).map((effect) => `effect-${effect.replace(/[+*#]$/, '')}`)];
    return { version, banner: [said.trimStart().split('\n')[0], formats, effects].join('\n'), features: new Set(features) };
  },
  wanted: ['wav', 'flac', 'mp3', 'vorbis', 'effect-spectrogram'],
  packages: {
    debian: 'sox libsox-fmt-mp3',
    fedora: 'sox',
    rhel: 'sox',
    arch: 'sox',
    suse: 'sox',
    alpine: 'sox',
    conda: 'sox',
  },
};

function words(line: string): readonly string[] {
  return line
    .slice(line.indexOf(':') + 1)
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}
