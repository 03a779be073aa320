import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { shellLine, singleQuoted } from '../../../src/base/shellWords.ts';

const HOSTILE = ['plain', 'two words', "it's", '$(id)', '`id`', 'a"b', '-n', '*', '~', '', 'back\\slash', 'Straße 日本', '!history', 'line\nbreak', 'tab\t\u001b[31m', "'\n\\'"];

describe('a command for a shell', () => {
  it('comes out of bash word for word', () => {
    const out = execFileSync('bash', ['-c', `printf '%s\\0' ${shellLine(HOSTILE)}`], { encoding: 'utf8' });
    expect(out.split('\0').slice(0, -1)).toEqual(HOSTILE);
  });

  it('comes out of any POSIX shell word for word where it is quoted for a script', () => {
    const out = execFileSync('sh', ['-c', `printf '%s\\0' ${HOSTILE.map(singleQuoted).join(' ')}`], { encoding: 'utf8' });
    expect(out.split('\0').slice(0, -1)).toEqual(HOSTILE);
  });

  it('shows control characters and leaves plain words alone', () => {
    expect(shellLine(['/usr/bin/sox', '-t', 'wav', 'a b', 'c\nd'])).toBe("/usr/bin/sox -t wav 'a b' $'c\\x0ad'");
  });
});
