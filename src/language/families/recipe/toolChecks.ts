import { nearest } from '../../../base/nearest.ts';
import { TARGETS } from '../../../recipe/arguments/targets.ts';
import { valueAt, type RecipeNode } from '../../../recipe/node.ts';
import { problemAt, spellingFix, type RecipeProblem } from '../../../recipe/problem.ts';
import type { PresetFacts, RecipeTool, Vocabulary } from '../../../recipe/recipe.ts';
import type { Part, PartArgument } from './stepParts.ts';
import type { ToolHelp, ToolOption } from './tools/parseFfmpeg.ts';
import type { ToolFacts } from './tools/toolFacts.ts';

const TITLES: Readonly<Record<RecipeTool, string>> = { ffmpeg: 'ffmpeg', sox: 'sox', imagemagick: 'ImageMagick' };

/** What the installed tools say against a recipe's parts. */
export async function toolProblems(root: RecipeNode, parts: readonly Part[], facts: ToolFacts, { presets }: Vocabulary): Promise<readonly RecipeProblem[]> {
  const steps = valueAt(root, ['steps']);
  const ofSteps = steps?.kind === 'list' ? await Promise.all(steps.items.map(async (step) => [...presetProblems(step, facts, presets), ...(await stepProblems(step, facts))])) : [];
  const ofParts = await Promise.all(parts.map((part) => partProblems(part, facts)));
  return [...ofSteps, ...ofParts].flat();
}

/** A preset that none of the installed tools can do, as far as that does not hang on the files. */
function presetProblems(step: RecipeNode, facts: ToolFacts, presets: readonly PresetFacts[]): readonly RecipeProblem[] {
  const node = valueAt(step, ['preset']);
  const preset = node?.kind === 'scalar' ? presets.find(({ id }) => id === node.text) : undefined;
  if (node === undefined || preset === undefined) {
    return [];
  }
  const lacking = preset.ways.map(({ tool, needs }) => {
    // It comes with Trainyard.
    const features = tool === 'sharp' ? new Set<string>(needs) : facts.found(tool as RecipeTool)?.features;
    const missing = needs.filter((feature) => !features?.has(feature.toLowerCase()));
    return features === undefined ? `${TITLES[tool as RecipeTool]} is not installed` : missing.length > 0 ? `${TITLES[tool as RecipeTool]} is built without ${missing.join(', ')}` : undefined;
  });
  return lacking.length === 0 || lacking.some((lack) => lack === undefined) ? [] : [problemAt(node, 'recipe/tool-lacks', `${preset.title} cannot be done here: ${lacking.join('; ')}.`)];
}

async function stepProblems(step: RecipeNode, facts: ToolFacts): Promise<readonly RecipeProblem[]> {
  const entry = step.kind === 'map' ? step.entries.find(({ key }) => Object.hasOwn(TITLES, key)) : undefined;
  if (entry === undefined) {
    return [];
  }
  const tool = entry.key as RecipeTool;
  if (facts.found(tool) === undefined) {
    return [problemAt(entry.keySpan, 'recipe/tool-missing', `${TITLES[tool]} is not installed here: the step cannot be run.`)];
  }
  const extension = valueAt(entry.value, ['extension']);
  if (extension?.kind !== 'scalar') {
    return [];
  }
  const target = TARGETS[extension.text];
  const muxer = target?.ffmpeg?.[target.ffmpeg.indexOf('-f') + 1];
  const known = tool === 'ffmpeg' ? (await facts.muxers())?.map(({ name }) => name) : tool === 'imagemagick' ? await facts.formats() : undefined;
  const wanted = tool === 'ffmpeg' ? muxer : target?.imagemagick;
  return known === undefined || wanted === undefined || known.includes(wanted)
    ? []
    : [problemAt(extension, 'recipe/tool-lacks', `The installed ${TITLES[tool]} cannot write ${wanted}.`)];
}

async function partProblems(part: Part, facts: ToolFacts): Promise<readonly RecipeProblem[]> {
  switch (part.kind) {
    case 'filter': {
      const names = (await facts.filters())?.map(({ name }) => name);
      if (names === undefined || part.name === '') {
        return [];
      }
      if (!names.includes(part.name)) {
        const meant = nearest(part.name, names);
        return [problemAt(part.nameSpan, 'recipe/unknown-filter', `The installed ffmpeg has no filter “${part.name}”.${hint(meant)}`, spellingFix(part.nameSpan, meant))];
      }
      const help = await facts.filter(part.name);
      return help ? [...argumentProblems(part, help), ...lacks(part, facts)] : [];
    }
    case 'encoder':
      return encoderProblems(part, facts);
    case 'effect': {
      const names = (await facts.effects())?.map(({ name }) => name);
      return unknownName(part, names, 'recipe/unknown-effect', `The installed sox has no effect “${part.name}”.`);
    }
    case 'operator': {
      const known = await facts.operators();
      const written = /^[-+]/.test(part.name) ? part.name : `-${part.name}`;
      const isKnown = known === undefined || known.includes(written) || part.name === '(' || part.name === ')';
      return isKnown ? [] : unknownName(part, known.map((name) => name.slice(1)), 'recipe/unknown-option', `The installed ImageMagick has no operator “${written}”.`);
    }
  }
}

function unknownName(part: Part, names: readonly string[] | undefined, code: RecipeProblem['code'], message: string): readonly RecipeProblem[] {
  if (names === undefined || names.includes(part.name)) {
    return [];
  }
  const meant = nearest(part.name, names);
  return [problemAt(part.nameSpan, code, `${message}${hint(meant)}`, spellingFix(part.nameSpan, meant))];
}

async function encoderProblems(part: Part, facts: ToolFacts): Promise<readonly RecipeProblem[]> {
  const encoders = await facts.encoders();
  if (encoders === undefined || part.name === 'copy') {
    return [];
  }
  const encoder = encoders.find(({ name }) => name === part.name);
  if (encoder === undefined) {
    const meant = nearest(part.name, encoders.filter(({ kind }) => kind === part.stream).map(({ name }) => name));
    const isLibrary = /^lib\w+$/.test(part.name) && meant === undefined;
    const message = isLibrary ? `The installed ffmpeg is built without ${part.name}.` : `The installed ffmpeg has no encoder “${part.name}”.${hint(meant)}`;
    return [problemAt(part.nameSpan, isLibrary ? 'recipe/tool-lacks' : 'recipe/unknown-encoder', message, spellingFix(part.nameSpan, meant))];
  }
  if (encoder.kind !== part.stream) {
    return [problemAt(part.nameSpan, 'recipe/unknown-encoder', `${part.name} makes ${encoder.kind}, and stands under ${part.stream}.`)];
  }
  const help = await facts.encoder(part.name);
  if (!help) {
    return [];
  }
  const problems = argumentProblems(part, help).filter(({ code }) => code !== 'recipe/unknown-option');
  const rate = part.args.find(({ key }) => key === 'ar');
  if (rate !== undefined && help.sampleRates !== undefined && !help.sampleRates.includes(Number(rate.value))) {
    problems.push(problemAt(rate.valueSpan, 'recipe/option-value', `${part.name} takes ${help.sampleRates.join(', ')} Hz, not ${rate.value}.`));
  }
  return problems;
}

/** Positional values stand for the options in their order, aliases left out; that is for ffmpeg itself to try. */
function argumentProblems(part: Part, { options }: ToolHelp): RecipeProblem[] {
  return part.args.flatMap((argument) => {
    if (argument.key === undefined || argument.keySpan === undefined) {
      return [];
    }
    const option = options.find(({ name }) => name === argument.key);
    if (option === undefined) {
      // `enable` is every timeline filter's.
      const meant = nearest(argument.key, options.map(({ name }) => name));
      return argument.key === 'enable' || options.length === 0
        ? []
        : [problemAt(argument.keySpan, 'recipe/unknown-option', `${part.name} has no option “${argument.key}”.${hint(meant)}`, spellingFix(argument.keySpan, meant))];
    }
    return valueProblem(part, option, argument);
  });
}

/** Words that ffmpeg takes for any number. (`set_string_number` in libavutil/opt.c) */
const ANY = new Set(['default', 'max', 'min', 'none', 'all', 'inf', 'nan']);

function valueProblem(part: Part, { name, type, min, max, constants }: ToolOption, { value, valueSpan }: PartArgument): RecipeProblem[] {
  const isNumeric = ['int', 'int64', 'float', 'double', 'uint64'].includes(type);
  const number = value.trim() === '' ? NaN : Number(value);
  if (isNumeric && Number.isFinite(number)) {
    const isOut = (min !== undefined && number < min) || (max !== undefined && number > max);
    return isOut ? [problemAt(valueSpan, 'recipe/option-value', `${part.name}’s ${name} goes from ${min ?? 'any'} to ${max ?? 'any'}, and ${value} is beyond that.`)] : [];
  }
  const isWord = /^[A-Za-z][A-Za-z_-]*$/.test(value);
  if (isNumeric && constants.length > 0 && isWord && !ANY.has(value) && !constants.some((constant) => constant.name === value)) {
    const names = constants.map((constant) => constant.name);
    const meant = nearest(value, names);
    const known = names.length > 12 ? `${names.slice(0, 12).join(', ')} …` : names.join(', ');
    return [problemAt(valueSpan, 'recipe/option-value', `${part.name}’s ${name} takes ${known}, not “${value}”.${hint(meant)}`, spellingFix(valueSpan, meant))];
  }
  return [];
}

/** What a build may lack although it knows the option's name. */
function lacks(part: Part, facts: ToolFacts): readonly RecipeProblem[] {
  const resampler = part.name === 'aresample' ? part.args.find(({ key, value }) => key === 'resampler' && value === 'soxr') : undefined;
  const features = facts.found('ffmpeg')?.features;
  return resampler !== undefined && features !== undefined && !features.has('libsoxr')
    ? [problemAt(resampler.valueSpan, 'recipe/tool-lacks', 'The installed ffmpeg is built without libsoxr: leave the resampler out, or install another build.')]
    : [];
}

function hint(meant: string | undefined): string {
  return meant === undefined ? '' : ` Did you mean “${meant}”?`;
}
