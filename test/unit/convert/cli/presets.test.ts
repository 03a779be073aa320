import { describe, expect, it } from 'vitest';
import { presets } from '../../../../src/convert/cli/presets.ts';
import { definePreset } from '../../../../src/convert/preset.ts';
import { PRESETS } from '../../../../src/convert/presets/index.ts';
import { toFlac } from '../plan/planning.ts';

async function run(args: readonly string[], list = PRESETS) {
  let [out, err] = ['', ''];
  const code = await presets(args, { out: (text) => (out += text), err: (text) => (err += text) }, () => Promise.resolve(list));
  return { code, out, err };
}

describe('trainyard presets', () => {
  it('lists each preset with its options, their ranges and what they are by themselves', async () => {
    const { code, out } = await run([], [toFlac, { ...toFlac, id: 'audio.plain', options: {} }]);
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      'audio.flac  FLAC',
      '  ',
      '    rate=16000  Hertz. Takes a whole number from 1 to 96000 Hz.',
      '',
      'audio.plain  FLAC',
      '  ',
      '',
    ]);
  });

  it('gives one JSON document with all that a caller needs to set options', async () => {
    const { code, out } = await run(['--json'], [toFlac]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      presets: [
        {
          id: 'audio.flac', title: 'FLAC', summary: '', kinds: ['audio'], engines: ['sox', 'ffmpeg'],
          options: { rate: { type: 'integer', title: 'Rate', description: 'Hertz.', default: 16_000, min: 1, max: 96_000, unit: 'Hz' } },
        },
      ],
    });
  });

  it('lists only those that are named, and knows when there is none of a name', async () => {
    const listed = (JSON.parse((await run(['--json', 'image.fit', 'audio.flac'])).out) as { presets: { id: string }[] }).presets;
    expect(listed.map(({ id }) => id)).toEqual(['audio.flac', 'image.fit']);
    expect(await run(['audio.flac', 'audio.flc'])).toEqual({ code: 1, out: '', err: 'There is no preset “audio.flc”. trainyard presets lists them all.\n' });
  });

  it('lists everything that is shipped', async () => {
    const listed = (JSON.parse((await run(['--json'])).out) as { presets: { id: string }[] }).presets;
    expect(listed.map(({ id }) => id)).toEqual(PRESETS.map(({ id }) => id));
    const text = (await run([])).out;
    expect(PRESETS.filter(({ id }) => !text.includes(`\n${id}  `) && !text.startsWith(`${id}  `))).toEqual([]);
  });

  it('prints no control character of a person’s own preset', async () => {
    const own = definePreset({ ...toFlac, id: 'custom.x', title: 'a\u001b[31mb\n', options: {} });
    expect((await run([], [own])).out).toContain('custom.x  a\\u001b[31mb\\u000a\n');
  });

  it('ends with 1 for what it does not know', async () => {
    expect(await run(['--what'])).toMatchObject({ code: 1, out: '' });
    expect((await run(['-h'])).code).toBe(0);
  });
});
