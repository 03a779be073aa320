import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { known } from '../../../../src/base/absent.ts';
import type { OptionValues } from '../../../../src/recipe/option.ts';
import { videoCut } from '../../../../src/convert/presets/video/cut.ts';
import { videoH264 } from '../../../../src/convert/presets/video/h264.ts';
import { videoResize } from '../../../../src/convert/presets/video/resize.ts';
import { videoVp9 } from '../../../../src/convert/presets/video/vp9.ts';
import { cleanUp, convertFile, ffprobe } from '../videoBench.ts';
import { sample, type Sample } from './videoSamples.ts';

afterEach(cleanUp);

const FAST: OptionValues = { speed: 'ultrafast' };
const times = (path: string): readonly number[] => ffprobe('frame=pts_time', path, '-select_streams', 'v').map(Number);

describe.each([
  ['video.h264', videoH264, FAST],
  ['video.vp9', videoVp9, { speed: 8 }],
  ['video.resize', videoResize, { ...FAST, size: 32 }],
] as const)('%s', (_, preset, options) => {
  it.each(['silent.webm', 'odd.mkv', 'single.mp4', 'stream.ts', 'surround.mkv', 'old.avi', 'rgb.mov', 'timecode.mov', 'cover.mp4'] as const)(
    'keeps its promise for %s',
    async (name) => {
      expect((await convertFile(preset, sample(name), options)).unmatched).toEqual([]);
    },
  );

  it('keeps each frame of variable rate once and at its time', async () => {
    const { output, unmatched } = await convertFile(preset, sample('variable.mp4'), options);
    expect(unmatched).toEqual([]);
    const [before, after] = [times(sample('variable.mp4')), times(output)];
    expect(after).toHaveLength(26);
    expect(Math.max(...before.map((time, index) => Math.abs(time - (after[index] ?? NaN))))).toBeLessThan(0.001);
  });

  it('turns the pixels of a turned video', async () => {
    const { made, unmatched } = await convertFile(preset, sample('turned.mp4'), options);
    expect(unmatched).toEqual([]);
    expect([made.video?.rotation, known(made.video?.height) ?? 0]).toEqual([0, (known(made.video?.width) ?? 0) > 40 ? 64 : 32]);
  });

  it('refuses HDR until one chooses', async () => {
    await expect(convertFile(preset, sample('pq.mkv'), options)).rejects.toThrow(/refused: it is HDR \(smpte2084\)/);
    await expect(convertFile(preset, sample('hlg.mp4'), options)).rejects.toThrow(/refused: it is HDR \(arib-std-b67\)/);
  });

  it.each(['pq.mkv', 'hlg.mp4'] as const)('tone-maps %s to 8 bits, or keeps 10', async (name) => {
    const mapped = await convertFile(preset, sample(name), { ...options, hdr: 'tonemap' });
    expect([mapped.unmatched, mapped.made.video?.transfer, ...ffprobe('stream=pix_fmt', mapped.output)]).toEqual([[], 'bt709', 'yuv420p']);
    const kept = await convertFile(preset, sample(name), { ...options, hdr: 'keep' });
    expect([kept.unmatched, kept.made.video?.transfer, ...ffprobe('stream=pix_fmt', kept.output)]).toEqual([[], kept.media.video?.transfer, 'yuv420p10le']);
  });

  it('writes one video and one audio track of several, and no subtitles', async () => {
    const { output } = await convertFile(preset, sample('tracks.mkv'), options);
    expect(ffprobe('stream=codec_type', output)).toEqual(['video', 'audio']);
  });

  it('leaves audio out where told to', async () => {
    const { output, unmatched } = await convertFile(preset, sample('plain.mp4'), { ...options, audio: 'none' });
    expect([unmatched, ffprobe('stream=codec_type', output)]).toEqual([[], ['video']]);
  });

  it('gives the same bytes again, and no title unless told to keep it', async () => {
    const [first, second] = [await convertFile(preset, sample('plain.mp4'), options), await convertFile(preset, sample('plain.mp4'), options)];
    expect(readFileSync(first.output).equals(readFileSync(second.output))).toBe(true);
    expect(readFileSync(first.output).includes('secret')).toBe(false);
    const kept = await convertFile(preset, sample('plain.mp4'), { ...options, metadata: 'keep' });
    expect(readFileSync(kept.output).includes('secret')).toBe(true);
  });
});

describe('H.264 in MP4', () => {
  it('has its index in front', async () => {
    const bytes = readFileSync((await convertFile(videoH264, sample('plain.mp4'), FAST)).output);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
  });

  it('is in step with audio that begins late', async () => {
    const { made, unmatched } = await convertFile(videoH264, sample('late.mkv'), FAST);
    expect(unmatched).toEqual([]);
    expect(known(made.duration)).toBeCloseTo(2.5, 1);
  });

  it('takes a copy of audio that MP4 holds, and refuses one of audio that it does not', async () => {
    const { made } = await convertFile(videoH264, sample('surround.mkv'), { ...FAST, audio: 'copy' });
    expect(made.audio).toMatchObject({ codec: 'ac3' });
    await expect(convertFile(videoH264, sample('vorbis.webm'), { audio: 'copy' })).rejects.toThrow(/refused: its audio \(vorbis\)/);
  });

  it('writes surround in a layout that decoders know', async () => {
    const { output } = await convertFile(videoH264, sample('surround.mkv'), FAST);
    expect(ffprobe('stream=channel_layout', output, '-select_streams', 'a')).toEqual(['5.1']);
  });
});

describe('resizing', () => {
  it.each([
    [{ side: 'height', size: 24 }, 'plain.mp4', 32, 24],
    [{ side: 'width', size: 20 }, 'plain.mp4', 20, 16],
    [{ side: 'long', size: 32 }, 'turned.mp4', 24, 32],
    [{ side: 'height', size: 480 }, 'odd.mkv', 62, 46],
    [{ side: 'height', size: 96, enlarge: true }, 'plain.mp4', 128, 96],
    [{ side: 'width', size: 31 }, 'odd.mkv', 32, 24],
  ] as const)('to %o makes %s %i x %i', async (options, name, width, height) => {
    const { made, unmatched } = await convertFile(videoResize, sample(name), { ...FAST, ...options });
    expect([unmatched, made.video?.width, made.video?.height]).toEqual([[], width, height]);
  });

  it('copies audio where MP4 can hold it and encodes it where not', async () => {
    expect((await convertFile(videoResize, sample('surround.mkv'), FAST)).made.audio?.codec).toBe('ac3');
    expect((await convertFile(videoResize, sample('tracks.mkv'), FAST)).made.audio?.codec).toBe('aac');
  });
});

describe('cutting', () => {
  const luma = (path: string): readonly number[] =>
    ffprobe('frame_tags=lavfi.signalstats.YAVG', `movie=${path},signalstats`, '-f', 'lavfi').map(Number);

  it.each(['variable.mp4', 'stream.ts', 'tracks.mkv', 'turned.mp4', 'old.avi'] as const)('to the frame keeps its promise for %s', async (name: Sample) => {
    expect((await convertFile(videoCut, sample(name), { ...FAST, start: 0.5, duration: 0.4 })).unmatched).toEqual([]);
  });

  it('to the frame begins with the frame at the start, and holds none of the end', async () => {
    const { output, made, outcome } = await convertFile(videoCut, sample('ramp.mp4'), { ...FAST, crf: 1, start: 1, end: 1.5 });
    expect([made.video?.frames, outcome.notes]).toEqual([10, undefined]);
    const [whole, part] = [luma(sample('ramp.mp4')), luma(output)];
    expect(part[0]).toBeCloseTo(whole[20] ?? NaN, 0);
    expect(part[9]).toBeCloseTo(whole[29] ?? NaN, 0);
  });

  it('at key frames copies what was coded from the key frame before the start, and says so', async () => {
    const { output, made, outcome, unmatched } = await convertFile(videoCut, sample('ramp.mp4'), { mode: 'keyFrames', start: 1, duration: 0.5 });
    expect(unmatched).toEqual([]);
    expect(outcome.notes).toEqual(['begins at the key frame at or before 1 s']);
    expect(made.video?.frames).toBe(30);
    expect(luma(output)).toEqual(luma(sample('ramp.mp4')).slice(0, 30));
  });

  it('at key frames keeps the container and the turn', async () => {
    expect((await convertFile(videoCut, sample('vorbis.webm'), { mode: 'keyFrames', start: 0.5 })).made).toMatchObject({ container: 'webm', audio: { codec: 'vorbis' } });
    expect((await convertFile(videoCut, sample('turned.mp4'), { mode: 'keyFrames', start: 0.5 })).made.video?.rotation).toBe(270);
  });

  it('goes to the end of what there is', async () => {
    const { made, unmatched } = await convertFile(videoCut, sample('plain.mp4'), { ...FAST, start: 1.5, duration: 100 });
    expect(unmatched).toEqual([]);
    expect(known(made.duration)).toBeCloseTo(0.5, 1);
  });

  it.each([
    [{ start: 5 }, 'plain.mp4', /it is only 2 s long/],
    [{ start: 1, end: 0.5 }, 'plain.mp4', /the end lies before the start/],
    [{ mode: 'keyFrames' }, 'stream.ts', /mpegts files are not cut at key frames/],
  ] as const)('by %o of %s is refused', async (options, name, reason) => {
    await expect(convertFile(videoCut, sample(name), options)).rejects.toThrow(reason);
  });
});
