import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ffmpegEngine, ffmpegInput } from '../../../../src/convert/engines/ffmpeg.ts';
import type { FfmpegCall } from '../../../../src/convert/mediaWork.ts';
import type { Container } from '../../../../src/media/media.ts';
import { cleanUp, make, newFolder, runCalls } from '../videoBench.ts';

const made: Record<'mp4' | 'mkv' | 'ts' | 'wav' | 'jpg', Buffer> = {} as never;

beforeAll(() => {
  const folder = newFolder();
  const file = (name: string): string => join(folder, name);
  const picture = ['-f', 'lavfi', '-i', 'testsrc=s=64x48:r=10:d=1'];
  const sound = ['-f', 'lavfi', '-i', 'sine=d=1:r=44100'];
  make(...picture, ...sound, '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', file('a.mp4'));
  make('-i', file('a.mp4'), '-c', 'copy', file('a.mkv'));
  make('-i', file('a.mp4'), '-c', 'copy', file('a.ts'));
  make(...sound, '-ac', '2', file('a.wav'));
  make(...picture, '-frames:v', '1', file('a.jpg'));
  for (const type of ['mp4', 'mkv', 'ts', 'wav', 'jpg'] as const) {
    made[type] = readFileSync(file(`a.${type}`));
  }
  cleanUp();
});
afterEach(cleanUp);
afterAll(cleanUp);

const WAV = ['-ar', '16000', '-ac', '1', '-map_metadata', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact', '-c:a', 'pcm_s16le', '-f', 'wav'];

function toWav(path: string, output: string, container: Container = 'mp4'): FfmpegCall {
  return { engine: 'ffmpeg', groupable: true, seconds: 1, source: { path, container }, map: ['a:0'], outputOptions: WAV, output, threads: 1 };
}

describe('hostile names', () => {
  it.each([
    '-i.mp4', '-y', 'a:b.mp4', 'http:x', 'concat:a.mp4|b.mp4', 'p%02d.mp4', '%', 'pipe:0', '[0]', '*', '|touch canary', '$(touch canary)', 'new\nline.mp4', 'quo\'te".mp4', ' ', 'é漢🙂.mp4', 'back\\slash', '~', '@x', 'a?b#c',
  ])('are read and written literally: %j', async (name) => {
    const folder = newFolder();
    const [from, to] = [join(folder, 'in', name), join(folder, 'out', name)];
    mkdirSync(from, { recursive: true });
    mkdirSync(to, { recursive: true });
    writeFileSync(join(from, name), made.mp4);
    const { verdicts } = await runCalls([toWav(join(from, name), join(to, name))]);
    expect(verdicts).toEqual([{ state: 'clean' }]);
    expect([readdirSync(join(folder, 'out')), readdirSync(to), readdirSync(folder)]).toEqual([[name], [name], ['in', 'out']]);
  });
});

describe('a group', () => {
  const group = (contents: readonly Buffer[]): { readonly calls: FfmpegCall[]; readonly outputs: string[] } => {
    const folder = newFolder();
    const outputs = contents.map((_, index) => join(folder, `out${index}`));
    const calls = contents.map((bytes, index) => {
      writeFileSync(join(folder, `in${index}`), bytes);
      return toWav(join(folder, `in${index}`), outputs[index] ?? '');
    });
    return { calls, outputs };
  };

  it('gives each file what it gives alone', async () => {
    const { calls, outputs } = group(Array.from({ length: ffmpegEngine.group.calls }, () => made.mp4));
    const { verdicts } = await runCalls(calls);
    expect(verdicts).toEqual(calls.map(() => ({ state: 'clean' })));
    const together = outputs.map((file) => readFileSync(file));
    await runCalls(calls.slice(3, 4));
    expect(new Set(together.map(String)).size).toBe(1);
    expect(readFileSync(outputs[3] ?? '').equals(together[3] as Buffer)).toBe(true);
  });

  it.each([
    ['garbage', Buffer.from('no media at all')],
    ['an empty file', Buffer.alloc(0)],
  ])('with %s blames nobody, and alone the blame is certain', async (_, bad) => {
    const { calls } = group([made.mp4, bad, made.mp4]);
    expect((await runCalls(calls)).verdicts.map(({ state }) => state)).toEqual(['unknown', 'unknown', 'unknown']);
    const alone = await Promise.all(calls.map(async (call) => (await runCalls([call])).verdicts[0]?.state));
    expect(alone).toEqual(['clean', 'failed', 'clean']);
  });

  it('that complains in salvage blames nobody', () => {
    const verdicts = ffmpegEngine.judge({ exitCode: 0, stdout: '', stderr: '[aac @ 0x1] Input buffer exhausted\n', ms: 1 }, group([made.mp4, made.mp4]).calls);
    expect(verdicts.map(({ state }) => state)).toEqual(['unknown', 'unknown']);
  });
});

describe('damage', () => {
  const hurt = (bytes: Buffer): Buffer => {
    const copy = Buffer.from(bytes);
    for (let at = Math.floor(copy.length * 0.3); at < copy.length * 0.9; at += 61) {
      copy[at] = (copy[at] ?? 0) ^ 0x5a;
    }
    return copy;
  };
  const DAMAGED: readonly (readonly [string, Container, () => Buffer])[] = [
    ['a Matroska file with flipped bytes', 'matroska', () => hurt(made.mkv)],
    ['a transport stream with flipped bytes', 'mpegts', () => hurt(made.ts)],
    ['a truncated JPEG', 'jpeg', () => made.jpg.subarray(0, Math.floor(made.jpg.length * 0.6))],
  ];

  it.each(DAMAGED)('fails a strict run: %s', async (_, container, bytes) => {
    const { verdicts } = await runCalls([pictureOf(container, bytes()).call]);
    expect(verdicts[0]?.state).toBe('failed');
  });

  it('fails a strict run: a FLAC frame with a wrong bit', async () => {
    const folder = newFolder();
    const input = join(folder, 'a.flac');
    make('-f', 'lavfi', '-i', 'anoisesrc=d=1', '-c:a', 'flac', input);
    const bytes = readFileSync(input);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(input, bytes);
    const call: FfmpegCall = {
      engine: 'ffmpeg', groupable: false, source: { path: input, container: 'flac' }, map: ['a:0'],
      outputOptions: ['-c:a', 'pcm_s16le', '-f', 'wav'], output: join(folder, 'out'), threads: 1,
    };
    expect((await runCalls([call])).verdicts[0]?.state).toBe('failed');
  });

  it.each(DAMAGED)('is reported and the rest kept in salvage: %s', async (_, container, bytes) => {
    const { call, output } = pictureOf(container, bytes());
    const { verdicts, output: said } = await runCalls([call], true);
    expect(said.exitCode).toBe(0);
    expect(verdicts).toEqual([{ state: 'complained', lines: expect.arrayContaining([expect.stringMatching(/\S/)]) as string[] }]);
    expect(existsSync(output)).toBe(true);
  });

  function pictureOf(container: Container, bytes: Buffer): { readonly call: FfmpegCall; readonly output: string } {
    const folder = newFolder();
    writeFileSync(join(folder, 'in'), bytes);
    const output = join(folder, 'out');
    return {
      output,
      call: {
        engine: 'ffmpeg', groupable: false, source: { path: join(folder, 'in'), container }, map: ['v:0'], output, threads: 1,
        outputOptions: ['-c:v', 'ffv1', '-f', 'matroska'],
      },
    };
  }
});

describe('files that name other files', () => {
  it.each(['m3u', 'pls', 'ffconcat', 'svg', 'plaintext', 'json', 'unknown', 'gzip'] as const)('are not shown to ffmpeg: %s', (container) => {
    expect(() => ffmpegInput({ path: '/x', container })).toThrow();
  });

  it.each([
    ['a playlist', 'mp4', '#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nneighbour.ts\n#EXT-X-ENDLIST\n'],
    ['a script', 'wav', "ffconcat version 1.0\nfile neighbour.wav\n"],
    ['a playlist', 'mp3', '#EXTM3U\nhttp://127.0.0.1:9/x.mp3\n'],
  ] as const)('are not followed where %s is called %s', async (_, container, text) => {
    const folder = newFolder();
    writeFileSync(join(folder, 'neighbour.ts'), made.ts);
    writeFileSync(join(folder, 'neighbour.wav'), made.wav);
    writeFileSync(join(folder, 'in'), text);
    const output = join(folder, 'out');
    const { verdicts } = await runCalls([toWav(join(folder, 'in'), output, container)], true);
    expect(verdicts[0]?.state).toBe('failed');
    expect(existsSync(output)).toBe(false);
  });
});

describe('one decoding', () => {
  it('numbers pictures in a folder whose name holds patterns, and writes a second output beside them', async () => {
    const root = newFolder();
    const folder = join(root, '%03d 100%');
    mkdirSync(folder);
    writeFileSync(join(root, 'in'), made.mp4);
    const { verdicts, fractions } = await runCalls([
      {
        engine: 'ffmpeg', groupable: false, source: { path: join(root, 'in'), container: 'mp4' }, map: ['v:0'], threads: 2, frames: 10,
        outputOptions: ['-c:v', 'mjpeg', '-f', 'image2'],
        output: { folder, pattern: '%06d.jpg' },
        also: [{ map: ['v:0'], outputOptions: ['-c:v', 'wrapped_avframe', '-f', 'framecrc'], output: join(folder, 'crc%d') }],
      } as FfmpegCall,
    ]);
    expect(verdicts).toEqual([{ state: 'clean' }]);
    expect(readdirSync(root).sort()).toEqual(['%03d 100%', 'in']);
    expect(readdirSync(folder).sort()).toEqual([...Array.from({ length: 10 }, (_, index) => `${String(index + 1).padStart(6, '0')}.jpg`), 'crc%d']);
    expect(fractions.at(-1)).toBe(1);
  });

  it('lets filters speak without taking their words for complaints', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'in'), made.mp4);
    const call: FfmpegCall = {
      engine: 'ffmpeg', groupable: false, source: { path: join(folder, 'in'), container: 'mp4' }, map: ['a:0'], threads: 1, filtersSpeak: true,
      outputOptions: ['-af', 'loudnorm=print_format=json'],
    };
    const { verdicts, output } = await runCalls([call]);
    expect(verdicts).toEqual([{ state: 'clean' }]);
    expect(output.stderr).toContain('"input_i"');
    writeFileSync(join(folder, 'in'), made.mp4.subarray(0, 500));
    const bad = await runCalls([call]);
    expect(bad.verdicts[0]).toEqual({ state: 'failed', lines: expect.arrayContaining([expect.stringMatching(/^(?!.*\[error\]).*\S/)]) as string[] });
  });

  it('overwrites a temporary file that a failed group left', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'in'), made.mp4);
    copyFileSync(join(folder, 'in'), join(folder, 'out'));
    expect((await runCalls([toWav(join(folder, 'in'), join(folder, 'out'))])).verdicts).toEqual([{ state: 'clean' }]);
  });
});

it('takes a complaint at exit 0 for one, and an exit without words for a failure', () => {
  const call = toWav('/in', '/out');
  expect(ffmpegEngine.judge({ exitCode: 0, stdout: '', stderr: '[h264 @ 0x1] error while decoding MB\n', ms: 1 }, [call])).toEqual([
    { state: 'complained', lines: ['[h264] error while decoding MB'] },
  ]);
  expect(ffmpegEngine.judge({ exitCode: 137, stdout: '', stderr: '', ms: 1 }, [call])).toEqual([{ state: 'failed', lines: ['exit code 137'] }]);
});
