import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFfmpegProgress } from '../../../../src/convert/engines/ffmpegProgress.ts';

const block = (frame: string, us: string): string => `frame=${frame}\nfps=0.0\nout_time_us=${us}\nout_time_ms=${us}\nprogress=continue\n`;

describe("the reader of ffmpeg's progress", () => {
  it('takes the time written over the seconds planned', () => {
    expect(createFfmpegProgress([{ seconds: 4 }]).read(block('0', '1000000'))).toBe(0.25);
  });

  it('takes the frames where the encoder looks ahead and no time passes', () => {
    expect(createFfmpegProgress([{ seconds: 4, frames: 100 }]).read(block('40', '0'))).toBe(0.4);
  });

  it.each(['N/A', '-9223372036854775807', '-23220', ''])('tells nothing at out_time_us=%s', (us) => {
    expect(createFfmpegProgress([{ seconds: 4, frames: 100 }]).read(block('N/A', us))).toBeUndefined();
  });

  it('never steps back, nor above 1', () => {
    const reader = createFfmpegProgress([{ seconds: 2 }]);
    expect(['1000000', '500000', '1500000', '9000000', '1'].map((us) => reader.read(block('0', us)))).toEqual([0.5, undefined, 0.75, 1, undefined]);
  });

  it('weighs the files of a group by their length', () => {
    const reader = createFfmpegProgress([{ seconds: 1 }, { seconds: 3 }, {}]);
    expect([reader.read(block('0', '1000000')), reader.read(block('0', '2000000'))]).toEqual([0.5, 0.75]);
  });

  it('tells nothing where no length is known', () => {
    expect(createFfmpegProgress([{}]).read(block('12', '1000000'))).toBeUndefined();
  });

  it('reads the same however the stream is cut', () => {
    const text = ['100000', '600000', '1900000'].map((us) => block('3', us)).join('');
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
        const reader = createFfmpegProgress([{ seconds: 2 }]);
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        const given = at.slice(1).map((end, index) => reader.read(text.slice(at[index], end)));
        return given.filter((fraction) => fraction !== undefined).at(-1) === 0.95;
      }),
    );
  });
});
