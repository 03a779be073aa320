import { createHash } from 'node:crypto';
import { TARGETS } from '../../recipe/arguments/targets.ts';
import type { Recipe, RecipeStep, RecipeVerify } from '../../recipe/recipe.ts';
import type { Container, Media, MediaKind } from '../../media/media.ts';
import { customPreset } from '../customPreset.ts';
import type { CustomPresetSpec } from '../job.ts';
import { resolveOptions } from '../optionValues.ts';
import { PRESETS } from '../presets/index.ts';
import type { Expectation, FolderExpectation, OutputShape, Preset, Range } from '../preset.ts';
import { namedPreset } from './namedPreset.ts';

/** One step as it is held to later: by this a rerun says what has changed. */
export type StepRecord =
  | { readonly preset: string; readonly revision: number; readonly options: Readonly<Record<string, unknown>> }
  | { readonly tool: string; readonly args: readonly string[]; readonly extension: string };

/** A recipe's steps as one preset, by which the engine brings each input to its output. Throws a `RequestError` where a step cannot be used. */
export function recipePreset(name: string, recipe: Recipe, customPresets: readonly CustomPresetSpec[]): Preset {
  const steps = recipe.steps.map((step) => boundStep(step, customPresets));
  const last = steps.length - 1;
  const [first, ...later] = steps.map((step, index) => (index === last ? withVerify(step, recipe.verify) : step));
  if (first === undefined) {
    throw new Error('A recipe without steps was taken for one');
  }
  return {
    ...first,
    id: 'recipe.run',
    title: name,
    summary: recipe.steps.map(stepWords).join(', then '),
    revision: revisionOf(stepRecords(recipe, customPresets), recipe.verify),
    output: (media) => lastShape(steps, media),
    ...(later.length > 0 && { stages: later }),
  };
}

/** The steps with all that decides what comes out of them. Throws a `RequestError`. */
export function stepRecords(recipe: Recipe, customPresets: readonly CustomPresetSpec[]): readonly StepRecord[] {
  return recipe.steps.map((step): StepRecord => {
    if ('tool' in step) {
      return { tool: step.tool, args: step.args, extension: step.extension };
    }
    const preset = namedPreset(step.preset, customPresets);
    return { preset: preset.id, revision: preset.revision, options: resolveOptions(preset.options, step.options) };
  });
}

function stepWords(step: RecipeStep): string {
  return 'tool' in step ? step.tool : (PRESETS.find(({ id }) => id === step.preset)?.title ?? step.preset);
}

/** A step's preset with its options bound to it: it is asked with none. */
function boundStep(step: RecipeStep, customPresets: readonly CustomPresetSpec[]): Preset {
  if ('tool' in step) {
    const { tool, args, kinds, extension } = step;
    return customPreset({ name: `step by ${tool}`, tool, args, kinds, extension });
  }
  const preset = namedPreset(step.preset, customPresets);
  const options = resolveOptions(preset.options, step.options);
  return {
    ...preset,
    options: {},
    ...(preset.refuse && { refuse: (media: Media) => preset.refuse?.(media, options) }),
    methods: preset.methods.map((method) => ({
      ...method,
      ...(method.needs && { needs: () => method.needs?.(options) ?? [] }),
      ...(method.refuse && { refuse: (media: Media) => method.refuse?.(media, options) }),
      convert: (task) => method.convert({ ...task, options }),
    })),
    output: (media) => preset.output(media, options),
    expect: (media, _, engine) => preset.expect(media, options, engine),
  };
}

function withVerify(step: Preset, verify: RecipeVerify): Preset {
  return {
    ...step,
    expect(media, options, engine) {
      const expected = step.expect(media, options, engine);
      return 'files' in expected
        ? ({ ...expected, each: tightened(expected.each, verify), ...(expected.last && { last: tightened(expected.last, verify) }) } satisfies FolderExpectation)
        : tightened(expected, verify);
    },
  };
}

/** What a person asks of outputs stands above what the step promises, where both speak of the same. */
function tightened(expected: Expectation, { duration, sampleRate, channels, codec, width, height }: RecipeVerify): Expectation {
  const audio = { ...(sampleRate !== undefined && { sampleRate }), ...(channels !== undefined && { channels }) };
  const size = { ...(width && { width: rangeOf(width) }), ...(height && { height: rangeOf(height) }) };
  const isPicture = expected.image !== undefined || (expected.container?.some((container) => PICTURES.has(container)) ?? false);
  const isFilm = !isPicture && (expected.video !== undefined || Object.keys(size).length > 0);
  return {
    ...expected,
    ...(duration && { duration: both(rangeOf(duration), expected.duration) }),
    ...((Object.keys(audio).length > 0 || (codec !== undefined && !isFilm && !isPicture)) && {
      audio: { ...expected.audio, ...audio, ...(codec !== undefined && !isFilm && { codec }) },
    }),
    ...(isFilm && { video: { ...expected.video, ...size, ...(codec !== undefined && { codec }) } }),
    ...(isPicture && Object.keys(size).length > 0 && { image: { ...expected.image, ...size } }),
  };
}

function rangeOf({ min = 0, max = Infinity }: { readonly min?: number; readonly max?: number }): Range {
  return { min, max };
}

function both(a: Range, b: Range = { min: 0, max: Infinity }): Range {
  return { min: Math.max(a.min, b.min), max: Math.min(a.max, b.max) };
}

const PICTURES = new Set<Container>(['jpeg', 'png', 'webp', 'gif', 'tiff', 'bmp']);

/** What the last step writes, going by what the steps before it would write of this file. */
function lastShape(steps: readonly Preset[], media: Media): OutputShape {
  let shape: OutputShape = { kind: 'folder' };
  let read = media;
  for (const step of steps) {
    shape = step.output(read, {});
    if (shape.kind === 'folder') {
      return shape;
    }
    const [container = 'unknown'] = TARGETS[shape.extension]?.containers ?? [];
    read = { ...read, container, kind: kindOf(container, read) };
  }
  return shape;
}

const SOUNDS = new Set<Container>(['wav', 'flac', 'mp3', 'ogg', 'aiff', 'au', 'adts']);

function kindOf(container: Container, { kind }: Media): MediaKind {
  return PICTURES.has(container) ? 'image' : SOUNDS.has(container) ? 'audio' : kind;
}

function revisionOf(steps: readonly StepRecord[], verify: RecipeVerify): number {
  const hash = createHash('sha256').update(JSON.stringify([steps, verify])).digest('hex');
  return Number.parseInt(hash.slice(0, 12), 16);
}
