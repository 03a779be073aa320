import type { Media } from '../../media/media.ts';
import type { FoundTool, Toolbox } from '../../process/foundTool.ts';
import type { ToolState } from '../../process/toolSearch.ts';
import type { EngineId } from '../engine.ts';
import type { ImageEngineChoice } from '../job.ts';
import type { OptionValues } from '../../recipe/option.ts';
import type { Method, Preset } from '../preset.ts';

export interface EngineSetup {
  readonly preset: Preset;
  /** Resolved. */
  readonly options: OptionValues;
  readonly imageEngine: ImageEngineChoice;
  readonly tools: Toolbox;
  /** What came of looking for the tools: titles and install lines. */
  readonly states: readonly ToolState[];
}

export type EngineChoice = { readonly engine: EngineId; readonly tool: FoundTool } | { readonly refused: string };

/** Chooses, file by file, what a preset is run with. */
export interface EngineChooser {
  choose(media: Media): EngineChoice;
  /** What is taken for every file that it does not refuse. */
  readonly first: { readonly engine: EngineId; readonly tool: FoundTool } | undefined;
  /** Why no file can be done here at all: what is missing, with the line that installs it. */
  readonly impossible: string | undefined;
}

interface Way {
  readonly method: Method;
  readonly tool: FoundTool;
}

export function createEngineChooser(setup: EngineSetup): EngineChooser {
  const { preset, options, tools } = setup;
  const ways: Way[] = [];
  const missing: string[] = [];
  for (const method of inOrder(preset.methods, setup.imageEngine)) {
    const tool = tools.get(method.engine);
    const lack = lackOf(method, tool, setup);
    if (tool === undefined || lack !== undefined) {
      missing.push(lack ?? '');
    } else {
      ways.push({ method, tool });
    }
  }
  const impossible = ways.length === 0 ? join(missing) : undefined;

  return {
    first: ways[0] && { engine: ways[0].method.engine, tool: ways[0].tool },
    impossible,
    choose(media) {
      const refused = preset.refuse?.(media, options);
      if (refused !== undefined) {
        return { refused };
      }
      const reasons: string[] = [];
      for (const { method, tool } of ways) {
        const reason = method.refuse?.(media, options);
        if (reason === undefined) {
          return { engine: method.engine, tool };
        }
        reasons.push(reason);
      }
      return { refused: join([...reasons, ...missing]) };
    },
  };
}

/** Of the engines for pictures, sharp is the faster; what one of them cannot do, the other may. */
function inOrder(methods: readonly Method[], imageEngine: ImageEngineChoice): readonly Method[] {
  const preferred: EngineId = imageEngine === 'imagemagick' ? 'imagemagick' : 'sharp';
  return [...methods.filter(({ engine }) => engine === preferred), ...methods.filter(({ engine }) => engine !== preferred)];
}

/** What is missing for a method; undefined where nothing is. */
function lackOf(method: Method, tool: FoundTool | undefined, { options, states }: EngineSetup): string | undefined {
  const state = states.find(({ id }) => id === method.engine);
  const title = state?.title ?? method.engine;
  if (tool === undefined) {
    return state?.install === undefined ? `${title} is not there` : `${title} is not installed: ${state.install}`;
  }
  const lacking = (method.needs?.(options) ?? []).filter((feature) => !tool.features.has(feature.toLowerCase()));
  return lacking.length === 0 ? undefined : `${title} is built without ${lacking.join(', ')} here`;
}

function join(reasons: readonly string[]): string {
  return [...new Set(reasons)].join('; ');
}
