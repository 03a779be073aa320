import type { OptionSpec } from './option.ts';
import type { PresetFacts } from './recipe.ts';
import { choice, integer, map, number, text, type MapShape, type WordShape } from './shape.ts';

/** What may stand under a preset's `options`. */
export function presetOptionsShape({ title, summary, options }: PresetFacts): MapShape {
  const fields = Object.entries(options).map(([name, spec]) => [name, { shape: optionShape(spec) }] as const);
  return map(`Options of “${title}”. ${summary}`, Object.fromEntries(fields));
}

function optionShape(spec: OptionSpec): WordShape {
  const about = `**${spec.title}** · ${spec.description}`;
  const unit = 'unit' in spec && spec.unit !== undefined ? { unit: spec.unit } : {};
  switch (spec.type) {
    case 'choice':
      return choice(about, spec.choices.map(({ value, title }) => [value, title]), { default: spec.default });
    case 'switch':
      return { type: 'word', is: ['switch'], about, default: spec.default };
    case 'text':
      return text(about, { default: spec.default });
    case 'number':
      return number(about, spec.min, spec.max, { default: spec.default, ...unit });
    case 'integer':
      return integer(about, spec.min, spec.max, { default: spec.default, ...unit });
    case 'integerOrKeep':
      return integer(about, spec.min, spec.max, { default: spec.default, also: ['keep'], ...unit });
  }
}
