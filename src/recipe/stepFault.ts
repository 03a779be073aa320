import { ffmpegShape } from './arguments/ffmpeg.ts';
import { imagemagickShape } from './arguments/imagemagick.ts';
import { placeholdersIn, RefusedArgument } from './arguments/placeholders.ts';
import { soxShape } from './arguments/sox.ts';
import type { CompiledStep, Origin } from './compileStep.ts';
import type { RecipeTool } from './recipe.ts';

const SHAPES: Readonly<Record<RecipeTool, (args: readonly string[]) => unknown>> = { ffmpeg: ffmpegShape, sox: soxShape, imagemagick: imagemagickShape };

/** As of presets of one's own. */
export const MOST_ARGUMENTS = 200;
export const LONGEST_ARGUMENT = 4000;

export interface StepFault {
  /** Undefined where no single argument is meant. */
  readonly origin: Origin | undefined;
  readonly message: string;
}

/** Why a step's arguments are not handed to its tool; undefined where they are. No tool is shown a step that has not passed this. */
export function stepFault({ tool, args, origins }: CompiledStep): StepFault | undefined {
  if (args.length > MOST_ARGUMENTS) {
    return { origin: origins[MOST_ARGUMENTS], message: `A step comes to at most ${MOST_ARGUMENTS} arguments, and this one to ${args.length}.` };
  }
  const long = args.findIndex((argument) => argument.length > LONGEST_ARGUMENT);
  if (long >= 0) {
    return { origin: origins[long], message: `An argument has at most ${LONGEST_ARGUMENT} characters, and this one ${args[long]!.length}.` };
  }
  const odd = args.findIndex((argument) => argument !== '{input}' && argument !== '{output}' && placeholdersIn(argument).length > 0);
  if (odd >= 0) {
    const [name] = placeholdersIn(args[odd]!);
    return { origin: origins[odd], message: `{${name}} stands for nothing here: there is {input} and {output}, each an argument by itself.` };
  }
  try {
    SHAPES[tool](args);
    return undefined;
  } catch (error) {
    if (!(error instanceof RefusedArgument)) {
      throw error;
    }
    return { origin: origins[args.findIndex((argument) => error.message.startsWith(`“${argument}” `))], message: `${error.message}.` };
  }
}
