import type { OptionSpec } from './option.ts';

/** What values the option takes, in words, where this is none of them. */
export function optionFault(spec: OptionSpec, value: unknown): string | undefined {
  return fits(spec, value) ? undefined : describeRange(spec);
}

/** What values an option takes, in words: `takes a whole number from 8000 to 192000 Hz`. */
export function describeRange(spec: OptionSpec): string {
  switch (spec.type) {
    case 'choice':
      return `takes ${spec.choices.map((choice) => choice.value).join(', ')}`;
    case 'switch':
      return 'takes true or false';
    case 'text':
      return `takes text on one line, at most ${spec.maxLength} characters`;
    default: {
      const unit = spec.unit === undefined ? '' : ` ${spec.unit}`;
      const noun = spec.type === 'number' ? 'a number' : 'a whole number';
      const keep = spec.type === 'integerOrKeep' ? ', or keep' : '';
      return `takes ${noun} from ${spec.min} to ${spec.max}${unit}${keep}`;
    }
  }
}

function fits(spec: OptionSpec, value: unknown): boolean {
  switch (spec.type) {
    case 'choice':
      return spec.choices.some((choice) => choice.value === value);
    case 'switch':
      return typeof value === 'boolean';
    case 'text':
      return typeof value === 'string' && value.length <= spec.maxLength && !/\p{Cc}/u.test(value);
    case 'number':
      return typeof value === 'number' && value >= spec.min && value <= spec.max;
    case 'integerOrKeep':
      return value === 'keep' || isWholeWithin(spec, value);
    case 'integer':
      return isWholeWithin(spec, value);
  }
}

function isWholeWithin(spec: { readonly min: number; readonly max: number }, value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= spec.min && value <= spec.max;
}
