import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sharpEngine } from '../../../../src/convert/engines/sharp.ts';
import type { ImagemagickCall, PixelWork, SharpCall } from '../../../../src/convert/imageWork.ts';
import type { ToolOutput } from '../../../../src/process/toolPlan.ts';
import { builtWorker, cleanUp, convert, identify, imagemagickEngine, newFolder, policyFolder, runCalls, runPlan } from '../imageBench.ts';

afterEach(cleanUp);

const ENGINES = ['sharp', 'imagemagick'] as const;

let seed: Buffer;
let decoy: Buffer;

beforeAll(() => {
  const folder = newFolder();
  convert('-size', '64x48', 'plasma:red-blue', `jpeg:${join(folder, 'seed')}`);
  convert('-size', '20x20', 'xc:red', `jpeg:${join(folder, 'decoy')}`);
  seed = readFileSync(join(folder, 'seed'));
  decoy = readFileSync(join(folder, 'decoy'));
});

function work(path: string, output: string, more: Partial<PixelWork['source']> = {}): PixelWork {
  return {
    kind: 'pixels',
    source: {
      path, container: 'jpeg', width: 64, height: 48, orientation: 1, colour: 'rgb', alpha: false, profile: false, sixteenBit: false, several: false, ...more,
    },
    output, format: 'jpeg', resize: { width: 32, height: 24 }, colour: 'srgb', metadata: 'strip', quality: 90, lossless: false,
  };
}

function call(engine: (typeof ENGINES)[number], job: PixelWork): ImagemagickCall | SharpCall {
  return { engine, groupable: true, work: job };
}

const NAMES = [
  'a%d.jpg', 'a%03d.jpg', '%[fx:1].jpg', '%w', '%%', 'x[0].jpg', 'x[0]', 'x[1-3]', 'a.jpg[0]', 'x.pdf[0]', '[0]', '%d[0]', 'x[-1]', 'x[10x10+1+1]',
  '*.jpg', '?.jpg', '{a,b}.jpg', '[a-z]*.jpg', '**', '\\*', '\\', 'back\\slash', 'a:b.jpg', 'png:c.jpg', 'msl:x', 'fd:0', '-dash.jpg', '-', '@list.jpg',
  '|touch canary', '$(touch canary).jpg', '`touch canary`', 'new\nline.jpg', 'quo\'te".jpg', '~', ' ', '(', ')', '!', '#x', 'tab\there', 'é漢🙂.jpg', 'x.gz', 'x.svg',
];

describe.each(ENGINES)('%s takes literally', (engine) => {
  it.each(NAMES)('the input name %j, with neighbours that it could be taken for', async (name) => {
    const folder = newFolder();
    for (const neighbour of ['a.jpg', 'b.jpg', 'a0.jpg', 'x', 'x.pdf', '0', 'q.jpg', 'decoy']) {
      writeFileSync(join(folder, neighbour), decoy);
    }
    const output = join(newFolder(), '.trainyard-7-1.part');
    writeFileSync(join(folder, name), seed);
    const { verdicts } = await runCalls([call(engine, work(join(folder, name), output))]);
    expect(verdicts).toEqual([{ state: 'clean' }]);
    expect(readdirSync(dirname(output))).toEqual(['.trainyard-7-1.part']);
    const direct = join(newFolder(), 'out');
    writeFileSync(join(folder, 'plain-name.jpg'), seed);
    await runCalls([call(engine, work(join(folder, 'plain-name.jpg'), direct))]);
    expect(readFileSync(output).equals(readFileSync(direct))).toBe(true);
  });

  it.each(NAMES)('the folder name %j, of input and output', async (name) => {
    const root = newFolder();
    const [from, to] = [join(root, 'in', name), join(root, 'out', name)];
    mkdirSync(from, { recursive: true });
    mkdirSync(to, { recursive: true });
    writeFileSync(join(from, 'a.jpg'), seed);
    const output = join(to, '.trainyard-7-1.part');
    const { verdicts } = await runCalls([call(engine, work(join(from, 'a.jpg'), output))]);
    expect(verdicts).toEqual([{ state: 'clean' }]);
    expect([readdirSync(to), readdirSync(join(root, 'out'))]).toEqual([['.trainyard-7-1.part'], [name]]);
  });
});

describe.each(ENGINES)('a group by %s', (engine) => {
  function group(contents: readonly Buffer[]): { readonly calls: (ImagemagickCall | SharpCall)[]; readonly outputs: string[] } {
    const folder = newFolder();
    const outputs = contents.map((_, index) => join(folder, `out${index}`));
    const calls = contents.map((bytes, index) => {
      const input = join(folder, `in${index}.jpg`);
      writeFileSync(input, bytes);
      return call(engine, work(input, outputs[index] ?? ''));
    });
    return { calls, outputs };
  }

  it('is clean where every picture is, and gives what each alone gives', async () => {
    const { calls, outputs } = group([seed, decoy, seed]);
    const { verdicts } = await runCalls(calls);
    expect(verdicts.map(({ state }) => state)).toEqual(['clean', 'clean', 'clean']);
    const together = outputs.map((file) => readFileSync(file));
    for (const single of calls) {
      await runCalls([single]);
    }
    expect(outputs.map((file) => readFileSync(file))).toEqual(together);
  });

  it('never calls a bad picture clean, nor fails a good one', async () => {
    for (const bad of [Buffer.from('not a picture'), Buffer.alloc(0), seed.subarray(0, 900)]) {
      const { calls } = group([seed, bad, seed]);
      const { verdicts } = await runCalls(calls);
      expect(['failed', 'complained', 'unknown']).toContain(verdicts[1]?.state);
      expect(['clean', 'unknown']).toContain(verdicts[0]?.state);
      expect(['clean', 'unknown']).toContain(verdicts[2]?.state);
      const alone = await runCalls([calls[1] as ImagemagickCall]);
      expect(['failed', 'complained']).toContain(alone.verdicts[0]?.state);
    }
  });

  it('lets a truncated picture cost only itself', async () => {
    const { calls } = group([seed, seed.subarray(0, 900), seed]);
    const { verdicts } = await runCalls(calls);
    expect([verdicts[0]?.state, verdicts[1]?.state === 'clean', verdicts[2]?.state]).toEqual(['clean', false, 'clean']);
  });

  it('does not hand settings of one picture to the next', async () => {
    const { calls, outputs } = group([seed, seed, seed]);
    const png = (source: Partial<PixelWork['source']>, output = ''): ImagemagickCall | SharpCall =>
      call(engine, { ...work((calls[1]?.work as PixelWork).source.path, output, source), format: 'png' });
    await runCalls([calls[0] as SharpCall, png({ sixteenBit: true, alpha: true }, outputs[1]), png({}, outputs[2])]);
    const third = readFileSync(outputs[2] ?? '');
    await runCalls([png({}, outputs[1])]);
    expect(third.equals(readFileSync(outputs[1] ?? ''))).toBe(true);
  });

  it('leaves grey pictures grey, whatever their neighbours are', async () => {
    const folder = newFolder();
    convert('-size', '64x48', 'gradient:', '-colorspace', 'Gray', `jpeg:${join(folder, 'grey')}`);
    const grey = readFileSync(join(folder, 'grey'));
    const { calls, outputs } = group([seed, grey, seed]);
    const [before, middle, after] = calls as [SharpCall, SharpCall, SharpCall];
    const colourWork = middle.work as PixelWork;
    await runCalls([before, call(engine, { ...colourWork, source: { ...colourWork.source, colour: 'gray' } }), after]);
    expect(outputs.map((file) => identify('%[channels]', file))).toEqual(['srgb', 'gray', 'srgb']);
  });

  it('fails where the output folder is not there', async () => {
    const { calls } = group([seed]);
    const gone = call(engine, { ...(calls[0]?.work as PixelWork), output: join(newFolder(), 'gone', 'out') });
    expect((await runCalls([gone])).verdicts[0]?.state).toBe('failed');
  });

  it.skipIf(!existsSync('/dev/full'))('fails where the disk is full', async () => {
    const { calls } = group([seed]);
    const full = call(engine, { ...(calls[0]?.work as PixelWork), output: '/dev/full' });
    expect((await runCalls([full])).verdicts[0]?.state).toBe('failed');
  });
});

describe('what both engines write', () => {
  async function written(job: (output: string) => PixelWork): Promise<readonly string[]> {
    const outputs = ENGINES.map(() => join(newFolder(), 'out'));
    for (const [index, engine] of ENGINES.entries()) {
      expect((await runCalls([call(engine, job(outputs[index] ?? ''))])).verdicts).toEqual([{ state: 'clean' }]);
    }
    return outputs;
  }

  it.each([
    [95, '1x1,1x1,1x1'],
    [90, '1x1,1x1,1x1'],
    [89, '2x2,1x1,1x1'],
  ])('of quality %i has its colours at the same resolution', async (quality, factors) => {
    const folder = newFolder();
    writeFileSync(join(folder, 'in'), seed);
    const outputs = await written((output) => ({ ...work(join(folder, 'in'), output), quality }));
    expect(outputs.map((file) => identify('%[jpeg:sampling-factor]', file))).toEqual([factors, factors]);
  });

  it('as PNG takes about as little room', async () => {
    const folder = newFolder();
    convert('-size', '640x480', 'plasma:red-blue', '-blur', '0x2', `jpeg:${join(folder, 'in')}`);
    const [bySharp = '', byImagemagick = ''] = await written((output) => ({
      ...work(join(folder, 'in'), output, { width: 640, height: 480 }), format: 'png', resize: { width: 320, height: 240 },
    }));
    expect(readFileSync(bySharp).length).toBeLessThan(readFileSync(byImagemagick).length * 1.15);
  });
});

const HOSTILE: readonly (readonly [string, string])[] = [
  ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"><image href="file:///etc/hostname" width="64" height="48"/></svg>'],
  ['MVG', 'push graphic-context\nviewbox 0 0 64 48\nfill \'url(https://127.0.0.1/"|touch CANARY")\'\npop graphic-context\n'],
  ['MSL', '<?xml version="1.0"?><image><read filename="SEED"/><write filename="CANARY"/></image>'],
  ['PostScript', '%!PS\n(CANARY) (w) file closefile showpage\n'],
  ['PDF', '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n'],
  ['XPM', '/* XPM */\nstatic char *x[] = {"1 1 1 1","a c red","a"};\n'],
  ['file list', '@SEED'],
];

describe.each(ENGINES)('%s never runs or reads what is dressed up as a picture', (engine) => {
  it.each(HOSTILE.flatMap(([kind, text]) => (['jpeg', 'png', 'gif', 'webp', 'tiff'] as const).map((container) => [kind, container, text] as const)))(
    '%s as %s',
    async (_kind, container, text) => {
      const folder = newFolder();
      const canary = join(folder, 'canary');
      writeFileSync(join(folder, 'seed.jpg'), seed);
      writeFileSync(join(folder, 'evil'), text.replaceAll('CANARY', canary).replaceAll('SEED', join(folder, 'seed.jpg')));
      const output = join(newFolder(), 'out');
      const { verdicts } = await runCalls([call(engine, work(join(folder, 'evil'), output, { container }))]);
      expect([verdicts[0]?.state, existsSync(canary)]).toEqual(['failed', false]);
    },
  );

  it('refuses a container that is not on its list', async () => {
    const evil = call(engine, work('/nowhere', '/nowhere', { container: 'svg' }));
    const outcome = await runCalls([evil]).then(({ verdicts }) => verdicts[0]?.state, () => 'not planned');
    expect(['failed', 'not planned']).toContain(outcome);
  });
});

describe('the ImageMagick policy', () => {
  const env = { ...process.env, MAGICK_CONFIGURE_PATH: policyFolder };

  it('is in force through the plan\'s environment', async () => {
    const plan = imagemagickEngine.plan([call('imagemagick', work('/in.jpg', '/out')) as ImagemagickCall], { salvage: false, limits: {} });
    expect(plan.env?.['MAGICK_CONFIGURE_PATH']).toBe(policyFolder);
    const listed = execFileSync('/usr/bin/identify', ['-list', 'policy'], { encoding: 'utf8', env });
    expect(listed).toContain(`Path: ${join(policyFolder, 'policy.xml')}`);
  });

  it.each(['svg', 'mvg', 'msl', 'ps', 'text', 'label', 'https', 'xc'])('denies the coder %s', async (coder) => {
    const folder = newFolder();
    writeFileSync(join(folder, 'x'), '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>');
    const output = await runPlan({
      tool: 'imagemagick', args: [`${coder}:${join(folder, 'x')}`, `png:${join(folder, 'out')}`], env: { MAGICK_CONFIGURE_PATH: policyFolder }, parse: (result) => result,
    });
    expect([output.exitCode, existsSync(join(folder, 'out')), existsSync(join(folder, 'x'))]).toEqual([1, false, true]);
    expect(output.stderr).toMatch(/not allowed by the security policy/);
  });
});

describe('the sharp worker', () => {
  it('tells its versions and formats in one JSON line', async () => {
    const printed = execFileSync(process.execPath, [await builtWorker(), '--version'], { encoding: 'utf8' });
    const banner = JSON.parse(printed) as { sharp: string; vips: string; formats: string[] };
    expect([banner.sharp, banner.vips, banner.formats.length > 3]).toEqual([expect.stringMatching(/^\d/), expect.stringMatching(/^\d/), true]);
    expect(printed.trim().split('\n')).toHaveLength(1);
  });

  it('exits 1 with one clear line where sharp is not there, and still strips', async () => {
    const folder = newFolder();
    copyFileSync(await builtWorker(), join(folder, 'sharpWorker.mjs'));
    const result = await runPlan({ tool: 'sharp', args: ['--version'], parse: (output) => output }, join(folder, 'sharpWorker.mjs'));
    expect([result.exitCode, result.stdout]).toEqual([1, '']);
    expect(result.stderr).toMatch(/^sharp cannot be used: .+\n$/);
    const input = join(folder, 'in.jpg');
    writeFileSync(input, seed);
    const strip: SharpCall = {
      engine: 'sharp', groupable: true,
      work: { kind: 'strip', input, container: 'jpeg', output: join(folder, 'out'), keepProfile: true, keepOrientation: true },
    };
    const stripped = await runPlan(sharpEngine.plan([strip], { salvage: false, limits: {} }), join(folder, 'sharpWorker.mjs'));
    expect(sharpEngine.judge(stripped, [strip])).toEqual([{ state: 'clean' }]);
    expect(identify('%w', join(folder, 'out'))).toBe('64');
  });

  it('leaves what it did not answer undecided, and alone failed', () => {
    const calls = [call('sharp', work('/a', '/b')), call('sharp', work('/c', '/d'))] as SharpCall[];
    const died: ToolOutput = { exitCode: 139, stdout: '{"index":0,"state":"clean","lines":[]}\n{"ind', stderr: 'Segmentation fault\n', ms: 1 };
    expect(sharpEngine.judge(died, calls)).toEqual([{ state: 'clean' }, { state: 'unknown' }]);
    expect(sharpEngine.judge({ ...died, stdout: '' }, calls.slice(0, 1))).toEqual([{ state: 'failed', lines: ['Segmentation fault'] }]);
  });

  it('counts progress by answers, however they are cut', () => {
    const reader = sharpEngine.plan([call('sharp', work('/a', '/b')), call('sharp', work('/c', '/d'))] as SharpCall[], { salvage: false, limits: {} }).progress?.();
    expect([reader?.read('{"index"'), reader?.read(':0}\n{'), reader?.read('}\n')]).toEqual([undefined, 0.5, 1]);
  });
});
