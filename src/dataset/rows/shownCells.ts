import { isAbsent } from '../../base/absent.ts';
import { UnreadBytes } from '../../media/rows/rowFile.ts';
import type { ShownCell } from '../webview/rows/protocol.ts';
import { MemberCell } from './memberRows.ts';
import type { RowMedium } from './rowMedia.ts';

/** Characters of a cell that are drawn. */
const MAX_TEXT = 300;
const MAX_SHOWN_MEDIA = 4;

/** A cell, short. */
export function cellOf(value: unknown, isThere: boolean, media: readonly RowMedium[]): ShownCell {
  if (media.length > 0 && (typeof value === 'string' || media.every(({ path }) => path.length <= 2))) {
    return { is: 'media', media: media.slice(0, MAX_SHOWN_MEDIA).map(({ shown }) => shown), count: media.length };
  }
  if (value === null) {
    return { is: 'null' };
  }
  if (value === undefined) {
    return isThere ? { is: 'null' } : { is: 'missing' };
  }
  switch (typeof value) {
    case 'string':
      return textCell(value);
    case 'number':
    case 'bigint':
      return { is: 'number', text: String(value) };
    case 'boolean':
      return { is: 'flag', text: String(value) };
    default:
      return objectCell(value);
  }
}

function textCell(text: string): ShownCell {
  return text.length > MAX_TEXT ? { is: 'text', text: text.slice(0, MAX_TEXT), length: text.length } : { is: 'text', text };
}

function objectCell(value: object): ShownCell {
  if (isAbsent(value)) {
    return { is: 'absent', reason: value.absent };
  }
  if (value instanceof UnreadBytes || value instanceof MemberCell) {
    return { is: 'bytes', text: value instanceof MemberCell ? bytesText(value.size) : 'bytes' };
  }
  if (ArrayBuffer.isView(value)) {
    return { is: 'bytes', text: bytesText(value.byteLength) };
  }
  if (Array.isArray(value)) {
    return { is: 'list', count: value.length, text: gist(value) };
  }
  return { is: 'struct', count: Object.keys(value).length, text: gist(value) };
}

function bytesText(size: number): string {
  return size < 1000 ? `${size} B` : size < 1_000_000 ? `${(size / 1000).toPrecision(3)} kB` : `${(size / 1_000_000).toPrecision(3)} MB`;
}

/** What a person would want to see first of a list or a struct: of a conversation what is asked. */
function gist(value: object): string {
  if (Array.isArray(value)) {
    const turns = value as readonly unknown[];
    const said = turns.slice(0, 8).map((turn) => wordsOf(turn));
    const roles = turns.slice(0, 8).map((turn) => roleOf(turn));
    const user = roles.findIndex((role) => role === 'user' || role === 'human');
    const words = said[user < 0 ? 0 : user];
    return (words ?? briefly(turns.slice(0, 12))).slice(0, MAX_TEXT);
  }
  return Object.entries(value)
    .slice(0, 6)
    .map(([key, inner]) => `${key}: ${briefly(inner).slice(0, 60)}`)
    .join(' · ')
    .slice(0, MAX_TEXT);
}

function roleOf(turn: unknown): unknown {
  const { role, from } = (turn ?? {}) as { readonly role?: unknown; readonly from?: unknown };
  return role ?? from;
}

function wordsOf(turn: unknown): string | undefined {
  if (typeof turn !== 'object' || turn === null) {
    return undefined;
  }
  const { value, content, text } = turn as { readonly value?: unknown; readonly content?: unknown; readonly text?: unknown };
  const words = value ?? content ?? text;
  if (typeof words === 'string') {
    return words.replace(/<(?:image|audio|video)>\s*/g, '').slice(0, MAX_TEXT);
  }
  return Array.isArray(words) ? words.map((part) => (part as { readonly text?: unknown } | null)?.text).find((part) => typeof part === 'string') : undefined;
}

/** At most some hundred characters of JSON, without writing all of it. */
function briefly(value: unknown): string {
  if (value instanceof UnreadBytes || value instanceof MemberCell || ArrayBuffer.isView(value)) {
    return 'bytes';
  }
  if (typeof value === 'string') {
    return JSON.stringify(value.slice(0, 80));
  }
  if (Array.isArray(value)) {
    return `[${value.slice(0, 6).map(briefly).join(', ')}${value.length > 6 ? ', …' : ''}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    return `{${keys.slice(0, 4).join(', ')}${keys.length > 4 ? ', …' : ''}}`;
  }
  return String(value);
}
