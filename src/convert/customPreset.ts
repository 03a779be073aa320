import { createHash } from 'node:crypto';
import { known } from '../base/absent.ts';
import type { Container } from '../media/media.ts';
import { fillPlaceholders, RefusedArgument, type CustomShape } from '../recipe/arguments/placeholders.ts';
import { checkCustomSpec, optionsOf, presetFault, slugOf } from './customSpec.ts';
import { TARGETS } from '../recipe/arguments/targets.ts';
import { CUSTOM_TOOLS } from './customTools.ts';
import type { RawCall } from './engine.ts';
import type { CustomPresetSpec } from './job.ts';
import type { OptionValues } from '../recipe/option.ts';
import type { Expectation, Preset, Task } from './preset.ts';
import { RequestError } from './requestError.ts';

const LONGEST_SUMMARY = 160;

/** The presets of a setting, and what is wrong with those that are none. */
export interface CustomPresets {
  readonly presets: readonly Preset[];
  readonly problems: readonly RequestError[];
}

/** Presets out of what stands in `trainyard.convert.presets`: one that is faulty does not take the others with it. */
export function customPresets(specs: readonly unknown[]): CustomPresets {
  const presets = new Map<string, Preset>();
  const problems: RequestError[] = [];
  for (const [index, value] of specs.entries()) {
    try {
      const preset = customPreset(value, index + 1);
      if (presets.has(preset.id)) {
        throw presetFault(preset.title, 'name', `another preset before it has the id ${preset.id}`);
      }
      presets.set(preset.id, preset);
    } catch (error) {
      if (!RequestError.is(error)) {
        throw error;
      }
      problems.push(error);
    }
  }
  return { presets: [...presets.values()], problems };
}

/**
 * A person's own preset. Each argument is one entry, never a shell line; `{input}` and `{output}` stand alone, once each:
 *
 * - ffmpeg: `[options of the input] -i {input} [options] {output}`
 * - sox: `[options] {input} [options of the output] {output} [effects]`
 * - ImageMagick: `[settings] {input} [operators] {output}`
 *
 * Format options are not among them: the input is read as what its bytes are, and the output written as what its extension says. What
 * could touch other files is refused, as written and as filled in. That keeps mistakes and the known ways out; it is no sandbox, hence the
 * setting is the user's alone and not heeded in an untrusted workspace. Throws a `RequestError`.
 */
export function customPreset(value: unknown, nth = 1): Preset {
  const spec = checkCustomSpec(value, nth);
  const fault = faultOf(spec, spec.options ?? {});
  if (fault !== undefined) {
    throw presetFault(spec.name, 'args', fault);
  }
  const tool = CUSTOM_TOOLS[spec.tool];
  return {
    id: `custom.${slugOf(spec.name)}`,
    title: spec.name,
    summary: `Your own: ${spec.tool} ${spec.args.join(' ')}`.slice(0, LONGEST_SUMMARY),
    kinds: spec.kinds,
    options: optionsOf(spec),
    revision: revisionOf(spec),
    refuse: (media, options) =>
      tool.canRead(media) ? faultOf(spec, options) : `${spec.tool} is not asked to read ${media.container} here`,
    methods: [
      {
        engine: spec.tool,
        *convert(task) {
          yield callOf(spec, task);
          return {};
        },
      },
    ],
    output: () => ({ kind: 'file', extension: spec.extension }),
    expect: () => expectationOf(TARGETS[spec.extension]?.containers ?? []),
  };
}

function callOf(spec: CustomPresetSpec, { media, options, output, threads }: Task): RawCall {
  const target = TARGETS[spec.extension] ?? { containers: [] };
  const seconds = known(media.duration);
  return {
    engine: spec.tool,
    groupable: false,
    ...(seconds !== undefined && { seconds }),
    ...CUSTOM_TOOLS[spec.tool].command(shapeOf(spec, options), { media, output, target, threads }),
  };
}

function shapeOf({ tool, args }: CustomPresetSpec, options: OptionValues): CustomShape {
  const values = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, String(value)]));
  return CUSTOM_TOOLS[tool].shape(args.map((argument) => fillPlaceholders(argument, values)));
}

function faultOf(spec: CustomPresetSpec, options: OptionValues): string | undefined {
  try {
    shapeOf(spec, options);
    return undefined;
  } catch (error) {
    if (error instanceof RefusedArgument) {
      return error.message;
    }
    throw error;
  }
}

/** Other arguments make other outputs under the same name; the defaults of options are among the options. */
function revisionOf({ tool, args, extension }: CustomPresetSpec): number {
  const hash = createHash('sha256').update(JSON.stringify([tool, args, extension])).digest('hex');
  return Number.parseInt(hash.slice(0, 12), 16);
}

const PICTURES = new Set<Container>(['jpeg', 'png', 'webp', 'gif', 'tiff', 'bmp']);

/** What comes out is not known but for its container, and that sound and moving pictures last longer than nothing. */
function expectationOf(containers: readonly Container[]): Expectation {
  const lasts = !containers.some((container) => PICTURES.has(container));
  return { container: containers, ...(lasts && { duration: { min: 0.001, max: Infinity } }) };
}
