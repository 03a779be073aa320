import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Jobs } from '../../../../src/convert/jobs.ts';
import { run } from '../../media/support.ts';
import { wavBytes } from '../../media/wavBytes.ts';
import { documents, Terminal } from './terminal.ts';

const WAV = wavBytes({ tag: 1, channels: 2, sampleRate: 8000, bits: 16, frames: 4000 });
/** Promises more than there is. */
const CUT = wavBytes({ tag: 1, channels: 2, sampleRate: 8000, bits: 16, frames: 40_000 }).subarray(0, 8000);

/** Whole by its header, and not behind it. */
const broken = 'broken.flac';
function brokenFlac(folder: string): Buffer {
  const path = join(folder, 'whole.flac');
  run('sox', ['-n', '-r', '8000', '-c', '1', '-b', '16', path, 'synth', '1', 'pinknoise']);
  const bytes = readFileSync(path);
  bytes.fill(0x55, 5000, 7000);
  return bytes;
}

const FLAC = ['--preset', 'audio.flac'];

function withFiles(...names: readonly string[]): Terminal {
  const terminal = new Terminal();
  mkdirSync(join(terminal.data, 'clips'));
  for (const name of names) {
    writeFileSync(join(terminal.data, 'clips', name), name === broken ? brokenFlac(terminal.folder) : name.startsWith('cut') ? CUT : name.endsWith('.txt') ? 'x\n' : WAV);
  }
  return terminal;
}

async function jobIds(terminal: Terminal): Promise<readonly string[]> {
  return (await terminal.services.jobs.store.list()).map(({ id }) => id);
}

describe('trainyard convert', () => {
  it('converts a folder into a new one beside it, and says so', async () => {
    const terminal = withFiles('a.wav', 'b.wav', 'c.txt');
    const { code, out, err } = await terminal.convert([...FLAC, 'clips']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(readdirSync(join(terminal.data, 'clips-flac'))).toEqual(['a.flac', 'b.flac']);
    expect(out).toMatch(/^2 done · [\d.]+ s\nOutputs are in .*\/data\/clips-flac\nLeft out: 1 of other kinds\n$/);
  });

  it('finds nothing to do the second time', async () => {
    const terminal = withFiles('a.wav');
    await terminal.convert([...FLAC, 'clips']);
    const before = await jobIds(terminal);
    const { code, out } = await terminal.convert([...FLAC, 'clips']);
    expect([code, out]).toEqual([0, 'Nothing to do · 1 up to date\n']);
    expect(await jobIds(terminal)).toEqual(before);
  });

  it('prints one JSON line an item and a summary, and nothing else on stdout', async () => {
    const terminal = withFiles('a.wav', broken, 'empty.flac');
    writeFileSync(join(terminal.data, 'clips/empty.flac'), '');
    const { code, out } = await terminal.convert([...FLAC, '--json', 'clips'], { errColumns: 80 });
    const all = documents(out);
    const clips = join(terminal.data, 'clips');
    expect(code).toBe(17);
    expect(all.map(({ kind, outcome, input }) => [kind, outcome, input])).toEqual([
      ['item', 'failed', join(clips, broken)],
      ['item', 'done', join(clips, 'a.wav')],
      ['item', 'refused', join(clips, 'empty.flac')],
      ['summary', undefined, undefined],
    ]);
    expect(all[0]).toMatchObject({ seq: 1, command: expect.arrayContaining([join(clips, broken)]) as unknown, stderr: expect.any(String) as unknown });
    expect(all[3]).toMatchObject({
      state: 'done',
      counts: { write: 2, done: 1, failed: 1, refuse: 1 },
      output: `${clips}-flac`,
      firstInput: join(clips, 'a.wav'),
      firstOutput: join(`${clips}-flac`, 'a.flac'),
      firstCommand: expect.arrayContaining([join(clips, 'a.wav')]) as unknown,
    });
  });

  it('prints every JSON document also when nothing had to be run', async () => {
    const terminal = withFiles('a.wav');
    await terminal.convert([...FLAC, 'clips']);
    const all = documents((await terminal.convert([...FLAC, '--json', 'clips'])).out);
    expect(all.map(({ kind, outcome, reason }) => [kind, outcome, reason])).toEqual([['item', 'skipped', 'already done'], ['summary', undefined, undefined]]);
    expect(all[1]).toMatchObject({ state: 'done', counts: { skip: 1, done: 0 } });
  });

  it('tells failures in the tool’s own words, and ends with 17', async () => {
    const terminal = withFiles('a.wav', broken);
    const { code, out, err } = await terminal.convert([...FLAC, 'clips']);
    expect(code).toBe(17);
    expect(out).toMatch(/^1 done, 1 failed · /);
    expect(err).toContain('1 file failed');
    expect(err).toContain(join(terminal.data, 'clips', broken));
    expect(err).toMatch(/ {2}\$ \/.*sox/);
  });

  it('keeps what is damaged where it is asked to, and tells the damage', async () => {
    const terminal = withFiles('cut.wav');
    const { code, out } = await terminal.convert([...FLAC, '--salvage', '--json', 'clips']);
    const [item, summary] = documents(out);
    expect([code, item?.outcome, summary?.salvage]).toEqual([0, 'done', true]);
    expect(item?.damage).toEqual(expect.arrayContaining([expect.any(String)]));
    expect(existsSync(join(terminal.data, 'clips-flac/cut.flac'))).toBe(true);
  });

  it('says which files are refused and why', async () => {
    const terminal = withFiles('a.txt');
    const { code, err } = await terminal.convert([...FLAC, 'clips/a.txt', 'clips/gone.wav']);
    expect(code).toBe(17);
    expect(err).toBe('2 files cannot be converted:\n  a.txt: it is text (plaintext), and this preset takes audio\n  gone.wav: is not there\n');
  });

  it('tells a note once, however many outputs it is about', async () => {
    const terminal = withFiles('a.wav', 'b.wav', 'c.wav');
    const { jobs } = terminal.services;
    const noted: Jobs = {
      ...jobs,
      run: async (id) => {
        const status = await jobs.run(id);
        const notes = ['a', 'a', 'b', 'c'].map((name) => ({ input: join(terminal.data, `clips/${name}.wav`), text: name === 'b' ? 'silent' : 'dynamic mode' }));
        return { ...status, notes };
      },
    };
    const { err } = await terminal.convert([...FLAC, 'clips'], { services: { jobs: noted } });
    expect(err).toBe('a.wav and 1 other: dynamic mode\nb.wav: silent\n');
  });

  it('tells what turned out to need nothing from what was done before', async () => {
    const terminal = withFiles('a.wav');
    run('sox', ['-n', '-r', '8000', '-c', '1', join(terminal.data, 'clips/tone.wav'), 'synth', '0.3', 'sine', '440', 'vol', '0.5']);
    const peak = ['--preset', 'audio.peak', 'clips'];
    const first = await terminal.convert(peak);
    expect([first.code, first.err]).toEqual([0, 'a.wav: skipped: silent throughout: there is no peak to change\n']);
    expect(first.out).toMatch(/^1 done · [\d.]+ s · 1 skipped\n/);
    expect((await terminal.convert(peak)).out).toMatch(/^Nothing to do · 1 up to date · 1 skipped\n/);
  });

  it('says how many notes it does not tell', async () => {
    const terminal = withFiles('a.wav');
    const { jobs } = terminal.services;
    const notes = Array.from({ length: 23 }, (_, index) => ({ input: join(terminal.data, 'clips/a.wav'), text: `note ${index}` }));
    const noted: Jobs = { ...jobs, run: async (id) => ({ ...(await jobs.run(id)), notes }) };
    const { err } = await terminal.convert([...FLAC, 'clips'], { services: { jobs: noted } });
    expect(err.split('\n').slice(-3)).toEqual(['a.wav: note 19', 'and 3 more notes; --json tells them all', '']);
  });

  it('does not call refused files done', async () => {
    const terminal = withFiles('a.txt');
    expect((await terminal.convert([...FLAC, 'clips/a.txt'])).out).toBe('Nothing to do · 1 refused\n');
  });

  it('writes into the folder that is asked for, with the options that are set', async () => {
    const terminal = withFiles('a.wav');
    expect((await terminal.convert(['--preset', 'audio.resample', '--set', 'rate=11025', '--out', 'x/y', '--jobs', '1', 'clips/a.wav'])).code).toBe(0);
    const [made = ''] = readdirSync(join(terminal.data, 'x/y'));
    expect(readFileSync(join(terminal.data, 'x/y', made)).readUInt32LE(24)).toBe(11_025);
  });

  it('prints no control character of a hostile name', async () => {
    const terminal = withFiles('cut\u001b[31m\n.wav', '\u202egnp.txt');
    const { out, err } = await terminal.convert([...FLAC, 'clips', 'clips/\u202egnp.txt', 'gone\u0007.wav']);
    expect(`${out}${err}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(err).toContain('cut\\u001b[31m\\u000a.wav');
    const clash = withFiles('A\u0007.wav', 'a\u0007.wav');
    const planned = await clash.convert([...FLAC, '--dry-run', 'clips']);
    expect(planned.out).toContain('A\\u0007.wav on every file system');
    expect(planned.out).not.toContain('\u0007');
  });
});

describe('trainyard convert --dry-run', () => {
  it('prints the plan as a table and writes nothing', async () => {
    const terminal = withFiles('a.wav', 'long-name.wav', 'b.txt');
    const before = await jobIds(terminal);
    const { code, out } = await terminal.convert([...FLAC, '--dry-run', 'clips/b.txt', 'clips']);
    expect(code).toBe(17);
    expect(out.split('\n')).toEqual([
      'cannot      2 B  b.txt          -               it is text (plaintext), and this preset takes audio',
      'write   16.0 kB  a.wav          a.flac          new',
      'write   16.0 kB  long-name.wav  long-name.flac  new',
      expect.stringMatching(/^Write 2, cannot 1 · 32\.1 kB · to clips-flac · .* free there$/),
      'Left out: 1 further name of a file',
      `Nothing was written. Outputs would go to ${join(terminal.data, 'clips-flac')}`,
      '',
    ]);
    expect(readdirSync(terminal.data)).toEqual(['clips']);
    expect(await jobIds(terminal)).toEqual(before);
  });

  it('prints it as JSON lines', async () => {
    const terminal = withFiles('a.wav');
    const all = documents((await terminal.convert([...FLAC, '--dry-run', '--json', 'clips'])).out);
    expect(all).toMatchObject([
      { kind: 'item', seq: 0, action: 'write', reason: 'new', input: join(terminal.data, 'clips/a.wav'), engine: 'sox', size: WAV.length, cost: 0.5 },
      { kind: 'summary', state: 'planned', counts: { write: 1 }, freeBytes: expect.any(Number) as unknown },
    ]);
  });

  it('prints every row of a long plan', async () => {
    const terminal = withFiles(...Array.from({ length: 1203 }, (_, index) => `${index}.wav`));
    const { out } = await terminal.convert([...FLAC, '--dry-run', '--json', 'clips']);
    expect(documents(out).filter(({ kind }) => kind === 'item').map(({ seq }) => seq)).toEqual(Array.from({ length: 1203 }, (_, index) => index));
  });
});

describe('a request that cannot be done', () => {
  it.each([
    [[], 'Which conversion?'],
    [FLAC, 'Which files?'],
    [['--preset'], '--preset'],
    [[...FLAC, '--what', 'x'], '--what'],
    [[...FLAC, '--jobs', '0', 'x'], '--jobs takes'],
    [[...FLAC, '--jobs', 'many', 'x'], '--jobs takes'],
    [[...FLAC, '--set', 'rate', 'x'], 'name=value'],
  ])('ends with 1 and the usage: %j', async (args, words) => {
    const { code, out, err } = await new Terminal().convert(args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(words);
    expect(err).toContain('trainyard convert --preset');
  });

  it.each([
    [['--preset', 'audio.flax', 'x'], 'There is no preset “audio.flax”'],
    [['--preset', 'flac', 'x'], 'There is audio.flac.'],
    [['--preset', 'audio.resample', '--set', 'rate=0', 'x'], 'Option “rate” takes'],
    [['--preset', 'audio.resample', '--set', 'bogus=1', 'x'], 'no option “bogus”'],
    [['--preset', 'audio.resample', '--set', '__proto__=1', 'x'], 'no option “__proto__”'],
    [[...FLAC, '--out', 'clips/a.wav', 'clips'], 'is not a folder'],
  ])('ends with 1 and says what to change: %j', async (args, words) => {
    const terminal = withFiles('a.wav');
    const { code, out, err } = await terminal.convert(args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(words);
    const json = await terminal.convert([...args, '--json']);
    expect(json.code).toBe(1);
    expect(documents(json.out)).toEqual([{ kind: 'error', reason: expect.any(String) as unknown, message: expect.stringContaining(words) as unknown }]);
  });

  it('tells wrong arguments as JSON too where JSON is asked for', async () => {
    const { code, out, err } = await new Terminal().convert([...FLAC, '--json', '--jobs', 'many', 'x']);
    expect([code, documents(out)]).toEqual([1, [{ kind: 'error', reason: 'arguments', message: '--jobs takes a whole number from 1 to 1024, not many' }]]);
    expect(err).toContain('trainyard convert --preset ID');
  });

  it('tells what is wrong with presets of one’s own only where one of them may be meant', async () => {
    const terminal = withFiles('a.wav');
    const services = { presetProblems: ['Your preset “mine” cannot be used.'] };
    expect((await terminal.convert([...FLAC, 'clips'], { services })).err).toBe('');
    expect((await terminal.convert(['--preset', 'custom.mine', 'clips'], { services })).err).toContain('Your preset “mine” cannot be used.');
  });

  it('prints the usage on stdout where it is asked for', async () => {
    const { code, out } = await new Terminal().convert(['--help']);
    expect([code, out.startsWith('trainyard convert')]).toEqual([0, true]);
  });

  it('takes what follows -- for files', async () => {
    const terminal = new Terminal();
    writeFileSync(join(terminal.data, '--json'), WAV);
    expect((await terminal.convert([...FLAC, '--', '--json'])).code).toBe(0);
    expect(readdirSync(join(terminal.data, 'flac'))).toEqual(['--json.flac']);
  });
});

describe('a terminal', () => {
  it('shows one line of progress, within its columns, and takes it away again', async () => {
    const terminal = withFiles('a.wav');
    const { jobs } = terminal.services;
    const told: Jobs = {
      ...jobs,
      run: async (id, { onStatus } = {}) => {
        const status = await jobs.run(id);
        onStatus?.({ ...status, state: 'running', progress: 0.5, secondsLeft: 65, counts: { ...status.counts, write: 4321, done: 1234 } });
        return status;
      },
    };
    const { err } = await terminal.convert([...FLAC, 'clips'], { errColumns: 15, services: { jobs: told } });
    expect(err).toContain('\r\u001b[K50\u202f% · 1,234 o\r');
    expect(err.endsWith('\r\u001b[K')).toBe(true);
    expect(err).not.toContain('\n');
  });

  it('shows none where there is no terminal, or JSON is asked for', async () => {
    expect((await withFiles('a.wav').convert([...FLAC, 'clips'])).err).toBe('');
    expect((await withFiles('a.wav').convert([...FLAC, '--json', 'clips'], { errColumns: 80 })).err).toBe('');
  });

  it('cancels at the first Ctrl-C, ends with 130, and leaves the second one to end the process', async () => {
    const terminal = withFiles(...Array.from({ length: 60 }, (_, index) => `${index}.wav`));
    let second: unknown = 'not yet';
    terminal.onErr = (text) => {
      if (text.includes(' of 60') && second === 'not yet') {
        setImmediate(() => {
          terminal.interrupt?.();
          second = terminal.interrupt;
        });
      }
    };
    const { code, out, err } = await terminal.convert([...FLAC, '--jobs', '1', 'clips'], { errColumns: 80 });
    expect(code).toBe(130);
    expect(err).toContain('Cancelling.');
    expect(out).toContain('Cancelled');
    expect(second).toBeUndefined();
    const output = join(terminal.data, 'clips-flac');
    const made = existsSync(output) ? readdirSync(output) : [];
    expect(made.filter((name) => !name.endsWith('.flac'))).toEqual([]);
    const [status] = await terminal.services.jobs.store.list();
    expect(status).toMatchObject({ state: 'cancelled', counts: { done: made.length } });
  });

  it('cancels while the job is planned, too', async () => {
    const terminal = withFiles('a.wav');
    const planned = terminal.convert([...FLAC, 'clips']);
    await Promise.resolve().then(() => terminal.interrupt?.());
    expect(await planned).toMatchObject({ code: 130, out: '' });
    expect(existsSync(join(terminal.data, 'clips-flac'))).toBe(false);
  });
});
