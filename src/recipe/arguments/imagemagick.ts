import { checkValue, RefusedArgument, splitAtFiles, type CustomShape } from './placeholders.ts';

/**
 * Settings and operators that touch no other file, by the number of values that both ImageMagick 6 and 7 take. A word that is none of
 * their values is a file to read, so that nothing may be here by guess: a test runs each of them. (CommandOptions in `option.c`)
 */
export const OPERATORS: Readonly<Record<string, string>> = {
  '-0':
    'antialias append auto-gamma auto-level auto-orient clamp coalesce composite contrast despeckle enhance equalize flatten flip flop ' +
    'monochrome negate normalize reverse separate strip transpose transverse trim unique-colors',
  '-1':
    'adaptive-blur adaptive-resize adaptive-sharpen alpha background black-threshold blur border bordercolor brightness-contrast channel ' +
    'charcoal chop clone colorize colors colorspace compose compress contrast-stretch convolve crop define delay delete density depth ' +
    'deskew dither edge emboss evaluate-sequence extent fill filter frame fuzz fx gamma gaussian-blur geometry gravity insert intensity ' +
    'interlace interpolate lat layers level level-colors linear-stretch liquid-rescale loop median modulate motion-blur noise opaque ' +
    'ordered-dither orient page paint posterize quality raise random-threshold repage resample resize roll rotate sample ' +
    'sampling-factor scale seed selective-blur sepia-tone shade sharpen shave shear sigmoidal-contrast sketch solarize splice spread ' +
    'swap threshold thumbnail tint transparent type units unsharp vignette virtual-pixel white-threshold',
  '-2': 'distort evaluate function morphology sparse-color statistic',
  '+0': 'antialias append channel clone contrast delete dither gravity negate repage swap virtual-pixel',
  '+1': 'level level-colors noise opaque sigmoidal-contrast transparent',
  '+2': 'distort',
};

const ARITY = new Map<string, number>();
for (const [kind, names] of Object.entries(OPERATORS)) {
  names.split(' ').forEach((name) => ARITY.set(`${kind.charAt(0)}${name}`, Number(kind.charAt(1))));
}

/** Formats' own settings, and the resampler's: others choose delegates, folders and caches. */
const DEFINE = /^(?:jpeg|png|webp|tiff|gif|bmp|filter|distort|convolve|quantum|trim|modulate|morphology|sample|resample)[:=]/;

/** `[settings] {input} [operators] {output}`: each word an operator that is known here or one of its values. Throws a `RefusedArgument`. */
export function imagemagickShape(args: readonly string[]): CustomShape {
  const shape = splitAtFiles(args);
  if (shape.after.length > 0) {
    throw new RefusedArgument(shape.after[0] ?? '', 'stands after {output}, which has to be last');
  }
  checkOperators(shape.before);
  checkOperators(shape.between);
  return shape;
}

function checkOperators(args: readonly string[]): void {
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (word === '(' || word === ')') {
      continue;
    }
    if (!/^[-+][a-z]/.test(word)) {
      throw new RefusedArgument(word, 'is not an operator, and would be a file to read');
    }
    const count = ARITY.get(word);
    if (count === undefined) {
      throw new RefusedArgument(word, 'is not among the operators that may be used');
    }
    for (const last = at + count; at < last; ) {
      at++;
      checkOperand(word, args[at]);
    }
  }
}

function checkOperand(operator: string, value: string | undefined): void {
  if (value === undefined) {
    throw new RefusedArgument(operator, 'has too few values');
  }
  checkValue(value);
  if (operator === '-define' && !DEFINE.test(value)) {
    throw new RefusedArgument(value, 'is not among the definitions that may be used');
  }
}
