import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { take } from './measure.ts';

/** Names of the files that were made, in order. */
export type Made = readonly string[];

/** WAV of 16 bits: a tone that differs from file to file, with noise over it so that nothing compresses away. */
export function makeWavs(folder: string, count: number, { seconds, sampleRate, channels }: { seconds: number; sampleRate: number; channels: number }): Made {
  mkdirSync(folder, { recursive: true });
  const frames = Math.round(seconds * sampleRate);
  const data = Buffer.alloc(frames * channels * 2);
  const noise = noiseSource();
  return Array.from({ length: count }, (_, file) => {
    const step = (2 * Math.PI * (220 + file)) / sampleRate;
    for (let frame = 0; frame < frames; frame++) {
      for (let channel = 0; channel < channels; channel++) {
        data.writeInt16LE(Math.round(9000 * Math.sin(step * frame * (channel + 1)) + 3000 * noise()), (frame * channels + channel) * 2);
      }
    }
    const name = `clip-${String(file).padStart(6, '0')}.wav`;
    writeFileSync(join(folder, name), Buffer.concat([wavHeader(data.length, sampleRate, channels), data]));
    return name;
  });
}

/** Copies of a few different files under many names: what a walk and a plan see is many files. */
export function makeManyWavs(folder: string, count: number): Made {
  const [seed = ''] = makeWavs(join(folder, '..', 'seed'), 1, { seconds: 0.05, sampleRate: 8000, channels: 1 });
  return Array.from({ length: count }, (_, file) => {
    const part = join(folder, String(Math.floor(file / 1000)).padStart(3, '0'));
    if (file % 1000 === 0) {
      mkdirSync(part, { recursive: true });
    }
    const name = join(part, `clip-${String(file).padStart(6, '0')}.wav`);
    copyFileSync(join(folder, '..', 'seed', seed), name);
    return name;
  });
}

/** JPEG of 1920x1080: gradients under noise, thirty different ones, each under as many names as it takes. */
export async function makeJpegs(folder: string, count: number): Promise<Made> {
  const { default: sharp } = await import('sharp');
  mkdirSync(folder, { recursive: true });
  const noise = noiseSource();
  const [width, height] = [1920, 1080];
  const pixels = Buffer.alloc(width * height * 3);
  const names: string[] = [];
  for (let file = 0; file < count; file++) {
    const name = `photo-${String(file).padStart(4, '0')}.jpg`;
    if (file < 30) {
      for (let index = 0; index < pixels.length; index++) {
        const [x, y] = [Math.floor(index / 3) % width, Math.floor(index / 3 / width)];
        pixels[index] = 128 + 80 * Math.sin((x * (file + 1) + y * (index % 3)) / 300) + 24 * noise();
      }
      await sharp(pixels, { raw: { width, height, channels: 3 } }).jpeg({ quality: 90 }).toFile(join(folder, name));
    } else {
      copyFileSync(join(folder, names[file % 30] ?? ''), join(folder, name));
    }
    names.push(name);
  }
  return names;
}

/** H.264 of moving bars under noise, with a tone. */
export async function makeVideos(folder: string, count: number, { seconds, size }: { seconds: number; size: string }): Promise<Made> {
  mkdirSync(folder, { recursive: true });
  const names = Array.from({ length: count }, (_, file) => `take-${String(file).padStart(4, '0')}.mp4`);
  for (const [file, name] of names.entries()) {
    await ffmpeg(
      '-f', 'lavfi', '-i', `testsrc2=s=${size}:r=30:d=${seconds},noise=alls=12:allf=t:all_seed=${file}`,
      '-f', 'lavfi', '-i', `sine=f=${300 + file}:r=44100:d=${seconds}`,
      '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '18', '-pix_fmt', 'yuv420p', '-c:a', 'aac', join(folder, name),
    );
  }
  return names;
}

/** Sound alone in MP4, as AAC: ten different ones, each under as many names as it takes. */
export async function makeAacs(folder: string, count: number, seconds: number): Promise<Made> {
  mkdirSync(folder, { recursive: true });
  const names: string[] = [];
  for (let file = 0; file < count; file++) {
    const name = `talk-${String(file).padStart(4, '0')}.m4a`;
    if (file < 10) {
      await ffmpeg('-f', 'lavfi', '-i', `sine=f=${300 + 20 * file}:r=44100:d=${seconds}`, '-ac', '2', '-c:a', 'aac', '-f', 'mp4', join(folder, name));
    } else {
      copyFileSync(join(folder, names[file % 10] ?? ''), join(folder, name));
    }
    names.push(name);
  }
  return names;
}

async function ffmpeg(...args: readonly string[]): Promise<void> {
  await take({ argv: ['/usr/bin/ffmpeg', '-v', 'error', '-nostdin', '-y', ...args] });
}

/** A repeatable sequence between -1 and 1: Park and Miller's minimal standard generator. */
function noiseSource(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (2 * state) / 2_147_483_647 - 1;
  };
}

function wavHeader(bytes: number, sampleRate: number, channels: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * channels * 2, 28);
  header.writeUInt16LE(channels * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(bytes, 40);
  return header;
}
