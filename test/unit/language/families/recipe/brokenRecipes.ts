import type { RecipeCode } from '../../../../../src/recipe/problem.ts';
import { HEAD } from './desk.ts';

/** One way of breaking a recipe. */
export interface BrokenRecipe {
  readonly code: RecipeCode;
  readonly what: string;
  readonly text: string;
  /** The characters that are marked. */
  readonly at: string;
  /** Whether a quick fix mends it. */
  readonly mends?: true;
}

const FLAC = '  - preset: audio.flac\n';
const step = (line: string): string => `${HEAD}  - ${line}\n`;
const video = (body: string): string => step(`ffmpeg: { video: ${body}, extension: mp4 }`);

export const BROKEN_RECIPES: readonly BrokenRecipe[] = [
  { code: 'recipe/yaml', what: 'a tab where YAML has spaces', text: `${HEAD}${FLAC}\tverify: {}\n`, at: '\t' },
  { code: 'recipe/too-large', what: 'brackets two hundred deep', text: '['.repeat(300), at: '[' },
  { code: 'recipe/alias', what: 'an anchor', text: HEAD.replace("'*.wav'", '&all a.wav') + FLAC, at: 'a.wav' },
  { code: 'recipe/duplicate-key', what: 'a key twice', text: `${HEAD}${FLAC}version: 1\n`, at: 'version' },
  { code: 'recipe/unknown-key', what: 'a misspelt key', text: `${HEAD}${FLAC}verfy: {}\n`, at: 'verfy', mends: true },
  { code: 'recipe/unknown-key', what: 'an option that the preset has not', text: step('{ preset: audio.flac, options: { levle: 3 } }'), at: 'levle', mends: true },
  { code: 'recipe/missing-key', what: 'no extension', text: step('sox: { effects: [norm] }'), at: '{ effects' },
  { code: 'recipe/type', what: 'a word for a number', text: `${HEAD}${FLAC}concurrency: many\n`, at: 'many' },
  { code: 'recipe/value', what: 'an option beyond its range', text: step('{ preset: audio.flac, options: { level: 12 } }'), at: '12' },
  { code: 'recipe/value', what: 'a choice that is none', text: step('{ preset: audio.flac, options: { tags: kepe } }'), at: 'kepe', mends: true },
  { code: 'recipe/unknown-preset', what: 'a misspelt preset', text: step('preset: audio.flak'), at: 'audio.flak', mends: true },
  { code: 'recipe/argument', what: 'a filter that opens files', text: video('{ filters: [{ movie: other.mp4 }] }'), at: '[{ movie: other.mp4 }]' },
  { code: 'recipe/graph', what: 'a label that is not closed', text: video("{ filters: 'scale=64:32,[x' }"), at: '[x' },
  { code: 'recipe/filter', what: 'a column that is none', text: HEAD.replace("'*.wav'", "{ files: '*.wav', filter: 'lenght > 3' }") + FLAC, at: 'lenght' },
  { code: 'recipe/name', what: 'a placeholder that is none', text: HEAD.replace('folder: out', "folder: out, name: '{nam}'") + FLAC, at: '{nam}', mends: true },
  { code: 'recipe/collision', what: 'one name for all', text: HEAD.replace('folder: out', "folder: out, name: '{dir}/clip'") + FLAC, at: "'{dir}/clip'" },
  { code: 'recipe/input-missing', what: 'a pattern that no file has', text: HEAD.replace('*.wav', 'no/*.wav') + FLAC, at: "'no/*.wav'" },
  { code: 'recipe/output-is-input', what: 'outputs among the inputs', text: HEAD.replace('folder: out', 'folder: .') + FLAC, at: '.' },
  { code: 'recipe/tool-lacks', what: 'an encoder that this ffmpeg was built without', text: video('{ codec: libnosuchthing }'), at: 'libnosuchthing' },
  { code: 'recipe/unknown-filter', what: 'a misspelt filter', text: video('{ filters: [{ scal: { w: 64, h: 32 } }] }'), at: 'scal', mends: true },
  { code: 'recipe/unknown-encoder', what: 'a misspelt encoder', text: video('{ codec: libx246 }'), at: 'libx246', mends: true },
  { code: 'recipe/unknown-option', what: 'a misspelt option in a raw graph', text: video("{ filters: 'hflip,scale=64:32:flgas=lanczos' }"), at: 'flgas', mends: true },
  { code: 'recipe/option-value', what: 'a value beyond what the filter takes', text: step('ffmpeg: { audio: { filters: [{ aresample: { precision: 99 } }] }, extension: wav }'), at: '99' },
  { code: 'recipe/option-value', what: 'a named value that is none', text: step('ffmpeg: { audio: { filters: [{ aresample: { resampler: soxrr } }] }, extension: wav }'), at: 'soxrr', mends: true },
  { code: 'recipe/unknown-effect', what: 'a misspelt effect', text: step('sox: { effects: [{ highpas: 80 }], extension: wav }'), at: 'highpas', mends: true },
  { code: 'recipe/dry-parse', what: 'an expression that ffmpeg cannot evaluate', text: video('{ filters: [{ scale: { w: iww, h: 32 } }] }'), at: 'iww' },
];
