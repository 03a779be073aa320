import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { readTranscript } from '../../../../src/dataset/audio/transcript.ts';
import { scratch } from './made.ts';

const folder = scratch();
const file = join(folder, '84-121123-0001.flac');
const beside = (extension: string, text: string) => writeFileSync(join(folder, `84-121123-0001${extension}`), text);
afterEach(() => ['.vtt', '.srt', '.TextGrid', '.lab', '.txt', '.json', '.ctm'].forEach((extension) => rmSync(join(folder, `84-121123-0001${extension}`), { force: true })));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a transcript beside a recording', () => {
  it('is read from WebVTT, with who speaks', async () => {
    beside('.vtt', 'WEBVTT\n\nNOTE none\n\n1\n00:12.550 --> 00:17.130\n<v Ann>Okay, <b>camera</b> two.\n\n01:00:00.000 --> 01:00:01.500\nEnd.\nReally.');
    expect(await readTranscript(file)).toEqual({
      source: '84-121123-0001.vtt',
      rows: [
        { start: 12.55, end: 17.13, who: 'Ann', text: 'Okay, camera two.' },
        { start: 3600, end: 3601.5, text: 'End. Really.' },
      ],
    });
  });

  it('is read from SubRip', async () => {
    beside('.srt', '\uFEFF1\r\n00:00:01,000 --> 00:00:02,250\r\nHello\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nthere');
    expect((await readTranscript(file))?.rows).toEqual([
      { start: 1, end: 2.25, text: 'Hello' },
      { start: 3, end: 4, text: 'there' },
    ]);
  });

  it('is read from the intervals of a TextGrid', async () => {
    beside('.TextGrid', 'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = 2.3\ntiers? <exists>\nsize = 1\nitem []:\n    item [1]:\n        class = "IntervalTier"\n        name = "words"\n        xmin = 0\n        xmax = 2.3\n        intervals: size = 2\n        intervals [1]:\n            xmin = 0\n            xmax = 1.25\n            text = "say ""it"""\n        intervals [2]:\n            xmin = 1.25\n            xmax = 2.3\n            text = ""\n');
    expect((await readTranscript(file))?.rows).toEqual([{ start: 0, end: 1.25, who: 'words', text: 'say "it"' }]);
  });

  it('is read from labels in seconds and in steps of HTK', async () => {
    beside('.lab', '0.0 0.5 sil\n0.5 1.25 hello\n');
    expect((await readTranscript(file))?.rows).toEqual([
      { start: 0, end: 0.5, text: 'sil' },
      { start: 0.5, end: 1.25, text: 'hello' },
    ]);
    beside('.lab', '0 5000000 sil\n5000000 12500000 hello\n');
    expect((await readTranscript(file))?.rows[1]).toEqual({ start: 0.5, end: 1.25, text: 'hello' });
  });

  it('is read from segments in JSON', async () => {
    beside('.json', '{"segments":[{"start":0,"end":1.5,"text":" Hi. ","speaker":"A"},{"start":"x"}]}');
    expect((await readTranscript(file))?.rows).toEqual([{ start: 0, end: 1.5, who: 'A', text: 'Hi.' }]);
  });

  it('is the line of its chapter in LibriSpeech', async () => {
    writeFileSync(join(folder, '84-121123.trans.txt'), '84-121123-0000 GO\n84-121123-0001 DO YOU THINK SO\n');
    expect(await readTranscript(file)).toEqual({ source: '84-121123.trans.txt', rows: [{ text: 'DO YOU THINK SO' }] });
  });

  it('is nothing where there is none', async () => {
    expect(await readTranscript(join(folder, 'other.wav'))).toBeNull();
  });
});
