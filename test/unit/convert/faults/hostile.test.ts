import { deflateSync } from 'node:zlib';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Scene, seeds } from './scene.ts';

let seed: ReturnType<typeof seeds>;
let scene: Scene;

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-seeds-'));
  seed = seeds(folder);
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  scene = new Scene();
});
afterEach(() => scene.remove());

/** Stems; each is put before an extension. */
const HOSTILE_NAMES = [
  '-n', '--help', '-', '|touch canary', '$(touch canary)', '`touch canary`', ';touch canary;', '&& touch canary', '> canary', 'a b', ' leading', 'trailing ',
  'tab\there', 'line\nbreak', 'carriage\rreturn', 'esc\u001b[31m', 'quo\'te', 'dou"ble', 'back\\slash', '%d', '%03d', '100%', '%%', '%[fx:1]', '[0]', 'x[1-3]', '*', '?',
  '{a,b}', '@list', 'a:b', 'file:a', 'concat:a|b', 'http:x', 'fd:0', 'png:x', '~', '#hash', '漢字🙂', '\u202egnp', 'e\u0301', 'a'.repeat(200),
];

describe('hostile names', () => {
  it.each([
    ['sox', 'audio.wav-16k-mono', 'wav', 'wav', {}],
    ['ffmpeg', 'audio.wav-16k-mono', 'm4a', 'wav', {}],
    ['ImageMagick', 'image.png', 'jpg', 'png', { imageEngine: 'imagemagick' }],
    ['sharp', 'image.png', 'jpg', 'png', { imageEngine: 'sharp' }],
  ] as const)('are nothing but names for %s', async (_, preset, kind, extension, change) => {
    expect(HOSTILE_NAMES.length).toBeGreaterThanOrEqual(40);
    for (const name of HOSTILE_NAMES) {
      scene.write(`${name}.${kind}`, seed[kind]);
    }
    const { status, outputs } = await scene.convert({ preset, ...change });
    expect(status.counts).toMatchObject({ done: HOSTILE_NAMES.length, failed: 0, refuse: 0 });
    expect(outputs).toEqual(HOSTILE_NAMES.map((name) => `${name}.${extension}`).sort());
    expect(existsSync('canary') || existsSync(join(scene.data, 'canary'))).toBe(false);
  });

  it('make folders of many files, and no file outside of them', async () => {
    const some = ['-n', '%d', 'a:b', 'x[0]', 'line\nbreak', '{a,b}'];
    for (const name of some) {
      scene.write(`${name}.wav`, seed.wav);
      scene.write(`${name}.mp4`, seed.mp4);
    }
    const chunks = await scene.convert({ preset: 'audio.chunks', options: { seconds: 0.5 }, output: join(scene.root, 'chunks') });
    expect(chunks.status.counts).toMatchObject({ done: some.length, failed: 0 });
    expect(new Set(chunks.outputs.map((path) => path.slice(0, path.lastIndexOf('/'))))).toEqual(new Set(some));
    const frames = await scene.convert({ preset: 'video.frames', output: join(scene.root, 'frames') });
    expect(frames.status.counts).toMatchObject({ done: some.length, failed: 0 });
    expect(new Set(frames.outputs.map((path) => path.slice(0, path.lastIndexOf('/'))))).toEqual(new Set(some));
  });
});

describe('hostile contents', () => {
  const CANARY = 'canary';
  const contents: readonly [string, string, string, () => string | Buffer][] = [
    ['an SVG that is called JPEG', 'a.jpg', 'image.png', () => `<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>`],
    ['an MVG that is called PNG', 'a.png', 'image.jpeg', () => `push graphic-context\nviewbox 0 0 9 9\nimage over 0,0 0,0 'label:@/etc/passwd'\npop graphic-context`],
    ['an MSL script that is called PNG', 'a.png', 'image.jpeg', () => '<?xml version="1.0"?><image><read filename="/etc/passwd"/><write filename="canary"/></image>'],
    ['PostScript that is called JPEG', 'a.jpg', 'image.png', () => '%!PS\n(%pipe%touch canary) (w) file'],
    ['a PDF that is called TIFF', 'a.tiff', 'image.png', () => '%PDF-1.4\n1 0 obj<</OpenAction 2 0 R>>endobj'],
    ['a playlist with a command that is called WAV', 'a.wav', 'audio.flac', () => `|touch ${CANARY}\n`],
    ['an M3U with a command', 'a.m3u', 'audio.flac', () => `#EXTM3U\n|touch ${CANARY}\n`],
    ['a PLS with a command', 'a.pls', 'audio.flac', () => `[playlist]\nFile1=|touch ${CANARY}\n`],
    ['an HLS playlist that is called MP4', 'a.mp4', 'video.audio', () => `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n`],
    ['an ffconcat script that is called WAV', 'a.wav', 'audio.flac', () => `ffconcat version 1.0\nfile neighbour.wav\n`],
    ['a picture of 30,000 x 30,000 in a hundred kilobytes', 'a.png', 'image.fit', () => pngBomb(30_000)],
    ['a Git LFS pointer', 'a.wav', 'audio.flac', () => `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`],
    ['a shell script that is called MP4', 'a.mp4', 'video.h264', () => `#!/bin/sh\ntouch ${CANARY}\n`],
    ['a WAV header that promises a gigabyte', 'a.wav', 'audio.flac', () => promising(seed.wav)],
  ];

  it.each(contents)('are refused or fail, with a reason: %s', async (_, name, preset, content) => {
    expect(contents.length).toBeGreaterThanOrEqual(12);
    const path = scene.write(name, content());
    writeFileSync(join(scene.data, 'neighbour.wav'), seed.wav);
    for (const imageEngine of ['sharp', 'imagemagick'] as const) {
      const { status, plan, failures, outputs } = await scene.convert({ preset, inputs: [path], imageEngine });
      expect(status.counts.done).toBe(0);
      expect(outputs).toEqual([]);
      const reasons = [...plan.filter(({ action }) => action === 'refuse').map(({ reason }) => reason), ...failures.map(({ reason }) => reason)];
      expect(reasons).toHaveLength(1);
      expect(reasons[0]?.length).toBeGreaterThan(5);
    }
    expect(existsSync(CANARY) || existsSync(join(scene.data, CANARY))).toBe(false);
  });
});

/** A valid one-bit grey PNG of `side` squared that is nearly nothing when packed. */
function pngBomb(side: number): Buffer {
  const row = Buffer.alloc(1 + Math.ceil(side / 8));
  const packed = deflateSync(Buffer.concat(Array.from({ length: side }, () => row)));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([1, 0, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), chunk('IDAT', packed), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

/** CRC-32 as PNG has it: ISO 3309, polynomial 0xedb88320 reflected. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function promising(wav: Buffer): Buffer {
  const copy = Buffer.from(wav);
  // Near 2^32 it would be a stream's, whose length is simply not known.
  copy.writeUInt32LE(0x40000024, 4);
  copy.writeUInt32LE(0x40000000, copy.indexOf('data') + 4);
  return copy;
}
