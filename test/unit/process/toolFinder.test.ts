import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createToolFinder, findTools, toolboxOf } from '../../../src/process/toolFinder.ts';
import type { ToolFinderOptions } from '../../../src/process/toolFinder.ts';
import type { ToolId } from '../../../src/process/toolPlan.ts';
import type { ToolSearch, ToolState } from '../../../src/process/toolSearch.ts';
import { fakeFolder, fakePath } from '../../fakes/fakes.ts';
import { runs, temporaryFolder } from './support.ts';

const DEBIAN = { ids: ['debian'], name: 'Debian' };
const NO_CEILINGS = { addressSpace: Infinity, data: Infinity, fileSize: Infinity, cpuSeconds: Infinity };

function searchOf(more: Partial<ToolSearch> = {}): ToolSearch {
  return { paths: {}, env: { PATH: '/usr/bin:/bin' }, sharpWorker: '/nowhere/sharpWorker.js', never: [], ...more };
}

async function find(id: ToolId, search: ToolSearch, options: ToolFinderOptions = { distribution: DEBIAN }): Promise<ToolState> {
  const [state] = await createToolFinder(options).find(search, [id]);
  return state as ToolState;
}

function script(path: string, body: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** An ffmpeg of another version in a folder of its own. */
function ownFfmpeg(folder = join(temporaryFolder(), 'bin')): string {
  return script(
    join(folder, 'ffmpeg'),
    'echo "ffmpeg version 9.9-own Copyright"; echo "configuration: --enable-libx264 --disable-libopus"',
  );
}

describe('the real tools of this machine', () => {
  it('are found, with their version, what they are built with, and nothing rejected', async () => {
    const states = await findTools(searchOf());
    expect(states.map(({ id }) => id)).toEqual(['ffmpeg', 'ffprobe', 'sox', 'imagemagick', 'sharp']);
    const tools = toolboxOf(states);
    expect([...tools.keys()]).toEqual(['ffmpeg', 'ffprobe', 'sox', 'imagemagick']);
    expect(tools.get('ffmpeg')?.path).toBe(join(realpathSync('/usr/bin'), 'ffmpeg'));
    expect(tools.get('ffmpeg')?.version).toMatch(/^\d/);
    expect(tools.get('ffmpeg')?.features).toContain('libx264');
    expect(tools.get('sox')?.features).toContain('flac');
    expect(tools.get('sox')?.features).toContain('effect-spectrogram');
    expect(tools.get('imagemagick')?.features).toContain('jpeg');
    expect(states.slice(0, 4).flatMap(({ rejected }) => rejected)).toEqual([]);
  });

  it('are found without a PATH, in the usual places', async () => {
    expect((await find('sox', searchOf({ env: {} }))).found?.path).toMatch(/\/bin\/sox$/);
  });

  it('leave no folder behind for having been asked', async () => {
    const before = new Set(readdirSync(tmpdir()));
    await find('sox', searchOf());
    const own = readdirSync(tmpdir()).filter((name) => !before.has(name) && name.includes(`-${process.pid}-`));
    expect(own).toEqual([]);
  });
});

describe('a program that has the name and is not the tool', () => {
  it('is rejected with what it said, and the search goes on', async () => {
    const { found, rejected } = await find('imagemagick', searchOf({ env: { PATH: `${fakeFolder('not-imagemagick')}:/usr/bin` } }));
    expect(found?.path).toMatch(/\/usr\/bin\/convert$/);
    expect(rejected).toEqual([
      {
        path: join(fakeFolder('not-imagemagick'), 'convert'),
        reason: 'it is not ImageMagick: it says “convert 2.1: converts units of measure. Usage: convert 3 ft m”',
      },
    ]);
  });

  it.each([
    ['says nothing', 'exit 3', 'it is not ffmpeg: it says nothing, and ends with exit code 3'],
    [
      'cannot load its libraries',
      'echo "error while loading shared libraries: libavcodec.so.59" >&2; exit 127',
      'it is not ffmpeg: it says “error while loading shared libraries: libavcodec.so.59”',
    ],
    [
      'writes what turns a terminal upside down',
      "printf '\\033[2J\\342\\200\\256evil\\n'",
      'it is not ffmpeg: it says “\\u001b[2J\\u202eevil”',
    ],
    ['is an ffprobe', 'echo "ffprobe version 5.1"', 'it is not ffmpeg: it says “ffprobe version 5.1”'],
  ])('is rejected where it %s', async (_title, body, reason) => {
    const path = script(join(temporaryFolder(), 'ffmpeg'), body);
    const { found, rejected } = await find('ffmpeg', searchOf({ env: { PATH: dirname(path) } }));
    expect(rejected).toEqual([{ path, reason }]);
    expect(found?.path).toMatch(/\/usr\/bin\/ffmpeg$/);
  });

  it('is rejected where it does not answer, and does not go on', async () => {
    const folder = temporaryFolder();
    const path = script(join(folder, 'ffmpeg'), `echo $$ > ${folder}/pid; trap '' TERM; while :; do sleep 600; done`);
    const { found, rejected } = await find('ffmpeg', searchOf({ env: { PATH: folder } }), { distribution: DEBIAN, answerSeconds: 2 });
    expect(rejected).toEqual([{ path, reason: 'it did not answer within 2 s' }]);
    expect(found?.path).toMatch(/\/usr\/bin\/ffmpeg$/);
    expect(runs(Number(readFileSync(join(folder, 'pid'), 'utf8')))).toBe(false);
  });

  it('is asked with a cleared environment', async () => {
    const path = script(join(temporaryFolder(), 'ffmpeg'), 'echo "${SECRET-cleared}"');
    const { rejected } = await find('ffmpeg', searchOf({ env: { PATH: dirname(path), SECRET: 'arrived' } }));
    expect(rejected[0]?.reason).toContain('cleared');
  });

  it('is rejected where it is a GraphicsMagick', async () => {
    const path = script(
      join(temporaryFolder(), 'convert'),
      'echo "GraphicsMagick 1.4 snapshot-20220326 Q16 http://www.GraphicsMagick.org/"',
    );
    expect((await find('imagemagick', searchOf({ env: { PATH: dirname(path) } }))).rejected[0]?.reason).toContain('GraphicsMagick 1.4');
  });
});

describe('ImageMagick', () => {
  it('of version 7 is preferred, wherever on PATH it lies', async () => {
    const { found } = await find('imagemagick', searchOf({ env: { PATH: `/usr/bin:${fakeFolder('magick7')}` } }));
    expect(found).toMatchObject({ path: join(fakeFolder('magick7'), 'magick'), version: '7.1.1-43' });
    expect([...(found?.features ?? [])]).toEqual(expect.arrayContaining(['hdri', 'openmp', 'heic', 'webp']));
  });

  it('is not a script that stands before it, though it gives the same banner', async () => {
    const path = script(join(temporaryFolder(), 'convert'), 'exec /usr/bin/convert "$@"');
    const { found, rejected } = await find('imagemagick', searchOf({ env: { PATH: `${dirname(path)}:/usr/bin` } }));
    expect(found?.path).toMatch(/\/usr\/bin\/convert$/);
    expect(rejected).toEqual([{ path, reason: `it is a script that stands before the program itself, ${found?.path}` }]);
  });

  it('is such a script where the user says so', async () => {
    const path = script(join(temporaryFolder(), 'convert'), 'exec /usr/bin/convert "$@"');
    expect((await find('imagemagick', searchOf({ paths: { imagemagick: path } }))).found?.path).toBe(path);
  });
});

describe('the path in the setting', () => {
  it('is looked at and no other place', async () => {
    const path = ownFfmpeg();
    expect((await find('ffmpeg', searchOf({ paths: { ffmpeg: path } }))).found).toMatchObject({ path, version: '9.9-own' });
    expect(await find('ffmpeg', searchOf({ paths: { ffmpeg: '/nowhere/ffmpeg' } }))).toEqual({
      id: 'ffmpeg',
      title: 'ffmpeg',
      rejected: [{ path: '/nowhere/ffmpeg', reason: 'the setting names it, and there is no such file' }],
      install: expect.stringContaining('apt install ffmpeg'),
      ...(process.getuid?.() !== 0 && { notes: ['without root: conda install -c conda-forge ffmpeg'] }),
    });
  });

  it('may begin with ~/, and must not be relative', async () => {
    const home = temporaryFolder();
    const path = ownFfmpeg(join(home, 'bin'));
    expect((await find('ffmpeg', searchOf({ paths: { ffmpeg: '~/bin/ffmpeg' }, env: { HOME: home } }))).found?.path).toBe(path);
    const { found, rejected } = await find('ffmpeg', searchOf({ paths: { ffmpeg: 'bin/ffmpeg' }, env: { HOME: home } }));
    expect(found).toBeUndefined();
    expect(rejected).toEqual([{ path: 'bin/ffmpeg', reason: 'the setting is not an absolute path' }]);
  });

  it('counts as empty where it is empty', async () => {
    expect((await find('sox', searchOf({ paths: { sox: '' } }))).found?.path).toMatch(/\/sox$/);
  });

  it('gives a stand-in that has the banner of the tool its place', async () => {
    const { found } = await find('sox', searchOf({ paths: { sox: fakePath('sox', 'half') } }));
    expect(found?.path).toBe(fakePath('sox', 'half'));
  });
});

describe('a tool in the workspace', () => {
  const workspace = join(temporaryFolder(), 'workspace');
  const inside = ownFfmpeg(join(workspace, 'bin'));
  const elsewhere = temporaryFolder();
  symlinkSync(join(workspace, 'bin'), join(elsewhere, 'linkedFolder'));
  mkdirSync(join(elsewhere, 'linkedFile'));
  symlinkSync(inside, join(elsewhere, 'linkedFile', 'ffmpeg'));
  // A link of the workspace's that leads out of it today.
  symlinkSync('/usr/bin/ffmpeg', join(workspace, 'innocent'));
  mkdirSync(join(elsewhere, 'through'));
  symlinkSync(join(workspace, 'innocent'), join(elsewhere, 'through', 'ffmpeg'));
  symlinkSync(workspace, join(elsewhere, 'workspaceByAnotherName'));

  it.each([
    ['lies in it', join(workspace, 'bin')],
    ['lies in a folder that is a link into it', join(elsewhere, 'linkedFolder')],
    ['is a link into it', join(elsewhere, 'linkedFile')],
    ['is a link through it to the outside', join(elsewhere, 'through')],
    ['lies in it under another name of the folder', join(elsewhere, 'workspaceByAnotherName', 'bin')],
  ])('is never run where it %s', async (_title, folder) => {
    const { found, rejected } = await find('ffmpeg', searchOf({ env: { PATH: folder }, never: [workspace] }));
    expect(found?.path).toMatch(/\/usr\/bin\/ffmpeg$/);
    expect(rejected).toHaveLength(1);
    expect(rejected[0]).toMatchObject({
      path: join(folder, 'ffmpeg'),
      reason: expect.stringMatching(/^it (lies in|leads through) the workspace/),
    });
    const setting = await find('ffmpeg', searchOf({ paths: { ffmpeg: join(folder, 'ffmpeg') }, never: [workspace] }));
    expect(setting.found).toBeUndefined();
  });

  it('is never run where the workspace is named by a link', async () => {
    const { rejected } = await find(
      'ffmpeg',
      searchOf({ env: { PATH: join(workspace, 'bin') }, never: [join(elsewhere, 'workspaceByAnotherName')] }),
    );
    expect(rejected).toEqual([{ path: inside, reason: 'it lies in the workspace' }]);
  });

  it('is not one whose folder only begins like it', async () => {
    const path = ownFfmpeg(`${workspace}-tools`);
    expect((await find('ffmpeg', searchOf({ env: { PATH: dirname(path) }, never: [workspace] }))).found?.path).toBe(path);
  });

  it('is not found through relative entries of PATH', async () => {
    const before = process.cwd();
    process.chdir(workspace);
    try {
      const { found, rejected } = await find('ffmpeg', searchOf({ env: { PATH: 'bin:./bin:.::' } }));
      expect(found?.version).not.toBe('9.9-own');
      expect(rejected).toEqual([]);
    } finally {
      process.chdir(before);
    }
  });
});

describe('looking again', () => {
  it('asks a program only where its file has changed', async () => {
    const folder = temporaryFolder();
    const asked = join(folder, 'asked');
    const path = script(join(folder, 'ffmpeg'), `echo x >> ${asked}; echo "ffmpeg version 9.9"`);
    const times = (): number => readFileSync(asked, 'utf8').trim().split('\n').length;
    const finder = createToolFinder({ distribution: DEBIAN });
    const search = searchOf({ paths: { ffmpeg: path } });
    const [first] = await finder.find(search, ['ffmpeg']);
    await finder.find(search, ['ffmpeg']);
    expect(times()).toBe(1);
    utimesSync(path, 1, 1);
    const [second] = await finder.find(search, ['ffmpeg']);
    expect(times()).toBe(2);
    expect(second?.found?.buildId).not.toBe(first?.found?.buildId);
  });

  it('finds what was installed meanwhile', async () => {
    const folder = temporaryFolder();
    const finder = createToolFinder({ distribution: DEBIAN });
    const search = searchOf({ paths: { ffmpeg: join(folder, 'ffmpeg') } });
    expect((await finder.find(search, ['ffmpeg']))[0]?.found).toBeUndefined();
    ownFfmpeg(folder);
    expect((await finder.find(search, ['ffmpeg']))[0]?.found?.version).toBe('9.9-own');
  });
});

describe('the state of a tool', () => {
  it('has ffprobe from the folder of ffmpeg', async () => {
    const path = ownFfmpeg();
    const probe = script(join(dirname(path), 'ffprobe'), 'echo "ffprobe version 9.9-own"');
    expect((await find('ffprobe', searchOf({ paths: { ffmpeg: path } }))).found?.path).toBe(probe);
  });

  it('has the bundled sharp as our Node and its worker, features as its library says', async () => {
    const worker = join(temporaryFolder(), 'sharpWorker.mjs');
    writeFileSync(worker, "console.log(JSON.stringify({ sharp: '0.35.5', vips: '8.18.7', formats: ['JPEG', 'webp'] }))");
    const { found, install } = await find('sharp', searchOf({ sharpWorker: worker }));
    expect(found).toMatchObject({ prefix: [worker], version: '0.35.5', banner: 'sharp 0.35.5, libvips 8.18.7' });
    expect([...(found?.features ?? [])]).toEqual(['jpeg', 'webp', 'libvips']);
    expect(install).toBeUndefined();
  });

  it('says why the bundled sharp does not load', async () => {
    const worker = join(temporaryFolder(), 'sharpWorker.mjs');
    writeFileSync(worker, "console.error('sharp cannot be used: no binary for linux-riscv64'); process.exitCode = 1");
    const { rejected } = await find('sharp', searchOf({ sharpWorker: worker }));
    const reason = 'it is not sharp: it says “sharp cannot be used: no binary for linux-riscv64”';
    expect(rejected).toEqual([{ path: worker, reason }]);
    expect((await find('sharp', searchOf())).rejected[0]?.reason).toBe('it was not shipped with this build');
  });

  it('says what it runs without where the system lacks the programs to hold it', async () => {
    const { found, notes } = await find('sox', searchOf(), { distribution: DEBIAN, wrappers: { ceilings: NO_CEILINGS } });
    expect(found).toBeDefined();
    expect(notes?.join('\n')).toMatch(/setpriv.*\n.*prlimit.*\n.*xargs/);
    expect((await find('sox', searchOf())).notes).toBeUndefined();
  });

  it('tells builds apart by the file, not by its name alone', async () => {
    const [one, two] = [temporaryFolder(), temporaryFolder()].map((folder) => join(folder, 'sox'));
    for (const path of [one, two]) {
      copyFileSync('/usr/bin/sox', path as string);
    }
    const ids = await Promise.all(
      [one, two].map(async (path) => (await find('sox', searchOf({ paths: { sox: path as string } }))).found?.buildId),
    );
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });
});
