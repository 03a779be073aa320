import { loadSharp } from '../../../../src/media/sharpLibrary.ts';
import { addFiles, lines, png, wav } from '../formats/support.ts';
import { tar } from '../formats/writers.ts';

/** What is wrong with the data set that `writeThirtyWays` writes, and the file in which it is to be found, relative to its root. */
export const THIRTY_WAYS: Readonly<Record<string, string>> = {
  'table/byte-order-mark': 'train_manifest.json',
  'table/line-ends': 'train_manifest.json',
  'row/unreadable': 'train_manifest.json',
  'row/blank': 'train_manifest.json',
  'row/key-missing': 'train_manifest.json',
  'row/path-missing': 'train_manifest.json',
  'row/path-case': 'train_manifest.json',
  'row/path-backslash': 'train_manifest.json',
  'row/path-folder': 'train_manifest.json',
  'row/duplicate': 'train_manifest.json',
  'row/text-empty': 'train_manifest.json',
  'row/text-characters': 'train_manifest.json',
  'nemo/duration-invalid': 'train_manifest.json',
  'nemo/duration-mismatch': 'train_manifest.json',
  'nemo/beyond-end': 'train_manifest.json',
  'nemo/long': 'train_manifest.json',
  'nemo/shard-missing': 'packed_manifest.json',
  'nemo/shard-member': 'packed_manifest.json',
  'nemo/shard-unlisted': 'audio_0.tar',
  'tar/no-end': 'audio_0.tar',
  'media/zero-bytes': 'audio/empty.wav',
  'media/lfs-pointer': 'audio/pointer.wav',
  'media/truncated': 'audio/cut.wav',
  'media/unknown-content': 'audio/page.wav',
  'media/wrong-extension': 'audio/picture.wav',
  'media/sample-rates': 'audio/fast.wav',
  'media/exif-orientation': 'pictures/turned.jpg',
  'duplicate/content': 'audio/twin.wav',
  'duplicate/near': 'pictures/smaller.png',
  'split/same-path': 'audio/shared.wav',
  'split/same-content': 'audio/other.wav',
  'split/same-speaker': 'audio/cut.wav',
  'class/rare': '.',
};

/** And what decoding every byte tells besides. */
export const MORE_WAYS: Readonly<Record<string, string>> = { 'media/clipped': 'audio/loud.wav', 'media/silent': 'audio/mute.wav', 'media/blank': 'pictures/white.png', 'media/undecodable': 'pictures/spoiled.png' };

/** A manifest of NeMo with sounds and a few pictures beside, broken in each of these ways once. */
export async function writeThirtyWays(root: string): Promise<void> {
  const sharp = await loadSharp();
  const row = (name: string, more: object = {}): object => ({ audio_filepath: `audio/${name}`, duration: 1, text: 'some words', label: 'speech', speaker: 's1', ...more });
  const square = Buffer.from(wav(1, { seed: 40 }));
  for (let at = 44; at + 1 < square.length; at += 2) {
    square.writeInt16LE(at % 160 < 80 ? 32_767 : -32_768, at);
  }
  const spoiled = Buffer.from(png(90, 90, 21));
  spoiled.fill(0x55, 200, 500);
  const files: Record<string, string | Uint8Array> = {
    'audio/empty.wav': '',
    'audio/pointer.wav': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n',
    'audio/cut.wav': wav(1, { seed: 31 }).subarray(0, 4000),
    'audio/page.wav': '<p>404 Not Found</p>\n',
    'audio/picture.wav': png(12, 12, 3),
    'audio/fast.wav': wav(1, { seed: 32, rate: 16_000 }),
    'audio/twin.wav': wav(1, { seed: 33 }),
    'audio/first.wav': wav(1, { seed: 33 }),
    'audio/shared.wav': wav(1, { seed: 34 }),
    'audio/mine.wav': wav(1, { seed: 35 }),
    'audio/other.wav': wav(1, { seed: 35 }),
    'audio/long.wav': wav(21, { seed: 36 }),
    'audio/loud.wav': square,
    'audio/mute.wav': Buffer.concat([wav(1).subarray(0, 44), Buffer.alloc(16_000)]),
    'audio/inner/x.wav': wav(1, { seed: 37 }),
    'audio_0.tar': tar([['in.wav', wav(1, { seed: 38 })], ['more.wav', wav(1, { seed: 39 })]], 0),
    'pictures/turned.jpg': await sharp(png(40, 30, 11)).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    'pictures/larger.png': await sharp(png(9, 8, 12)).resize(180, 160, { kernel: 'cubic' }).png().toBuffer(),
    'pictures/smaller.png': await sharp(png(9, 8, 12)).resize(90, 80, { kernel: 'cubic' }).png().toBuffer(),
    'pictures/white.png': await sharp({ create: { width: 20, height: 20, channels: 3, background: '#ffffff' } }).png().toBuffer(),
    'pictures/spoiled.png': spoiled,
    'packed_manifest.json': lines(row('x', { audio_filepath: 'in.wav', shard_id: 0 }), row('x', { audio_filepath: 'none.wav', shard_id: 0 }), row('x', { audio_filepath: 'in.wav', shard_id: 7 })),
    'test_manifest.json': lines(row('shared.wav', { speaker: 's1' }), row('other.wav', { speaker: 's9' })),
  };
  for (let nth = 0; nth < 40; nth++) {
    files[`audio/plain${nth}.wav`] = wav(1, { seed: 50 + nth });
  }
  const plain = Array.from({ length: 40 }, (_, nth) => JSON.stringify(row(`plain${nth}.wav`)));
  const broken = [
    '{"audio_filepath": ',
    '',
    JSON.stringify({ audio_file: 'audio/first.wav', duration: 1, text: 'no path' }),
    JSON.stringify(row('gone.wav')),
    JSON.stringify(row('First.wav')),
    JSON.stringify(row('inner\\x.wav')),
    JSON.stringify(row('inner')),
    JSON.stringify(row('first.wav')),
    JSON.stringify(row('first.wav')),
    JSON.stringify(row('twin.wav', { text: ' ' })),
    JSON.stringify(row('mine.wav', { text: 'caf\ufffd' })),
    JSON.stringify(row('fast.wav', { duration: '1' })),
    JSON.stringify(row('shared.wav', { duration: 3.2 })),
    JSON.stringify(row('loud.wav', { offset: 0.5 })),
    JSON.stringify(row('long.wav', { duration: 21 })),
    JSON.stringify(row('mute.wav', { label: 'silence' })),
    ...['empty.wav', 'pointer.wav', 'cut.wav', 'page.wav', 'picture.wav'].map((name) => JSON.stringify(row(name))),
  ];
  files['train_manifest.json'] = `\ufeff${plain.join('\n')}\r\n${broken.join('\n')}\n`;
  addFiles(root, files);
}
