import { describe, expect, it } from 'vitest';
import { absent } from '../../../src/base/absent.ts';
import { cost, isMeasured } from '../../../src/media/cost.ts';
import { imageFacts } from '../../../src/media/headers/facts.ts';
import type { Media } from '../../../src/media/media.ts';

const media = (facts: Partial<Media>): Media => ({ path: '/x', kind: 'other', container: 'unknown', size: 1, problems: [], ...facts });

describe('cost', () => {
  it.each([
    ['seconds of audio', media({ kind: 'audio', duration: 2.5 }), 2.5, true],
    ['seconds of video', media({ kind: 'video', duration: 60 }), 60, true],
    ['megapixels', media({ kind: 'image', image: imageFacts({ width: 2000, height: 1000 }) }), 2, true],
    ['megapixels of all frames', media({ kind: 'image', image: imageFacts({ width: 2000, height: 1000, frames: 3 }) }), 6, true],
    ['nothing for an unknown length', media({ kind: 'audio', duration: absent('x') }), 0, false],
    ['nothing for an unknown size', media({ kind: 'image', image: imageFacts({ width: 3 }) }), 0, false],
    ['nothing for text', media({ kind: 'text' }), 0, true],
  ])('is %s', (_, file, expected, measured) => {
    expect([cost(file), isMeasured(file)]).toEqual([expected, measured]);
  });
});
