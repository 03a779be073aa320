import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';

const run = promisify(execFile);
const ffmpeg = (...args: readonly string[]) => run('/usr/bin/ffmpeg', ['-v', 'error', '-nostdin', ...args]);

/** A workspace with a file of every modality, and a small dataset of pictures in splits and classes. */
export async function makeModalities(folder: string): Promise<void> {
  const media = join(folder, 'media');
  await mkdir(media);
  await halves(join(media, 'halves.jpg'), 900, 600);
  // Rising and falling calls on either side, over a little noise.
  const call = (base: number, pace: number) => `0.5*sin(2*PI*(${base}*t+180*sin(2*PI*${pace}*t)))*pow(sin(PI*${pace}*t)\\,2)+0.01*(random(0)-0.5)`;
  await ffmpeg('-f', 'lavfi', '-i', `aevalsrc=${call(900, 0.45)}|${call(1700, 0.3)}:d=20:s=48000`, join(media, 'tone.wav'));
  await ffmpeg('-f', 'lavfi', '-i', 'sine=f=330:d=20:r=44100', '-c:a', 'aac', join(media, 'talk.m4a'));
  await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=25:d=4', '-f', 'lavfi', '-i', 'aevalsrc=0.4*sin(2*PI*330*t)*pow(sin(PI*t)\\,2):d=4:s=44100', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac', join(media, 'take.mp4'));
  const rows = Array.from({ length: 5000 }, (_, row) => JSON.stringify({ id: row, image: 'halves.jpg', text: `row number ${row}` }));
  await writeFile(join(media, 'rows.jsonl'), `${rows.join('\n')}\n`);
  await writeFile(join(media, 'wave.npy'), npy(4096));
  await run('/usr/bin/tar', ['-cf', join(media, 'shard.tar'), '-C', media, 'halves.jpg', 'rows.jsonl']);
}

/** A dataset of pictures in splits and classes, sound but for what is broken on purpose. */
export async function makeBirds(folder: string): Promise<void> {
  const colours = { owl: [150, 90, 40], wren: [200, 160, 60] } as const;
  for (const [split, count] of [['train', 12], ['val', 4]] as const) {
    for (const [label, colour] of Object.entries(colours)) {
      const home = join(folder, 'birds', split, label);
      await mkdir(home, { recursive: true });
      for (let index = 0; index < count; index++) {
        await speckled(join(home, `${label}-${split}-${String(index).padStart(2, '0')}.jpg`), colour, index + count);
      }
    }
  }
  await writeFile(join(folder, 'birds/train/owl/empty.jpg'), '');
  await writeFile(join(folder, 'birds/train/wren/pointer.jpg'), `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`);
}

/** Red on the left and blue on the right. */
async function halves(file: string, width: number, height: number): Promise<void> {
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    pixels.set(at % width < width / 2 ? [200, 30, 30] : [30, 60, 200], at * 3);
  }
  await sharp(pixels, { raw: { width, height, channels: 3 } }).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toFile(file);
}

/** One colour with blotches that differ from file to file. */
async function speckled(file: string, colour: readonly [number, number, number], seed: number): Promise<void> {
  const [width, height] = [320, 240];
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const blotch = 60 * Math.sin((x * (1 + (seed % 7))) / 40) * Math.cos((y * (1 + (seed % 5))) / 30 + seed);
    pixels.set(colour.map((value) => Math.max(0, Math.min(255, value + blotch))), at * 3);
  }
  await sharp(pixels, { raw: { width, height, channels: 3 } }).jpeg({ quality: 85 }).toFile(file);
}

/** A sine as float32, in NPY 1.0. */
function npy(length: number): Buffer {
  const head = `{'descr': '<f4', 'fortran_order': False, 'shape': (${length},), }`;
  const padded = head.padEnd(Math.ceil((head.length + 11) / 64) * 64 - 11, ' ');
  const values = Float32Array.from({ length }, (_, index) => Math.sin(index / 100));
  const prefix = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0, 0]);
  prefix.writeUInt16LE(padded.length + 1, 8);
  return Buffer.concat([prefix, Buffer.from(`${padded}\n`, 'latin1'), Buffer.from(values.buffer)]);
}
