import { formatCountOf } from '../../../base/format.ts';
import type { ChoiceOption } from '../../../recipe/option.ts';

export const clipping = {
  type: 'choice',
  title: 'Clipping',
  description:
    'What to do where samples come out beyond full scale, as a resampler makes them of loud recordings. ' +
    'A note says how many sox clipped; ffmpeg does not count them.',
  default: 'report',
  choices: [
    { value: 'report', title: 'Keep the level to the bit, clip and say so' },
    { value: 'lower', title: 'Lower the file just enough that nothing clips' },
    { value: 'fail', title: 'Fail the file' },
  ],
} as const satisfies ChoiceOption;

export type Clipping = (typeof clipping)['choices'][number]['value'];

/** `12 samples were clipped`, with their share where the number of all is known and the share is not tiny. */
export function clippedNote(clipped: number, all: number | undefined): string {
  const share = all === undefined || all <= 0 ? 0 : (clipped / all) * 100;
  const percent = share >= 0.01 ? ` (${share.toPrecision(2)} %)` : '';
  return `${formatCountOf(clipped, 'sample was', 'samples were')} clipped at full scale${percent}`;
}
