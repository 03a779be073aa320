import { join } from 'node:path';
import { ffmpeg, sox } from '../audioBench.ts';

/** Seconds of every sample, not a whole number of frames of any codec. */
export const SECONDS = 1.05;

/** The kinds of file that people have, all of the same sound, made into a folder: two tones in noise, 44.1 kHz, stereo but for the last. */
export function makeSamples(folder: string): void {
  const file = (name: string): string => join(folder, name);
  const wav = file('s16.wav');
  const tones = ['synth', 'sine', 'mix', '440', 'sine', 'mix', '1000', 'vol', '0.4'];
  const fine = file('s24.wav');
  sox('-n', '-r', '44100', '-c', '2', '-b', '24', fine, 'synth', String(SECONDS), 'pinknoise', ...tones);
  sox(fine, '-b', '16', wav);
  sox(fine, '-b', '32', '-e', 'floating-point', file('f32.wav'));
  sox(wav, '-b', '8', '-e', 'unsigned-integer', file('u8.wav'));
  sox(wav, '-e', 'mu-law', file('mulaw.wav'));
  sox(wav, file('a.flac'));
  sox(wav, file('a.aiff'));
  sox(wav, file('a.au'));
  sox(wav, '-t', 'sph', file('a.sph'));
  ffmpeg('-i', wav, '-c:a', 'libvorbis', file('vorbis.ogg'));
  ffmpeg('-i', wav, '-c:a', 'libmp3lame', '-b:a', '128k', file('a.mp3'));
  ffmpeg('-i', wav, '-c:a', 'libopus', file('a.opus'));
  ffmpeg('-i', wav, '-c:a', 'aac', file('a.m4a'));
  sox('-M', wav, wav, wav, file('surround.wav'));
}

/** The engine that is to read each, where a preset has both. */
export const READERS: Readonly<Record<string, 'sox' | 'ffmpeg'>> = {
  's16.wav': 'sox', 's24.wav': 'sox', 'f32.wav': 'sox', 'u8.wav': 'sox', 'mulaw.wav': 'sox', 'a.flac': 'sox', 'a.aiff': 'sox',
  'a.au': 'sox', 'a.sph': 'sox', 'vorbis.ogg': 'sox', 'a.mp3': 'ffmpeg', 'a.opus': 'ffmpeg', 'a.m4a': 'ffmpeg', 'surround.wav': 'sox',
};
