import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holdingEachRun, holdingWords } from '../../../src/process/heldCommand.ts';
import { findWrappers, hardLimits, wrapperNotes } from '../../../src/process/wrappers.ts';
import { temporaryFolder } from './support.ts';

const NO_CEILINGS = { addressSpace: Infinity, data: Infinity, fileSize: Infinity, cpuSeconds: Infinity };
const ALL = { setpriv: '/s', timeout: '/t', prlimit: '/p', xargs: '/x', ceilings: NO_CEILINGS };

function program(folder: string, name: string, body: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(folder, name), 0o755);
}

describe('the programs that hold a tool', () => {
  it('are those of this system', async () => {
    const wrappers = await findWrappers();
    expect(Object.keys(wrappers).sort()).toEqual(['ceilings', 'prlimit', 'setpriv', 'timeout', 'xargs']);
    expect(wrapperNotes(wrappers)).toEqual([]);
  });

  it('are not programs of their names that cannot do it', async () => {
    const folder = temporaryFolder();
    program(folder, 'setpriv', 'echo "Usage: setpriv [OPTIONS] PROG ARGS"; echo "-d,--dump  Show current capabilities"');
    program(folder, 'timeout', 'echo "BusyBox v1.36.1 multi-call binary."');
    program(folder, 'prlimit', 'echo "BusyBox v1.36.1 multi-call binary."');
    // Leaves empty words out.
    program(folder, 'xargs', 'echo "1 2 3"; echo "4 5"');
    expect(await findWrappers([folder])).toEqual({ ceilings: expect.anything() });
  });

  it('say each what is missing without it', () => {
    expect(wrapperNotes({ ceilings: NO_CEILINGS })).toHaveLength(3);
    expect(wrapperNotes({ ...ALL, timeout: undefined } as never)).toEqual([expect.stringContaining('timeout of GNU coreutils')]);
  });
});

describe('the words before a tool', () => {
  it('set its limits and have the whole group killed when we die', () => {
    const limits = { memory: 4e9, fileSize: 1.5, cpuSeconds: 60 };
    expect(holdingWords('sox', limits, ALL)).toEqual([
      '/s',
      '--pdeathsig',
      'ALRM',
      '/p',
      '--core=0',
      '--as=4000000000',
      '--fsize=2',
      '--cpu=60:61',
      '--',
      '/t',
      '-s',
      'KILL',
      '0',
    ]);
    expect(holdingEachRun(ALL)).toEqual([]);
  });

  it('leave out what there is no limit for', () => {
    expect(holdingWords('sox', { wallSeconds: 5 }, ALL)).toEqual(['/s', '--pdeathsig', 'ALRM', '/t', '-s', 'KILL', '0']);
  });

  it('bound what Node may write to, not what it reserves', () => {
    expect(holdingWords('sharp', { memory: 1e9 }, ALL)).toContain('--data=1000000000');
  });

  it('do without GNU timeout, then each run of a sequence by itself', () => {
    const { timeout: _, ...others } = ALL;
    expect(holdingWords('sox', undefined, others)).toEqual(['/s', '--pdeathsig', 'KILL']);
    expect(holdingEachRun(others)).toEqual(['/s', '--pdeathsig', 'KILL']);
  });

  it('do without any', () => {
    expect(holdingWords('sox', { memory: 1e9 }, { ceilings: NO_CEILINGS })).toEqual([]);
    expect(holdingEachRun({ ceilings: NO_CEILINGS })).toEqual([]);
  });

  it('ask for no more than the user may set, which would be refused', () => {
    const limits = { memory: 4e9, fileSize: 5e9, cpuSeconds: 100 };
    const words = holdingWords('sox', limits, { ...ALL, ceilings: { addressSpace: 2e9, data: 1e9, fileSize: 3e9, cpuSeconds: 100 } });
    expect(words).toEqual(expect.arrayContaining(['--as=2000000000', '--fsize=3000000000', '--cpu=100:100']));
  });
});

describe('our own limits', () => {
  it('are the hard ones of /proc/self/limits', () => {
    const text = [
      'Limit                     Soft Limit           Hard Limit           Units     ',
      'Max cpu time              unlimited            3600                 seconds   ',
      'Max file size             1000                 unlimited            bytes     ',
      'Max data size             unlimited            unlimited            bytes     ',
      'Max address space         8000000000           16000000000          bytes     ',
    ].join('\n');
    expect(hardLimits(text)).toEqual({ cpuSeconds: 3600, fileSize: Infinity, data: Infinity, addressSpace: 16000000000 });
    expect(hardLimits('')).toEqual(NO_CEILINGS);
  });
});
