import { isUtf8 } from 'node:buffer';
import type { Container } from '../media.ts';

/** What of a head is looked at as text. */
const LEAD = 4096;

/** First characters of the formats that `sniffScript` knows, in lower case. */
const SCRIPT_STARTS = new Set([...'<%#[fpv\u0004'].map((character) => character.charCodeAt(0)));

/**
 * Formats that tools run rather than read: they name other files, draw, or are programs. They are told by how they
 * begin, whatever follows, so that a null byte further on does not hide one.
 */
export function sniffScript(bytes: Buffer): Container | undefined {
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (isSpace(bytes[start])) {
    start++;
  }
  const first = (bytes[start] ?? 0) | 0x20;
  if (!SCRIPT_STARTS.has(first) && !SCRIPT_STARTS.has(bytes[start] ?? 0)) {
    return undefined;
  }
  return scriptOf(bytes.toString('latin1', start, start + LEAD).toLowerCase());
}

function scriptOf(lead: string): Container | undefined {
  const marker = SCRIPT_MARKERS.find(([begin]) => lead.startsWith(begin));
  return marker?.[1] ?? (lead.startsWith('<') ? markupOf(lead) : undefined);
}

const SCRIPT_MARKERS: readonly (readonly [string, Container])[] = [
  ['%!', 'postscript'],
  ['\u0004%!', 'postscript'],
  ['%pdf-', 'pdf'],
  ['#extm3u', 'm3u'],
  ['[playlist]', 'pls'],
  ['ffconcat version', 'ffconcat'],
  ['push graphic-context', 'mvg'],
  ['viewbox ', 'mvg'],
];

/** SVG and MSL by the root element; where the root is not in sight, by what is announced. */
function markupOf(lead: string): Container | undefined {
  const body = lead.replace(/^(?:\s+|<\?[^]*?\?>|<!--[^]*?-->|<!doctype[^[>]*(?:\[[^]*?\]\s*)?>)*/, '');
  const root = /^<(?:[\w.-]+:)?([\w.-]+)/.exec(body)?.[1];
  if (root === 'svg' || root === 'msl') {
    return root;
  }
  if (root === undefined && /<!doctype\s+svg|<(?:[\w.-]+:)?svg[\s>]|www\.w3\.org\/2000\/svg/.test(lead)) {
    return 'svg';
  }
  return undefined;
}

/** Text as UTF-8, or as UTF-16 with a byte order mark; undefined where it is something else. */
export function decodeText(bytes: Buffer, size: number): string | undefined {
  if (bytes.length >= 4 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))) {
    return decodeUtf16(bytes);
  }
  if (hasControls(bytes)) {
    return undefined;
  }
  const whole = bytes.length < size ? cutAtCharacter(bytes) : bytes;
  return isUtf8(whole) ? whole.toString('utf8').replace(/^\ufeff/, '') : undefined;
}

/** No control characters at all, though no UTF-8 either: text in an older code page. */
export function isLegacyText(bytes: Buffer): boolean {
  return bytes.length > 0 && !hasControls(bytes);
}

function decodeUtf16(bytes: Buffer): string | undefined {
  const label = bytes[0] === 0xff ? 'utf-16le' : 'utf-16be';
  try {
    const text = new TextDecoder(label, { fatal: true }).decode(bytes.subarray(0, bytes.length & ~1));
    return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffe\uffff]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function hasControls(bytes: Buffer): boolean {
  for (const byte of bytes) {
    if (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b) {
      return true;
    }
  }
  return false;
}

/** Leaves out a last character that the head's end cut through. */
function cutAtCharacter(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) !== 0x80) {
      return byte >= 0xc0 ? bytes.subarray(0, bytes.length - back) : bytes;
    }
  }
  return bytes;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

/** Tells the kinds of plain text apart. `complete`: the whole file is in `text`. */
export function sniffText(text: string, complete: boolean): Container {
  const lead = text.trimStart();
  const script = scriptOf(lead.slice(0, LEAD).toLowerCase());
  if (script !== undefined) {
    return script;
  }
  if (/^version https:\/\/(?:git-lfs|hawser)\.github\.com\/spec\/v\d+\r?\n(?:.+\n)*?oid /.test(text)) {
    return 'gitLfsPointer';
  }
  if (/^P[123]\s(?:\s|\d|#[^\n]*\n)*$/.test(text) && /^P[123]\s+(?:#[^\n]*\n\s*)*\d+\s/.test(text)) {
    return 'pnm';
  }
  const lines = text.split(/\r?\n/);
  if (!complete && lines.length > 1) {
    lines.pop();
  }
  return sniffJson(lead, lines, complete) ?? sniffYaml(lines) ?? sniffTable(lines) ?? 'plaintext';
}

function sniffJson(lead: string, lines: readonly string[], complete: boolean): Container | undefined {
  if (!/^(?:\{\s*["}]|\[\s*[[{"\]\dtfn-])/.test(lead)) {
    return undefined;
  }
  const rows = lines.filter((line) => line.trim() !== '');
  if (rows.length > 1 && rows.slice(0, 3).every(isJson)) {
    return 'jsonl';
  }
  return !complete || isJson(lead) ? 'json' : undefined;
}

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

function sniffYaml(lines: readonly string[]): Container | undefined {
  const rows = lines.filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const first = rows[0] ?? '';
  if (first.startsWith('%YAML ')) {
    return 'yaml';
  }
  const body = /^---(?:\s|$)/.test(first) ? rows.slice(1) : rows;
  const keys = body.filter((row) => /^["']?[\w./-]+["']?:(?:\s|$)/.test(row)).length;
  const fits = body.every((row) => /^(?:\s|- |-$|\.\.\.|[\]}]|["']?[\w./-]+["']?:(?:\s|$))/.test(row));
  return fits && (keys > 1 || (keys === 1 && body.length > 1) || (body !== rows && body.length > 0)) ? 'yaml' : undefined;
}

function sniffTable(lines: readonly string[]): Container | undefined {
  const rows = lines.filter((line) => line !== '').slice(0, 20);
  if (rows.length < 2) {
    return undefined;
  }
  const columns = (separator: string): boolean => {
    const counts = rows.map((row) => row.replace(/"(?:[^"]|"")*"/g, '').split(separator).length);
    return (counts[0] ?? 1) > 1 && counts.every((count) => count === counts[0]);
  };
  return columns('\t') ? 'tsv' : columns(',') ? 'csv' : undefined;
}
