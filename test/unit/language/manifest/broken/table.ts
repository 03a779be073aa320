import { wav } from './samples.ts';
import type { Breakage, Broken } from './samples.ts';

const files = { 'wavs/a.wav': wav(2), 'wavs/b.wav': wav(2), 'wavs/c.wav': wav(2), 'wavs/d.wav': wav(2), 'wavs/e, f.wav': wav(2), 'wavs/empty.wav': '', 'wavs/pointer.wav': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 4\n', 'wavs/page.wav': 'nothing', 'wavs/cut.wav': wav(2).subarray(0, 9000), 'wavs/odd.wav': wav(2, 44_100), 'wavs/really.wav': Buffer.from('fLaC\0\0\0"'), 'other/x.wav': wav(2) };
const HEADER = 'id,path,text,split,speaker';
const ROWS = ['u1,wavs/a.wav,one,train,anna', 'u2,wavs/b.wav,two,train,anna', 'u3,wavs/c.wav,three,validation,bert', 'u4,wavs/d.wav,four,validation,bert', 'u5,"wavs/e, f.wav","five ""and"" six",validation,bert'];
const sound = `${[HEADER, ...ROWS].join('\n')}\n`;
const row = (text: string): string => sound.replace(ROWS[0] ?? '', text);

const breakages: readonly Breakage[] = [
  { what: 'a cell too many', text: row('u1,wavs/a.wav,one,train,anna,more'), code: 'row/cells', at: 'more', mends: true },
  { what: 'a text with a comma that is not quoted', text: row('u1,wavs/a.wav,one, and two,train,anna'), code: 'row/cells', at: 'anna', mends: true, mended: row('u1,wavs/a.wav,"one, and two",train,anna') },
  { what: 'a cell too few', text: row('u1,wavs/a.wav,one,train'), code: 'row/cells', at: 'u1,wavs/a.wav,one,train', mends: true, mended: row('u1,wavs/a.wav,one,train,') },
  { what: 'one cell alone', text: row('u1'), code: 'row/cells', at: 'u1', mends: true },
  { what: 'another delimiter', text: row('u1;wavs/a.wav;one;train;anna'), code: 'row/cells', at: 'u1;wavs/a.wav;one;train;anna', mends: true },
  { what: 'an empty line', text: row(`\n${ROWS[0]}`), code: 'row/blank', at: '', mends: true, mended: sound },
  { what: 'a quotation mark that is not closed', text: row('u1,wavs/a.wav,"one,train,anna'), code: 'row/unreadable', at: '"one,train,anna', mends: false },
  { what: 'text behind a closing quotation mark', text: row('u1,wavs/a.wav,"one" more,train,anna'), code: 'row/unreadable', at: '"one" more', mends: false },
  { what: 'a column that stands twice', text: sound.replace(HEADER, 'id,path,text,split,split'), code: 'row/key-twice', at: 'split', mends: false },
  { what: 'a file that is not there', text: row('u1,wavs/none.wav,one,train,anna'), code: 'row/path-missing', at: 'wavs/none.wav', mends: true },
  { what: 'a quoted file that is not there', text: row('u1,"wavs/no, no.wav",one,train,anna'), code: 'row/path-missing', at: '"wavs/no, no.wav"', mends: true },
  { what: 'another case', text: row('u1,wavs/A.wav,one,train,anna'), code: 'row/path-case', at: 'wavs/A.wav', mends: true, mended: sound },
  { what: 'another case of the extension', text: row('u1,wavs/a.WAV,one,train,anna'), code: 'row/path-case', at: 'wavs/a.WAV', mends: true, mended: sound },
  { what: 'another case of the folder', text: row('u1,WAVS/a.wav,one,train,anna'), code: 'row/path-case', at: 'WAVS/a.wav', mends: true, mended: sound },
  { what: 'backslashes', text: row('u1,wavs\\a.wav,one,train,anna'), code: 'row/path-backslash', at: 'wavs\\a.wav', mends: true, mended: sound },
  { what: 'a path from another folder', text: row('u1,x.wav,one,train,anna'), code: 'row/path-base', at: 'x.wav', mends: true, mended: row('u1,other/x.wav,one,train,anna') },
  { what: 'a path of another machine', text: row('u1,/mnt/corpus/wavs/a.wav,one,train,anna'), code: 'row/path-base', at: '/mnt/corpus/wavs/a.wav', mends: true },
  { what: 'a path of another machine’s Windows', text: row('u1,C:\\corpus\\none.wav,one,train,anna'), code: 'row/path-backslash', at: 'C:\\corpus\\none.wav', mends: false },
  { what: 'blanks around a path', text: row('u1, wavs/a.wav,one,train,anna'), code: 'row/path-form', at: ' wavs/a.wav', mends: true, mended: sound },
  { what: 'doubled slashes', text: row('u1,wavs//a.wav,one,train,anna'), code: 'row/path-form', at: 'wavs//a.wav', mends: true, mended: sound },
  { what: 'an empty file', text: row('u1,wavs/empty.wav,one,train,anna'), code: 'media/zero-bytes', at: 'wavs/empty.wav', mends: true },
  { what: 'a pointer of Git LFS', text: row('u1,wavs/pointer.wav,one,train,anna'), code: 'media/lfs-pointer', at: 'wavs/pointer.wav', mends: true },
  { what: 'a file that is none', text: row('u1,wavs/page.wav,one,train,anna'), code: 'media/unknown-content', at: 'wavs/page.wav', mends: true },
  { what: 'a sound that is cut short', text: row('u1,wavs/cut.wav,one,train,anna'), code: 'media/truncated', at: 'wavs/cut.wav', mends: true },
  { what: 'a FLAC under the name of a WAV', text: row('u1,wavs/really.wav,one,train,anna'), code: 'media/wrong-extension', at: 'wavs/really.wav', mends: true },
  { what: 'another sample rate', text: row('u1,wavs/odd.wav,one,train,anna'), code: 'media/sample-rates', at: 'wavs/odd.wav', mends: false },
  { what: 'the same row twice', text: row(`${ROWS[0]}\nu9,wavs/a.wav,one,train,anna`), code: 'row/duplicate', at: 'wavs/a.wav', mends: true, mended: sound },
  { what: 'an id twice', text: row('u2,wavs/a.wav,one,train,anna'), code: 'row/duplicate-id', at: 'u2', mends: false },
  { what: 'a file in two splits', text: row(`${ROWS[0]}\nu9,wavs/a.wav,one,validation,carl`), code: 'split/same-path', at: 'wavs/a.wav', mends: true },
  { what: 'a speaker in two splits', text: row('u1,wavs/a.wav,one,train,bert'), code: 'split/same-speaker', at: 'bert', mends: false },
  { what: 'a text with a control character', text: row('u1,wavs/a.wav,o\u0007ne,train,anna'), code: 'row/text-characters', at: 'o\u0007ne', mends: true },
  { what: 'a text of the wrong encoding', text: row('u1,wavs/a.wav,caf\ufffd,train,anna'), code: 'row/text-characters', at: 'caf\ufffd', mends: false },
  { what: 'a split that is misspelt', text: row('u1,wavs/a.wav,one,Train,anna'), code: 'row/type', at: 'Train', mends: true, mended: sound },
];

export const TABLE: Broken = { title: 'a table', path: 'table.csv', sound, files, breakages };
