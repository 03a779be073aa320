import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { known } from '../../../../src/base/absent.ts';
import { videoAudio } from '../../../../src/convert/presets/video/audio.ts';
import { cleanUp, convertFile, ffprobe, make, newFolder } from '../videoBench.ts';
import { sample, type Sample } from './videoSamples.ts';

afterEach(cleanUp);

const packets = (path: string): readonly string[] => ffprobe('packet=data_hash', path, '-select_streams', 'a:0', '-show_data_hash', 'md5');

describe('a copy of the audio', () => {
  it.each([
    ['plain.mp4', 'm4a', 'aac'],
    ['tracks.mkv', 'flac', 'flac'],
    ['vorbis.webm', 'ogg', 'vorbis'],
    ['pcm.mov', 'aiff', 'pcm_s16be'],
    ['surround.mkv', 'mka', 'ac3'],
    ['old.avi', 'mp3', 'mp3'],
    ['late.mkv', 'm4a', 'aac'],
    ['timecode.mov', 'm4a', 'aac'],
  ] as const)('of %s is .%s with %s, bit for bit', async (name, extension, codec) => {
    const { shape, made, output, unmatched } = await convertFile(videoAudio, sample(name));
    expect([unmatched, shape, made.kind, made.audio?.codec]).toEqual([[], { kind: 'file', extension }, extension === 'mka' ? 'audio' : made.kind, codec]);
    const sound = (path: string): string => packets(path).join(' ');
    if (!codec.startsWith('pcm')) {
      expect(sound(output)).toContain(packets(sample(name)).slice(1).join(' '));
    }
  });

  it('of a transport stream loses the headers of its packets', async () => {
    const { made, unmatched } = await convertFile(videoAudio, sample('stream.ts'));
    expect([unmatched, made.container, made.audio?.codec]).toEqual([[], 'mp4', 'aac']);
  });

  it('gives the same bytes again, without the title', async () => {
    const [first, second] = [await convertFile(videoAudio, sample('plain.mp4')), await convertFile(videoAudio, sample('plain.mp4'))];
    expect(readFileSync(first.output).equals(readFileSync(second.output))).toBe(true);
    expect(readFileSync(first.output).includes('secret')).toBe(false);
  });
});

describe.each(['wav', 'flac', 'opus', 'aac'] as const)('audio encoded to %s', (format) => {
  it.each(['plain.mp4', 'surround.mkv', 'old.avi', 'stream.ts'] as const)('from %s keeps its promise', async (name: Sample) => {
    expect((await convertFile(videoAudio, sample(name), { format })).unmatched).toEqual([]);
  });

  it('is resampled and mixed down', async () => {
    const { unmatched, made } = await convertFile(videoAudio, sample('surround.mkv'), { format, channels: 'mono', sampleRate: format === 'opus' ? 'keep' : 16_000, bitDepth: '24' });
    expect([unmatched, made.audio?.channels, made.audio?.sampleRate]).toEqual([[], 1, format === 'opus' ? 48_000 : 16_000]);
  });
});

describe('surround sound as Opus', () => {
  it('keeps every channel in its place, also five of them', async () => {
    const folder = newFolder();
    const tones = [200, 400, 800, 1600, 3200];
    const input = join(folder, 'five.mkv');
    make(
      '-f', 'lavfi', '-i', 'testsrc=s=64x48:r=10:d=1', '-f', 'lavfi', '-i', `aevalsrc=${tones.map((hertz) => `sin(2*PI*${hertz}*t)`).join('|')}:c=5.0:d=1:s=48000`,
      '-c:v', 'libx264', '-c:a', 'pcm_s16le', input,
    );
    const { output, unmatched } = await convertFile(videoAudio, input, { format: 'opus', bitrate: 256 });
    expect(unmatched).toEqual([]);
    const raw = join(folder, 'raw');
    make('-i', output, '-f', 's16le', raw);
    const samples = new Int16Array(new Uint8Array(readFileSync(raw)).buffer);
    expect(tones.map((_, channel) => Math.round(risesOf(samples, channel, tones.length) / 100) * 100)).toEqual(tones);
  });
});

/** How often a channel rises through zero in a second from its middle: the frequency of a tone. */
function risesOf(samples: Int16Array, channel: number, channels: number): number {
  let rises = 0;
  for (let frame = 12_000; frame < 36_000; frame++) {
    const [before = 0, now = 0] = [samples[(frame - 1) * channels + channel], samples[frame * channels + channel]];
    rises += before < 0 && now >= 0 ? 2 : 0;
  }
  return rises;
}

describe('extracting', () => {
  it('writes the plain WAVE header of 44 bytes that simple readers skip', async () => {
    const { output } = await convertFile(videoAudio, sample('plain.mp4'), { format: 'wav' });
    const bytes = readFileSync(output);
    expect([bytes.toString('latin1', 12, 16), bytes.toString('latin1', 36, 40)]).toEqual(['fmt ', 'data']);
    expect(bytes.readUInt32LE(40)).toBe(bytes.length - 44);
  });

  it('keeps the times of the video: silence where the audio begins late', async () => {
    const { made } = await convertFile(videoAudio, sample('late.mkv'), { format: 'wav' });
    expect(known(made.duration)).toBeCloseTo(2.5, 1);
    const own = await convertFile(videoAudio, sample('late.mkv'), { format: 'wav', align: false });
    expect(known(own.made.duration)).toBeCloseTo(2, 1);
  });

  it('takes the track asked for', async () => {
    const { made, unmatched } = await convertFile(videoAudio, sample('tracks.mkv'), { format: 'wav', track: 2 });
    expect([unmatched, made.audio?.channels]).toEqual([[], 2]);
    await expect(convertFile(videoAudio, sample('tracks.mkv'), { format: 'wav', track: 3 })).rejects.toThrow(/matches no streams/);
  });

  it.each([
    ['silent.webm', {}, /no audio track/],
    ['tracks.mkv', { track: 2 }, /choose a format/],
    ['plain.mp4', { format: 'opus', sampleRate: 16_000 }, /Opus is always 48 kHz/],
    ['plain.mp4', { format: 'aac', sampleRate: 192_000 }, /AAC goes up to 96 kHz/],
  ] as const)('from %s with %o is refused', async (name, options, reason) => {
    await expect(convertFile(videoAudio, sample(name), options)).rejects.toThrow(reason);
  });
});
