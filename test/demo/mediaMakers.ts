import { readFile, writeFile } from 'node:fs/promises';
import { execa } from 'execa';

/** Makers of small files, with the same tools that are put to work on them. Each takes an absolute path of a file to be. */

export interface SpeechLike {
  readonly seconds: number;
  /** Hertz. */
  readonly rate: number;
  readonly channels: number;
  /** Of the voice, in hertz. */
  readonly pitch: number;
}

/** A buzz with a formant, in syllables, over noise: it has the shape of speech and says nothing. */
export async function speechLike(file: string, { seconds, rate, channels, pitch }: SpeechLike): Promise<void> {
  const shape = ['synth', String(seconds), 'sawtooth', `${pitch}-${Math.round(pitch * 1.3)}`, 'synth', 'pinknoise', 'mix', '0'];
  const mouth = ['band', '700', '600', 'tremolo', '4', '85', 'fade', '0.05', String(seconds), '0.1', 'gain', '-n', '-6'];
  await execa('sox', ['-R', '-n', '-r', String(rate), '-c', String(channels), '-b', '16', file, ...shape, ...mouth]);
}

/** In the format that the file's name asks for. */
export async function tone(file: string, { seconds, hertz }: { readonly seconds: number; readonly hertz: number }): Promise<void> {
  await ffmpeg(['-f', 'lavfi', '-i', `sine=frequency=${hertz}:sample_rate=44100:duration=${seconds}`, file]);
}

export interface Video {
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
  /** Of its sound. */
  readonly hertz: number;
}

/** H.264 with AAC where the name ends in `.mp4`, VP8 with Opus where it ends in `.webm`. 25 frames a second. */
export async function video(file: string, { seconds, width, height, hertz }: Video): Promise<void> {
  const codecs = file.endsWith('.webm')
    ? ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus']
    : ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac'];
  await ffmpeg([
    ...['-f', 'lavfi', '-i', `testsrc2=size=${width}x${height}:rate=25:duration=${seconds}`],
    ...['-f', 'lavfi', '-i', `sine=frequency=${hertz}:sample_rate=48000:duration=${seconds}`],
    ...codecs,
    ...['-pix_fmt', 'yuv420p', '-shortest', file],
  ]);
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly seed: number;
}

/** @param picture.orientation the EXIF orientation, 1 to 8 */
export async function jpegPicture(file: string, picture: Picture & { readonly orientation: number }): Promise<void> {
  await plasma(file, picture, ['-quality', '85']);
  if (picture.orientation !== 1) {
    await writeFile(file, withOrientation(await readFile(file), picture.orientation));
  }
}

export async function pngPicture(file: string, picture: Picture): Promise<void> {
  await plasma(file, picture, ['-posterize', '4']);
}

async function plasma(file: string, { width, height, seed }: Picture, more: readonly string[]): Promise<void> {
  await execa('/usr/bin/convert', ['-seed', String(seed), '-size', `${width}x${height}`, 'plasma:fractal', '-blur', '0x1', ...more, file]);
}

async function ffmpeg(args: readonly string[]): Promise<void> {
  await execa('ffmpeg', ['-hide_banner', '-nostdin', '-v', 'error', '-n', ...args]);
}

/** Puts an EXIF segment (APP1) with nothing but the orientation (tag 0x0112 of IFD0) right behind a JPEG's first marker. */
function withOrientation(jpeg: Buffer, orientation: number): Buffer {
  const tiff = Buffer.from([
    ...[0x4d, 0x4d, 0x00, 0x2a, 0, 0, 0, 8], // big-endian TIFF, IFD0 at 8
    ...[0, 1], // one entry
    ...[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0], // orientation, SHORT, one of them
    ...[0, 0, 0, 0], // no further IFD
  ]);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, body.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}
