import { presetFacts } from '../../../src/convert/recipe/presetFacts.ts';
import { PRESETS } from '../../../src/convert/presets/index.ts';
import { readRecipe, type ReadRecipe } from '../../../src/recipe/readRecipe.ts';

export const VOCABULARY = { presets: presetFacts(PRESETS) };

export function read(text: string): ReadRecipe {
  return readRecipe(text, VOCABULARY);
}

/** `code: marked text`, for each problem. */
export function told(text: string): readonly string[] {
  return read(text).problems.map(({ code, from, to }) => `${code.replace('recipe/', '')}: ${text.slice(from, to)}`);
}

export const SPEECH = `# Clips for a recogniser
version: 1
inputs:
  - clips/**/*.wav
  - manifest: train.jsonl
    key: audio_filepath
    filter: duration < 30 and split == train
steps:
  - preset: audio.resample
    options: { rate: 16000, channels: mono }
  - sox:
      effects:
        - norm
        - { gain: [-n, -3] }
        - highpass: 80
      output: { bits: 16 }
      extension: wav
outputs:
  folder: out
  name: '{row.speaker}/{name}'
  manifest: { path: out/train.jsonl, key: audio_filepath, columns: [text, speaker] }
verify:
  sampleRate: 16000
  duration: { min: 0.2, max: 30 }
concurrency: 2
`;

export const PICTURES = `version: 1
inputs: ['*.jpg']
steps:
  - ffmpeg:
      video:
        filters:
          - scale: { w: 512, h: -2, flags: lanczos }
          - hflip
          - drawtext: { text: "it's a:b,c[d];e", x: 10 }
        codec: mjpeg
        options: { 'q': 3 }
      extension: jpg
  - imagemagick:
      operators: [auto-orient, { resize: '256x256>' }, strip, { quality: 90 }, '+repage']
      extension: webp
outputs: { folder: small }
`;
