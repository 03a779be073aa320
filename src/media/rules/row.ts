import type { Finding, Mend, Rules } from './rule.ts';
import { quoted } from './rule.ts';

export const ROW_RULES = {
  'table/broken-off': {
    severity: 'error',
    title: 'Manifest ends in the middle',
    help: 'The document is cut short or damaged: rows behind that place are lost. Write it again.',
  },
  'table/byte-order-mark': {
    severity: 'warning',
    title: 'Manifest begins with a byte order mark',
    help: 'Readers that expect plain UTF-8 take it into the first key or column name. Save the file as UTF-8 without a mark.',
  },
  'table/line-ends': {
    severity: 'info',
    title: 'Line ends of two kinds',
    help: 'Some lines end with CR LF and some with LF: two tools have written the file, and a carriage return may end up in the last value.',
  },
  'row/unreadable': { severity: 'error', title: 'Row does not parse', help: 'Most loaders stop at the first such row. The message says what the parser met.' },
  'row/blank': { severity: 'warning', title: 'Empty line among the rows', help: 'Strict readers stop at it. Remove the line.' },
  'row/cells': {
    severity: 'error',
    title: 'Row has another number of cells',
    help: 'A cell holds the delimiter and is not quoted, or cells are missing: values slip into wrong columns.',
  },
  'row/key-missing': { severity: 'error', title: 'Key is missing', help: 'The format needs this key in every row.' },
  'row/type': { severity: 'error', title: 'Value is of the wrong type', help: 'The format, or the other rows, have another type here; loaders that build typed columns stop.' },
  'row/key-misspelt': { severity: 'warning', title: 'Key looks misspelt', help: 'It is a letter or two away from a key of the format that the row does not have. Readers pass over it without a word.' },
  'row/key-twice': { severity: 'error', title: 'Key is there twice in a row', help: 'Readers keep one of the two values without a word, most of them the last one.' },
  'row/key-unusual': { severity: 'warning', title: 'Keys differ from those of the other rows', help: 'Loaders that build columns fill what is missing with nothing, or stop.' },
  'row/offset': { severity: 'error', title: 'Offset is no time in the file', help: 'An offset is a number of seconds, 0 or more, and lies before the end of the file.' },
  'row/path-absolute': { severity: 'info', title: 'Path leads out of the workspace', help: 'The manifest works on this machine only. Paths relative to the manifest work everywhere.' },
  'row/path-form': { severity: 'warning', title: 'Path is oddly written', help: 'Blanks around a path, doubled slashes and file:// addresses are found by some readers and not by others.' },
  'row/duplicate': { severity: 'warning', title: 'Row is there twice', help: 'The same sample counts twice in training, and evaluation counts it twice.' },
  'row/duplicate-id': { severity: 'error', title: 'Id is there twice', help: 'Tools that keep samples by id lose one of the two.' },
  'row/path-missing': {
    severity: 'error',
    title: 'File named in a row is missing',
    help: 'Training stops, or skips the row without a word. Check the folder that the paths are relative to.',
  },
  'row/path-case': { severity: 'error', title: 'File name differs in upper and lower case', help: 'It works on a Mac or on Windows and fails on Linux. Write the name as the file has it.' },
  'row/path-folder': { severity: 'error', title: 'Path names a folder', help: 'A file was expected here.' },
  'row/path-backslash': { severity: 'error', title: 'Path has backslashes', help: 'On Linux a backslash is part of a name. Write / between folders.' },
  'row/path-base': {
    severity: 'error',
    title: 'Path is relative to another folder',
    help: 'The file is there when the path is taken from another folder than the format says. Move the manifest, or mend the paths.',
  },
  'row/text-empty': { severity: 'warning', title: 'Text is empty', help: 'The sample teaches nothing, and some losses divide by its length.' },
  'row/text-characters': {
    severity: 'warning',
    title: 'Text holds characters that are no text',
    help: 'Replacement characters come from a wrong encoding, control characters from a wrong separator; both enter the vocabulary.',
  },
} as const satisfies Rules;

type Code = keyof typeof ROW_RULES;

/** What is wrong with a row as its reader tells it; nothing where it has its values and no more. */
export function checkRowForm({ value, problem }: { readonly value?: unknown; readonly problem?: string }): Finding<Code>[] {
  if (problem === undefined) {
    return [];
  }
  const code = value !== undefined ? 'row/cells' : problem === 'the line is empty' ? 'row/blank' : 'row/unreadable';
  return [{ code, message: `${problem[0]?.toUpperCase()}${problem.slice(1)}.`, ...(code === 'row/blank' && { mends: [{ do: 'removeRow' }] }) }];
}

/** What is wrong with a manifest as a whole. */
export function checkTableForm({ bom, mixedLineEnds, problem }: { readonly bom?: boolean; readonly mixedLineEnds?: boolean; readonly problem?: string }): Finding<Code>[] {
  const findings: Finding<Code>[] = [];
  if (problem !== undefined) {
    findings.push({ code: 'table/broken-off', message: `The file cannot be read to its end: ${problem}.` });
  }
  if (bom === true) {
    findings.push({ code: 'table/byte-order-mark', message: 'The file begins with a UTF-8 byte order mark (EF BB BF).' });
  }
  if (mixedLineEnds === true) {
    findings.push({ code: 'table/line-ends', message: 'Some lines end with CR LF, others with LF.' });
  }
  return findings;
}

/** Where a path leads, as whoever lists folders has found. */
export interface PathFacts {
  readonly presence: { readonly is: 'file' | 'folder' | 'missing' } | { readonly is: 'case'; readonly name: string };
  /** The absolute path that was meant. */
  readonly path: string;
  /** An absolute path that the value leads to from another folder, where a file is there. */
  readonly elsewhere?: string;
  /** What the value would have to be to lead to a file that is there. */
  readonly instead?: string;
}

/** A path that a row names. */
export function checkPath(value: string, key: string, { presence, path, elsewhere, instead }: PathFacts): Finding<Code>[] {
  const at = { key, related: path, ...(instead !== undefined && { mends: [{ do: 'set', value: instead }] as const }) };
  switch (presence.is) {
    case 'file':
      return [];
    case 'folder':
      return [{ ...at, code: 'row/path-folder', message: `${key} ${quoted(value)} is a folder.` }];
    case 'case':
      return [{ ...at, code: 'row/path-case', message: `${key} ${quoted(value)} is not there; ${quoted(presence.name)} is.` }];
    case 'missing':
      if (elsewhere !== undefined) {
        return [{ ...at, related: elsewhere, code: 'row/path-base', message: `${key} ${quoted(value)} is not at ${path}; it is at ${elsewhere}.` }];
      }
      return value.includes('\\')
        ? [{ ...at, code: 'row/path-backslash', message: `${key} ${quoted(value)} has backslashes and is not there.` }]
        : [{ mends: [{ do: 'removeRow' }], ...at, code: 'row/path-missing', message: `${key} ${quoted(value)} is not there.` }];
  }
}

/** What a row lacks that is needed: absent, null or empty. */
export function checkKeys(row: Readonly<Record<string, unknown>>, keys: readonly string[]): Finding<Code>[] {
  return keys.filter((key) => row[key] === undefined || row[key] === null).map((key): Finding<Code> => {
    const near = row[key] === null ? undefined : Object.keys(row).find((other) => isNear(other, key));
    const message = row[key] === null ? `${key} is null.` : `The row has no ${key}${near === undefined ? '' : `; it has ${quoted(near)}`}.`;
    return { code: 'row/key-missing', key, message, ...(near !== undefined && { at: [near], part: 'key', mends: [{ do: 'rename', to: key }] }) };
  });
}

/** Whether two names differ, by at most two edits or as many as are said. */
export function isNear(a: string, b: string, most = 2): boolean {
  if (a === b || Math.abs(a.length - b.length) > most) {
    return false;
  }
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      line.push(Math.min(change, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1));
    }
    above = line;
  }
  return (above[b.length] ?? 9) <= most;
}

/** A caption or transcript; `needed` where an empty one is wrong. */
export function checkText(value: string, key: string, needed = true): Finding<Code>[] {
  if (value.trim() === '') {
    return needed ? [{ code: 'row/text-empty', key, message: `${key} is empty.`, mends: [{ do: 'removeRow' }] }] : [];
  }
  const odd = /[\ufffd\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(value)?.[0];
  if (odd === undefined) {
    return [];
  }
  const mended = value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]+/g, ' ').trim();
  const mends: readonly Mend[] = mended === value ? [] : [{ do: 'set', value: mended }];
  const name = `U+${odd.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  return [{ code: 'row/text-characters', key, message: `${key} ${quoted(value)} holds ${name}${odd === '\ufffd' ? ', which stands for bytes that could not be decoded' : ''}.`, ...(mends.length > 0 && { mends }) }];
}
