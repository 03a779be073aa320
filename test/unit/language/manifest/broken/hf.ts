import { lines, png } from './samples.ts';
import type { Breakage, Broken } from './samples.ts';

const files = { 'data/a.png': png(64, 48), 'data/b.png': png(64, 48), 'data/c.png': png(64, 48), 'data/d.png': png(64, 48), 'data/sub/e.png': png(64, 48), 'data/empty.png': '', 'data/pointer.png': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 4\n', 'data/page.png': '<html>', 'data/photo.png': Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b080010001001011100ffd9', 'hex'), 'pictures/f.png': png(8, 8) };
const ROWS = [
  { file_name: 'a.png', text: 'a cat', label: 'cat', objects: { bbox: [[1, 1, 20, 20]], categories: [0] } },
  { file_name: 'b.png', text: 'a dog', label: 'dog', objects: { bbox: [], categories: [] } },
  { file_name: 'c.png', text: 'two cats', label: 'cat', objects: { bbox: [[0, 0, 64, 48]], categories: [0] } },
  { file_name: 'd.png', text: 'no cat', label: 'dog', objects: { bbox: [], categories: [] } },
  { file_name: 'sub/e.png', text: 'a far cat', label: 'cat', objects: { bbox: [], categories: [] } },
];
const sound = lines(...ROWS);
const first = JSON.stringify(ROWS[0]);
const row = (text: unknown): string => sound.replace(first, typeof text === 'string' ? text : JSON.stringify(text));
const value = (change: object): string => row({ ...ROWS[0], ...change });

const breakages: readonly Breakage[] = [
  { what: 'a comma behind the last value', text: row(first.replace(/\}$/, ',}')), code: 'row/unreadable', at: '}', mends: true, mended: sound },
  { what: 'a row without its closing brace', text: row(first.slice(0, -1)), code: 'row/unreadable', at: '}', mends: true, mended: sound },
  { what: 'Python’s None', text: row(first.replace('"cat"', 'None')), code: 'row/unreadable', at: 'N', mends: true },
  { what: 'Python’s True', text: row(first.replace(/\}$/, ',"extra":True}')), code: 'row/unreadable', at: 'T', mends: true },
  { what: 'single quotes', text: row(first.replaceAll('"', "'")), code: 'row/unreadable', at: "'", mends: true, mended: sound },
  { what: 'a curly quotation mark', text: row(first.replace('"a cat"', '“a cat”')), code: 'row/unreadable', at: '“', mends: true, mended: sound },
  { what: 'a semicolon behind the row', text: row(`${first};`), code: 'row/unreadable', at: ';', mends: true, mended: sound },
  { what: 'a row that is a text', text: row('"a.png"'), code: 'row/unreadable', at: '"', mends: true },
  { what: 'words in place of a row', text: row('TODO'), code: 'row/unreadable', at: 'T', mends: true },
  { what: 'an empty line', text: row(`${first}\n`), code: 'row/blank', at: '', mends: true, mended: sound },
  { what: 'a key that stands twice', text: row(first.replace(/\}$/, ',"label":"cat"}')), code: 'row/key-twice', at: '"label"', mends: true },
  { what: 'image in place of file_name', text: row(first.replace('file_name', 'image')), code: 'hf/file-name-key', at: '"image"', mends: true, mended: sound },
  { what: 'a misspelt file_name', text: row(first.replace('file_name', 'filename')), code: 'hf/file-name-key', at: '"filename"', mends: true, mended: sound },
  { what: 'no file_name at all', text: row({ text: 'a cat', label: 'cat', objects: { bbox: [], categories: [] } }), code: 'hf/file-name-key', at: '{', mends: false },
  { what: 'an empty file_name', text: value({ file_name: '' }), code: 'row/key-missing', at: '""', mends: true },
  { what: 'a file_name that is null', text: value({ file_name: null }), code: 'row/key-missing', at: 'null', mends: true },
  { what: 'a file that is not there', text: value({ file_name: 'none.png' }), code: 'row/path-missing', at: '"none.png"', mends: true },
  { what: 'another case', text: value({ file_name: 'A.png' }), code: 'row/path-case', at: '"A.png"', mends: true, mended: sound },
  { what: 'another case of a folder', text: value({ file_name: 'SUB/e.png' }), code: 'row/path-case', at: '"SUB/e.png"', mends: true },
  { what: 'backslashes', text: sound.replace('sub/e.png', 'sub\\\\e.png'), code: 'row/path-backslash', at: '"sub\\\\e.png"', mends: true, mended: sound },
  { what: 'the folder in front of the path', text: value({ file_name: 'data/a.png' }), code: 'row/path-base', at: '"data/a.png"', mends: true, mended: sound },
  { what: 'a file of another folder', text: value({ file_name: 'f.png' }), code: 'row/path-base', at: '"f.png"', mends: true, mended: value({ file_name: '../pictures/f.png' }) },
  { what: 'a folder', text: value({ file_name: 'sub' }), code: 'row/path-folder', at: '"sub"', mends: false },
  { what: 'a blank behind a path', text: value({ file_name: 'a.png ' }), code: 'row/path-form', at: '"a.png "', mends: true, mended: sound },
  { what: 'doubled slashes', text: sound.replace('sub/e', 'sub//e'), code: 'row/path-form', at: '"sub//e.png"', mends: true, mended: sound },
  { what: 'an empty file', text: value({ file_name: 'empty.png' }), code: 'media/zero-bytes', at: '"empty.png"', mends: true },
  { what: 'a pointer of Git LFS', text: value({ file_name: 'pointer.png' }), code: 'media/lfs-pointer', at: '"pointer.png"', mends: true },
  { what: 'a page under a picture’s name', text: value({ file_name: 'page.png' }), code: 'media/unknown-content', at: '"page.png"', mends: true },
  { what: 'a JPEG under the name of a PNG', text: value({ file_name: 'photo.png' }), code: 'media/wrong-extension', at: '"photo.png"', mends: true },
  { what: 'the same file twice', text: row(`${first}\n${first}`), code: 'row/duplicate', at: '"a.png"', mends: true, mended: sound },
  { what: 'an empty text', text: value({ text: '' }), code: 'row/text-empty', at: '""', mends: true },
  { what: 'a text with a control character', text: value({ text: 'a\u0001cat' }), code: 'row/text-characters', at: '"a\\u0001cat"', mends: true, mended: sound },
  { what: 'a text of the wrong encoding', text: value({ text: '\ufffd' }), code: 'row/text-characters', at: '"\ufffd"', mends: false },
  { what: 'a text that is a number', text: value({ text: 3 }), code: 'row/type', at: '3', mends: true },
  { what: 'a label of another type', text: value({ label: 1 }), code: 'row/type', at: '1', mends: false },
  { what: 'a key that most rows have and this one has not', text: row({ file_name: 'a.png', text: 'a cat', label: 'cat' }), code: 'row/key-unusual', at: '{', mends: false },
  { what: 'a box without area', text: value({ objects: { bbox: [[1, 1, 0, 20]], categories: [0] } }), code: 'coco/box-empty', at: '[1,1,0,20]', mends: false },
  { what: 'a box outside of its picture', text: value({ objects: { bbox: [[50, 40, 20, 20]], categories: [0] } }), code: 'coco/box-outside', at: '[50,40,20,20]', mends: true },
  { what: 'a box of three numbers', text: value({ objects: { bbox: [[1, 2, 3]], categories: [0] } }), code: 'coco/box-form', at: '[1,2,3]', mends: false },
  { what: 'a box by its corners', text: value({ objects: { bbox: [[40, 30, 60, 40]], categories: [0] } }), code: 'coco/box-corners', at: '[40,30,60,40]', mends: true },
  { what: 'boxes without categories', text: value({ objects: { bbox: [[1, 1, 2, 2]], categories: [] } }), code: 'row/type', at: '{"bbox":[[1,1,2,2]],"categories":[]}', mends: false },
];

export const HF: Broken = { title: 'metadata.jsonl of Hugging Face', path: 'data/metadata.jsonl', sound, files, breakages };
