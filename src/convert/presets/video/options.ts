import type { ChoiceOption, KeepableOption, NumberOption, SwitchOption } from '../../../recipe/option.ts';

export const hdr = {
  type: 'choice',
  title: 'HDR',
  description: 'What happens to videos in HDR (PQ or HLG), whose colours come out washed out where they are taken for ordinary ones.',
  default: 'refuse',
  choices: [
    { value: 'refuse', title: 'Refuse' },
    { value: 'tonemap', title: 'Tone-map to ordinary colours (BT.709)' },
    { value: 'keep', title: 'Keep the samples as they are: 10-bit HDR in videos, pale colours in pictures' },
  ],
} as const satisfies ChoiceOption;

export type HdrChoice = (typeof hdr)['choices'][number]['value'];

export const metadata = {
  type: 'choice',
  title: 'Metadata',
  description: 'Title, date, place, language and chapters. Rotation is applied to the pixels in either case.',
  default: 'strip',
  choices: [
    { value: 'strip', title: 'Strip' },
    { value: 'keep', title: 'Keep' },
  ],
} as const satisfies ChoiceOption;

export const crf: NumberOption = {
  type: 'integer',
  title: 'Quality (CRF)',
  description: 'Constant rate factor of x264: lower is larger and closer to the original; 18 is hard to tell from it.',
  default: 23,
  min: 0,
  max: 51,
};

export const speed = {
  type: 'choice',
  title: 'Speed',
  description: "x264's preset: slower makes smaller files of the same quality.",
  default: 'medium',
  choices: [
    { value: 'ultrafast', title: 'Ultrafast' },
    { value: 'veryfast', title: 'Very fast' },
    { value: 'fast', title: 'Fast' },
    { value: 'medium', title: 'Medium' },
    { value: 'slow', title: 'Slow' },
    { value: 'veryslow', title: 'Very slow' },
  ],
} as const satisfies ChoiceOption;

export type Speed = (typeof speed)['choices'][number]['value'];

const audioChoices = [
  { value: 'aac', title: 'Encode to AAC' },
  { value: 'auto', title: 'Copy where MP4 can hold it, else encode to AAC' },
  { value: 'copy', title: 'Copy' },
  { value: 'none', title: 'Leave out' },
] as const;

export type AudioChoice = (typeof audioChoices)[number]['value'];

/** The first audio track of the input, in an MP4 file. */
export const audio = {
  type: 'choice',
  title: 'Audio',
  description: 'The first audio track. Others, subtitles and data are left out.',
  default: 'aac',
  choices: audioChoices,
} as const satisfies ChoiceOption;

export const audioBitrate: NumberOption = {
  type: 'integer',
  title: 'Audio bit rate',
  description: 'Where audio is encoded.',
  default: 128,
  min: 16,
  max: 512,
  unit: 'kbit/s',
};

export const pictureFormat = {
  type: 'choice',
  title: 'Format',
  description: 'Of the pictures.',
  default: 'jpeg',
  choices: [
    { value: 'jpeg', title: 'JPEG' },
    { value: 'png', title: 'PNG' },
  ],
} as const satisfies ChoiceOption;

export const pictureQuality: NumberOption = {
  type: 'integer',
  title: 'Quality',
  description: 'Of JPEG and WebP: higher is larger and closer to the original.',
  default: 90,
  min: 1,
  max: 100,
};

export const pictureEdge: KeepableOption = {
  type: 'integerOrKeep',
  title: 'Long edge',
  description: 'Pixels of the longer side; smaller pictures stay as they are.',
  default: 'keep',
  min: 16,
  max: 16_383,
  unit: 'px',
};

export const enlarge: SwitchOption = {
  type: 'switch',
  title: 'Enlarge',
  description: 'Also scale up videos that are smaller than asked for.',
  default: false,
};
