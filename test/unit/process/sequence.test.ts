import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ToolPlan } from '../../../src/process/toolPlan.ts';
import type { Wrappers } from '../../../src/process/wrappers.ts';
import { findWrappers } from '../../../src/process/wrappers.ts';
import { failureOf, planOf, runnerOf, temporaryFolder } from './support.ts';

/** Prints how many words it got, then each between angle brackets. */
const SHOW = ['-c', 'printf %s "$#:"; printf "<%s>" "$@"; echo', 'sh'];
const shown = (words: readonly string[]): string => `${words.length}:${words.map((word) => `<${word}>`).join('')}\n`;

const wrappers = await findWrappers();
const { xargs: _, ...others } = wrappers;
const withoutXargs: Wrappers = others;

describe.each([
  ['through xargs', wrappers],
  ['where there is no xargs', withoutXargs],
])('a sequence %s', (_title, how) => {
  const runner = runnerOf('/bin/sh', { wrappers: how });

  it('runs the tool once for each, in order, words as they are: empty, with line breaks, with quotes', async () => {
    const sequence = [
      ['one', '', 'a\nb'],
      ['', '', ''],
      ["it's", '"x" \\', '$HOME `id` -0'],
      ['{}', '_', '-n'],
    ];
    const { stdout, exitCode } = await runner.run(planOf([...SHOW, 'fixed', ''], { sequence }));
    expect(stdout).toBe(sequence.map((words) => shown(['fixed', '', ...words])).join(''));
    expect(exitCode).toBe(0);
  });

  it('does nothing for no runs', async () => {
    await expect(runner.run(planOf(SHOW, { sequence: [] }))).resolves.toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('runs as often as asked without words of their own', async () => {
    await expect(runner.run(planOf(['-c', 'echo $#'], { sequence: [[], [], []] }))).resolves.toMatchObject({ stdout: '0\n0\n0\n' });
  });

  it('goes on after a run that fails, and ends in an exit code that is not 0', async () => {
    const { output } = await runner.execute(planOf(['-c', 'echo "$0"; [ "$0" != b ]'], { sequence: [['a'], ['b'], ['c']] }));
    expect(output.stdout).toBe('a\nb\nc\n');
    expect(output.exitCode).not.toBe(0);
  });

  it.each(['exit 255', 'kill -KILL $$'])('stops at a run that ends with `%s`', async (end) => {
    const { output } = await runner.execute(planOf(['-c', `echo "$0"; ${end}`], { sequence: [['a'], ['b']] }));
    expect(output.stdout).toBe('a\n');
    expect(output.exitCode).not.toBe(0);
  });

  it('refuses a NUL and runs of unequal length, which would shift words into the next run', async () => {
    await expect(runner.execute(planOf(SHOW, { sequence: [['a\0b']] }))).rejects.toThrow(RangeError);
    await expect(runner.execute(planOf(SHOW, { sequence: [['a', 'b'], ['c']] }))).rejects.toThrow(RangeError);
  });

  it('gives no run anything to read', async () => {
    const { stdout } = await runner.run(planOf(['-c', 'cat; echo "$0"'], { sequence: [['a'], ['b']] }));
    expect(stdout).toBe('a\nb\n');
  });

  it('may be longer in all than one command may be', async () => {
    const word = 'x'.repeat(4000);
    const sequence = Array.from({ length: 700 }, (_unused, index) => [word, String(index)]);
    const { stdout } = await runner.run(planOf(['-c', 'echo "${#0} $1"'], { sequence: sequence.slice(0, how.xargs ? 700 : 20) }));
    expect(stdout.trim().split('\n').at(-1)).toBe(`4000 ${how.xargs ? 699 : 19}`);
  });

  it('runs what is longer than xargs takes for one command', async () => {
    const word = 'x'.repeat(60_000);
    const { stdout } = await runner.run(
      planOf(['-c', 'echo "${#0} ${#1}"'], {
        sequence: [
          [word, word],
          ['a', 'b'],
        ],
      }),
    );
    expect(stdout).toBe('60000 60000\n1 1\n');
  });

  it('gives back all that its runs say on stderr, in order', async () => {
    const told: string[] = [];
    const progress: ToolPlan['progress'] = () => ({ stream: 'stderr', read: (text) => void told.push(text) });
    const plan = planOf(['-c', 'for i in 1 2 3; do printf "%s$i" "$0" >&2; done'], { sequence: [['a'], ['b']], progress });
    const { stderr } = await runner.run(plan, { onProgress: () => {} });
    expect(stderr).toBe('a1a2a3b1b2b3');
    expect(told.join('')).toBe(stderr);
  });

  it('counts what it leaves out of a flood on stderr', async () => {
    const flood = 'head -c 30000000 /dev/zero | tr "\\0" "$0" >&2';
    const { output } = await runner.execute(planOf(['-c', flood], { sequence: [['a'], ['b']], keep: 1000 }));
    expect(output.stderr).toMatch(/^a{500}\n\[… \d+ bytes left out …\]\n[^]*b{500}$/);
    expect(output.leftOut).toBeGreaterThan(30_000_000);
  });

  it('is not done when a wall time for all of it is over', async () => {
    const plan = planOf(['-c', 'exec sleep "$0"'], { sequence: [['0'], ['600']], limits: { wallSeconds: 0.3 } });
    expect(await failureOf(runner.execute(plan))).toMatchObject({ reason: 'timeout' });
  });
});

it('gives a flood on stderr back to the disk while it lasts', async () => {
  const runner = runnerOf('/bin/sh', { wrappers });
  const untilGivenBack = 'while [ "$(stat -L -c %s /dev/stderr)" -gt 1000 ]; do :; done';
  const flood = `head -c 30000000 /dev/zero >&2; ${untilGivenBack}; echo given back`;
  const { stdout } = await runner.run(planOf(['-c', flood], { sequence: [['a']], keep: 1000 }));
  expect(stdout).toBe('given back\n');
});

it('hands on any words whatever', async () => {
  const runner = runnerOf('/bin/sh', { wrappers });
  const word = fc
    .string({ unit: 'grapheme', maxLength: 12 })
    .filter((text) => !text.includes('\0') && Buffer.from(text).toString() === text);
  await fc.assert(
    fc.asyncProperty(
      fc
        .integer({ min: 1, max: 4 })
        .chain((length) => fc.array(fc.array(word, { minLength: length, maxLength: length }), { minLength: 1, maxLength: 4 })),
      async (sequence) => {
        const { stdout } = await runner.run(planOf(SHOW, { sequence }));
        expect(stdout).toBe(sequence.map(shown).join(''));
      },
    ),
    { numRuns: 40 },
  );
});

it('converts real files through sox, each as if alone', async () => {
  const folder = temporaryFolder();
  const make = planOf(['-D', '-r', '8000', '-b', '16', '-n', '-t', 'wav'], {
    sequence: [1, 2, 3].map((index) => [join(folder, `a b\n${index}.wav`), 'synth', `0.${index}`, 'sine', '440']),
  });
  const sox = runnerOf('/usr/bin/sox');
  await sox.run(make);
  writeFileSync(join(folder, 'broken.wav'), 'RIFF');
  const convert = planOf(['-V2', '-D'], {
    sequence: [`a b\n1.wav`, 'broken.wav', `a b\n3.wav`].map((name, index) => [
      '-t',
      'wav',
      join(folder, name),
      '-t',
      'wav',
      join(folder, `out${index}.wav`),
    ]),
  });
  const { output } = await sox.execute(convert);
  expect(output.exitCode).not.toBe(0);
  expect(output.stderr).toContain('sox FAIL');
  const { stdout } = await sox.run(planOf(['--i', '-s'], { sequence: [0, 2].map((index) => [join(folder, `out${index}.wav`)]) }));
  expect(stdout).toBe('800\n2400\n');
});
