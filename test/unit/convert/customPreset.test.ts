import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { customPreset, customPresets } from '../../../src/convert/customPreset.ts';
import type { CustomPresetSpec } from '../../../src/convert/job.ts';
import { RequestError } from '../../../src/convert/requestError.ts';
import { cleanUp, convertFile, make, newFolder } from './videoBench.ts';

afterEach(cleanUp);

const HALVE: CustomPresetSpec = {
  name: 'Half as loud', tool: 'ffmpeg', args: ['-i', '{input}', '-af', 'volume={gain}', '{output}'], kinds: ['audio', 'video'], extension: 'wav', options: { gain: 0.5 },
};
const NASTY = "a%d [0] *é'\".x";

function madeIn(name: string, ...args: readonly string[]): string {
  const folder = join(newFolder(), name);
  mkdirSync(folder);
  make(...args, join(folder, 'plain'));
  writeFileSync(join(folder, name), readFileSync(join(folder, 'plain')));
  return join(folder, name);
}
const tone = ['-f', 'lavfi', '-i', 'sine=d=1:r=44100', '-ac', '2', '-f', 'wav'];
const clip = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=10:d=1', '-c:v', 'mpeg4', '-f', 'matroska'];
const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=10:d=1', '-frames:v', '1', '-c:v', 'png', '-f', 'image2pipe'];

describe("a person's own preset", () => {
  it.each([
    ['ffmpeg makes sound of sound', HALVE, tone, { container: 'wav', audio: { sampleRate: 44_100 } }],
    ['ffmpeg makes a film of a film', { ...HALVE, args: ['-i', '{input}', '-vf', 'scale=iw/2:-2', '-c:v', 'mpeg4', '{output}'], extension: 'mp4', options: {} }, clip, { container: 'mp4', video: { width: 32 } }],
    ['ffmpeg makes a picture of a film', { ...HALVE, args: ['-ss', '{at}', '-i', '{input}', '{output}'], extension: 'webp', options: { at: 0.5 } }, clip, { container: 'webp', image: { width: 64 } }],
    ['ffmpeg makes a picture of a picture', { ...HALVE, kinds: ['image'], args: ['-i', '{input}', '-vf', 'negate', '{output}'], extension: 'png', options: {} }, picture, { container: 'png' }],
    ['sox makes sound of sound', { ...HALVE, tool: 'sox', args: ['{input}', '-b', '24', '{output}', 'remix', '-', 'rate', '{rate}'], extension: 'flac', options: { rate: '8k' } }, tone, { container: 'flac', audio: { sampleRate: 8000, channels: 1, bitDepth: 24 } }],
    ['ImageMagick makes a picture of a picture', { ...HALVE, tool: 'imagemagick', kinds: ['image'], args: ['{input}', '-auto-orient', '-resize', '{edge}x{edge}>', '-strip', '{output}'], extension: 'JPG', options: { edge: 32 } }, picture, { container: 'jpeg', image: { width: 32, height: 24 } }],
  ] as const)('with %s, of any name', async (_, spec, args, expected) => {
    const input = madeIn(NASTY, ...args);
    const before = readdirSync(join(input, '..'));
    const { made, unmatched, output, shape } = await convertFile(customPreset(spec), input);
    expect([unmatched, shape]).toEqual([[], { kind: 'file', extension: spec.extension.toLowerCase() }]);
    expect(made).toMatchObject(expected);
    expect([readdirSync(join(input, '..')), readdirSync(join(output, '..'))]).toEqual([before, ['.trainyard-7-0123456789ab-1.part']]);
  });

  it('fills in what was set, and holds to the same rules what was filled in', async () => {
    const preset = customPreset({ ...HALVE, args: ['-i', '{input}', '-af', '{chain}', '{output}'], options: { chain: 'anull' } });
    const input = madeIn('in', ...tone);
    expect((await convertFile(preset, input, { chain: 'aresample=8000' })).made.audio?.sampleRate).toBe(8000);
    await expect(convertFile(preset, input, { chain: 'amovie=/etc/hostname' })).rejects.toThrow(/refused: .* names a file/);
    await expect(convertFile(preset, input, { chain: 'am\\ovie=x' })).rejects.toThrow(/refused: .* opens files/);
    await expect(convertFile(preset, input, { chain: '{input}' })).rejects.toThrow(/stands there more than once/);
    await expect(convertFile(preset, input, { chain: 'a\nb' })).rejects.toThrow(/on one line/);
  });

  it('is no way for a value to become a second output', async () => {
    const preset = customPreset({ ...HALVE, args: ['-i', '{input}', '{flag}', '{output}'], options: { flag: '-vn' } });
    await expect(convertFile(preset, madeIn('in', ...tone), { flag: '{output}' })).rejects.toThrow(/stands there more than once/);
    await expect(convertFile(preset, madeIn('in', ...tone), { flag: 'stray.wav' })).rejects.toThrow(/would be a file to write/);
  });

  it('is not shown files that name others, whatever they are called', async () => {
    const folder = newFolder();
    const playlist = join(folder, 'a.wav');
    writeFileSync(playlist, 'ffconcat version 1.0\nfile neighbour.wav\n');
    await expect(convertFile(customPreset(HALVE), playlist)).rejects.toThrow(/refused: ffmpeg is not asked to read ffconcat here/);
  });

  it('fails where nothing comes out', async () => {
    const { unmatched } = await convertFile(customPreset({ ...HALVE, args: ['-ss', '100', '-i', '{input}', '{output}'], options: {} }), madeIn('in', ...tone));
    expect(unmatched.join()).toMatch(/duration/);
  });

  it('is made anew when its arguments change, and only then', () => {
    const { revision } = customPreset(HALVE);
    expect(Number.isSafeInteger(revision)).toBe(true);
    expect(customPreset({ ...HALVE, options: { gain: 0.1 } }).revision).toBe(revision);
    expect(customPreset({ ...HALVE, args: ['-i', '{input}', '-af', 'volume={gain}dB', '{output}'] }).revision).not.toBe(revision);
  });

  it('offers its placeholders as options of their defaults’ types', () => {
    const { options } = customPreset({ ...HALVE, args: ['-i', '{input}', '-af', 'a={a}:b={b}:c={c}', '{output}'], options: { a: 1, b: 'x', c: true } });
    expect(Object.entries(options).map(([name, { type, default: value }]) => [name, type, value])).toEqual([['a', 'number', 1], ['b', 'text', 'x'], ['c', 'switch', true]]);
  });

  it.each([
    ['Half as loud', 'custom.half-as-loud'],
    ['  Größe: 50 % ', 'custom.große-50'],
    ['音声 16k', 'custom.音声-16k'],
    ['../../x', 'custom.x'],
  ])('called %j has the id %s', (name, id) => {
    expect(customPreset({ ...HALVE, name }).id).toBe(id);
  });
});

describe('a faulty preset', () => {
  it.each([
    [null, '1', 'preset'],
    ['text', '1', 'preset'],
    [{ ...HALVE, name: '' }, '1', 'name'],
    [{ ...HALVE, name: '...' }, '...', 'name'],
    [{ ...HALVE, name: 7 }, '1', 'name'],
    [{ ...HALVE, tool: 'bash' }, 'Half as loud', 'tool'],
    [{ ...HALVE, tool: 'constructor' }, 'Half as loud', 'tool'],
    [{ ...HALVE, args: 'ffmpeg -i x' }, 'Half as loud', 'args'],
    [{ ...HALVE, args: [] }, 'Half as loud', 'args'],
    [{ ...HALVE, args: ['-i', '{input}', 7, '{output}'] }, 'Half as loud', 'args'],
    [{ ...HALVE, args: ['-i', '{input}', '-af', 'volume={gain}'] }, 'Half as loud', 'args'],
    [{ ...HALVE, args: ['-i', 'file:{input}', '-af', 'volume={gain}', '{output}'] }, 'Half as loud', 'args'],
    [{ ...HALVE, args: ['-i', '{input}', '-af', 'volume={loud}', '{output}'] }, 'Half as loud', 'options'],
    [{ ...HALVE, args: ['-i', '{input}', '-af', 'volume={gain}:{x}', '{output}'] }, 'Half as loud', 'args'],
    [{ ...HALVE, kinds: [] }, 'Half as loud', 'kinds'],
    [{ ...HALVE, kinds: ['text'] }, 'Half as loud', 'kinds'],
    [{ ...HALVE, extension: 'sh' }, 'Half as loud', 'extension'],
    [{ ...HALVE, extension: '../wav' }, 'Half as loud', 'extension'],
    [{ ...HALVE, extension: '__proto__' }, 'Half as loud', 'extension'],
    [{ ...HALVE, tool: 'sox', extension: 'mp4' }, 'Half as loud', 'extension'],
    [{ ...HALVE, options: { gain: { evil: 1 } } }, 'Half as loud', 'options'],
    [{ ...HALVE, options: { gain: NaN } }, 'Half as loud', 'options'],
    [{ ...HALVE, options: { gain: 1, input: 'x' } }, 'Half as loud', 'options'],
    [{ ...HALVE, options: [1] }, 'Half as loud', 'options'],
    [{ ...HALVE, shell: true }, 'Half as loud', 'shell'],
    [{ ...HALVE, options: { gain: '/etc/passwd' } }, 'Half as loud', 'args'],
  ])('is refused with its name and field: %j', (spec, name, field) => {
    const { presets, problems } = customPresets([spec]);
    expect(presets).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(RequestError.is(problems[0], 'preset')).toBe(true);
    expect(problems[0]?.message).toContain(`“${name}” cannot be used: ${field}: `);
  });

  it('leaves the others as they are, and so does one of the same name', () => {
    const { presets, problems } = customPresets([HALVE, { name: 'broken' }, { ...HALVE, name: 'HALF as loud!' }, { ...HALVE, name: 'Other' }]);
    expect(presets.map(({ id }) => id)).toEqual(['custom.half-as-loud', 'custom.other']);
    expect(problems.map(({ message }) => message.slice(0, 40))).toEqual([expect.stringContaining('“broken”'), expect.stringContaining('“HALF as loud!”')]);
  });
});
