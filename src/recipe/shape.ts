/** What a value of a recipe may be: one table for its check, its JSON Schema, completion and hover. */
export type Shape = MapShape | ListShape | WordShape | OneOfShape;

interface Described {
  /** What it is for, in a sentence or two of Markdown. */
  readonly about: string;
}

export interface Field {
  readonly shape: Shape;
  readonly isRequired?: boolean;
}

export interface MapShape extends Described {
  readonly type: 'map';
  readonly fields: Readonly<Record<string, Field>>;
  /** Of keys that are not among the fields, where others may be. */
  readonly others?: Shape;
  /** Exactly one of these has to be there. */
  readonly exactlyOne?: readonly string[];
}

export interface ListShape extends Described {
  readonly type: 'list';
  readonly of: Shape;
  readonly least?: number;
}

/** One word, number or switch. */
export interface WordShape extends Described {
  readonly type: 'word';
  readonly is: readonly ('text' | 'number' | 'integer' | 'switch')[];
  /** All that it may be. */
  readonly choices?: readonly { readonly value: string | number | boolean; readonly about: string }[];
  /** The choices are the known ones, and there may be others. */
  readonly isOpen?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly unit?: string;
  readonly default?: string | number | boolean;
  /** Taken besides what the numbers' bounds allow: `keep`. */
  readonly also?: readonly string[];
}

/** The first that has the value's form: a map, a list, a word. */
export interface OneOfShape extends Described {
  readonly type: 'oneOf';
  readonly shapes: readonly Shape[];
}

export function text(about: string, more: Partial<WordShape> = {}): WordShape {
  return { type: 'word', is: ['text'], about, ...more };
}

export function number(about: string, min: number, max: number, more: Partial<WordShape> = {}): WordShape {
  return { type: 'word', is: ['number'], about, min, max, ...more };
}

export function integer(about: string, min: number, max: number, more: Partial<WordShape> = {}): WordShape {
  return { type: 'word', is: ['integer'], about, min, max, ...more };
}

export function choice(about: string, choices: readonly (readonly [value: string, about: string])[], more: Partial<WordShape> = {}): WordShape {
  return { type: 'word', is: ['text'], about, choices: choices.map(([value, why]) => ({ value, about: why })), ...more };
}

/** A number, a text or a switch: as tools take them. */
export function anyWord(about: string): WordShape {
  return { type: 'word', is: ['text', 'number', 'switch'], about };
}

export function list(about: string, of: Shape, least?: number): ListShape {
  return { type: 'list', of, about, ...(least !== undefined && { least }) };
}

export function map(about: string, fields: MapShape['fields'], more: Partial<MapShape> = {}): MapShape {
  return { type: 'map', fields, about, ...more };
}

export function oneOf(about: string, ...shapes: readonly Shape[]): OneOfShape {
  return { type: 'oneOf', shapes, about };
}
