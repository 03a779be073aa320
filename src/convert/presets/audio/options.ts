import type { Media } from '../../../media/media.ts';
import type { ChoiceOption } from '../../../recipe/option.ts';
import {
  flacBits,
  flacEncoding,
  flacLoss,
  refusedByFlac,
  reworkedSampleType,
  sampleTypeOf,
  STRIP_TAGS,
  wavEncoding,
  type Encoding,
} from './encodings.ts';
import { soundOf } from './sound.ts';

export const soundFormat = {
  type: 'choice',
  title: 'Format',
  description: 'Of the output. Kept, FLAC stays FLAC and everything else becomes WAV.',
  default: 'keep',
  choices: [
    { value: 'keep', title: 'As the input' },
    { value: 'wav', title: 'WAV' },
    { value: 'flac', title: 'FLAC' },
  ],
} as const satisfies ChoiceOption;

export type FormatChoice = (typeof soundFormat)['choices'][number]['value'];

export function chosenContainer(media: Media, choice: FormatChoice): 'wav' | 'flac' {
  return choice === 'keep' ? (media.container === 'flac' ? 'flac' : 'wav') : choice;
}

export const tags = {
  type: 'choice',
  title: 'Tags',
  description: 'Title, artist, comments and the like. Cover pictures are left out.',
  default: 'strip',
  choices: [
    { value: 'strip', title: 'Strip' },
    { value: 'keep', title: 'Keep' },
  ],
} as const satisfies ChoiceOption;

export type Tags = (typeof tags)['choices'][number]['value'];

/** ffmpeg's options, to stand behind those of the encoding. Ogg has its tags on the stream, everything else on the file. */
export function tagArgs(media: Media, choice: Tags): readonly string[] {
  return choice === 'strip' ? STRIP_TAGS : ['-map_metadata', media.container === 'ogg' ? '0:s:a:0' : '0'];
}

/** The encoding of an output whose samples are made anew. */
export function reworkedEncoding(media: Media, choice: FormatChoice): Encoding {
  const sample = reworkedSampleType(media);
  return chosenContainer(media, choice) === 'flac' ? flacEncoding(flacBits(sample)) : wavEncoding(sample);
}

export function reworkedNotes(media: Media, choice: FormatChoice): readonly string[] {
  return chosenContainer(media, choice) === 'flac' ? flacLoss(reworkedSampleType(media)) : [];
}

/** The encoding of an output whose samples stay as they are. */
export function keptEncoding(media: Media, choice: FormatChoice): Encoding {
  const sample = sampleTypeOf(media);
  return chosenContainer(media, choice) === 'flac' ? flacEncoding(flacBits(sample)) : wavEncoding(sample);
}

export function keptNotes(media: Media, choice: FormatChoice): readonly string[] {
  return chosenContainer(media, choice) === 'flac' ? flacLoss(sampleTypeOf(media)) : [];
}

/** Why the input's rate and channels cannot be kept in such a file; undefined where they can. */
export function refuseFormat(media: Media, choice: FormatChoice): string | undefined {
  const { rate, channels } = soundOf(media);
  return chosenContainer(media, choice) === 'flac' ? refusedByFlac(rate, channels) : undefined;
}
