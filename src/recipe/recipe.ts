import type { MediaKind } from '../media/media.ts';
import type { OptionSpecs, OptionValues } from './option.ts';

/** A recipe as it was written, understood: what is made of which files, how, and into what. Paths are as the person wrote them. */
export interface Recipe {
  readonly inputs: readonly RecipeInput[];
  readonly steps: readonly RecipeStep[];
  readonly outputs: RecipeOutputs;
  readonly verify: RecipeVerify;
  /** Files at once. */
  readonly concurrency?: number;
}

/** Files by their names, or those that a manifest names; of them what passes the filter. */
export type RecipeInput =
  | { readonly files: string; readonly filter?: string }
  | { readonly manifest: string; readonly key?: string; readonly filter?: string };

export type RecipeTool = 'ffmpeg' | 'sox' | 'imagemagick';

/** A preset, or arguments of one tool in which `{input}` and `{output}` stand for the two files. */
export type RecipeStep =
  | { readonly preset: string; readonly options: OptionValues }
  | {
      readonly tool: RecipeTool;
      readonly args: readonly string[];
      readonly kinds: readonly ('audio' | 'video' | 'image')[];
      /** Without the dot. */
      readonly extension: string;
    };

export interface RecipeOutputs {
  readonly folder: string;
  /** Name template, below the folder; left out, the inputs' own names and folders are kept. */
  readonly name?: string;
  readonly manifest?: RecipeManifest;
}

export interface RecipeManifest {
  readonly path: string;
  /** Column that names the output. */
  readonly key: string;
  /** Columns of the input's row that are carried over; undefined: all but the one that named the input. */
  readonly columns?: readonly string[];
}

/** What each output is held to besides the step's own promises. */
export interface RecipeVerify {
  /** Seconds. */
  readonly duration?: { readonly min?: number; readonly max?: number };
  /** Hertz. */
  readonly sampleRate?: number;
  readonly channels?: number;
  readonly codec?: string;
  /** Pixels. */
  readonly width?: { readonly min?: number; readonly max?: number };
  readonly height?: { readonly min?: number; readonly max?: number };
  /** `keep`: damaged outputs that can be decoded stay, and the damage is told. */
  readonly damage?: 'fail' | 'keep';
}

/** What a recipe may name as a step. */
export interface PresetFacts {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly kinds: readonly MediaKind[];
  readonly options: OptionSpecs;
  /** The tools that can do it, in order of preference, and what their builds need where no option says otherwise. */
  readonly ways: readonly { readonly tool: string; readonly needs: readonly string[] }[];
}

/** What is known of the machine and the person when a recipe is read. */
export interface Vocabulary {
  readonly presets: readonly PresetFacts[];
}

export const RECIPE_NAME = /\.recipe\.ya?ml$/i;
