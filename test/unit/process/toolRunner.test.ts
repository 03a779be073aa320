import { chmodSync, copyFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createToolRunner } from '../../../src/process/createToolRunner.ts';
import { ToolError } from '../../../src/process/toolError.ts';
import { fakePath } from '../../fakes/fakes.ts';
import { failureOf, planOf, runnerOf, temporaryFolder, toolAt } from './support.ts';

const sh = (script: string, ...args: string[]): readonly string[] => ['-c', script, 'sh', ...args];
const HOSTILE = [
  'two  words',
  "it's",
  '"quoted"',
  '$(touch pwned)',
  '`id`',
  '-n',
  '*',
  'a\nb',
  'tab\there',
  '\u202etxt.wav',
  'naïve-音',
  '',
  '\\',
  ';',
  '%d',
];

describe('what a tool is given', () => {
  it('gets every argument as it is, none read by a shell', async () => {
    const { stdout } = await runnerOf('/usr/bin/printf').run(planOf(['<%s>\\n', ...HOSTILE]));
    expect(stdout).toBe(HOSTILE.map((argument) => `<${argument}>\n`).join(''));
  });

  it('gets nothing of our environment but LD_LIBRARY_PATH without entries that mean the current folder', async () => {
    const env = {
      ...process.env,
      FFREPORT: 'file=/tmp/report',
      SOX_OPTS: '--badopt',
      LD_LIBRARY_PATH: 'here:/opt/cluster/lib::/opt/b',
      LD_PRELOAD: '/nowhere.so',
    };
    const { stdout } = await runnerOf('/usr/bin/env', { env }).run(planOf([], { env: { VIPS_CONCURRENCY: '1' } }));
    const variables = new Map(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split('=', 2) as [string, string]),
    );
    expect([...variables.keys()].sort()).toEqual(['HOME', 'LC_ALL', 'LD_LIBRARY_PATH', 'PATH', 'TMPDIR', 'VIPS_CONCURRENCY']);
    expect(variables.get('LD_LIBRARY_PATH')).toBe('/opt/cluster/lib:/opt/b');
    expect(variables.get('LC_ALL')).toBe('C.UTF-8');
    expect(variables.get('HOME')).toBe(variables.get('TMPDIR'));
  });

  it('makes a Node of VS Code for sharp, and for no other', async () => {
    const runner = createToolRunner({ tools: new Map([['sharp', toolAt('sharp', '/usr/bin/env')]]) });
    const { stdout } = await runner.run({ tool: 'sharp', args: [], parse: (output) => output });
    expect(stdout).toContain('ELECTRON_RUN_AS_NODE=1\n');
  });

  it('keeps the SOX_OPTS of the user from the real sox', async () => {
    const runner = runnerOf('/usr/bin/sox', { env: { SOX_OPTS: '--badopt' } });
    await expect(runner.run(planOf(['-n', '-n', 'synth', '0.01']))).resolves.toMatchObject({ exitCode: 0 });
  });

  it('works in an empty folder of its own that nobody else may enter, and that is gone afterwards', async () => {
    const parent = temporaryFolder();
    const { stdout } = await runnerOf('/bin/sh', { temporaryFolder: parent }).run(
      planOf(sh('pwd; stat -c %a .; ls -A | wc -l; echo "$HOME"; mkdir -p left/behind; touch left/file')),
    );
    const [folder, mode, entries, home] = stdout.trim().split('\n');
    expect({ mode, entries, home }).toEqual({ mode: '700', entries: '0', home: folder });
    expect(folder?.startsWith(parent)).toBe(true);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('finds the links of its plan there, however their targets are called, and leaves the targets alone', async () => {
    const parent = temporaryFolder();
    const target = join(temporaryFolder(), 'a\nb [0] *');
    writeFileSync(target, 'content');
    const plan = planOf(sh('cat in0'), { links: { in0: target } });
    await expect(runnerOf('/bin/sh', { temporaryFolder: parent }).run(plan)).resolves.toMatchObject({ stdout: 'content' });
    expect(readdirSync(parent)).toEqual([]);
    await expect(runnerOf('/bin/cat').run(planOf([target]))).resolves.toMatchObject({ stdout: 'content' });
  });

  it.each([
    ['../out', '/etc/passwd'],
    ['a/b', '/etc/passwd'],
    ['..', '/etc/passwd'],
    ['', '/etc/passwd'],
    ['in', 'relative'],
  ])('refuses the link %j to %j, which is no plain name for an absolute path', async (name, target) => {
    const parent = temporaryFolder();
    await expect(runnerOf('/bin/true', { temporaryFolder: parent }).run(planOf([], { links: { [name]: target } }))).rejects.toThrow(
      RangeError,
    );
    expect(readdirSync(parent)).toEqual([]);
  });

  it('reads its stdin to the end, and may as well not', async () => {
    const stdin = 'x'.repeat(3_000_000);
    await expect(runnerOf('/usr/bin/wc').run(planOf(['-c'], { stdin }))).resolves.toMatchObject({ stdout: '3000000\n' });
    await expect(runnerOf('/bin/true').run(planOf([], { stdin }))).resolves.toMatchObject({ exitCode: 0 });
  });

  it('has nothing to read on stdin where a plan has none', async () => {
    await expect(runnerOf('/usr/bin/wc').run(planOf(['-c']))).resolves.toMatchObject({ stdout: '0\n' });
  });
});

describe('what comes of a run', () => {
  it('keeps the head and the tail of a flood, and says how much is left out', async () => {
    const { stdout, stderr, leftOut } = await runnerOf(fakePath('sox', 'floods')).run(planOf(['--version', '-n'], { keep: 1000 }));
    expect(leftOut).toBeUndefined();
    expect(stdout + stderr).toContain('SoX v');
    const flood = await runnerOf(fakePath('sox', 'floods')).run(planOf(['-n', '-n', 'synth', '0.01'], { keep: 1000 }));
    expect(flood.stderr.length).toBeLessThan(1100);
    expect(flood.stderr).toMatch(/^sox-floods has something to say/);
    expect(flood.leftOut).toBe(67_108_864 - 1000);
    expect(flood.stderr).toContain(`[… ${flood.leftOut} bytes left out …]`);
  });

  it('keeps all answers of 64 jobs of the sharp worker, with three complaints of 300 characters each', async () => {
    const line = 'x'.repeat(3 * 300 * 6);
    const { stdout } = await runnerOf('/bin/sh').run(planOf(sh('i=0; while [ $i -lt 64 ]; do echo "$1"; i=$((i+1)); done', line)));
    expect(stdout).toBe(`${line}\n`.repeat(64));
  });

  it('gives text whose characters arrive in pieces whole', async () => {
    const read: string[] = [];
    const plan = planOf(sh("printf '\\346\\227'; sleep 0.05; printf '\\245'"), {
      progress: () => ({ stream: 'stdout', read: (text) => (read.push(text), undefined) }),
    });
    const { output } = await runnerOf('/bin/sh').execute(plan, { onProgress: () => {} });
    expect(output.stdout).toBe('日');
    expect(read.join('')).toBe('日');
  });

  it('tells progress as it arrives', async () => {
    const fractions: number[] = [];
    const plan = planOf(sh('for i in 1 2 3 4; do echo "at $i" >&2; done; echo 9'), {
      progress: () => ({ stream: 'stderr', read: (text) => (text.match(/\d/g)?.length ?? 0) / 4 }),
    });
    await runnerOf('/bin/sh').execute(plan, { onProgress: (fraction) => fractions.push(fraction) });
    expect(fractions.reduce((sum, fraction) => sum + fraction, 0)).toBe(1);
  });

  it('ends the tool and rejects with what a progress reader throws', async () => {
    const plan = planOf(sh('echo 1; exec sleep 600'), {
      progress: () => ({
        stream: 'stdout',
        read() {
          throw new TypeError('a mistake of ours');
        },
      }),
    });
    await expect(runnerOf('/bin/sh').execute(plan, { onProgress: () => {} })).rejects.toThrow('a mistake of ours');
  });

  it('turns a signal into 128 and its number', async () => {
    const { output } = await runnerOf(fakePath('sox', 'dies')).execute(planOf([]));
    expect(output.exitCode).toBe(139);
  });

  it('rejects with the exit code, the last words and the command where an exit code is not one of the plan', async () => {
    const runner = runnerOf(fakePath('sox', 'fails'));
    const failure = await failureOf(runner.run(planOf(['a', 'b'])));
    expect(failure).toBeInstanceOf(ToolError);
    expect(failure).toMatchObject({
      reason: 'exit',
      tool: 'sox',
      exitCode: 3,
      stderrTail: 'sox-fails fails on purpose',
      command: [fakePath('sox', 'fails'), 'a', 'b'],
    });
    expect(failure.message).toBe('SoX ended with exit code 3: sox-fails fails on purpose');
    await expect(runner.run(planOf([], { exitCodes: [0, 3] }))).resolves.toMatchObject({ exitCode: 3 });
  });

  it('passes on what the plan makes of the output, also its refusal', async () => {
    const plan = { ...planOf(['7']), parse: ({ stdout }: { readonly stdout: string }) => Number(stdout) };
    await expect(runnerOf('/bin/echo').run(plan)).resolves.toBe(7);
    const lied = new ToolError('lied', 'sox', 'it says so, but it is not');
    await expect(
      runnerOf('/bin/true').run({
        ...planOf([]),
        parse: () => {
          throw lied;
        },
      }),
    ).rejects.toBe(lied);
  });

  it('says notFound for a tool that is not there, that is gone since, or that may not be executed', async () => {
    const runner = createToolRunner({ tools: new Map() });
    expect(await failureOf(runner.execute(planOf([])))).toMatchObject({ reason: 'notFound', message: 'SoX was not found on this machine' });
    expect(runner.commandOf(planOf([]))).toBeUndefined();
    const path = join(temporaryFolder(), 'tool');
    copyFileSync('/bin/true', path);
    await runnerOf(path).run(planOf([]));
    chmodSync(path, 0o644);
    expect(await failureOf(runnerOf(path).run(planOf([])))).toMatchObject({ reason: 'notFound' });
    rmSync(path);
    expect(await failureOf(runnerOf(path).run(planOf([])))).toMatchObject({ reason: 'notFound' });
    expect(await failureOf(runnerOf(path).run(planOf([], { sequence: [['a'], ['b']] })))).toMatchObject({ reason: 'notFound' });
    expect(await failureOf(runnerOf(path, { wrappers: { ceilings: NO_CEILINGS } }).run(planOf([])))).toMatchObject({ reason: 'notFound' });
  });

  it('does not take a 127 of a tool for a missing tool', async () => {
    await expect(runnerOf('/bin/sh').execute(planOf(sh('exit 127')))).resolves.toMatchObject({ output: { exitCode: 127 } });
  });

  it('says so where the system does not start a command, and leaves no folder', async () => {
    const parent = temporaryFolder();
    const failure = await failureOf(runnerOf('/bin/true', { temporaryFolder: parent }).execute(planOf(['x'.repeat(200_000)])));
    expect(failure).toMatchObject({ reason: 'exit', exitCode: undefined });
    expect(failure.message).toContain('E2BIG');
    expect(readdirSync(parent)).toEqual([]);
    expect(await failureOf(runnerOf('/bin/true', { temporaryFolder: '/nowhere' }).execute(planOf([])))).toMatchObject({ reason: 'exit' });
  });
});

describe('the log', () => {
  it('has one line a run with the command, the exit code and the milliseconds', async () => {
    const lines: string[] = [];
    await runnerOf('/bin/sh', { log: (line) => lines.push(line) }).execute(planOf(['-c', 'exit 4']));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^sox: exit 4, \d+ ms: \/bin\/sh -c 'exit 4'$/);
  });

  it('shows the command without what it is started through', () => {
    expect(
      runnerOf('/usr/bin/sox').commandOf(
        planOf(['-V2'], {
          sequence: [
            ['a', 'b'],
            ['c', 'd'],
          ],
        }),
      ),
    ).toEqual(['/usr/bin/sox', '-V2', 'a', 'b']);
  });
});

const NO_CEILINGS = { addressSpace: Infinity, data: Infinity, fileSize: Infinity, cpuSeconds: Infinity };
