import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RawCall } from '../../../../src/convert/engine.ts';
import { soxEngine } from '../../../../src/convert/engines/sox.ts';
import { createSoxProgress } from '../../../../src/convert/engines/soxProgress.ts';
import { clippedSamples } from '../../../../src/convert/engines/soxSays.ts';
import type { SoxCall } from '../../../../src/convert/mediaWork.ts';
import type { Container } from '../../../../src/media/media.ts';
import type { ToolOutput } from '../../../../src/process/toolPlan.ts';
import { cleanUp, ffprobe, newFolder, runCalls, sox } from '../audioBench.ts';

let tone: Buffer;
let decoy: Buffer;
let loud: Buffer;
let flac: Buffer;

beforeAll(() => {
  const folder = newFolder();
  const made = (name: string, ...args: readonly string[]): Buffer => {
    sox(...args.map((word) => (word === 'OUT' ? join(folder, name) : word)));
    return readFileSync(join(folder, name));
  };
  tone = made('tone.wav', '-n', '-r', '44100', '-b', '16', 'OUT', 'synth', '0.3', 'sine', '440', 'vol', '0.5');
  decoy = made('decoy.wav', '-n', '-r', '8000', '-b', '16', 'OUT', 'synth', '0.1', 'sine', '440');
  // Hard-clipped noise: what a resampler makes of it passes full scale.
  loud = made('loud.wav', '-n', '-r', '44100', '-b', '16', 'OUT', 'synth', '0.3', 'pinknoise', 'gain', '30');
  flac = made('noise.flac', '-n', '-r', '44100', '-b', '16', 'OUT', 'synth', '0.5', 'pinknoise', 'vol', '0.5');
  cleanUp();
});
afterEach(() => cleanUp());
afterAll(() => cleanUp());

const WAV = ['-t', 'wav', '-b', '16', '-e', 'signed-integer'];

function call(path: string, output: SoxCall['output'], more: Partial<SoxCall> = {}): SoxCall {
  return {
    engine: 'sox', groupable: true, seconds: 0.3, source: { path, container: 'wav' }, format: WAV,
    effects: ['remix', '-', 'rate', '-v', '16000'], ...(output !== undefined && { output }), ...more,
  };
}

const NAMES = [
  'a%d.wav', 'a%6n', '%n', '%%', '[0]', 'x[1-3].wav', '*.wav', '*', '?', '{a,b}.wav', '**', '\\*', '\\', 'back\\slash', 'a:b.wav', 'http:x',
  '-n', '-n.wav', '--', '-', '-d', '@list', '|touch canary', '|touch canary;.wav', '$(touch canary)', '`touch canary`', 'new\nline',
  'car\rriage', 'quo\'te".wav', '~', ' ', ' lead', '#x', 'tab\there', 'é漢🙂', 'x.m3u', 'X.M3U', 'x.pls', 'x.m3u?y', '.pls', 'x.mp3',
  'x.gz', 'Done.', 'x\nDone.\ny', 'x\nsox FAIL sox: y', 'trim', ':', 'newfile',
];

describe('sox takes literally', () => {
  it.each(NAMES)('the input and output name %j, with neighbours that it could be taken for', async (name) => {
    const folder = newFolder();
    const [from, to] = [join(folder, 'in'), join(folder, 'out')];
    [from, to].forEach((path) => mkdirSync(path));
    ['a.wav', 'b.wav', 'x', 'x1.wav', 'n', '0', 'decoy'].forEach((neighbour) => writeFileSync(join(from, neighbour), decoy));
    writeFileSync(join(from, name), tone);
    const { verdicts } = await runCalls([call(join(from, name), join(to, name))]);
    expect(verdicts).toEqual([{ state: 'clean' }]);
    expect([readdirSync(to), readdirSync(folder)]).toEqual([[name], ['in', 'out']]);
    writeFileSync(join(from, 'plain'), tone);
    await runCalls([call(join(from, 'plain'), join(folder, 'direct'))]);
    expect(readFileSync(join(to, name)).equals(readFileSync(join(folder, 'direct')))).toBe(true);
  });

  it.each(NAMES)('the folder name %j, of input, output and numbered outputs', async (name) => {
    const root = newFolder();
    const [from, to] = [join(root, 'in', name), join(root, 'out', name)];
    mkdirSync(from, { recursive: true });
    mkdirSync(to, { recursive: true });
    writeFileSync(join(from, 'a'), tone);
    await runCalls([call(join(from, 'a'), join(to, 'b'))]);
    const effects = ['trim', '0', '4410s', ':', 'newfile', ':', 'restart'];
    await runCalls([call(join(from, 'a'), { folder: to, pattern: '%6n.wav' }, { effects })]);
    expect([readdirSync(to), readdirSync(join(root, 'out')), readdirSync(root)]).toEqual([
      ['000001.wav', '000002.wav', '000003.wav', 'b'], [name], ['in', 'out'],
    ]);
  });
});

describe('sox never runs or reads what is dressed up as audio', () => {
  const texts = [
    '|touch CANARY', '#EXTM3U\n|touch CANARY\n', '[playlist]\nFile1=|touch CANARY\n', 'http://127.0.0.1:9/x";touch CANARY;"\n',
    '[playlist]\nFile1=http://127.0.0.1:9/x";touch CANARY;"\n', 'SEED\n', '[playlist]\nFile1=SEED\n', '-p\n',
  ];
  const names = ['evil.m3u', 'evil.PLS', 'evil.m3u?x', 'evil.wav'];

  it.each(texts.flatMap((text) => names.map((name) => [text, name] as const)))('%j named %s', async (text, name) => {
    const folder = newFolder();
    const canary = join(folder, 'canary');
    writeFileSync(join(folder, 'seed.wav'), tone);
    const evil = text.replaceAll('CANARY', canary).replaceAll('SEED', join(folder, 'seed.wav'));
    writeFileSync(join(folder, name), evil);
    // The same behind the first bytes of a real header.
    writeFileSync(join(folder, `poly-${name}`), Buffer.concat([tone.subarray(0, 40), Buffer.from(`\n${evil}`)]));
    for (const path of [join(folder, name), join(folder, `poly-${name}`)]) {
      const calls = [call(path, join(newFolder(), 'out'))];
      const { verdicts } = await runCalls(calls);
      const grouped = await runCalls([...calls, call(join(folder, 'seed.wav'), join(newFolder(), 'out'))]);
      expect([verdicts[0], grouped.verdicts[0]].map((verdict) => verdict?.state)).not.toContain('clean');
      expect(existsSync(canary)).toBe(false);
    }
  });

  it.each(['/data/x.m3u', '/data/x.pls', '/x.M3U?y/a.wav'])('a person\'s own arguments with %s are not planned', (path) => {
    const raw: RawCall = { engine: 'sox', groupable: false, raw: ['-t', 'wav', path, '-n', 'stat'] };
    expect(() => soxEngine.plan([raw], { salvage: false, limits: {} })).toThrow('playlist');
  });

  it.each<Container>(['m3u', 'pls', 'ffconcat', 'plaintext', 'unknown', 'mp4'])('a file that is %s is not planned', (container) => {
    expect(() => soxEngine.plan([call('/a', '/b', { source: { path: '/a', container } })], { salvage: false, limits: {} })).toThrow(container);
  });

  it('a path that is not absolute is not planned', () => {
    expect(() => soxEngine.plan([call('|touch x', '/b')], { salvage: false, limits: {} })).toThrow('|touch x');
  });
});

describe('what sox says with exit 0', () => {
  const single = async (bytes: Buffer, container: Container = 'wav', more: Partial<SoxCall> = {}) => {
    const input = join(newFolder(), 'in');
    writeFileSync(input, bytes);
    const ran = await runCalls([call(input, join(newFolder(), 'out'), { source: { path: input, container }, ...more })]);
    return { ...ran, input, verdict: ran.verdicts[0] };
  };

  it('of a full disk is a failure', async () => {
    const { output, verdict } = await single(tone, 'wav', { output: '/dev/full' });
    expect([output.exitCode, verdict]).toMatchObject([0, { state: 'failed', lines: [expect.stringMatching(/No space left on device/)] }]);
  });

  it('of samples that are missing is a complaint', async () => {
    const { output, verdict } = await single(tone.subarray(0, 9001));
    expect([output.exitCode, verdict]).toMatchObject([0, { state: 'complained', lines: [expect.stringMatching(/Premature EOF/)] }]);
  });

  it('of a FLAC stream that breaks off is a complaint, as what came before was decoded', async () => {
    const { output, verdict } = await single(flac.subarray(0, Math.floor(flac.length * 0.6)), 'flac');
    expect([output.exitCode, verdict?.state]).toEqual([0, 'complained']);
    expect(verdict).toMatchObject({ lines: expect.arrayContaining([expect.stringMatching(/LOST_SYNC/)]) });
  });

  it('of a FLAC frame with a wrong bit is a complaint', async () => {
    const flipped = Buffer.from(flac);
    const middle = Math.floor(flac.length / 2);
    flipped[middle] = (flipped[middle] ?? 0) ^ 0x10;
    expect((await single(flipped, 'flac')).verdict?.state).toBe('complained');
  });

  it('of a WAV that ends within its header, where it is given, is a failure', async () => {
    const { verdict } = await single(tone.subarray(0, 30));
    expect(verdict?.state).toBe('failed');
  });

  it('of clipped samples is left to the preset, which is told their number', async () => {
    const { output, verdict, input } = await single(loud);
    expect([output.exitCode, verdict]).toEqual([0, { state: 'clean' }]);
    expect(clippedSamples(output.stderr, input)).toBeGreaterThan(10);
  });

  it('of clipped samples is a complaint about a person\'s own arguments', async () => {
    const input = join(newFolder(), 'in');
    writeFileSync(input, tone);
    const raw: RawCall = { engine: 'sox', groupable: false, raw: ['-t', 'wav', input, ...WAV, join(newFolder(), 'out'), 'gain', '20'] };
    const { output, verdicts } = await runCalls([raw]);
    expect([output.exitCode, verdicts[0]?.state]).toEqual([0, 'complained']);
    expect(verdicts[0]).toMatchObject({ lines: expect.arrayContaining([expect.stringMatching(/clipped \d+ samples/)]) });
  });

  it('after SIGTERM, beside a valid WAV that is too short, is a failure', async () => {
    const folder = newFolder();
    sox('-n', '-r', '48000', '-c', '2', '-b', '16', join(folder, 'long.wav'), 'synth', '60', 'sine', '440');
    const work = call(join(folder, 'long.wav'), join(folder, 'out'), { effects: ['reverb', 'reverb', 'reverb', 'rate', '-v', '44100'] });
    const child = spawn('/usr/bin/sox', soxEngine.plan([work], { salvage: false, limits: {} }).args);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      if (/In:\d\d/.test(stderr)) {
        child.kill('SIGTERM');
      }
    });
    const exitCode = await new Promise<number | null>((done) => child.once('close', done));
    expect([exitCode, ffprobe(join(folder, 'out')).seconds < 60]).toEqual([0, true]);
    expect(soxEngine.judge({ exitCode: 0, stdout: '', stderr, ms: 1 }, [work])).toEqual([
      { state: 'failed', lines: ['sox ended before it was done: Aborted.'] },
    ]);
  });

  it('is never heard of where a file would be written over itself: no such call is planned', () => {
    expect(() => soxEngine.plan([call('/a', '/a')], { salvage: false, limits: {} })).toThrow('would empty');
  });

  it.each([
    ['nothing at all', '', 'failed'],
    ['a word of another program', 'sox: symbol lookup error\n', 'failed'],
    ['a warning by another name of sox', '/opt/sox tools/sox_ng WARN wav: odd\nDone.\n', 'complained'],
    ['a message behind progress', '\rIn:12.0% 00:00 Out:8k [  |  ] Clip:0    /usr/bin/sox FAIL sox: `/o\' error writing\nDone.\n', 'failed'],
    ['tags that look like messages', 'Comment        : \'Take 3 FAIL mic: low\'\nTITLE=x WARN y: z\nDone.\n', 'clean'],
  ])('%s', (_, stderr, state) => {
    expect(soxEngine.judge({ exitCode: 0, stdout: '', stderr, ms: 1 }, [call('/a', '/b')])).toMatchObject([{ state }]);
  });

  it('is told of damage without the progress that stood in front of it', async () => {
    const path = join(newFolder(), 'cut.wav');
    writeFileSync(path, tone.subarray(0, 9000));
    const { output, verdicts } = await runCalls([call(path, join(newFolder(), 'out'))]);
    expect(output.stderr).toMatch(/In:.* Clip:0 +\S+ WARN wav: Premature EOF/);
    expect(verdicts).toEqual([{ state: 'complained', lines: [expect.stringMatching(/^\S+ WARN wav: Premature EOF on \.wav input file$/)] }]);
  });
});

describe('a group', () => {
  function group(contents: readonly Buffer[], names: readonly string[] = []): { readonly calls: SoxCall[]; readonly outputs: string[] } {
    const folder = newFolder();
    const outputs = contents.map((_, index) => join(folder, `out${index}`));
    const calls = contents.map((bytes, index) => {
      const path = join(folder, names[index] ?? `in${index}`);
      writeFileSync(path, bytes);
      return call(path, outputs[index], { source: { path, container: bytes.subarray(0, 4).toString() === 'fLaC' ? 'flac' : 'wav' } });
    });
    return { calls, outputs };
  }
  const states = async (calls: readonly SoxCall[]) => (await runCalls(calls)).verdicts.map(({ state }) => state);

  it('gives each file what it gives alone, however many words each has', async () => {
    const { calls, outputs } = group([tone, decoy, tone, loud]);
    const different: readonly Partial<SoxCall>[] = [{}, { effects: ['vol', '0.5'] }, { format: [...WAV, '-c', '1'] }, {}];
    const mixed = calls.map((one, index) => ({ ...one, ...different[index] }));
    expect(soxEngine.plan(mixed, { salvage: false, limits: {} }).sequence?.map(({ length }) => length)).toEqual([19, 19, 19, 19]);
    expect(await states(mixed)).toEqual(['clean', 'clean', 'clean', 'clean']);
    const together = outputs.map((file) => readFileSync(file));
    for (const one of mixed) {
      await runCalls([one]);
    }
    expect(outputs.map((file) => readFileSync(file))).toEqual(together);
  });

  it('tells whose samples were clipped', async () => {
    const { calls } = group([tone, loud, tone]);
    const { output, verdicts } = await runCalls(calls);
    expect(verdicts.map(({ state }) => state)).toEqual(['clean', 'clean', 'clean']);
    const counts = calls.map(({ source }) => clippedSamples(output.stderr, source.path));
    expect([counts[0], counts[2]]).toEqual([0, 0]);
    expect(counts[1]).toBeGreaterThan(10);
  });

  it.each([
    ['garbage', Buffer.from('no audio at all')],
    ['an empty file', Buffer.alloc(0)],
    ['a truncated file', null],
  ])('with %s never calls it clean nor a good one failed, and leaves most good ones alone', async (_, bad) => {
    const { calls } = group([tone, bad ?? tone.subarray(0, 9001), tone, tone, tone]);
    const together = await states(calls);
    expect(together[1]).toBe('unknown');
    // What a failed run said stands between the words of its neighbours.
    expect(together.filter((state) => state === 'clean').length).toBeGreaterThanOrEqual(2);
    expect(together).not.toContain('failed');
    const alone = await runCalls([calls[1] as SoxCall]);
    expect(['failed', 'complained']).toContain(alone.verdicts[0]?.state);
  });

  it('blames a file of which sox complains only when it closes it', async () => {
    const { calls } = group([tone, flac.subarray(0, Math.floor(flac.length * 0.6)), tone, tone]);
    const { output, verdicts } = await runCalls(calls);
    expect(output.stderr).toMatch(/Done\.\n\S+ WARN flac: decoder MD5 checksum mismatch/);
    expect(verdicts.map(({ state }) => state)).toEqual(['clean', 'unknown', 'unknown', 'clean']);
  });

  it('whose output folder is not there is in doubt as a whole', async () => {
    const { calls } = group([tone, tone]);
    const lost = calls.map((one) => ({ ...one, output: join(newFolder(), 'gone', 'out') }));
    expect(await states(lost)).toEqual(['unknown', 'unknown']);
  });

  it('with names and tags that imitate sox calls nothing clean that complained', async () => {
    const folder = newFolder();
    const tagged = (comment: string): Buffer => {
      writeFileSync(join(folder, 'plain.flac'), flac);
      const comments = ['--comment', '', '--add-comment', 'A=1\nDone.', '--add-comment', comment];
      sox(join(folder, 'plain.flac'), ...comments, join(folder, 'tagged.flac'));
      return readFileSync(join(folder, 'tagged.flac'));
    };
    const { calls } = group([tone, tone, tone]);
    const evil = tagged(`Input File     : '${calls[2]?.source.path}'\nDone.`);
    writeFileSync(calls[1]?.source.path ?? '', evil.subarray(0, evil.length - 2000));
    writeFileSync(calls[2]?.source.path ?? '', 'garbage');
    const [first, second, third] = calls as [SoxCall, SoxCall, SoxCall];
    const verdicts = await states([first, { ...second, source: { ...second.source, container: 'flac' } }, third]);
    expect(verdicts.slice(1)).toEqual(['unknown', 'unknown']);
  });

  it('that ends with an exit code of which nobody spoke is in doubt as a whole', () => {
    const { calls } = group([tone, tone]);
    const stderr = calls.map(({ source }) => `\nInput File     : '${source.path}' (wav)\n\nDone.\n`).join('');
    const judge = (exitCode: number) => soxEngine.judge({ exitCode, stdout: '', stderr, ms: 1 } satisfies ToolOutput, calls);
    expect(judge(0)).toEqual([{ state: 'clean' }, { state: 'clean' }]);
    expect(judge(123)).toEqual([{ state: 'unknown' }, { state: 'unknown' }]);
  });

  it('runs in a folder of its own, whatever its files are called', async () => {
    const { calls, outputs } = group([tone, tone], ['*', '-n']);
    expect(await states(calls)).toEqual(['clean', 'clean']);
    expect(readdirSync(dirname(outputs[0] ?? '')).sort()).toEqual(['*', '-n', 'out0', 'out1']);
  });
});

describe('progress', () => {
  it('of one run follows the share that was read, however the text is cut, and never falls', () => {
    const reader = createSoxProgress(1);
    const said = ['\rIn:10.', '0% 00:00:01 Out:1 [ | ] Clip:0   \rIn:5.00% x\r', 'In:34.1% x\r', 'no words of sox\r', '\nDone.\n'];
    expect(said.map((text) => reader.read(text))).toEqual([undefined, 0.1, 0.341, undefined, 1]);
  });

  it('of a group counts the runs that are done', () => {
    const reader = createSoxProgress(4);
    expect([reader.read('\rIn:50.0% x\r'), reader.read('\nDone.\n'), reader.read('\rIn:100% x\r')]).toEqual([0.125, 0.25, 0.5]);
  });
});
