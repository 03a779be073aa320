import { wav } from './samples.ts';
import type { Breakage, Broken } from './samples.ts';

const folder = { 'data/train/wav.scp': 'r1 ../../wavs/a.wav\nr2 ../../wavs/b.wav\n', 'data/train/segments': 'r1-u1 r1 0 1\nr1-u2 r1 1 2\nr2-u1 r2 0 3\n', 'data/train/text': 'r1-u1 ONE\nr1-u2 TWO\nr2-u1 THREE\n', 'data/train/utt2spk': 'r1-u1 r1\nr1-u2 r1\nr2-u1 r2\n', 'data/train/utt2dur': 'r1-u1 1\nr1-u2 1\nr2-u1 3\n' };
const files = { ...folder, 'wavs/a.wav': wav(2), 'wavs/b.wav': wav(3), 'wavs/empty.wav': '', 'wavs/odd.wav': wav(2, 8000), 'plain/wav.scp': 'u1 ../wavs/a.wav\nu2 ../wavs/b.wav\n' };

function of(name: string, breakages: readonly Breakage[], path = `data/train/${name}`, sound = folder[`data/train/${name}` as keyof typeof folder]): Broken {
  return { title: `${name} of Kaldi (${path})`, path, sound, files, breakages };
}

const text = folder['data/train/text'];
const segments = folder['data/train/segments'];
const scp = folder['data/train/wav.scp'];
const speakers = folder['data/train/utt2spk'];

export const KALDI: readonly Broken[] = [
  of('text', [
    { what: 'lines out of order', text: 'r1-u2 TWO\nr1-u1 ONE\nr2-u1 THREE\n', code: 'kaldi/unsorted', at: 'r1-u1', mends: false },
    { what: 'a line in another locale’s order', text: 'r1-u1 ONE\nr1-u2 TWO\nR2-u0 X\nr2-u1 THREE\n', code: 'kaldi/unsorted', at: 'R2-u0', mends: false },
    { what: 'an id twice, one behind the other', text: text.replace('r1-u2', 'r1-u1'), code: 'kaldi/duplicate-id', at: 'r1-u1', mends: true },
    { what: 'an id twice, further down', text: `${text}r1-u1 AGAIN\n`, code: 'kaldi/duplicate-id', at: 'r1-u1', mends: true, mended: text },
    { what: 'an id without a text', text: text.replace(' TWO', ''), code: 'kaldi/fields', at: 'r1-u2', mends: true },
    { what: 'a tab', text: text.replace('r1-u2 ', 'r1-u2\t'), code: 'kaldi/tab', at: '\t', mends: true, mended: text },
    { what: 'a tab within the text', text: text.replace('TWO', 'TW\tO'), code: 'kaldi/tab', at: '\t', mends: true },
    { what: 'an empty line', text: text.replace('r1-u2', '\nr1-u2'), code: 'row/blank', at: '', mends: true, mended: text },
    { what: 'an utterance that segments do not have', text: `${text}r3-u1 MORE\n`, code: 'kaldi/id-missing', at: 'r3-u1', mends: true, mended: text },
    { what: 'a misspelt id', text: text.replace('r2-u1', 'r2-u7'), code: 'kaldi/id-missing', at: 'r2-u7', mends: true },
    { what: 'a control character', text: text.replace('TWO', 'T\u0007WO'), code: 'row/text-characters', at: 'T\u0007WO', mends: true },
    { what: 'the wrong encoding', text: text.replace('TWO', 'CAF\ufffd'), code: 'row/text-characters', at: 'CAF\ufffd', mends: false },
  ]),
  of('segments', [
    { what: 'a segment that ends before it starts', text: segments.replace('r1 1 2', 'r1 2 1'), code: 'kaldi/segment-times', at: '1', mends: false },
    { what: 'a segment without length', text: segments.replace('r1 1 2', 'r1 1 1'), code: 'kaldi/segment-times', at: '1', mends: false },
    { what: 'a segment behind the end of its recording', text: segments.replace('r1 1 2', 'r1 1 2.5'), code: 'kaldi/segment-beyond-end', at: '2.5', mends: true, mended: segments.replace('r1 1 2', 'r1 1 2.00') },
    { what: 'a segment without an end', text: segments.replace('r1 1 2', 'r1 1'), code: 'kaldi/fields', at: 'r1-u2 r1 1', mends: false },
    { what: 'times that are no numbers', text: segments.replace('r1 1 2', 'r1 one 2'), code: 'kaldi/fields', at: '2', mends: false },
    { what: 'a recording that wav.scp does not have', text: segments.replace('r2 0 3', 'r9 0 3'), code: 'kaldi/id-missing', at: 'r9', mends: true },
    { what: 'an id alone', text: segments.replace('r1-u2 r1 1 2', 'r1-u2'), code: 'kaldi/fields', at: 'r1-u2', mends: true },
    { what: 'a tab', text: segments.replace('r1-u2 ', 'r1-u2\t'), code: 'kaldi/tab', at: '\t', mends: true, mended: segments },
    { what: 'lines out of order', text: 'r1-u2 r1 1 2\nr1-u1 r1 0 1\nr2-u1 r2 0 3\n', code: 'kaldi/unsorted', at: 'r1-u1', mends: false },
    { what: 'an utterance without a text', text: `${segments}r2-u2 r2 0 1\n`, code: 'kaldi/id-missing', at: 'r2-u2', mends: true, mended: segments },
  ]),
  of('wav.scp', [
    { what: 'a command without its pipe', text: scp.replace('../../wavs/b.wav', 'sox ../../wavs/b.wav -t wav -'), code: 'kaldi/pipe-missing', at: 'sox ../../wavs/b.wav -t wav -', mends: true, mended: scp.replace('../../wavs/b.wav', 'sox ../../wavs/b.wav -t wav - |') },
    { what: 'a sound that is not there', text: scp.replace('b.wav', 'none.wav'), code: 'row/path-missing', at: '../../wavs/none.wav', mends: true },
    { what: 'another case', text: scp.replace('b.wav', 'B.wav'), code: 'row/path-case', at: '../../wavs/B.wav', mends: true, mended: scp },
    { what: 'backslashes', text: scp.replace('../../wavs/b.wav', '..\\..\\wavs\\b.wav'), code: 'row/path-backslash', at: '..\\..\\wavs\\b.wav', mends: true, mended: scp },
    { what: 'an empty sound', text: scp.replace('b.wav', 'empty.wav'), code: 'media/zero-bytes', at: '../../wavs/empty.wav', mends: true },
    { what: 'another sample rate', text: scp.replace('b.wav', 'odd.wav'), code: 'media/sample-rates', at: '../../wavs/odd.wav', mends: false },
    { what: 'a folder', text: scp.replace('/b.wav', ''), code: 'row/path-folder', at: '../../wavs', mends: false },
    { what: 'a path of another machine', text: scp.replace('../../wavs/b.wav', '/export/corpora/wavs/b.wav'), code: 'row/path-base', at: '/export/corpora/wavs/b.wav', mends: true },
  ]),
  of('utt2spk', [
    { what: 'an utterance without a speaker', text: speakers.replace('r1-u2 r1', 'r1-u2'), code: 'kaldi/fields', at: 'r1-u2', mends: true },
    { what: 'an id twice', text: speakers.replace('r1-u2 r1', 'r1-u1 r2'), code: 'kaldi/duplicate-id', at: 'r1-u1', mends: true },
    { what: 'a tab', text: speakers.replaceAll('r1-u2 r1', 'r1-u2\tr1'), code: 'kaldi/tab', at: '\t', mends: true, mended: speakers },
  ]),
  of('utt2dur', [
    { what: 'a length that is not the file’s', text: 'u1 2.5\nu2 3\n', code: 'kaldi/duration-mismatch', at: '2.5', mends: true, mended: 'u1 2.00\nu2 3\n' },
    { what: 'a length that is no number', text: 'u1 two\nu2 3\n', code: 'row/type', at: 'two', mends: false },
    { what: 'a length of 0', text: 'u1 0\nu2 3\n', code: 'row/type', at: '0', mends: false },
  ], 'plain/utt2dur', 'u1 2\nu2 3\n'),
];
