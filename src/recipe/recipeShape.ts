import { TARGETS } from './arguments/targets.ts';
import { presetOptionsShape } from './presetShape.ts';
import type { PresetFacts, RecipeTool, Vocabulary } from './recipe.ts';
import { anyWord, choice, integer, list, map, number, oneOf, text, type MapShape, type Shape } from './shape.ts';

const FILTER = text(
  'Keeps the inputs for which this holds: `duration < 30 and split == train`, `rate:48000`, `caption ~ "dog"`. The language is that of `trainyard query`; a manifest’s own columns count first, the files’ headers after them.',
);

const INPUT = oneOf(
  'Files that the recipe is for.',
  text('Files by their names, relative to the recipe: `clips/**/*.wav`. `*` and `?` stop at slashes, `**` does not, `{a,b}` is either.'),
  map(
    'Files by their names or by a manifest, filtered.',
    {
      files: { shape: text('Names with wildcards, relative to the recipe: `clips/**/*.wav`.') },
      manifest: { shape: text('A JSONL, CSV or TSV manifest, relative to the recipe. What it names is relative to the manifest.') },
      key: { shape: text('The manifest’s column that names the file; found by its name where left out.') },
      filter: { shape: FILTER },
    },
    { exactlyOne: ['files', 'manifest'] },
  ),
);

const KINDS = list(
  'What kinds of files the step takes; others among the inputs are left out.',
  choice('A kind of media.', [['audio', 'Sound'], ['video', 'Moving pictures'], ['image', 'A picture']]),
  1,
);

const RAW = list(
  'Arguments as the tool takes them, one an entry, never a shell line; `{input}` and `{output}` stand once each. In place of the structured keys.',
  anyWord('One argument.'),
  1,
);

function extension(tool: RecipeTool): Shape {
  const known = Object.entries(TARGETS).flatMap(([name, target]) => (target[tool] === undefined ? [] : [[name, target.containers.join(', ')] as const]));
  return choice('Extension of what is written, which says its format.', known);
}

const VALUES = oneOf('The values.', anyWord('One value.'), list('Several values.', anyWord('One value.')));

/** `hflip`, `{scale: {w: 512}}`, `{scale: [512, -2]}` or `{fps: 25}`. */
const NAMED = oneOf(
  'One entry: a name, or a name with its values.',
  text('A name without values.'),
  map('A name with its values.', {}, {
    others: oneOf('Its values: one, several in order, or by name.', anyWord('One value.'), list('Values in order.', anyWord('A value.')), map('Values by name.', {}, { others: anyWord('A value.') })),
  }),
);

const WORDS = oneOf('One entry: a name, or a name with its values.', text('A name without values.'), map('A name with its values.', {}, { others: VALUES }));

const FILTERS = oneOf(
  'Filters, one after the other. Values are escaped by Trainyard: write them as they are meant.',
  list('Filters in order.', NAMED, 1),
  text('A raw filter graph in ffmpeg’s own syntax, both levels of escaping yours.'),
);

function stream(kind: 'audio' | 'video', encoder: string): Shape {
  return oneOf(
    `The ${kind} of the output; left out there is none.`,
    choice(`The ${kind} as it is, or none.`, [['copy', 'Streams as they are, not decoded'], ['none', `No ${kind}`]]),
    map(`How the ${kind} is made.`, {
      filters: { shape: FILTERS },
      codec: { shape: text(`The encoder: \`${encoder}\`.`) },
      options: { shape: map('Options of the encoder by name, without the dash: `crf: 23`, `b: 128k`.', {}, { others: anyWord('A value.') }) },
    }),
  );
}

const FFMPEG = map('A step by ffmpeg. Formats, threads and protocols are set by Trainyard.', {
  input: { shape: map('Options in front of the input: `ss: 1.5`, `t: 10`.', {}, { others: anyWord('A value; true for a flag.') }) },
  video: { shape: stream('video', 'libx264') },
  audio: { shape: stream('audio', 'libopus') },
  options: { shape: map('Options of the output: `movflags: +faststart`, `shortest: true`.', {}, { others: anyWord('A value; true for a flag.') }) },
  args: { shape: RAW },
  kinds: { shape: KINDS },
  extension: { shape: extension('ffmpeg'), isRequired: true },
});

const SOX = map('A step by sox, without dither.', {
  effects: { shape: list('Effects in order: `norm`, `{rate: 16k}`, `{gain: [-n, -3]}`.', WORDS, 1) },
  output: {
    shape: map('How samples are stored.', {
      rate: { shape: { ...integer('Samples a second: 16000 or 16k.', 1, 10_000_000), is: ['integer', 'text'] } },
      channels: { shape: integer('Channels.', 1, 64) },
      bits: { shape: integer('Bits of a sample.', 8, 32) },
      encoding: { shape: choice('How a sample is written.', [['signed-integer', 'PCM'], ['unsigned-integer', 'PCM of 8 bits'], ['floating-point', '32 or 64 bits'], ['a-law', 'G.711'], ['u-law', 'G.711']]) },
      compression: { shape: number('Of FLAC 0 to 8, of Vorbis −1 to 10.', -1000, 1000) },
    }),
  },
  args: { shape: RAW },
  kinds: { shape: KINDS },
  extension: { shape: extension('sox'), isRequired: true },
});

const IMAGEMAGICK = map('A step by ImageMagick.', {
  operators: { shape: list('Operators in order, without the dash: `auto-orient`, `{resize: "512x512>"}`, `"+repage"`.', WORDS, 1) },
  args: { shape: RAW },
  kinds: { shape: KINDS },
  extension: { shape: extension('imagemagick'), isRequired: true },
});

function stepShape(presets: readonly PresetFacts[]): MapShape {
  const known = presets.map(({ id, title, summary }) => [id, `${title}: ${summary}`] as const);
  return map(
    'One step: a preset, or one of the tools by itself.',
    {
      preset: { shape: { ...choice('A conversion of Trainyard’s own; `trainyard presets` lists them. Your own are `custom.NAME`.', known), isOpen: true } },
      options: { shape: map('Options of the preset; what is left out is as the preset has it.', {}, { others: anyWord('A value.') }) },
      ffmpeg: { shape: FFMPEG },
      sox: { shape: SOX },
      imagemagick: { shape: IMAGEMAGICK },
    },
    { exactlyOne: ['preset', 'ffmpeg', 'sox', 'imagemagick'] },
  );
}

const BOUNDS = (about: string, unit: string): MapShape =>
  map(about, { min: { shape: number(`At least, in ${unit}.`, 0, 1e9) }, max: { shape: number(`At most, in ${unit}.`, 0, 1e9) } });

/** All that a recipe may hold. */
export function recipeShape({ presets }: Vocabulary): MapShape {
  return map('A recipe: which files become what, step by step. `trainyard run` makes it, and makes again only what has changed.', {
    version: { shape: { ...integer('The version of the format: 1.', 1, 1), choices: [{ value: 1, about: 'The only one so far' }] }, isRequired: true },
    inputs: { shape: list('The files that the recipe is for.', INPUT, 1), isRequired: true },
    steps: { shape: list('What is done to each file, one step after the other.', stepShape(presets), 1), isRequired: true },
    outputs: {
      isRequired: true,
      shape: map('Where outputs go.', {
        folder: { shape: text('The folder of the outputs, relative to the recipe.'), isRequired: true },
        name: {
          shape: text('How outputs are named below the folder: `{row.speaker}/{name}`. There is `{dir}`, `{name}`, `{parent}`, `{ext}` and `{row.COLUMN}`. Left out, inputs’ folders and names are kept.'),
        },
        manifest: {
          shape: map('A manifest of the outputs, written when the run ends.', {
            path: { shape: text('JSONL, CSV or TSV by its extension, relative to the recipe.'), isRequired: true },
            key: { shape: text('The column that names the output.', { default: 'path' }) },
            columns: { shape: list('Columns of the input’s row that are carried over; left out, all of them.', text('A column.')) },
          }),
        },
      }),
    },
    verify: {
      shape: map('What each output is held to besides the steps’ own promises.', {
        duration: { shape: BOUNDS('How long it lasts.', 'seconds') },
        sampleRate: { shape: integer('Samples a second.', 1, 10_000_000, { unit: 'Hz' }) },
        channels: { shape: integer('Channels of sound.', 1, 64) },
        codec: { shape: text('The codec, as ffmpeg spells it.') },
        width: { shape: BOUNDS('Its width.', 'pixels') },
        height: { shape: BOUNDS('Its height.', 'pixels') },
        damage: { shape: choice('What becomes of inputs with damage.', [['fail', 'They fail'], ['keep', 'What can be decoded is kept, and the damage told']], { default: 'fail' }) },
      }),
    },
    concurrency: { shape: integer('Files at once; as many as there are CPUs where left out.', 1, 1024) },
  });
}

/** What may stand under `options` of this preset; undefined where the preset is not known here. */
export function optionsShapeOf(id: string, { presets }: Vocabulary): MapShape | undefined {
  const preset = presets.find((known) => known.id === id);
  return preset && presetOptionsShape(preset);
}
