import { describe, expect, it } from 'vitest';
import { printable } from '../../../src/base/printable.ts';

describe('text that is safe to print', () => {
  it.each([
    ['a\u001b[31mb', 'a\\u001b[31mb'],
    ['line\nbreak\r\u2028\u2029', 'line\\u000abreak\\u000d\\u2028\\u2029'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['\u009b31m\u007f\0', '\\u009b31m\\u007f\\u0000'],
    ['ünï\u{1f600} e\u0301', 'ünï\u{1f600} e\u0301'],
  ])('%j is written %j', (text, written) => {
    expect(printable(text)).toBe(written);
  });
});
