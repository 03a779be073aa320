import { png } from './samples.ts';
import type { Breakage, Broken } from './samples.ts';

const files = { 'images/a.png': png(8, 8), 'images/b.png': png(8, 8), 'images/c.png': png(8, 8), 'images/empty.png': '', 'images/pointer.png': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 4\n', 'images/page.png': 'page', 'elsewhere/d.png': png(8, 8) };
const ROWS = [
  '{"id": "1", "image": "a.png", "conversations": [{"from": "human", "value": "<image>\\nWhat is it?"}, {"from": "gpt", "value": "A cat."}]}',
  '{"id": "2", "image": "b.png", "conversations": [{"from": "human", "value": "<image>\\nAnd this?"}, {"from": "gpt", "value": "A dog."}]}',
  '{"id": "3", "image": "c.png", "conversations": [{"from": "human", "value": "<image>\\nAnd that?"}, {"from": "gpt", "value": "A cow."}]}',
];
const document = (...rows: readonly string[]): string => `[\n  ${rows.join(',\n  ')}\n]\n`;
const sound = document(...ROWS);
const change = (from: string, to: string): string => sound.replace(from, to);

const breakages: readonly Breakage[] = [
  { what: 'a placeholder too few', text: change('<image>\\nWhat is', 'What is'), code: 'conversation/media-unused', at: '"a.png"', mends: true, mended: sound },
  { what: 'a placeholder too many', text: change('<image>\\nWhat', '<image>\\n<image>\\nWhat'), code: 'conversation/placeholders', at: '"<image>\\n<image>\\nWhat is it?"', mends: true, mended: sound },
  { what: 'a placeholder without a picture', text: change('"image": "a.png", ', ''), code: 'conversation/placeholders', at: '"<image>\\nWhat is it?"', mends: true },
  { what: 'two pictures for one placeholder', text: change('"image": "a.png"', '"images": ["a.png", "b.png"]'), code: 'conversation/placeholders', at: '["a.png", "b.png"]', mends: true },
  { what: 'a placeholder of another medium', text: change('<image>\\nWhat', '<image>\\n<video>\\nWhat'), code: 'conversation/placeholders', at: '"<image>\\n<video>\\nWhat is it?"', mends: true },
  { what: 'a list that is a text', text: change('"image": "a.png"', '"images": "a.png"'), code: 'conversation/media-type', at: '"a.png"', mends: true, mended: change('"image": "a.png"', '"images": ["a.png"]') },
  { what: 'an empty list', text: change('{"id": "3"', '{"id": "4", "image": [], "conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hi."}]},\n  {"id": "3"'), code: 'conversation/media-type', at: '[]', mends: true },
  { what: 'a model that begins', text: change('"from": "human", "value": "<image>\\nWhat', '"from": "gpt", "value": "<image>\\nWhat'), code: 'conversation/roles', at: '{"from": "gpt", "value": "<image>\\nWhat is it?"}', mends: false },
  { what: 'two answers one behind the other', text: change('{"from": "gpt", "value": "A cat."}', '{"from": "gpt", "value": "A cat."}, {"from": "gpt", "value": "Yes."}'), code: 'conversation/roles', at: '{"from": "gpt", "value": "Yes."}', mends: false },
  { what: 'two questions one behind the other', text: change('{"from": "gpt", "value": "A cat."}', '{"from": "human", "value": "A cat?"}'), code: 'conversation/roles', at: '{"from": "human", "value": "A cat?"}', mends: false },
  { what: 'roles that nobody knows', text: change('[{"from": "human", "value": "<image>\\nWhat is it?"}, {"from": "gpt", "value": "A cat."}]', '[{"from": "x", "value": "<image>"}]'), code: 'conversation/roles', at: '[{"from": "x", "value": "<image>"}]', mends: false },
  { what: 'no turns', text: change('[{"from": "human", "value": "<image>\\nWhat is it?"}, {"from": "gpt", "value": "A cat."}]', '[]'), code: 'conversation/roles', at: '[]', mends: false },
  { what: 'an empty answer', text: change('"A cat."', '""'), code: 'conversation/empty-turn', at: '""', mends: true },
  { what: 'an answer of blanks', text: change('"A cat."', '"  "'), code: 'conversation/empty-turn', at: '"  "', mends: true },
  { what: 'a placeholder in an answer', text: change('"A cat."', '"A cat. <image>"'), code: 'conversation/placeholder-in-answer', at: '"A cat. <image>"', mends: true, mended: sound },
  { what: 'turns that are a text', text: change('[{"from": "human", "value": "<image>\\nWhat is it?"}, {"from": "gpt", "value": "A cat."}]', '"hello"'), code: 'conversation/form', at: '"hello"', mends: false },
  { what: 'a turn that is a text', text: change('{"from": "gpt", "value": "A cat."}', '"A cat."'), code: 'conversation/form', at: '"A cat."', mends: false },
  { what: 'a turn without a role', text: change('{"from": "gpt", "value": "A cat."}', '{"value": "A cat."}'), code: 'conversation/form', at: '{"value": "A cat."}', mends: false },
  { what: 'no conversation', text: change(', "conversations": [{"from": "human", "value": "<image>\\nWhat is it?"}, {"from": "gpt", "value": "A cat."}]', ''), code: 'conversation/form', at: '{', mends: false },
  { what: 'a misspelt key', text: change('"image": "a.png"', '"imge": "a.png"'), code: 'row/key-misspelt', at: '"imge"', mends: true, mended: sound },
  { what: 'an id twice', text: change('"id": "2"', '"id": "1"'), code: 'row/duplicate-id', at: '"1"', mends: false },
  { what: 'a picture that is not there', text: change('a.png', 'none.png'), code: 'row/path-missing', at: '"none.png"', mends: true },
  { what: 'another case', text: change('a.png', 'A.png'), code: 'row/path-case', at: '"A.png"', mends: true, mended: sound },
  { what: 'a folder too many', text: change('"a.png"', '"images/a.png"'), code: 'row/path-base', at: '"images/a.png"', mends: true, mended: sound },
  { what: 'a picture of another folder', text: change('"a.png"', '"d.png"'), code: 'row/path-base', at: '"d.png"', mends: true },
  { what: 'backslashes', text: change('"a.png"', '"..\\\\images\\\\a.png"'), code: 'row/path-backslash', at: '"..\\\\images\\\\a.png"', mends: true },
  { what: 'blanks around a path', text: change('"a.png"', '" a.png"'), code: 'row/path-form', at: '" a.png"', mends: true, mended: sound },
  { what: 'an empty picture', text: change('a.png', 'empty.png'), code: 'media/zero-bytes', at: '"empty.png"', mends: true },
  { what: 'a pointer of Git LFS', text: change('a.png', 'pointer.png'), code: 'media/lfs-pointer', at: '"pointer.png"', mends: true },
  { what: 'a page under a picture’s name', text: change('a.png', 'page.png'), code: 'media/unknown-content', at: '"page.png"', mends: true },
  { what: 'a row that does not parse', text: change('"id": "2", ', '"id": "2" '), code: 'row/unreadable', at: '"', mends: true },
  { what: 'single quotes around a key', text: change('"id": "2"', "'id': \"2\""), code: 'row/unreadable', at: "'", mends: true, mended: sound },
  { what: 'an element that is no object', text: document(...ROWS, '17'), code: 'row/unreadable', at: '1', mends: true, mended: sound },
  { what: 'a key that stands twice', text: change('"id": "2",', '"id": "2", "id": "2",'), code: 'row/key-twice', at: '"id"', mends: true },
  { what: 'a document that is cut off', text: sound.slice(0, -3), code: 'table/broken-off', at: '}', mends: false },
];

export const CONVERSATIONS: Broken = { title: 'conversations as LLaVA has them', path: 'chat.json', sound, files, breakages };
