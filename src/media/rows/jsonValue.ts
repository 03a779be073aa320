import { isUtf8 } from 'node:buffer';
import { jsonFault } from './jsonFault.ts';
import type { RowProblem } from './rowFile.ts';

export interface ParsedJson {
  readonly value?: unknown;
  readonly problem?: RowProblem;
}

/** Characters of a broken value in which the place is looked for. */
const MAX_EXPLAINED = 1_000_000;
/** What Python writes, and what JSON does not know. */
const NOT_JSON = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/** One JSON value. Numbers that JSON does not have are null, and told. */
export function parseJson(bytes: Buffer): ParsedJson {
  const text = bytes.toString('utf8');
  const broken = isUtf8(bytes) ? undefined : { message: 'Not UTF-8: bytes that are no character are shown as �.', column: text.indexOf('�') + 1 };
  try {
    return { value: JSON.parse(text), ...(broken && { problem: broken }) };
  } catch {
    if (text.length > MAX_EXPLAINED) {
      return { problem: { message: 'No JSON.' } };
    }
    return withoutStrangeNumbers(text) ?? { problem: problemOf(text) };
  }
}

function withoutStrangeNumbers(text: string): ParsedJson | undefined {
  let first = -1;
  const mended = text.replace(NOT_JSON, (match, at: number) => {
    if (match.startsWith('"')) {
      return match;
    }
    first = first < 0 ? at : first;
    return 'null';
  });
  if (first < 0) {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(mended);
    return { value, problem: { message: `${/^-?\w+/.exec(text.slice(first))?.[0] ?? 'NaN'} is no JSON number; it is shown as null.`, column: first + 1 } };
  } catch {
    return undefined;
  }
}

function problemOf(text: string): RowProblem {
  if (text.trim() === '') {
    return { message: 'The line is blank.' };
  }
  const at = jsonFault(text);
  const what = at >= text.length ? 'the value is not complete' : `${JSON.stringify(text.slice(at, at + 1))} is not expected here`;
  return { message: `No JSON: ${what}.`, column: at + 1 };
}
