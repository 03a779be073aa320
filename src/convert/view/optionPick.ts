import { formatCount } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import type { OptionSpec, OptionSpecs, OptionValue, OptionValues } from '../../recipe/option.ts';
import { parseOption } from '../optionValues.ts';
import { RequestError } from '../requestError.ts';

export interface OptionEntry {
  readonly name: string;
  readonly label: string;
  readonly description: string;
}

/** One entry an option: its value, its default where it was changed, and what it is for. */
export function optionEntries(specs: OptionSpecs, values: OptionValues): readonly OptionEntry[] {
  return Object.entries(specs).map(([name, spec]) => {
    const value = values[name] ?? spec.default;
    const changed = value === spec.default ? [] : [`default ${describeValue(spec, spec.default)}`, 'changed'];
    return { name, label: spec.title, description: [describeValue(spec, value), ...changed, spec.description].join(' · ') };
  });
}

/** `512 px`, `on`, `as the input`, or the title of the choice. */
function describeValue(spec: OptionSpec, value: OptionValue): string {
  switch (spec.type) {
    case 'choice':
      return spec.choices.find((choice) => choice.value === value)?.title ?? String(value);
    case 'switch':
      return value === true ? 'on' : 'off';
    case 'text':
      return value === '' ? 'empty' : printable(String(value));
    default:
      return typeof value === 'number' ? withUnit(value, spec.unit) : 'as the input';
  }
}

export interface ChoiceEntry {
  readonly value: OptionValue;
  readonly label: string;
  readonly description: string;
}

/** What there is to choose from; undefined where a value is typed. */
export function choiceEntries(spec: OptionSpec, value: OptionValue): readonly ChoiceEntry[] | undefined {
  const choices = choicesOf(spec);
  return choices?.map((choice) => ({
    value: choice,
    label: describeValue(spec, choice),
    description: [choice === value && 'current', choice === spec.default && 'default'].filter(Boolean).join(' · '),
  }));
}

/** What is asked where a value is typed: `Pixels of the longer side. 1 to 16,383 px, default 512 px`. */
export function inputPrompt(spec: OptionSpec): string {
  if (spec.type === 'choice' || spec.type === 'switch') {
    return spec.description;
  }
  if (spec.type === 'text') {
    return `${spec.description} Default: ${describeValue(spec, spec.default)}`;
  }
  const keep = spec.type === 'integerOrKeep' ? ', or keep' : '';
  return `${spec.description} ${number(spec.min)} to ${withUnit(spec.max, spec.unit)}${keep}; default ${describeValue(spec, spec.default)}`;
}

/** Why what was typed is no value of this option; undefined where it is one. */
export function inputFault(name: string, spec: OptionSpec, text: string): string | undefined {
  try {
    parseOption(name, spec, text);
    return undefined;
  } catch (error) {
    if (RequestError.is(error)) {
      return error.message;
    }
    throw error;
  }
}

/** Those that differ from the defaults: what is worth remembering. */
export function changedOptions(specs: OptionSpecs, values: OptionValues): OptionValues {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => specs[name] !== undefined && value !== specs[name].default));
}

function choicesOf(spec: OptionSpec): readonly OptionValue[] | undefined {
  switch (spec.type) {
    case 'choice':
      return spec.choices.map((choice) => choice.value);
    case 'switch':
      return [true, false];
    default:
      return undefined;
  }
}

function withUnit(value: number, unit: string | undefined): string {
  return unit === undefined ? number(value) : `${number(value)} ${unit}`;
}

/** Whole numbers with separators, others as they are; a minus that is one. */
function number(value: number): string {
  const text = Number.isInteger(value) ? formatCount(Math.abs(value)) : String(Math.abs(value));
  return value < 0 ? `\u2212${text}` : text;
}
