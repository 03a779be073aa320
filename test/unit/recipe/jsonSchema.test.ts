import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../../src/convert/presets/index.ts';
import { presetsOfSchema, recipeSchema } from '../../../src/recipe/jsonSchema.ts';
import { readRecipe } from '../../../src/recipe/readRecipe.ts';
import { PICTURES, SPEECH, VOCABULARY } from './recipes.ts';

const SYNTAXES = join(import.meta.dirname, '../../../syntaxes');
const schema = recipeSchema(VOCABULARY);
const validate = new Ajv({ strict: false }).compile(schema);

describe('the JSON Schema of recipes', () => {
  it('holds every preset with its options, by which the language server knows them', () => {
    const presets = presetsOfSchema(JSON.parse(readFileSync(join(SYNTAXES, 'recipe.schema.json'), 'utf8')));
    expect(presets.map(({ id }) => id)).toEqual(PRESETS.map(({ id }) => id));
    expect(presets[1]?.options).toEqual(PRESETS[1]?.options);
    expect(readRecipe(SPEECH, { presets }).problems).toEqual([]);
    expect(presetsOfSchema({})).toEqual([]);
  });

  it.each([['sound', SPEECH], ['pictures', PICTURES]])('takes a recipe without a fault: %s', (_, text) => {
    validate(parse(text));
    expect(validate.errors ?? []).toEqual([]);
  });

  it.each([
    ['a misspelt key', SPEECH.replace('steps:', 'stepz:')],
    ['an option out of range', SPEECH.replace('rate: 16000', 'rate: 5')],
    ['an option that the preset has not', SPEECH.replace('rate: 16000', 'level: 5')],
    ['two verbs', SPEECH.replace('  - sox:', '  - preset: audio.flac\n    sox:')],
    ['an extension that is not written', PICTURES.replace('extension: webp', 'extension: heic')],
  ])('refuses what the rules refuse: %s', (_, text) => {
    expect(validate(parse(text))).toBe(false);
    expect(readRecipe(text, VOCABULARY).problems.length).toBeGreaterThan(0);
  });
});

describe('the grammars in syntaxes', () => {
  it.each(['filtergraph.tmLanguage.json', 'filtergraph.injection.tmLanguage.json'])('%s has only expressions that are some', (name) => {
    const text = readFileSync(join(SYNTAXES, name), 'utf8');
    const expressions = [...text.matchAll(/"(?:match|begin|end)": ("(?:[^"\\]|\\.)*")/g)].map(([, source = '""']) => JSON.parse(source) as string);
    expect(expressions.length).toBeGreaterThan(3);
    expressions.forEach((expression) => expect(() => new RegExp(expression, 'u')).not.toThrow());
  });
});
