import type { Container } from '../../media/media.ts';
import { decodeText } from '../../media/sniff/text.ts';
import type { NoThumbnail, TextThumbnail, TurnsThumbnail } from '../webview/gallery/thumbnail.ts';
import { nothing } from './nothing.ts';

const MOST_LINES = 12;
const MOST_CHARACTERS = 160;
const MOST_TURNS = 6;

/** The first lines of a text, or the first turns of the conversation that its first row is. */
export function makeText(head: Buffer, size: number, container: Container): TextThumbnail | TurnsThumbnail | NoThumbnail {
  // Where it is no UTF-8, a letter for each byte is nearer to it than nothing.
  const text = decodeText(head, size) ?? head.toString('latin1');
  if (container === 'json' || container === 'jsonl') {
    const turns = turnsOf(firstObject(text));
    if (turns.length > 0) {
      return { drawn: 'turns', turns };
    }
  }
  const lines = text
    .split(/\r\n|[\n\r]/, MOST_LINES * 4)
    .filter((line) => line.trim() !== '')
    .slice(0, MOST_LINES)
    .map((line) => plain(line));
  return lines.length === 0 ? nothing('none', 'there are no words in it') : { drawn: 'text', lines };
}

/** The first JSON object in a text, be it in an array or the first row; undefined where its end is not there. */
export function firstObject(text: string): unknown {
  const start = text.indexOf('{');
  let depth = 0;
  let inString = false;
  for (let at = start; at >= 0 && at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === '\\') {
        at++;
      } else if (character === '"') {
        inString = false;
      }
    } else if (character === '"') {
      inString = true;
    } else if (character === '{') {
      depth++;
    } else if (character === '}' && --depth === 0) {
      return parsed(text.slice(start, at + 1));
    }
  }
  return undefined;
}

/** Turns as LLaVA and ShareGPT (`conversations`, `from`, `value`) and as chat templates (`messages`, `role`, `content`) write them. */
export function turnsOf(row: unknown): TurnsThumbnail['turns'] {
  if (typeof row !== 'object' || row === null) {
    return [];
  }
  const { conversations, messages, conversation } = row as Record<string, unknown>;
  const list: unknown = [conversations, messages, conversation].find(Array.isArray) ?? [];
  return (list as unknown[]).slice(0, MOST_TURNS).flatMap((turn) => {
    const { from, value, role, content } = (typeof turn === 'object' && turn !== null ? turn : {}) as Record<string, unknown>;
    const who = from ?? role;
    const words = wordsOf(value ?? content);
    return typeof who === 'string' && words !== undefined ? [{ role: plain(who).slice(0, 24), text: plain(words) }] : [];
  });
}

/** A text, or the texts among the parts of a message with what else there is in brackets. */
function wordsOf(content: unknown): string | undefined {
  if (typeof content === 'string') {
    return content;
  }
  if (!Array.isArray(content)) {
    return undefined;
  }
  return content
    .slice(0, 8)
    .map((part) => {
      const { type, text } = (typeof part === 'object' && part !== null ? part : {}) as Record<string, unknown>;
      return typeof text === 'string' ? text : typeof type === 'string' ? `<${type}>` : '';
    })
    .join(' ');
}

function plain(text: string): string {
  return text.slice(0, MOST_CHARACTERS).replace(/\s+/g, ' ').trim();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
