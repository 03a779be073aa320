import type { Media } from '../media/media.ts';
import { MEDIA_DEMUXERS, PICTURE_DEMUXERS } from '../media/demuxers.ts';
import type { CustomShape } from '../recipe/arguments/placeholders.ts';
import { ffmpegShape } from '../recipe/arguments/ffmpeg.ts';
import { imagemagickShape } from '../recipe/arguments/imagemagick.ts';
import { soxShape } from '../recipe/arguments/sox.ts';
import { TARGETS, type Target } from '../recipe/arguments/targets.ts';
import { ffmpegInput } from './engines/ffmpeg.ts';
import { DECODERS } from './engines/imagemagickDecoders.ts';
import { PathNames } from './engines/imagemagickPaths.ts';
import { soxType } from './engines/soxInputs.ts';
import type { CustomPresetSpec } from './job.ts';

type ToolName = CustomPresetSpec['tool'];

/** What is put into the places of the two files. */
export interface CustomFiles {
  readonly media: Media;
  /** Absolute path. */
  readonly output: string;
  readonly target: Target;
  readonly threads: number;
}

export interface CustomCommand {
  readonly raw: readonly string[];
  /** Names in the private working folder, for paths that the tool cannot take literally. */
  readonly links?: Readonly<Record<string, string>>;
}

/** How a person's own arguments become a command of one tool. */
export interface CustomTool {
  /** Takes filled-in arguments apart. Throws a `RefusedArgument`. */
  readonly shape: (args: readonly string[]) => CustomShape;
  readonly canRead: (media: Media) => boolean;
  readonly command: (shape: CustomShape, files: CustomFiles) => CustomCommand;
}

export const CUSTOM_TOOLS: Readonly<Record<ToolName, CustomTool>> = {
  ffmpeg: {
    shape: ffmpegShape,
    canRead: ({ container }) => (MEDIA_DEMUXERS[container] ?? PICTURE_DEMUXERS[container]) !== undefined,
    command: ({ before, between }, { media, output, target, threads }) => ({
      raw: [
        ...before, '-threads', String(threads), ...ffmpegInput(media),
        ...between, '-threads', String(threads), ...(target.ffmpeg ?? []), `file:${output}`,
      ],
    }),
  },
  sox: {
    shape: soxShape,
    canRead: ({ container }) => soxType(container) !== undefined,
    command: ({ before, between, after }, { media, output, target }) => ({
      raw: [
        ...before, '--no-glob', '-t', soxType(media.container) ?? '', media.path,
        ...between, '-t', target.sox ?? '', '--no-glob', output, ...after,
      ],
    }),
  },
  imagemagick: {
    shape: imagemagickShape,
    canRead: ({ container }) => DECODERS[container] !== undefined,
    command: ({ before, between }, { media, output, target }) => {
      const paths = new PathNames();
      const input = `${DECODERS[media.container] ?? ''}:${paths.input(0, { path: media.path, several: media.image?.frames !== 1 })}`;
      return {
        raw: [...before, input, ...between, `${target.imagemagick ?? ''}:${paths.output(0, output)}`],
        links: paths.links,
      };
    },
  },
};

/** Extensions of files that a tool is told how to write. */
export function extensionsOf(tool: ToolName): readonly string[] {
  return Object.entries(TARGETS).flatMap(([extension, target]) => (target[tool] === undefined ? [] : [extension]));
}
