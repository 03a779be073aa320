import { checkValue, RefusedArgument, splitAtFiles, type CustomShape } from './placeholders.ts';

/** Options of sox as a whole or of the input, with the number of their values. The input's type goes by what its bytes are. */
const BEFORE: Readonly<Record<string, number>> = {
  '-G': 0, '--guard': 0, '-R': 0, '-D': 0, '--no-dither': 0, '--norm': 0, '-v': 1, '--volume': 1,
};

/** The output's. Its type goes by the extension. */
const BETWEEN: Readonly<Record<string, number>> = {
  '-b': 1, '--bits': 1, '-c': 1, '--channels': 1, '-r': 1, '--rate': 1, '-e': 1, '--encoding': 1, '-C': 1, '--compression': 1,
  '-L': 0, '-B': 0, '-x': 0, '--endian': 1, '-N': 0, '-X': 0, '--comment': 1, '--add-comment': 1, '-D': 0, '--no-dither': 0, '-G': 0,
  '-R': 0,
};

/** Effects of sox 14.4.2 that touch no file. (`sox --help`, EFFECTS) */
const EFFECTS = new Set([
  'allpass', 'band', 'bandpass', 'bandreject', 'bass', 'bend', 'biquad', 'channels', 'chorus', 'compand', 'contrast', 'dcshift', 'deemph',
  'delay', 'dither', 'divide', 'downsample', 'earwax', 'echo', 'echos', 'equalizer', 'fade', 'flanger', 'gain', 'highpass', 'hilbert',
  'loudness', 'lowpass', 'mcompand', 'norm', 'oops', 'overdrive', 'pad', 'phaser', 'pitch', 'rate', 'remix', 'repeat', 'reverb', 'reverse',
  'riaa', 'silence', 'sinc', 'speed', 'stretch', 'swap', 'synth', 'tempo', 'treble', 'tremolo', 'trim', 'upsample', 'vad', 'vol',
]);

/** Words that would be taken for effects which read or write files, or begin another output. */
const FORBIDDEN = new Set([
  ':', 'newfile', 'restart', 'fir', 'firfit', 'noiseprof', 'noisered', 'ladspa', 'spectrogram', 'input', 'output', 'splice', 'stat',
  'stats',
]);

/** `[options] {input} [output options] {output} [effects]`. Throws a `RefusedArgument`. */
export function soxShape(args: readonly string[]): CustomShape {
  const shape = splitAtFiles(args);
  checkOptions(shape.before, BEFORE, 'is not among the options that may stand before the input');
  checkOptions(shape.between, BETWEEN, 'is not among the options of an output');
  const [first] = shape.after;
  if (first !== undefined && !EFFECTS.has(first)) {
    throw new RefusedArgument(first, 'is not among the effects that may be used');
  }
  for (const word of shape.after) {
    if (FORBIDDEN.has(word)) {
      throw new RefusedArgument(word, 'makes sox read or write other files');
    }
    checkValue(word);
  }
  return shape;
}

function checkOptions(args: readonly string[], allowed: Readonly<Record<string, number>>, otherwise: string): void {
  for (let at = 0; at < args.length; at++) {
    const option = args[at] ?? '';
    // `--norm=-3` has its value with it.
    const name = option.startsWith('--norm=') ? '--norm' : option;
    if (!Object.hasOwn(allowed, name)) {
      const isType = option === '-t' || option === '--type';
      throw new RefusedArgument(option, isType ? 'is not needed: types go by the content and the extension' : otherwise);
    }
    for (let values = allowed[name] ?? 0; values > 0; values--) {
      at++;
      const value = args[at];
      if (value === undefined) {
        throw new RefusedArgument(option, 'has no value');
      }
      checkValue(value);
    }
  }
}
