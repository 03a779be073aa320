import type { OptionSpec, OptionSpecs, OptionValue, OptionValues } from '../recipe/option.ts';
import { optionFault } from '../recipe/optionFault.ts';
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
    const fault = optionFault(spec, value);
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
  const fault = optionFault(spec, value);
  if (fault !== undefined) {
    throw new RequestError('option', `Option “${name}” ${fault}, not “${text}”.`);
  }
  return value;
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

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
