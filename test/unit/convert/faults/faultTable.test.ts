import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fakePath, type FakedTool, type Misbehaviour } from '../../../fakes/fakes.ts';
import { corrupted, cut, names, Scene, seeds } from './scene.ts';

const isRoot = process.getuid?.() === 0;
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

/** One preset for each engine that the stand-ins can be put in the place of. */
const BY_TOOL = {
  sox: { preset: 'audio.wav-16k-mono', kind: 'wav', tool: 'sox' },
  ffmpeg: { preset: 'audio.wav-16k-mono', kind: 'm4a', tool: 'ffmpeg' },
  convert: { preset: 'image.png', kind: 'jpg', tool: 'imagemagick' },
} as const;

describe('a tool that misbehaves', () => {
  const rows = (['sox', 'ffmpeg', 'convert'] as const).flatMap((tool) =>
    (['nothing', 'half', 'empty', 'other', 'dies', 'fails'] as const).map((how): [FakedTool, Misbehaviour] => [tool, how]),
  );
  it.each(rows)('%s that %s: no output stays, and each file has its reason', async (tool, how) => {
    const { preset, kind, tool: id } = BY_TOOL[tool];
    for (const name of ['one', 'two', 'three']) {
      scene.write(`${name}.${kind}`, seed[kind]);
    }
    const { status, failures, outputs } = await scene.convert({ preset, imageEngine: 'imagemagick', toolPaths: { [id]: fakePath(tool, how) } });
    expect(status).toMatchObject({ state: 'done', counts: { write: 3, done: 0, failed: 3 } });
    expect(outputs).toEqual([]);
    expect(failures.every(({ reason, command }) => reason.length > 0 && command.length > 0)).toBe(true);
  });

  it.each(['sox', 'ffmpeg', 'convert'] as const)('%s that floods stderr, leaves children behind or both: the batch comes to its end', async (tool) => {
    const { preset, kind, tool: id } = BY_TOOL[tool];
    scene.write(`one.${kind}`, seed[kind]);
    for (const how of ['floods', 'leaves'] as const) {
      const { status, outputs } = await scene.convert({ preset, imageEngine: 'imagemagick', toolPaths: { [id]: fakePath(tool, how) } });
      expect(status.counts.done + status.counts.failed).toBe(1);
      expect(outputs).toHaveLength(status.counts.done);
      rmSync(scene.out, { recursive: true, force: true });
    }
  });

  it('that is missing refuses what only it can do, with the line that installs it', async () => {
    scene.write('a.mp4', seed.mp4);
    const { status, plan, outputs } = await scene.convert({ preset: 'video.h264', toolPaths: { ffmpeg: '/nowhere/ffmpeg' } });
    expect(status.counts).toMatchObject({ write: 0, refuse: 1 });
    expect(plan[0]?.reason).toMatch(/ffmpeg.*(?:apt|dnf|pacman|zypper|apk)/i);
    expect(outputs).toEqual([]);
  });

  it('that is missing is replaced by the one that comes with the extension, for pictures', async () => {
    scene.write('a.jpg', seed.jpg);
    const { status, outputs } = await scene.convert({ preset: 'image.png', imageEngine: 'imagemagick', toolPaths: { imagemagick: '/nowhere/convert' } });
    expect(status.counts).toMatchObject({ done: 1, failed: 0 });
    expect(outputs).toEqual(['a.png']);
  });
});

describe('damage that a tool passes over with exit code 0', () => {
  const rows: readonly [string, string, string, () => Buffer, Readonly<Record<string, unknown>>][] = [
    ['a corrupt Matroska file', 'video.h264', 'a.mkv', () => corrupted(seed.mkv), {}],
    ['a transport stream cut short', 'video.h264', 'a.ts', () => cut(seed.ts), {}],
    ['a corrupt transport stream', 'video.h264', 'a.ts', () => corrupted(seed.ts), {}],
    ['a corrupt MP4', 'video.h264', 'a.mp4', () => corrupted(seed.mp4), {}],
    ['a WAV cut short', 'audio.wav-16k-mono', 'a.wav', () => cut(seed.wav), {}],
    ['a WAV cut within its header', 'audio.wav-16k-mono', 'a.wav', () => seed.wav.subarray(0, 30), {}],
    ['a JPEG cut short, by sharp', 'image.png', 'a.jpg', () => cut(seed.jpg), { imageEngine: 'sharp' }],
    ['a JPEG cut short, by ImageMagick', 'image.png', 'a.jpg', () => cut(seed.jpg), { imageEngine: 'imagemagick' }],
    ['a PNG cut short, by sharp', 'image.jpeg', 'a.png', () => cut(seed.png), { imageEngine: 'sharp' }],
    ['a PNG cut short, by ImageMagick', 'image.jpeg', 'a.png', () => cut(seed.png), { imageEngine: 'imagemagick' }],
    ['a start beyond the end', 'video.cut', 'a.mp4', () => seed.mp4, { options: { start: 50 } }],
    ['an empty file', 'image.png', 'a.png', () => Buffer.alloc(0), {}],
  ];
  it.each(rows)('is told: %s', async (_, preset, name, bytes, change) => {
    scene.write(name, bytes());
    const { status, outputs } = await scene.convert({ preset, inputs: [join(scene.data, name)], ...change });
    expect(status.counts.done).toBe(0);
    expect(status.counts.failed + status.counts.refuse).toBe(1);
    expect(outputs).toEqual([]);
  });

  it('costs nobody else in the same process', async () => {
    for (let index = 0; index < 9; index++) {
      scene.write(`good-${index}.wav`, seed.wav);
    }
    scene.write('bad.wav', cut(seed.wav));
    const { status, failures } = await scene.convert({ preset: 'audio.wav-16k-mono' });
    expect(status.counts).toMatchObject({ done: 9, failed: 1 });
    expect(names(failures)).toEqual(['bad.wav']);
  });

  it('is kept and recorded in salvage mode', async () => {
    scene.write('bad.mkv', corrupted(seed.mkv));
    const { status, outputs } = await scene.convert({ preset: 'video.audio', salvage: true, options: {} });
    expect(status.counts.failed + status.counts.done).toBe(1);
    expect(outputs).toHaveLength(status.counts.done);
    expect(status.counts.salvaged).toBe(status.counts.done);
  });
});

describe.skipIf(!isRoot)('a target', () => {
  function mount(...options: readonly string[]): void {
    mkdirSync(scene.out);
    execFileSync('mount', ['-t', 'tmpfs', '-o', options.join(','), 'tmpfs', scene.out]);
  }
  afterEach(() => execFileSync('umount', [scene.out]));

  it.each([
    ['sox', 'audio.resample', 'wav', {}],
    ['ffmpeg', 'video.audio', 'mp4', { options: { format: 'wav' } }],
    ['ImageMagick', 'image.png', 'jpg', { imageEngine: 'imagemagick' }],
    ['sharp', 'image.png', 'jpg', { imageEngine: 'sharp' }],
  ] as const)('that is full ends the job with one sentence, when %s writes', async (_, preset, kind, change) => {
    mount('size=256k');
    for (let index = 0; index < 12; index++) {
      scene.write(`a${index}.${kind}`, seed[kind]);
    }
    const { status, outputs } = await scene.convert({ preset, ...change });
    expect(status).toMatchObject({ state: 'failed', problem: expect.stringContaining('the disk is full') });
    expect(status.counts.failed).toBeLessThan(12);
    expect(outputs).toHaveLength(status.counts.done);
  });

  it('that is read-only ends the job before anything is run', async () => {
    mount('size=1m,ro');
    scene.write('a.wav', seed.wav);
    const { status } = await scene.convert({ preset: 'audio.flac', output: join(scene.out, 'new') });
    expect(status.state).toBe('failed');
    expect(status.problem).toMatch(/read-only/i);
  });
});

describe('an output that is an input', () => {
  it.each<[string, () => { readonly inputs: readonly string[]; readonly output: string }]>([
    ['by name', () => ({ inputs: [scene.write('a.wav', seed.wav)], output: scene.data })],
    ['through a link to the folder', () => {
      symlinkSync(scene.data, join(scene.root, 'link'));
      return { inputs: [scene.write('a.wav', seed.wav)], output: join(scene.root, 'link') };
    }],
    ['by a symbolic link', () => {
      mkdirSync(scene.out);
      symlinkSync(scene.write('a.wav', seed.wav), join(scene.out, 'a.wav'));
      return { inputs: [join(scene.data, 'a.wav')], output: scene.out };
    }],
    ['by a hard link', () => {
      mkdirSync(scene.out);
      linkSync(scene.write('a.wav', seed.wav), join(scene.out, 'a.wav'));
      return { inputs: [join(scene.data, 'a.wav')], output: scene.out };
    }],
  ])('is never written: %s', async (_, prepare) => {
    const request = prepare();
    const { status } = await scene.convert({ preset: 'audio.wav-16k-mono', ...request });
    expect(status.counts.replace).toBe(0);
    expect(readFileSync(join(scene.data, 'a.wav')).equals(seed.wav)).toBe(true);
  });
});

describe('two outputs of one name', () => {
  it('are told apart by what they come from', async () => {
    scene.write('a.jpg', seed.jpg);
    scene.write('a.png', seed.png);
    const { status, outputs } = await scene.convert({ preset: 'image.webp' });
    expect(status.counts).toMatchObject({ done: 2, failed: 0 });
    expect(outputs).toEqual(['a.jpg.webp', 'a.png.webp']);
  });

  it('are told apart also where a file system folds case or composes letters', async () => {
    for (const name of ['A.jpg', 'a.png', 'e\u0301.jpg', '\u00e9.png']) {
      scene.write(name, name.endsWith('jpg') ? seed.jpg : seed.png);
    }
    const { status, outputs } = await scene.convert({ preset: 'image.webp' });
    const folded = outputs.map((name) => name.normalize('NFC').toLowerCase());
    expect(new Set(folded).size).toBe(outputs.length);
    expect(status.counts.done).toBe(outputs.length);
    expect(status.counts.done + status.counts.refuse).toBe(4);
  });

  it('never take the place of a file that somebody else put there', async () => {
    scene.write('a.jpg', seed.jpg);
    mkdirSync(scene.out);
    const theirs = join(scene.out, 'a.webp');
    execFileSync('cp', [join(scene.data, 'a.jpg'), theirs]);
    await scene.convert({ preset: 'image.webp' });
    expect(readFileSync(theirs).equals(seed.jpg)).toBe(true);
  });
});
