import type { Turn, TurnPart } from '../webview/rows/protocol.ts';
import type { RowMedium } from './rowMedia.ts';

const KEYS = ['messages', 'conversations', 'conversation', 'dialog', 'chat'];
const MAX_TURNS = 500;
const MAX_WORDS = 20_000;
const PLACEHOLDER = /<(image|audio|video)>/g;

export interface Conversation {
  readonly turns: readonly Turn[];
  readonly problem?: string;
}

/** The turns of LLaVA's `conversations` (`from`, `value`) and of `messages` (`role`, `content`), with the media where they are spoken of. */
export function conversationOf(values: Readonly<Record<string, unknown>>, media: readonly RowMedium[]): Conversation | undefined {
  const key = KEYS.find((name) => Array.isArray(values[name]) && (values[name] as unknown[]).some(isTurn));
  if (key === undefined) {
    return undefined;
  }
  const outside = media.filter(({ path }) => path[0] !== key);
  const waiting = { image: outside.filter(({ shown }) => shown.kind === 'image'), audio: outside.filter(({ shown }) => shown.kind === 'audio'), video: outside.filter(({ shown }) => shown.kind === 'video') };
  const counts = { image: waiting.image.length, audio: waiting.audio.length, video: waiting.video.length };
  const asked = { image: 0, audio: 0, video: 0 };

  const ofText = (text: string): TurnPart[] => {
    const parts: TurnPart[] = [];
    let from = 0;
    for (const match of text.slice(0, MAX_WORDS).matchAll(PLACEHOLDER)) {
      const kind = match[1] as keyof typeof waiting;
      const words = text.slice(from, match.index).trim();
      const medium = waiting[kind].shift();
      asked[kind]++;
      parts.push(...(words === '' ? [] : [{ text: words }]), medium ? { medium: medium.shown } : { missing: `${match[0]} without ${kind === 'image' ? 'an image' : `a ${kind}`}` });
      from = match.index + match[0].length;
    }
    const rest = text.slice(from, MAX_WORDS).trim();
    return rest === '' ? parts : [...parts, { text: rest }];
  };
  const ofContent = (content: unknown, path: readonly (string | number)[]): TurnPart[] => {
    if (typeof content === 'string') {
      return ofText(content);
    }
    if (!Array.isArray(content)) {
      return content === null || content === undefined ? [] : [{ text: JSON.stringify(content, null, 2).slice(0, MAX_WORDS) }];
    }
    return content.flatMap((part: unknown, index): TurnPart[] => {
      const { type, text } = (part ?? {}) as { readonly type?: unknown; readonly text?: unknown };
      if (typeof part === 'string' || typeof text === 'string') {
        return ofText(String(text ?? part));
      }
      const here = media.filter(({ path: at }) => at.length > path.length && path.every((name, nth) => at[nth] === name) && at[path.length] === index);
      if (here.length > 0) {
        return here.map(({ shown }) => ({ medium: shown }));
      }
      return type === 'image' || type === 'audio' || type === 'video' ? ofText(`<${type}>`) : [{ text: (JSON.stringify(part) ?? '').slice(0, MAX_WORDS) }];
    });
  };

  const turns = (values[key] as readonly unknown[]).slice(0, MAX_TURNS).map((turn, index): Turn => {
    const { role, from, content, value, tool_calls: calls } = (turn ?? {}) as Readonly<Record<string, unknown>>;
    const name = content === undefined ? 'value' : 'content';
    const parts = ofContent(content ?? value, [key, index, name]);
    const called: TurnPart[] = calls === undefined || calls === null ? [] : [{ text: JSON.stringify(calls, null, 2).slice(0, MAX_WORDS) }];
    return { role: typeof (role ?? from) === 'string' ? String(role ?? from) : 'no role', parts: [...parts, ...called] };
  });
  const system = values['system'];
  const before: Turn[] = typeof system === 'string' && system !== '' ? [{ role: 'system', parts: ofText(system) }] : [];
  const wrong = (['image', 'audio', 'video'] as const).find((kind) => counts[kind] !== asked[kind] && (asked[kind] > 0 || counts[kind] > 0));
  return { turns: [...before, ...turns], ...(wrong && { problem: `${asked[wrong]} <${wrong}> in the turns, ${counts[wrong]} in the row.` }) };
}

function isTurn(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const turn = value as Readonly<Record<string, unknown>>;
  return ('from' in turn && 'value' in turn) || 'role' in turn;
}
