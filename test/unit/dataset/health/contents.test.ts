import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkHealth } from '../../../../src/dataset/health/healthCheck.ts';
import { HealthStore } from '../../../../src/dataset/health/healthStore.ts';
import { sarifReport } from '../../../../src/dataset/health/report.ts';
import type { Problem } from '../../../../src/media/problem.ts';
import { loadSharp } from '../../../../src/media/sharpLibrary.ts';
import { lines, madeFolder, png, wav } from '../formats/support.ts';

const SEARCH = { paths: {}, env: process.env, sharpWorker: '', never: [] };

async function health(root: string, level: 'header' | 'full'): Promise<{ problems: Problem[]; sarif: () => string }> {
  const store = await HealthStore.open(root);
  await checkHealth(store, { root, level, distance: 4, pace: 1, search: SEARCH });
  return { problems: [...store.problems()], sarif: () => sarifReport({ root, format: '', rows: 0, files: 0, checked: 0, notes: [], problems: store.problems() }) };
}

function codes(problems: readonly Problem[], root: string): string[] {
  return problems.map(({ code, file }) => `${code} ${file.slice(root.length + 1)}`).sort();
}

describe('the contents of files', () => {
  it('tells of sounds that are clipped or silent where every byte is decoded', async () => {
    const root = madeFolder({ 'good/a.wav': wav(1), 'other/b.wav': wav(1, { seed: 3 }) });
    const made = (name: string, source: string): void => void execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, join(root, name)]);
    made('good/loud.flac', 'sine=d=1:frequency=440:r=8000,volume=40dB');
    made('good/mute.wav', 'anullsrc=r=8000:d=1');
    made('good/full.wav', 'sine=d=1:frequency=440:r=8000,volume=18dB');
    expect(codes((await health(root, 'header')).problems, root)).toEqual([]);
    const { problems } = await health(root, 'full');
    expect(codes(problems, root)).toEqual(['media/clipped good/loud.flac', 'media/silent good/mute.wav']);
    expect(problems.find(({ code }) => code === 'media/clipped')?.message).toMatch(/^\d+ of 8000 samples are at full scale, [\d.]+ in a row on average\.$/);
  });

  it('tells of frames that a decoder passes over without a word', async () => {
    const root = madeFolder({ 'a/x.wav': wav(0.5), 'b/y.wav': wav(0.5, { seed: 2 }) });
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=2:r=8000', join(root, 'a/whole.flac')]);
    const { readFileSync, writeFileSync } = await import('node:fs');
    const whole = readFileSync(join(root, 'a/whole.flac'));
    const frames = [...whole.keys()].filter((at) => at > 8192 && whole[at] === 0xff && whole[at + 1] === 0xf8);
    writeFileSync(join(root, 'b/spoiled.flac'), Buffer.concat([whole.subarray(0, frames[1]), whole.subarray(frames[2])]));
    const { problems } = await health(root, 'full');
    expect(codes(problems, root)).toEqual(['media/undecodable b/spoiled.flac']);
    expect(problems[0]?.message).toMatch(/^Only \d+ of 16000 samples can be decoded\.$/);
  });

  it('tells of a sound by what ffmpeg marks as an error, whatever its title says', async () => {
    const root = madeFolder({ 'a/x.wav': wav(0.5), 'b/y.wav': wav(0.5, { seed: 2 }) });
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=2:r=8000', '-metadata', 'title=[error] not one', join(root, 'a/whole.mp3')]);
    const { readFileSync, writeFileSync } = await import('node:fs');
    const spoiled = readFileSync(join(root, 'a/whole.mp3'));
    spoiled.fill(0x55, spoiled.length >> 1, (spoiled.length >> 1) + 300);
    writeFileSync(join(root, 'b/spoiled.mp3'), spoiled);
    const { problems } = await health(root, 'full');
    expect(codes(problems, root)).toEqual(['media/undecodable b/spoiled.mp3']);
    expect(problems[0]?.message).not.toMatch(/\[|not one/);
  });

  it('tells of pictures that are blank or nearly black, and leaves masks alone', async () => {
    const sharp = await loadSharp();
    const flat = (colour: string): Promise<Buffer> => sharp({ create: { width: 32, height: 24, channels: 3, background: colour } }).png().toBuffer();
    const night = await sharp(png(32, 24, 5)).linear(0.1, 0).png().toBuffer();
    const clear = await sharp(png(32, 24, 7)).ensureAlpha(0.5).png().toBuffer();
    const root = madeFolder({ 'cat/white.png': await flat('#fefefe'), 'cat/night.png': night, 'cat/clear.png': clear, 'dog/good.png': png(32, 24, 9), 'masks/m.png': await flat('#020202') });
    expect(codes((await health(root, 'full')).problems, root)).toEqual(['media/blank cat/white.png', 'media/dark cat/night.png']);
  });

  it('tells of a picture that its EXIF turns', async () => {
    const sharp = await loadSharp();
    const turned = await sharp(png(32, 24, 5)).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const root = madeFolder({ 'cat/turned.jpg': turned, 'dog/upright.png': png(32, 24, 9) });
    const { problems } = await health(root, 'header');
    expect(problems).toMatchObject([{ code: 'media/exif-orientation', severity: 'warning', message: 'EXIF orientation 6: the picture is stored as it is not meant to be seen, and shown turned by 90°.' }]);
  });
});

describe('the line of a row', () => {
  it('counts the header and cells of several lines', async () => {
    const root = madeFolder({ 'data/a.wav': wav(0.5), 'metadata.csv': 'file_name,transcription\ndata/a.wav,"one\ntwo"\ndata/gone.wav,three\n' });
    const { problems, sarif } = await health(root, 'header');
    expect(problems).toMatchObject([{ code: 'row/path-missing', row: 2, line: 4 }]);
    expect(sarif()).toContain('"startLine": 4');
  });

  it('is not told of rows of a JSON array, which nobody has counted', async () => {
    const row = (name: string): object => ({ audio_filepath: name, duration: 0.5, text: 'x' });
    const root = madeFolder({ 'audio/a.wav': wav(0.5), 'train_manifest.json': JSON.stringify([row('audio/a.wav'), row('audio/gone.wav')]) });
    const { problems, sarif } = await health(root, 'header');
    expect(problems.find(({ code }) => code === 'row/path-missing')).toMatchObject({ row: 2 });
    expect(sarif()).not.toContain('startLine');
    const inLines = madeFolder({ 'audio/a.wav': wav(0.5), 'train_manifest.json': lines(row('audio/a.wav'), row('audio/gone.wav')) });
    expect((await health(inLines, 'header')).problems).toMatchObject([{ line: 2 }]);
  });
});
