import type { OptionSpec, OptionSpecs, OptionValue, OptionValues } from './option.ts';
import { RequestError } from './requestError.ts';

/** `Number` would also take an empty text, `0x10` and `Infinity`. */
const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

/** Defaults, with what was set laid over them. Throws a `RequestError` naming the option that does not fit. */
export function resolveOptions(specs: OptionSpecs, set: OptionValues): OptionValues {
  for (const name of Object.keys(set)) {
    if (!Object.hasOwn(specs, name)) {
      throw new RequestError('option', `There is no option “${name}” here; there is ${list(Object.keys(specs))}.`);
    }
  }
  const values: Record<string, OptionValue> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const value = set[name] ?? spec.default;
    const fault = faultOf(spec, value);
    if (fault !== undefined) {
      throw new RequestError('option', `Option “${name}” ${fault}, not ${JSON.stringify(value)}.`);
    }
    values[name] = value;
  }
  return values;
}

/** A value as a person types it, in the option's own type. Throws a `RequestError` where it does not fit. */
export function parseOption(name: string, spec: OptionSpec, text: string): OptionValue {
  const value = spec.type === 'text' ? text : valueOf(spec, text.trim());
  const fault = faultOf(spec, value);
  if (fault !== undefined) {
    throw new RequestError('option', `Option “${name}” ${fault}, not “${text}”.`);
  }
  return value;
}

/** What values an option takes, in words: `takes a whole number from 8000 to 192000 Hz`. */
export function describeRange(spec: OptionSpec): string {
  switch (spec.type) {
    case 'choice':
      return `takes ${list(spec.choices.map((choice) => choice.value))}`;
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

function valueOf(spec: OptionSpec, text: string): OptionValue {
  switch (spec.type) {
    case 'choice':
    case 'text':
      return text;
    case 'switch':
      return text === 'true' || (text === 'false' ? false : text);
    default:
      return DECIMAL.test(text) ? Number(text) : text;
  }
}

function faultOf(spec: OptionSpec, value: OptionValue): string | undefined {
  return fits(spec, value) ? undefined : describeRange(spec);
}

function fits(spec: OptionSpec, value: OptionValue): boolean {
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

function isWholeWithin(spec: { readonly min: number; readonly max: number }, value: OptionValue): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= spec.min && value <= spec.max;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
