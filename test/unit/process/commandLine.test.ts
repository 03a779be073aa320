import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../../../src/process/commandLine.ts';

const word = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'ab\n\r\t\u001b\u007f\u0085\u2028\u202e\'"\\ $`u0'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 8,
});
const text = word.filter((value) => !value.includes('\0') && Buffer.from(value).toString() === value);

describe('a command in the log', () => {
  it('is one line that nothing can disguise', () => {
    expect(commandLine(['/usr/bin/sox', 'a\nb', 'it\u2028s \u202egpj', ''])).toBe("/usr/bin/sox $'a\\u000ab' $'it\\u2028s \\u202egpj' ''");
    expect(commandLine(['\\u000a'])).not.toBe(commandLine(['\n']));
  });

  it('never reads the same for two commands, as bash gives the very words back', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (words) => {
        const line = commandLine(words);
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
        const script = `printf '%s\\0' ${line}`;
        expect(
          execFileSync('/bin/bash', ['-c', script], { env: { LC_ALL: 'C.UTF-8' }, stdio: ['ignore', 'pipe', 'inherit'] }).toString(),
        ).toBe(words.map((each) => `${each}\0`).join(''));
      }),
      { numRuns: 60 },
    );
  });
});
