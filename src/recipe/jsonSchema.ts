import { presetOptionsShape } from './presetShape.ts';
import type { PresetFacts, Vocabulary } from './recipe.ts';
import { recipeShape } from './recipeShape.ts';
import type { MapShape, Shape, WordShape } from './shape.ts';

/** JSON Schema, as far as ours goes. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Where the schema keeps what is known of presets, for readers that are not JSON Schema's. */
const PRESETS = 'x-trainyard-presets';

/** The schema of recipes (draft 07, which editors' YAML servers read), with each preset's own options. */
export function recipeSchema(vocabulary: Vocabulary): JsonSchema {
  const { presets } = vocabulary;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Trainyard recipe',
    ...schemaOf(recipeShape(vocabulary)),
    definitions: Object.fromEntries(presets.map((preset) => [preset.id, schemaOf(presetOptionsShape(preset))])),
    allOf: [
      {
        properties: {
          steps: {
            items: {
              allOf: presets.map(({ id }) => ({
                if: { properties: { preset: { const: id } }, required: ['preset'] },
                then: { properties: { options: { $ref: `#/definitions/${id}` } } },
              })),
            },
          },
        },
      },
    ],
    [PRESETS]: presets.map(({ id, title, summary, kinds, options, ways }) => ({ id, title, summary, kinds, options, ways })),
  };
}

/** The presets of a schema that `recipeSchema` made; none of any other. */
export function presetsOfSchema(schema: unknown): readonly PresetFacts[] {
  const presets = typeof schema === 'object' && schema !== null ? (schema as Record<string, unknown>)[PRESETS] : undefined;
  return Array.isArray(presets) ? (presets as readonly PresetFacts[]) : [];
}

function schemaOf(shape: Shape): JsonSchema {
  const described = { description: shape.about.replace(/\*\*|`/g, ''), markdownDescription: shape.about };
  switch (shape.type) {
    case 'map':
      return { ...described, ...mapSchema(shape) };
    case 'list':
      return { ...described, type: 'array', items: schemaOf(shape.of), ...(shape.least !== undefined && { minItems: shape.least }) };
    case 'oneOf':
      return { ...described, anyOf: shape.shapes.map(schemaOf) };
    case 'word':
      return { ...described, ...wordSchema(shape) };
  }
}

function mapSchema({ fields, others, exactlyOne }: MapShape): JsonSchema {
  const required = Object.entries(fields).flatMap(([name, { isRequired }]) => (isRequired === true ? [name] : []));
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(fields).map(([name, { shape }]) => [name, schemaOf(shape)])),
    additionalProperties: others === undefined ? false : schemaOf(others),
    ...(required.length > 0 && { required }),
    ...(exactlyOne && { oneOf: exactlyOne.map((name) => ({ required: [name] })) }),
  };
}

function wordSchema({ is, choices, isOpen, min, max, also, default: value }: WordShape): JsonSchema {
  const given = value === undefined ? {} : { default: value };
  if (choices !== undefined) {
    const values = choices.map((choice) => choice.value);
    const known = { enum: values, enumDescriptions: choices.map(({ about }) => about) };
    return isOpen === true ? { ...given, anyOf: [known, { type: 'string' }] } : { ...given, ...known };
  }
  const types: Readonly<Record<WordShape['is'][number], string>> = { text: 'string', number: 'number', integer: 'integer', switch: 'boolean' };
  const plain = { type: is.length === 1 ? types[is[0]!] : is.map((one) => types[one]), ...(min !== undefined && { minimum: min }), ...(max !== undefined && { maximum: max }) };
  return also === undefined ? { ...given, ...plain } : { ...given, anyOf: [plain, { enum: also }] };
}
