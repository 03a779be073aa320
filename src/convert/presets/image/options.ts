import type { ChoiceOption, NumberOption, SwitchOption } from '../../../recipe/option.ts';

export const quality: NumberOption = {
  type: 'integer',
  title: 'Quality',
  description: 'Of JPEG and lossy WebP: higher is larger and closer to the original.',
  default: 90,
  min: 1,
  max: 100,
};

export const enlarge: SwitchOption = {
  type: 'switch',
  title: 'Enlarge',
  description: 'Also scale up pictures that are smaller than asked for.',
  default: false,
};

export const colour = {
  type: 'choice',
  title: 'Colour',
  description: 'What happens to pictures with an ICC profile. CMYK is converted to sRGB in either case.',
  default: 'srgb',
  choices: [
    { value: 'srgb', title: 'Convert to sRGB and drop the profile' },
    { value: 'keep', title: 'Keep the samples and the profile' },
  ],
} as const satisfies ChoiceOption;

export const metadata = {
  type: 'choice',
  title: 'Metadata',
  description: 'EXIF, XMP and comments. The orientation is applied to the pixels first; the ICC profile goes by Colour.',
  default: 'strip',
  choices: [
    { value: 'strip', title: 'Strip' },
    { value: 'keep', title: 'Keep EXIF and XMP' },
  ],
} as const satisfies ChoiceOption;

export const background = {
  type: 'choice',
  title: 'Background',
  description: 'What transparent pixels are laid on where the format has no transparency.',
  default: 'white',
  choices: [
    { value: 'white', title: 'White' },
    { value: 'grey', title: 'Middle grey' },
    { value: 'black', title: 'Black' },
  ],
} as const satisfies ChoiceOption;

export type Background = (typeof background)['choices'][number]['value'];

export const BACKGROUNDS: Readonly<Record<Background, string>> = { white: '#ffffff', grey: '#808080', black: '#000000' };

export const format = {
  type: 'choice',
  title: 'Format',
  description: 'Of the output. What is neither JPEG, PNG nor WebP becomes PNG where the format is kept.',
  default: 'keep',
  choices: [
    { value: 'keep', title: 'As the input' },
    { value: 'jpeg', title: 'JPEG' },
    { value: 'png', title: 'PNG' },
    { value: 'webp', title: 'WebP' },
  ],
} as const satisfies ChoiceOption;

export type FormatChoice = (typeof format)['choices'][number]['value'];
