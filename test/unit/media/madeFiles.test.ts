import { execFileSync } from 'node:child_process';
import { closeSync, copyFileSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { known } from '../../../src/base/absent.ts';
import { factsOfFfprobe, ffprobePlan, parseFfprobe } from '../../../src/media/ffprobe.ts';
import type { ByteSource } from '../../../src/media/byteSource.ts';
import { bytesInMemory } from '../../../src/media/byteSource.ts';
import { headerReaders } from '../../../src/media/headers/headerReaders.ts';
import type { Container } from '../../../src/media/media.ts';
import { probe } from '../../../src/media/probe.ts';
import { ffmpeg, run, temporaryFolder } from './support.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const TONE = ['-f', 'lavfi', '-i', 'sine=440:d=0.7:r=44100'];
const SCENE = ['-f', 'lavfi', '-i', 'testsrc=s=96x64:r=25:d=0.6'];

/** What ffprobe says of a file whose container is known, over the plan that a caller would run. */
function ffprobeFacts(path: string, container: Container) {
  const plan = ffprobePlan({ file: path }, container);
  if (plan === undefined) {
    throw new Error(`no plan for ${container}`);
  }
  return factsOfFfprobe(plan.parse({ stdout: run('ffprobe', plan.args), stderr: '', exitCode: 0, ms: 0 }));
}

/** Files by ffmpeg: arguments after the inputs, and how far ffprobe's duration may be off for the reason given. */
const AUDIO: readonly (readonly [name: string, container: Container, args: readonly string[], slack?: number])[] = [
  ['u8.wav', 'wav', ['-c:a', 'pcm_u8']],
  ['s16.wav', 'wav', ['-c:a', 'pcm_s16le', '-ac', '2']],
  ['s24.wav', 'wav', ['-c:a', 'pcm_s24le', '-ac', '6']],
  ['f32.wav', 'wav', ['-c:a', 'pcm_f32le']],
  ['f64.wav', 'wav', ['-c:a', 'pcm_f64le']],
  ['mulaw.wav', 'wav', ['-c:a', 'pcm_mulaw', '-ar', '8000']],
  ['alaw.wav', 'wav', ['-c:a', 'pcm_alaw', '-ar', '8000']],
  ['adpcm.wav', 'wav', ['-c:a', 'adpcm_ms']],
  ['ima.wav', 'wav', ['-c:a', 'adpcm_ima_wav']],
  ['mp3.wav', 'wav', ['-c:a', 'libmp3lame'], 0.06], // the encoder's delay, which the fact chunk leaves out
  ['rf64.wav', 'wav', ['-rf64', 'always']],
  ['a.flac', 'flac', ['-sample_fmt', 's16', '-ac', '2']],
  ['b.flac', 'flac', ['-sample_fmt', 's32', '-ar', '96000']],
  ['a.aiff', 'aiff', ['-c:a', 'pcm_s24be']],
  ['b.aiff', 'aiff', ['-c:a', 'pcm_f32be']],
  ['a.au', 'au', []],
  ['b.au', 'au', ['-c:a', 'pcm_mulaw']],
  ['a.mp3', 'mp3', ['-c:a', 'libmp3lame', '-b:a', '96k']],
  ['vbr.mp3', 'mp3', ['-c:a', 'libmp3lame', '-q:a', '5', '-id3v2_version', '4', '-metadata', `title=${'x'.repeat(9000)}`]],
  ['a.mp2', 'mp3', ['-c:a', 'mp2'], 0.03],
  ['a.aac', 'adts', ['-c:a', 'aac'], 0.05], // ffprobe estimates it from the bit rate
  ['a.m4a', 'mp4', ['-c:a', 'aac'], 0.03],
  ['alac.m4a', 'mp4', ['-c:a', 'alac']],
  ['a.opus', 'ogg', ['-c:a', 'libopus'], 0.01], // ffprobe counts the pre-skip in
  ['a.ogg', 'ogg', ['-c:a', 'libvorbis'], 0.03],
  ['a.spx', 'ogg', ['-c:a', 'libspeex', '-ar', '16000'], 0.03],
  ['a.oga', 'ogg', ['-c:a', 'flac', '-f', 'ogg']],
  ['a.wv', 'wavpack', []],
  ['a.wma', 'asf', ['-c:a', 'wmav2']],
  ['a.caf', 'caf', []],
  ['a.mka', 'matroska', ['-c:a', 'libopus']],
];
/** ADPCM's 4 bits are no depth. */
const DEPTHS_APART = new Set(['adpcm.wav', 'ima.wav']);
const VIDEO: readonly (readonly [name: string, container: Container, args: readonly string[]])[] = [
  ['a.mp4', 'mp4', ['-c:v', 'libx264', '-pix_fmt', 'yuv420p']],
  ['fragmented.mp4', 'mp4', ['-c:v', 'libx264', '-movflags', 'frag_keyframe+empty_moov']],
  ['hdr.mp4', 'mp4', ['-c:v', 'libx265', '-x265-params', 'log-level=none', '-color_trc', 'smpte2084', '-color_primaries', 'bt2020', '-colorspace', 'bt2020nc']],
  ['a.mov', 'mov', ['-c:v', 'mjpeg']],
  ['a.mkv', 'matroska', ['-c:v', 'mpeg4']],
  ['ffv1.mkv', 'matroska', ['-c:v', 'ffv1']],
  ['a.webm', 'webm', ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-pix_fmt', 'yuv420p']],
  ['a.avi', 'avi', ['-c:v', 'mpeg4']],
  ['a.flv', 'flv', ['-c:v', 'flv', '-ar', '44100']],
  ['a.ts', 'mpegts', ['-c:v', 'mpeg2video']],
  ['a.mpg', 'mpegps', ['-c:v', 'mpeg2video']],
  ['a.ogv', 'ogg', ['-c:v', 'libtheora']],
];

const ffprobe = (plan: { args: readonly string[] }) => Promise.resolve(parseFfprobe(run('ffprobe', plan.args)));

describe('audio that ffmpeg wrote', () => {
  beforeAll(() => ffmpeg(...TONE, ...AUDIO.flatMap(([name, , args]) => ['-map', '0:a', ...args, at(name)])));

  it.each(AUDIO.map(([name, container, , slack = 1e-5]) => [name, container, slack] as const))('%s is what ffprobe says', async (name, container, slack) => {
    const media = await probe(at(name), { ffprobe });
    const truth = ffprobeFacts(at(name), container);
    expect(media).toMatchObject({ kind: 'audio', container, problems: [] });
    expect([media.audio?.codec, media.audio?.sampleRate, media.audio?.channels]).toEqual([truth.audio?.codec, truth.audio?.sampleRate, truth.audio?.channels]);
    expect(known(media.audio?.bitDepth)).toBe(DEPTHS_APART.has(name) ? undefined : known(truth.audio?.bitDepth));
    expect(Math.abs((known(media.duration) ?? NaN) - (known(truth.duration) ?? NaN))).toBeLessThan(slack);
  });

  it('has the length that SoX counts, also out of a pipe', async () => {
    const wav = at('sox.wav');
    run('sox', ['-n', '-r', '22050', '-b', '24', '-c', '2', wav, 'synth', '0.333', 'sine', '300']);
    const pipe = openSync(at('piped.wav'), 'w');
    execFileSync('/bin/sh', ['-c', '/usr/bin/sox "$1" -t wav - 2>/dev/null | cat', 'sh', wav], { stdio: ['ignore', pipe, 'ignore'] });
    closeSync(pipe);
    const samples = Number(run('soxi', ['-s', wav]));
    for (const path of [wav, at('piped.wav')]) {
      expect(await probe(path)).toMatchObject({ duration: samples / 22050, audio: { codec: 'pcm_s24le', channels: 2, bitDepth: 24 }, problems: [] });
    }
  });
});

describe('video that ffmpeg wrote', () => {
  beforeAll(() => ffmpeg(...SCENE, ...TONE, ...VIDEO.flatMap(([name, , args]) => ['-map', '0:v', '-map', '1:a', ...args, at(name)])));

  it.each(VIDEO)('%s is what ffprobe says', async (name, container) => {
    const media = await probe(at(name), { ffprobe });
    const truth = ffprobeFacts(at(name), container);
    expect(media).toMatchObject({ kind: 'video', container, problems: [] });
    expect([media.video?.codec, media.video?.width, media.video?.height, media.audio?.codec]).toEqual([truth.video?.codec, 96, 64, truth.audio?.codec]);
    expect(known(media.video?.transfer)).toBe(known(truth.video?.transfer));
    expect(known(media.video?.frameRate)).toBeCloseTo(25, 1);
    expect(Math.abs((known(media.duration) ?? NaN) - (known(truth.duration) ?? NaN))).toBeLessThan(0.05);
  });

  it.each(['a.mp4', 'fragmented.mp4', 'a.mov', 'a.mkv', 'a.webm'])('%s has its frames counted without ffprobe', async (name) => {
    expect((await probe(at(name))).video?.frames).toBe(15);
  });

  it('tells the turn by which the picture is shown', async () => {
    ffmpeg('-i', at('a.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90', at('turned.mp4'));
    const media = await probe(at('turned.mp4'));
    expect(media.video?.rotation).toBe(270);
    expect(media.video?.rotation).toBe(ffprobeFacts(at('turned.mp4'), 'mp4').video?.rotation);
  });
});

/** A source that spoils what it lent before. */
function lending(bytes: Buffer): ByteSource {
  let lent = Buffer.alloc(0);
  return {
    size: bytes.length,
    read(offset, length) {
      lent.fill(0xaa);
      lent = Buffer.from(bytes.subarray(Math.max(0, offset), Math.max(0, offset) + length));
      return lent;
    },
  };
}

const IMAGES: readonly (readonly [name: string, container: Container, args: readonly string[], facts: object])[] = [
  ['a.jpg', 'jpeg', [], { colour: 'rgb', bitDepth: 8 }],
  ['gray.jpg', 'jpeg', ['-colorspace', 'Gray'], { colour: 'gray' }],
  ['cmyk.jpg', 'jpeg', ['-colorspace', 'CMYK'], { colour: 'cmyk' }],
  ['progressive.jpg', 'jpeg', ['-interlace', 'JPEG'], { colour: 'rgb' }],
  ['a.png', 'png', ['-depth', '8'], { colour: 'rgb', bitDepth: 8, alpha: false }],
  ['deep.png', 'png', ['-depth', '16', '-alpha', 'set'], { bitDepth: 16, alpha: true }],
  ['palette.png', 'png', ['-colors', '7', '-type', 'Palette'], { colour: 'palette' }],
  ['a.gif', 'gif', [], { colour: 'palette', frames: 1 }],
  ['a.webp', 'webp', ['-quality', '80'], { bitDepth: 8 }],
  ['lossless.webp', 'webp', ['-define', 'webp:lossless=true'], { bitDepth: 8 }],
  ['a.bmp', 'bmp', [], { bitDepth: 8 }],
  ['two.bmp', 'bmp', ['-colors', '2', '-type', 'Bilevel'], { bitDepth: 1 }],
  ['a.tif', 'tiff', ['-depth', '16'], { bitDepth: 16, colour: 'rgb' }],
  ['a.ppm', 'pnm', ['-depth', '8'], { colour: 'rgb', bitDepth: 8 }],
  ['a.pgm', 'pnm', ['-depth', '16'], { colour: 'gray', bitDepth: 16 }],
  ['a.pbm', 'pnm', [], { bitDepth: 1 }],
  ['plain.ppm', 'pnm', ['-depth', '8', '-compress', 'none'], { colour: 'rgb' }],
  ['a.pam', 'pnm', ['-depth', '8'], {}],
  ['a.ico', 'ico', [], {}],
  ['a.psd', 'psd', [], {}],
];

describe('pictures that ImageMagick wrote', () => {
  beforeAll(() => {
    run('convert', ['-size', '37x21', '-seed', '1', 'plasma:red-blue', at('source.miff')]);
    for (const [name, , args] of IMAGES) {
      run('convert', [at('source.miff'), ...args, at(name)]);
    }
  });

  it.each(IMAGES)('%s is what identify says', async (name, container, _, facts) => {
    const media = await probe(at(name));
    const [width, height] = run('identify', ['-format', '%w %h\n', `${at(name)}[0]`]).trim().split(' ').map(Number);
    expect(media).toMatchObject({ kind: 'image', container, image: { width, height, orientation: 1, ...facts }, problems: [] });
  });

  it.each(['a.jpg', 'a.png', 'a.webp', 'a.gif', 'a.bmp', 'a.ppm'])('%s cut in half has a problem', async (name) => {
    const whole = readFileSync(at(name));
    writeFileSync(at(`half-${name}`), whole.subarray(0, Math.floor(whole.length * 0.6)));
    expect((await probe(at(`half-${name}`))).problems.join()).toContain('cut short');
  });

  it('goes on behind the EXIF data of a WebP file', () => {
    const chunk = (id: string, body: Buffer): Buffer => {
      const head = Buffer.from(`${id}\0\0\0\0`, 'latin1');
      head.writeUInt32LE(body.length, 4);
      return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
    };
    const extended = chunk('VP8X', Buffer.from('0a00000004000003 0000'.replace(' ', ''), 'hex'));
    const exif = chunk('EXIF', Buffer.from('4d4d002a00000008000101120003000000010006000000000000', 'hex'));
    const frames = [1, 2].map(() => chunk('ANMF', Buffer.alloc(24)));
    const body = Buffer.concat([Buffer.from('WEBP'), extended, exif, ...frames]);
    const bytes = chunk('RIFF', body);
    expect(headerReaders.webp?.(lending(bytes)).image).toMatchObject({ width: 5, height: 4, orientation: 6, frames: 2 });
  });

  it.each([
    ['anim.gif', 3],
    ['anim.webp', 3],
    ['pages.tif', 3],
    ['anim.png', 3],
  ])('%s has %i frames', async (name, frames) => {
    if (name === 'anim.png') {
      ffmpeg('-f', 'lavfi', '-i', 'testsrc=s=16x8:r=3:d=1', '-f', 'apng', at(name));
    } else {
      run('convert', ['-delay', '10', at('source.miff'), '(', at('source.miff'), '-negate', ')', '(', at('source.miff'), '-flip', ')', at(name)]);
    }
    expect((await probe(at(name))).image?.frames).toBe(frames);
  });

  it.each([...IMAGES, ...AUDIO].filter(([, container]) => headerReaders[container] !== undefined).map(([name, container]) => [name, container] as const))(
    '%s reads the same when every read takes back the one before',
    (name, container) => {
      const bytes = readFileSync(at(name));
      const reader = headerReaders[container];
      expect(reader?.(lending(bytes))).toEqual(reader?.(bytesInMemory(bytes)));
    },
  );

  it('tells a sideways picture and its profile', async () => {
    copyFileSync(at('a.jpg'), at('turned.jpg'));
    run('convert', [at('source.miff'), '-orient', 'RightTop', at('turned.tif')]);
    expect((await probe(at('turned.tif'))).image?.orientation).toBe(6);
    const exif = Buffer.from('ffe1001c457869660000' + '4d4d002a00000008' + '0001' + '011200030000000100060000', 'hex');
    exif.writeUInt16BE(exif.length - 2, 2);
    const jpeg = readFileSync(at('a.jpg'));
    writeFileSync(at('turned.jpg'), Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]));
    expect((await probe(at('turned.jpg'))).image).toMatchObject({ orientation: 6, width: 37, height: 21 });
  });
});
