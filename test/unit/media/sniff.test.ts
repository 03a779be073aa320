import { describe, expect, it } from 'vitest';
import { bytesInMemory } from '../../../src/media/byteSource.ts';
import { sniff, sniffSource } from '../../../src/media/sniff.ts';
import { SAMPLES, TEXTS } from './samples.ts';

const containerOf = (name: string): string => name.split('-')[0] ?? name;
const KINDS = [
  ['audio', ['wav-riff', 'ogg-opus', 'mp3', 'mp4-audio', 'sph']],
  ['video', ['mp4', 'ogg-theora', 'webm', 'mpegts']],
  ['image', ['jpeg', 'gif', 'avif', 'pnm', 'pnm-plain']],
  ['text', ['svg', 'mvg', 'msl', 'm3u', 'ffconcat', 'jsonl', 'csv', 'postscript']],
  ['sensor', ['mcap', 'rosbag']],
  ['other', ['tar', 'gitLfsPointer', 'pdf']],
] as const;

describe('sniffing', () => {
  it.each(Object.entries({ ...SAMPLES, ...TEXTS }))('tells %s by its bytes', (name, bytes) => {
    expect(sniff(bytes, bytes.length).container).toBe(containerOf(name));
  });

  it.each(KINDS.flatMap(([kind, names]) => names.map((name) => [name, kind] as const)))('calls %s %s', (name, kind) => {
    const bytes = { ...SAMPLES, ...TEXTS }[name] as Buffer;
    expect(sniff(bytes, bytes.length).kind).toBe(kind);
  });

  it('tells a head of a longer file as it tells the file', () => {
    const row = '{"audio": "é.wav"}\n';
    const bytes = Buffer.from(row.repeat(500));
    for (let length = 4000; length < 4040; length++) {
      expect(sniff(bytes.subarray(0, length), bytes.length).container).toBe('jsonl');
    }
  });

  it.each([
    ['one MPEG frame header and noise', Buffer.concat([SAMPLES.mp3?.subarray(0, 417) ?? Buffer.alloc(0), Buffer.alloc(900, 0x55)])],
    ['an ftyp box that claims 500 MB', Buffer.from('    ftypisom\0\0\0\0', 'latin1')],
    ['BM and noise', Buffer.from(`BM${'\x01'.repeat(60)}`, 'latin1')],
    ['zeros', Buffer.alloc(4096)],
    ['an unknown DocType', Buffer.from('\x1a\x45\xdf\xa3\x9f\x42\x82\x84evil\0\0\0', 'latin1')],
  ])('does not know %s', (_, bytes) => {
    expect(sniff(bytes, bytes.length).container).toBe('unknown');
  });

  it('finds the frames behind a tag that is longer than any head, and behind a second tag', () => {
    const tag = Buffer.concat([Buffer.from('ID3\x03\0\0\0\0\x7f\x00', 'latin1'), Buffer.alloc(127 * 128)]);
    const file = Buffer.concat([tag, tag, SAMPLES.mp3 ?? Buffer.alloc(0)]);
    expect(sniffSource(bytesInMemory(file)).container).toBe('mp3');
  });

  it('does not take a tag for a sound when something else follows it', () => {
    const tag = Buffer.concat([Buffer.from('ID3\x03\0\0\0\0\x7f\x00', 'latin1'), Buffer.alloc(127 * 128)]);
    expect(sniffSource(bytesInMemory(Buffer.concat([tag, TEXTS.svg ?? Buffer.alloc(0)]))).kind).toBe('other');
  });

  it('says that an empty file is empty', () => {
    expect(sniff(new Uint8Array(), 0)).toEqual({ kind: 'other', container: 'empty' });
  });
});
