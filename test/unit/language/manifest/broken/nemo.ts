import { lines, wav } from './samples.ts';
import type { Breakage, Broken } from './samples.ts';

const files = { 'wavs/a.wav': wav(2), 'wavs/b.wav': wav(3), 'wavs/c.wav': wav(2.5), 'wavs/d.wav': wav(2), 'wavs/e.wav': wav(2), 'wavs/odd.wav': wav(2, 8000), 'wavs/long.wav': wav(2), 'wavs/empty.wav': '', 'wavs/pointer.wav': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 4\n', 'wavs/page.wav': '<html>', 'wavs/cut.wav': wav(2).subarray(0, 20_000), 'other/x.wav': wav(2) };
const ROWS = [
  { audio_filepath: 'wavs/a.wav', duration: 2, text: 'one' },
  { audio_filepath: 'wavs/b.wav', duration: 3, text: 'two' },
  { audio_filepath: 'wavs/c.wav', duration: 2.5, text: 'three' },
  { audio_filepath: 'wavs/d.wav', duration: 2, text: 'four' },
  { audio_filepath: 'wavs/e.wav', duration: 1, offset: 0.5, text: 'five' },
];
const sound = lines(...ROWS);
const first = JSON.stringify(ROWS[0]);
/** The sound one with another first row. */
const row = (text: unknown): string => sound.replace(first, typeof text === 'string' ? text : JSON.stringify(text));
const value = (change: object): string => row({ ...ROWS[0], ...change });

const breakages: readonly Breakage[] = [
  { what: 'a comma behind the last value', text: row(first.replace('}', ',}')), code: 'row/unreadable', at: '}', mends: true, mended: sound },
  { what: 'a row without its closing brace', text: row(first.slice(0, -1)), code: 'row/unreadable', at: '"', mends: true, mended: sound },
  { what: 'single quotes', text: row(first.replaceAll('"', "'")), code: 'row/unreadable', at: "'", mends: true, mended: sound },
  { what: 'a missing comma', text: row(first.replace('2,"text', '2 "text')), code: 'row/unreadable', at: '"', mends: true },
  { what: 'NaN', text: row(first.replace('2,', '2,"offset":NaN,')), code: 'row/unreadable', at: 'N', mends: true },
  { what: 'a bare word for a key', text: row(first.replace('"text"', 'text')), code: 'row/unreadable', at: 't', mends: true, mended: sound },
  { what: 'a comma behind the row', text: row(`${first},`), code: 'row/unreadable', at: ',', mends: true, mended: sound },
  { what: 'a row that is a list', text: row('[1]'), code: 'row/unreadable', at: '[', mends: true },
  { what: 'an empty line', text: row(`\n${first}`), code: 'row/blank', at: '', mends: true, mended: sound },
  { what: 'a key that stands twice', text: row(first.replace('}', ',"text":"one"}')), code: 'row/key-twice', at: '"text"', mends: true, mended: sound },
  { what: 'a missing audio_filepath', text: row({ duration: 2, text: 'one' }), code: 'row/key-missing', at: '{', mends: false },
  { what: 'a misspelt audio_filepath', text: row(first.replace('audio_filepath', 'audio_filpath')), code: 'row/key-missing', at: '"audio_filpath"', mends: true, mended: sound },
  { what: 'a misspelt optional key', text: row(first.replace('"text"', '"txt"')), code: 'row/key-misspelt', at: '"txt"', mends: true, mended: sound },
  { what: 'a missing duration', text: row({ audio_filepath: 'wavs/a.wav', text: 'one' }), code: 'row/key-missing', at: '{', mends: false },
  { what: 'a duration that is null', text: value({ duration: null }), code: 'row/key-missing', at: 'null', mends: false },
  { what: 'a duration in quotes', text: value({ duration: '2' }), code: 'nemo/duration-invalid', at: '"2"', mends: true, mended: sound },
  { what: 'a duration of 0', text: value({ duration: 0 }), code: 'nemo/duration-invalid', at: '0', mends: true, mended: sound },
  { what: 'a negative duration', text: value({ duration: -2 }), code: 'nemo/duration-invalid', at: '-2', mends: true, mended: sound },
  { what: 'a duration that is not the file’s', text: value({ duration: 2.4 }), code: 'nemo/duration-mismatch', at: '2.4', mends: true, mended: sound },
  { what: 'a segment beyond the end', text: value({ offset: 1.5, duration: 1 }), code: 'nemo/beyond-end', at: '1', mends: true },
  { what: 'an offset in quotes', text: value({ offset: '0' }), code: 'row/offset', at: '"0"', mends: true },
  { what: 'an offset behind the end', text: value({ offset: 5, duration: 1 }), code: 'row/offset', at: '5', mends: true },
  { what: 'a file that is not there', text: value({ audio_filepath: 'wavs/none.wav' }), code: 'row/path-missing', at: '"wavs/none.wav"', mends: true },
  { what: 'another case', text: value({ audio_filepath: 'wavs/A.WAV' }), code: 'row/path-case', at: '"wavs/A.WAV"', mends: true, mended: sound },
  { what: 'another case of the folder', text: value({ audio_filepath: 'Wavs/a.wav' }), code: 'row/path-case', at: '"Wavs/a.wav"', mends: true, mended: sound },
  { what: 'backslashes', text: value({ audio_filepath: 'wavs\\a.wav' }), code: 'row/path-backslash', at: '"wavs\\\\a.wav"', mends: true, mended: sound },
  { what: 'a path from another folder', text: value({ audio_filepath: 'x.wav' }), code: 'row/path-base', at: '"x.wav"', mends: true, mended: value({ audio_filepath: 'other/x.wav' }) },
  { what: 'a path of another machine', text: value({ audio_filepath: '/home/anna/corpus/wavs/a.wav' }), code: 'row/path-base', at: '"/home/anna/corpus/wavs/a.wav"', mends: true },
  { what: 'a folder', text: value({ audio_filepath: 'wavs' }), code: 'row/path-folder', at: '"wavs"', mends: false },
  { what: 'blanks around a path', text: value({ audio_filepath: 'wavs/a.wav ' }), code: 'row/path-form', at: '"wavs/a.wav "', mends: true, mended: sound },
  { what: 'an empty file', text: value({ audio_filepath: 'wavs/empty.wav' }), code: 'media/zero-bytes', at: '"wavs/empty.wav"', mends: true },
  { what: 'a pointer of Git LFS', text: value({ audio_filepath: 'wavs/pointer.wav' }), code: 'media/lfs-pointer', at: '"wavs/pointer.wav"', mends: true },
  { what: 'a page under a sound’s name', text: value({ audio_filepath: 'wavs/page.wav' }), code: 'media/unknown-content', at: '"wavs/page.wav"', mends: true },
  { what: 'a sound that is cut short', text: value({ audio_filepath: 'wavs/cut.wav' }), code: 'media/truncated', at: '"wavs/cut.wav"', mends: true },
  { what: 'the same row twice', text: row(`${first}\n${first}`), code: 'row/duplicate', at: '"wavs/a.wav"', mends: true, mended: sound },
  { what: 'an empty text', text: value({ text: ' ' }), code: 'row/text-empty', at: '" "', mends: true },
  { what: 'a text with a control character', text: value({ text: 'o\u0007ne' }), code: 'row/text-characters', at: '"o\\u0007ne"', mends: true },
  { what: 'a text of the wrong encoding', text: value({ text: 'caf\ufffd' }), code: 'row/text-characters', at: '"caf\ufffd"', mends: false },
  { what: 'a text that is a number', text: value({ text: 1 }), code: 'row/type', at: '1', mends: true },
  { what: 'another sample rate', text: value({ audio_filepath: 'wavs/odd.wav' }), code: 'media/sample-rates', at: '"wavs/odd.wav"', mends: false },
  { what: 'a word of Canary that is none', text: value({ pnc: 'Yes' }), code: 'row/type', at: '"Yes"', mends: true, mended: value({ pnc: 'yes' }) },
];

export const NEMO: Broken = { title: 'a NeMo manifest', path: 'train.json', sound, files, breakages };
