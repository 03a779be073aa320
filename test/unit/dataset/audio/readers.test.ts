import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FfmpegReader } from '../../../../src/dataset/audio/ffmpegReader.ts';
import { mediaRunner } from '../../../../src/dataset/audio/mediaRunner.ts';
import { openSound } from '../../../../src/dataset/audio/openSound.ts';
import { ffprobeRunner } from '../../../../src/process/ffprobeRunner.ts';
import { ffmpeg, floatsByFfmpeg, NEVER, samplesBySox, scratch, SEARCH, sox } from './made.ts';

const folder = scratch();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const FIXTURES = process.env.TRAINYARD_FIXTURES ?? join(import.meta.dirname, '../../../../../shared/fixtures');

/** Two channels that differ, with everything from silence to clipping. */
const SYNTH = ['synth', '0.2', 'sine', '440', 'sine', '1000', 'gain', '-1', 'fade', '0.05'];

const ENCODINGS: readonly (readonly [name: string, extension: string, args: readonly string[], error: number])[] = [
  ['8-bit', 'wav', ['-b', '8', '-e', 'unsigned'], 1e-9],
  ['16-bit', 'wav', ['-b', '16'], 1e-9],
  ['24-bit', 'wav', ['-b', '24'], 1e-9],
  ['32-bit', 'wav', ['-b', '32', '-e', 'signed'], 1e-6],
  ['float', 'wav', ['-b', '32', '-e', 'float'], 1e-6],
  ['double', 'wav', ['-b', '64', '-e', 'float'], 1e-6],
  ['A-law', 'wav', ['-e', 'a-law'], 1e-9],
  ['mu-law', 'wav', ['-e', 'u-law'], 1e-9],
  ['RIFX', 'wav', ['-b', '16', '-B'], 1e-9],
  ['RIFX 24-bit', 'wav', ['-b', '24', '-B'], 1e-9],
  ['AIFF 16-bit', 'aiff', ['-b', '16'], 1e-9],
  ['AIFF 8-bit', 'aiff', ['-b', '8', '-e', 'signed'], 1e-9],
  ['AIFF 24-bit', 'aiff', ['-b', '24'], 1e-9],
  ['AIFF-C float', 'aifc', ['-b', '32', '-e', 'float'], 1e-6],
  ['AU 16-bit', 'au', ['-b', '16'], 1e-9],
  ['AU mu-law', 'au', ['-e', 'u-law'], 1e-9],
  ['AU A-law', 'au', ['-e', 'a-law'], 1e-9],
  ['AU float', 'au', ['-b', '32', '-e', 'float'], 1e-6],
];

describe('uncompressed samples', () => {
  it.each(ENCODINGS)('of %s are what sox reads', async (name, extension, args, error) => {
    const file = join(folder, `${name}.${extension}`);
    sox('-n', '-r', '44100', '-c', '2', ...args, file, ...SYNTH);
    const { reader, facts } = await openSound({ file }, {}, NEVER);
    expect(facts).toMatchObject({ sampleRate: 44_100, channels: 2, frames: 8820, framesAreExact: true });
    const samples = await reader!.read(0, facts.frames, NEVER);
    const wanted = samplesBySox(file);
    expect(samples[1]).toHaveLength(8820);
    let worst = 0;
    wanted.forEach((value, index) => (worst = Math.max(worst, Math.abs((samples[index % 2]![index >> 1] as number) - value))));
    expect(worst).toBeLessThanOrEqual(error);
  });

  it.each([['RF64', 'wav', ['-rf64', 'always']], ['64-bit integers', 'wav', ['-c:a', 'pcm_s64le']], ['AIFF-C little-endian', 'aiff', ['-c:a', 'pcm_s16le']]] as const)('of %s are what ffmpeg reads', async (name, extension, args) => {
    const file = join(folder, `${name}.${extension}`);
    ffmpeg('-f', 'lavfi', '-i', 'sine=700:d=0.3:sample_rate=48000', ...args, file);
    const { reader, facts } = await openSound({ file }, {}, NEVER);
    const [samples] = await reader!.read(0, facts.frames, NEVER);
    const wanted = floatsByFfmpeg(file);
    expect(samples).toHaveLength(wanted.length);
    expect(Math.max(...wanted.map((value, index) => Math.abs(value - (samples![index] as number))))).toBeLessThan(1e-6);
  });

  it('are read from a range, and no further than the end', async () => {
    const file = join(folder, '16-bit.wav');
    const { reader } = await openSound({ file }, {}, NEVER);
    const all = await reader!.read(0, 8820, NEVER);
    expect((await reader!.read(8000, 5000, NEVER))[1]).toEqual(all[1]!.slice(8000));
    expect(reader!.readAt?.([8000, 3], 2)[1]?.[0]).toEqual(all[0]!.slice(3, 5));
    expect((await reader!.read(9000, 10, NEVER))[0]).toHaveLength(0);
  });

  it('of 64 channels, and a single one, are read', async () => {
    const file = join(folder, 'many.wav');
    sox('-n', '-r', '192000', '-c', '64', '-b', '24', file, 'synth', '0.01', 'sine', '1000');
    const tiny = join(folder, 'tiny.wav');
    // sox writes nothing where so little is left.
    ffmpeg('-f', 'lavfi', '-i', 'sine=f=1000:r=8000', '-af', 'atrim=end_sample=1', '-c:a', 'pcm_s24le', tiny);
    const many = await openSound({ file }, {}, NEVER);
    expect(many.facts).toMatchObject({ channels: 64, sampleRate: 192_000, frames: 1920 });
    expect(await many.reader!.read(0, 9999, NEVER)).toHaveLength(64);
    expect((await openSound({ file: tiny }, {}, NEVER)).facts).toMatchObject({ frames: 1, sampleRate: 8000 });
  });
});

describe('compressed samples', () => {
  it.each([['flac', []], ['mp3', ['-b:a', '128k']], ['m4a', ['-c:a', 'aac']], ['opus', ['-c:a', 'libopus']], ['ogg', ['-c:a', 'libvorbis']]] as const)(
    'of %s are the same by blocks as in one piece',
    async (extension, args) => {
      const file = join(folder, `blocks.${extension}`);
      ffmpeg('-f', 'lavfi', '-i', 'aevalsrc=0.4*sin(2*PI*(300+40*t)*t)|0.4*sin(2*PI*500*t):d=20:s=48000', ...args, file);
      const runner = (await mediaRunner(SEARCH))!;
      const sound = await openSound({ file }, { ffmpeg: async () => runner }, NEVER);
      expect(sound.reader).toBeInstanceOf(FfmpegReader);
      const whole = floatsByFfmpeg(file);
      const [left, right] = await sound.reader!.read(0, 20 * 48_000, NEVER);
      expect(Math.abs(left!.length - whole.length / 2)).toBeLessThan(2400);
      // Around the border of the first two blocks.
      let worst = 0;
      for (let frame = 8 * 48_000 - 500; frame < 8 * 48_000 + 500; frame++) {
        worst = Math.max(worst, Math.abs(left![frame]! - whole[frame * 2]!), Math.abs(right![frame]! - whole[frame * 2 + 1]!));
      }
      expect(worst).toBeLessThan(0.002);
    },
    60_000,
  );

  it('say why where no tool may be run, and where there is none', async () => {
    const file = join(folder, 'blocks.flac');
    expect((await openSound({ file }, {}, NEVER)).facts.host).toEqual({ absent: 'no tool is run in a workspace that is not trusted' });
    expect((await openSound({ file }, { ffmpeg: async () => undefined }, NEVER)).facts.host).toEqual({ absent: 'ffmpeg was not found on this machine' });
  });
});

describe.skipIf(!existsSync(FIXTURES))('the fixtures', () => {
  const files = ['wav', 'video_mb', 'lhotse'].flatMap((part) => {
    const within = join(FIXTURES, 'media', part);
    return existsSync(within) ? readdirSync(within).filter((name) => /\.(wav|mp3|ogg|opus|sph|ts|mp4|mkv|webm)$/.test(name)).map((name) => join(within, name)) : [];
  });

  it.each(files)('%s opens, or says why not', async (file) => {
    const opened = await openSound({ file }, { ffmpeg: () => mediaRunner(SEARCH), ffprobe: () => ffprobeRunner(SEARCH) }, NEVER).catch((error: unknown) => error as Error);
    if (opened instanceof Error) {
      expect(opened.name).toMatch(/^(Dataset|Media)Error$/);
      return;
    }
    const samples = await opened.reader!.read(0, 4000, NEVER).catch((error: unknown) => error as Error);
    expect(samples instanceof Error ? samples.name : samples.length).toEqual(samples instanceof Error ? 'DatasetError' : opened.facts.channels);
  }, 30_000);
});
