import type { Finding, Mend, Rules } from './rule.ts';
import { quoted } from './rule.ts';

export const CONVERSATION_RULES = {
  'conversation/placeholders': {
    severity: 'error',
    title: 'Placeholders and media differ in number',
    help: 'Each <image>, <video> or <audio> stands for one file: where the counts differ, processors stop with a mismatch of tokens and features.',
  },
  'conversation/form': { severity: 'error', title: 'Conversation is not a list of turns', help: 'A turn is an object with from and value, or role and content.' },
  'conversation/roles': { severity: 'error', title: 'Roles do not take turns', help: 'After an optional system turn, the person begins, and person and model alternate. Trainers skip or misalign others.' },
  'conversation/empty-turn': { severity: 'warning', title: 'Turn without words', help: 'An empty answer teaches the model to end at once.' },
  'conversation/placeholder-in-answer': { severity: 'error', title: 'Placeholder in an answer', help: 'The model cannot write a picture: placeholders belong into the person’s turns.' },
  'conversation/media-type': { severity: 'error', title: 'Media are not a list', help: 'The key is plural and holds one text, or the other way round: loaders go through it letter by letter.' },
  'conversation/media-unused': { severity: 'warning', title: 'Media that no placeholder names', help: 'The row has media, and no placeholder says where they belong.' },
} as const satisfies Rules;

type Code = keyof typeof CONVERSATION_RULES;

export type MediumName = 'image' | 'video' | 'audio';
export const MEDIA_NAMES: readonly MediumName[] = ['image', 'video', 'audio'];

export interface Turn {
  readonly role: string;
  readonly text: string;
  /** Media that stand in the turn itself, as parts of its content. */
  readonly parts: readonly { readonly kind: MediumName; readonly path?: string }[];
}

export interface Conversation {
  /** The key that the turns stand under. */
  readonly key: string;
  readonly turns: readonly Turn[];
  readonly paths: Readonly<Record<MediumName, readonly string[]>>;
  readonly problem?: string;
  /** The turn that is none, where it is one. */
  readonly badTurn?: number;
}

type Row = Readonly<Record<string, unknown>>;

/** The turns and media of a row, in any of the usual spellings. */
export function readConversation(row: Row): Conversation {
  const key = ['conversations', 'messages', 'conversation'].find((name) => row[name] !== undefined) ?? 'conversations';
  const list = row[key];
  const turns = Array.isArray(list) ? list.map(turnOf) : [];
  const under = (name: MediumName): string[] => [...pathsOf(row[name]), ...pathsOf(row[`${name}s`])];
  const paths = { image: under('image'), video: under('video'), audio: under('audio') };
  const bad = turns.findIndex((turn) => turn === undefined);
  const problem = !Array.isArray(list) ? `${key} is ${list === undefined ? 'missing' : quoted(list)}` : bad >= 0 ? `turn ${bad + 1} is ${quoted(list[bad])}` : undefined;
  return { key, turns: turns.filter((turn) => turn !== undefined), paths, ...(problem !== undefined && { problem }), ...(problem !== undefined && bad >= 0 && { badTurn: bad }) };
}

function turnOf(value: unknown): Turn | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const { from, role, value: words, content } = value as Row;
  const said = from ?? role;
  const inner = words ?? content;
  if (typeof said !== 'string' || (typeof inner !== 'string' && !Array.isArray(inner) && inner !== null && inner !== undefined)) {
    return undefined;
  }
  return typeof inner === 'string' ? { role: said, text: inner, parts: [] } : { role: said, ...partsOf(Array.isArray(inner) ? inner : []) };
}

function partsOf(content: readonly unknown[]): Pick<Turn, 'text' | 'parts'> {
  const texts: string[] = [];
  const parts: { kind: MediumName; path?: string }[] = [];
  for (const part of content) {
    const { type, text, ...rest } = (typeof part === 'object' && part !== null ? part : { type: 'text', text: part }) as Row;
    const kind = MEDIA_NAMES.find((name) => type === name || type === `${name}_url` || type === `input_${name}`);
    if (kind !== undefined) {
      const [path] = [rest[kind], rest[`${kind}_url`], rest.path, rest.url].flatMap(pathsOf);
      parts.push({ kind, ...(path !== undefined && { path }) });
    } else if (typeof text === 'string') {
      texts.push(text);
    }
  }
  return { text: texts.join('\n'), parts };
}

/** A path, several, or an object around one. */
function pathsOf(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(pathsOf);
  }
  if (typeof value === 'object' && value !== null) {
    return pathsOf((value as Row).path ?? (value as Row).url);
  }
  return typeof value === 'string' && value !== '' ? [value] : [];
}

const ANSWERING = new Set(['gpt', 'assistant', 'model', 'bot', 'chatgpt']);
const ASKING = new Set(['human', 'user', 'prompter']);

export function isAnswer({ role }: Turn): boolean {
  return ANSWERING.has(role.toLowerCase());
}

export function checkConversation(row: Row): Finding<Code>[] {
  const { key, turns, paths, problem, badTurn } = readConversation(row);
  if (problem !== undefined) {
    return [{ code: 'conversation/form', key, ...(badTurn !== undefined && { at: [key, badTurn] }), message: `${problem[0]?.toUpperCase()}${problem.slice(1)} and not a list of turns.` }];
  }
  return [...checkMediaTypes(row), ...checkRoles(key, turns), ...turns.flatMap((turn, index) => checkTurn(row, key, turn, index)), ...MEDIA_NAMES.flatMap((name) => checkPlaceholders(row, name, key, turns, paths[name]))];
}

function checkMediaTypes(row: Row): Finding<Code>[] {
  return MEDIA_NAMES.flatMap((name): Finding<Code>[] => {
    const [one, many] = [row[name], row[`${name}s`]];
    return typeof many === 'string' ? [{ code: 'conversation/media-type', key: `${name}s`, message: `${name}s is the text ${quoted(many)} and not a list.`, mends: [{ do: 'set', value: [many] }] }] : Array.isArray(one) && one.length === 0 ? [{ code: 'conversation/media-type', key: name, message: `${name} is an empty list.`, mends: [{ do: 'removeKey' }] }] : [];
  });
}

function checkRoles(key: string, turns: readonly Turn[]): Finding<Code>[] {
  const spoken = turns.filter(({ role }) => ASKING.has(role.toLowerCase()) || ANSWERING.has(role.toLowerCase()));
  const wrong = spoken.findIndex((turn, index) => isAnswer(turn) !== (index % 2 === 1));
  const [first] = turns;
  if (spoken.length === 0) {
    return [{ code: 'conversation/roles', key, message: first === undefined ? 'The conversation has no turns.' : `No turn is the person’s or the model’s; the first is of ${quoted(first.role)}.` }];
  }
  const at = wrong < 0 || spoken[wrong] === undefined ? [key] : [key, turns.indexOf(spoken[wrong])];
  return wrong < 0 ? [] : [{ code: 'conversation/roles', key, at, message: wrong === 0 ? `The first turn is of ${quoted(spoken[0]?.role)}.` : `Turn ${wrong + 1} is of ${quoted(spoken[wrong]?.role)}, as the one before it.` }];
}

/** The key that a turn's words stand under. */
function wordsKey(row: Row, key: string, index: number): string {
  const turn = (row[key] as readonly Row[] | undefined)?.[index];
  return turn?.value !== undefined ? 'value' : 'content';
}

function checkTurn(row: Row, key: string, turn: Turn, index: number): Finding<Code>[] {
  const findings: Finding<Code>[] = [];
  const at = [key, index, wordsKey(row, key, index)];
  if (turn.text.trim() === '' && turn.parts.length === 0) {
    findings.push({ code: 'conversation/empty-turn', key, at, message: `Turn ${index + 1} of ${quoted(turn.role)} is empty.`, mends: [{ do: 'removeRow' }] });
  }
  const placeholder = isAnswer(turn) ? /<(?:image|video|audio)>/.exec(turn.text)?.[0] : undefined;
  if (placeholder !== undefined) {
    findings.push({ code: 'conversation/placeholder-in-answer', key, at, message: `Turn ${index + 1} of ${quoted(turn.role)} holds ${placeholder}.`, ...(turn.parts.length === 0 && { mends: [{ do: 'set', value: turn.text.replace(/\s*<(?:image|video|audio)>\s*/g, ' ').trim() }] }) });
  }
  return findings;
}

function checkPlaceholders(row: Row, name: MediumName, key: string, turns: readonly Turn[], paths: readonly string[]): Finding<Code>[] {
  const mark = `<${name}>`;
  const marksIn = ({ text }: Turn): number => text.split(mark).length - 1;
  const marks = turns.reduce((sum, turn) => sum + marksIn(turn), 0);
  const parts = turns.flatMap((turn) => turn.parts).filter(({ kind, path }) => kind === name && path === undefined).length;
  const wanted = marks + parts;
  if (wanted === paths.length) {
    return [];
  }
  const words = `${wanted} ${wanted === 1 ? 'placeholder' : 'placeholders'} ${mark} and ${paths.length} ${paths.length === 1 ? name : `${name}s`}`;
  const found = { key: row[name] === undefined && row[`${name}s`] !== undefined ? `${name}s` : name, message: `The row has ${words}.` };
  const asking = turns.findIndex((turn) => ASKING.has(turn.role.toLowerCase()) && turn.parts.length === 0);
  const first = turns[asking];
  if (wanted < paths.length) {
    const mends: readonly Mend[] = first === undefined ? [] : [{ do: 'set', at: [key, asking, wordsKey(row, key, asking)], value: `${`${mark}\n`.repeat(paths.length - wanted)}${first.text}` }];
    return [{ ...found, code: wanted === 0 ? 'conversation/media-unused' : 'conversation/placeholders', ...(mends.length > 0 && { mends }) }];
  }
  const last = turns.findLastIndex((turn) => marksIn(turn) > 0);
  const turn = turns[last];
  const at = turn === undefined ? undefined : [key, last, wordsKey(row, key, last)];
  const surplus = turn !== undefined && turn.parts.length === 0 && marksIn(turn) >= wanted - paths.length ? withoutLast(turn.text, mark, wanted - paths.length) : undefined;
  return [{ ...found, code: 'conversation/placeholders', ...(at && { at }), ...(surplus !== undefined && { mends: [{ do: 'set', value: surplus }] }) }];
}

function withoutLast(text: string, mark: string, count: number): string {
  let left = text;
  for (let step = 0; step < count; step++) {
    const at = left.lastIndexOf(mark);
    left = `${left.slice(0, at)}${left.slice(at + mark.length).replace(/^\n/, '')}`;
  }
  return left;
}
