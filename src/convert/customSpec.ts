import { INPUT, OUTPUT, placeholdersIn } from '../recipe/arguments/placeholders.ts';
import { CUSTOM_TOOLS, extensionsOf } from './customTools.ts';
import type { CustomPresetSpec } from './job.ts';
import type { OptionSpec, OptionSpecs, OptionValue } from '../recipe/option.ts';
import { LONGEST_ARGUMENT, MOST_ARGUMENTS } from '../recipe/stepFault.ts';
import { RequestError } from './requestError.ts';

const FIELDS = ['name', 'tool', 'args', 'kinds', 'extension', 'options'] as const;
const KINDS = ['audio', 'video', 'image'] as const;
/** As `placeholdersIn` finds them; the two files are no options. */
const NAME = /^(?!(?:input|output)$)[A-Za-z][A-Za-z0-9_-]{0,39}$/;
const LONGEST_NAME = 80;
const LARGEST_NUMBER = 1e12;
const LONGEST_TEXT = 1000;

/** Throws a `RequestError` with the preset's name, the field and the fault where what is to hold does not. */
type Check = (holds: boolean, field: string, fault: string) => void;

/**
 * A person's own preset as it stands in the settings, taken for nothing: what is none is refused with the name and the field. `nth` names
 * one that has no name, from 1. Throws a `RequestError`.
 */
export function checkCustomSpec(value: unknown, nth = 1): CustomPresetSpec {
  const spec: Readonly<Record<string, unknown>> = isRecord(value) ? value : {};
  const name = typeof spec['name'] === 'string' ? spec['name'].trim() : '';
  const check: Check = (holds, field, fault) => {
    if (!holds) {
      throw presetFault(name || String(nth), field, fault);
    }
  };
  check(isRecord(value), 'preset', 'has to be an object');
  check(name !== '' && name.length <= LONGEST_NAME && !/\p{Cc}/u.test(name), 'name', `has to be a text of 1 to ${LONGEST_NAME} characters`);
  check(slugOf(name) !== '', 'name', 'has to hold a letter or a digit');
  const strange = Object.keys(spec).find((field) => !(FIELDS as readonly string[]).includes(field));
  check(strange === undefined, String(strange), `is no field; there is ${FIELDS.join(', ')}`);

  const { tool, args, kinds, extension, options = {} } = spec;
  check(isTool(tool), 'tool', `has to be one of ${Object.keys(CUSTOM_TOOLS).join(', ')}`);
  const areArguments = isTexts(args) && args.length > 0 && args.length <= MOST_ARGUMENTS;
  check(areArguments, 'args', `has to be an array of 1 to ${MOST_ARGUMENTS} texts, one an argument`);
  const isShort = (args as string[]).every((argument) => argument.length <= LONGEST_ARGUMENT);
  check(isShort, 'args', `has an argument of more than ${LONGEST_ARGUMENT} characters`);
  const areKinds = isTexts(kinds) && kinds.length > 0 && kinds.every((kind) => (KINDS as readonly string[]).includes(kind));
  check(areKinds, 'kinds', `has to be an array of ${KINDS.join(', ')}`);
  const extensions = extensionsOf(tool as CustomPresetSpec['tool']);
  const wanted = typeof extension === 'string' ? extension.toLowerCase() : '';
  check(extensions.includes(wanted), 'extension', `has to be one that ${String(tool)} is told how to write: ${extensions.join(', ')}`);
  check(isRecord(options), 'options', 'has to be an object of values by name');
  checkPlaceholders(args as string[], options as Readonly<Record<string, unknown>>, check);
  return {
    name,
    tool: tool as CustomPresetSpec['tool'],
    args: args as string[],
    kinds: kinds as CustomPresetSpec['kinds'],
    extension: wanted,
    options: options as Readonly<Record<string, OptionValue>>,
  };
}

function checkPlaceholders(args: readonly string[], defaults: Readonly<Record<string, unknown>>, check: Check): void {
  const used = new Set(args.filter((argument) => argument !== INPUT && argument !== OUTPUT).flatMap(placeholdersIn));
  for (const [name, value] of Object.entries(defaults)) {
    check(NAME.test(name), 'options', `“${name}” is no name of a placeholder`);
    check(isDefault(value), 'options', `“${name}” has to be a number, true or false, or a text on one line`);
    check(used.has(name), 'options', `“${name}” is not among the arguments`);
  }
  for (const name of used) {
    check(name !== 'input' && name !== 'output', 'args', `{${name}} has to be an argument by itself`);
    check(Object.hasOwn(defaults, name), 'args', `{${name}} has no value under “options”`);
  }
}

/** The name as a part of an id and of a folder's name: letters and digits of any script, and hyphens. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .normalize('NFC');
}

/** What can be asked before a conversion, by the types of the defaults. */
export function optionsOf({ options = {} }: CustomPresetSpec): OptionSpecs {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, optionOf(name, value)]));
}

function optionOf(name: string, value: OptionValue): OptionSpec {
  const base = { title: name, description: `The placeholder {${name}}.` };
  switch (typeof value) {
    case 'number':
      return { ...base, type: 'number', default: value, min: -LARGEST_NUMBER, max: LARGEST_NUMBER };
    case 'boolean':
      return { ...base, type: 'switch', default: value };
    default:
      return { ...base, type: 'text', default: value, maxLength: LONGEST_TEXT };
  }
}

function isDefault(value: unknown): boolean {
  switch (typeof value) {
    case 'number':
      return Math.abs(value) <= LARGEST_NUMBER;
    case 'string':
      return value.length <= LONGEST_TEXT && !/\p{Cc}/u.test(value);
    default:
      return typeof value === 'boolean';
  }
}

function isTool(value: unknown): value is CustomPresetSpec['tool'] {
  return typeof value === 'string' && Object.hasOwn(CUSTOM_TOOLS, value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** A fault of a person's own preset, by its name (or number) and the field that has it. */
export function presetFault(preset: string, field: string, fault: string): RequestError {
  const where = 'It stands in the setting trainyard.convert.presets.';
  return new RequestError('preset', `Your preset “${preset}” cannot be used: ${field}: ${fault}. ${where}`);
}
