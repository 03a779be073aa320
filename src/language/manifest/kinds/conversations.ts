import { isRecord } from '../../../base/isRecord.ts';
import { checkConversation, MEDIA_NAMES } from '../../../media/rules/conversations.ts';
import type { RowValue } from '../forms/form.ts';
import type { KeySpec, ManifestKind, NamedPath } from './kind.ts';
import { subjectOf, textOf, wordOf } from './kind.ts';

const KEYS: readonly KeySpec[] = [
  { name: 'id', type: 'any', help: 'Of the sample, once in the file.' },
  { name: 'image', type: 'any', help: 'The picture that <image> stands for.' },
  { name: 'images', type: 'list', help: 'The pictures, one for each <image>.' },
  { name: 'video', type: 'any', help: 'The film that <video> stands for.' },
  { name: 'videos', type: 'list', help: 'The films, one for each <video>.' },
  { name: 'audio', type: 'any', help: 'The sound that <audio> stands for.' },
  { name: 'audios', type: 'list', help: 'The sounds, one for each <audio>.' },
  { name: 'conversations', type: 'list', help: 'Turns: { from: human or gpt, value: words }.' },
  { name: 'messages', type: 'list', help: 'Turns: { role: user or assistant, content: words or parts }.' },
  { name: 'system', type: 'string', help: 'What the model is told first.' },
  { name: 'tools', type: 'any', help: 'Tools that the model may call.' },
  { name: 'from', type: 'string', values: ['human', 'gpt', 'system'], help: 'Who speaks (LLaVA).' },
  { name: 'role', type: 'string', values: ['user', 'assistant', 'system', 'tool'], help: 'Who speaks.' },
];

/** LLaVA’s, ShareGPT’s, LLaMA-Factory’s and Qwen’s conversations about media. */
export const conversations: ManifestKind = {
  id: 'conversations',
  title: 'Conversations',
  isClosed: true,
  keys: () => KEYS,
  folders: ['.', 'images', 'image', 'data', 'videos', 'audio', 'media', '..', '../images'],
  paths: (value) => [...MEDIA_NAMES.flatMap((name) => [name, `${name}s`].flatMap((key) => pathsUnder(value[key], [key]))), ...partPaths(value)].filter(({ path }) => !path.startsWith('data:')),
  subject: (value) => subjectOf({ id: wordOf(value.id), identity: undefined, speaker: undefined, split: wordOf(value.split), label: undefined, length: undefined }),
  check: (value) => checkConversation(value),
};

function pathsUnder(value: unknown, at: NamedPath['at']): NamedPath[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => pathsUnder(item, [...at, index]));
  }
  if (isRecord(value)) {
    const key = ['path', 'url'].find((name) => typeof value[name] === 'string');
    return key === undefined ? [] : pathsUnder(value[key], [...at, key]);
  }
  const path = textOf(value);
  return path === undefined ? [] : [{ at, path }];
}

/** Media that stand in turns, as parts of their content. */
function partPaths(value: RowValue): NamedPath[] {
  const key = ['conversations', 'messages', 'conversation'].find((name) => Array.isArray(value[name]));
  const turns = key === undefined ? [] : (value[key] as readonly unknown[]);
  return turns.flatMap((turn, index) => {
    const name = isRecord(turn) ? ['content', 'value'].find((inner) => Array.isArray(turn[inner])) : undefined;
    const parts = name === undefined ? [] : ((turn as RowValue)[name] as readonly unknown[]);
    return parts.flatMap((part, place) => (isRecord(part) ? MEDIA_NAMES.flatMap((medium) => [medium, `${medium}_url`].flatMap((inner) => pathsUnder(part[inner], [key ?? '', index, name ?? '', place, inner]))) : []));
  });
}
