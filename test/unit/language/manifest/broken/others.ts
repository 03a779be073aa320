import { png, wav } from './samples.ts';
import type { Broken } from './samples.ts';

const YOLO = 'path: .\ntrain: images/train\nval: images/val\nnc: 2\nnames:\n  0: cat\n  1: dog\n';
const INFO = '{\n  "codebase_version": "v2.1",\n  "robot_type": "so100",\n  "total_episodes": 50,\n  "total_frames": 500,\n  "fps": 30,\n  "splits": {"train": "0:50"},\n  "data_path": "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet",\n  "features": {\n    "action": {"dtype": "float32", "shape": [2], "names": ["x", "y"]}\n  }\n}\n';
const VOICE = 'client_id\tpath\tsentence\tup_votes\nanna\ta.mp3\tOne.\t2\nbert\tb.mp3\tTwo.\t2\n';
const LJ = 'a|One 1.|One one.\nb|Two 2.|Two two.\n';

/** Ten frames of 128 kbit/s at 44.1 kHz. */
const MP3 = Buffer.concat(Array.from({ length: 10 }, () => Buffer.concat([Buffer.from('fffb9000', 'hex'), Buffer.alloc(413)])));

/** Formats that are rarer, each broken in a few ways. */
export const RARER: readonly Broken[] = [
  {
    title: 'data.yaml of YOLO',
    path: 'data.yaml',
    sound: YOLO,
    files: { 'images/train/a.png': png(2, 2), 'images/val/b.png': png(2, 2) },
    breakages: [
      { what: 'nc that is not the count of names', text: YOLO.replace('nc: 2', 'nc: 3'), code: 'yolo/names', at: '3', mends: true, mended: YOLO },
      { what: 'a folder that is not there', text: YOLO.replace('images/val', 'images/valid'), code: 'yolo/folder-missing', at: 'images/valid', mends: false },
      { what: 'another case of a folder', text: YOLO.replace('images/val', 'images/Val'), code: 'yolo/folder-missing', at: 'images/Val', mends: true, mended: YOLO },
      { what: 'a folder from elsewhere', text: YOLO.replace('images/val', '../images/val'), code: 'yolo/folder-missing', at: '../images/val', mends: true, mended: YOLO },
      { what: 'a path of another machine', text: YOLO.replace('path: .', 'path: /home/anna/pets'), code: 'yolo/folder-missing', at: '/home/anna/pets', mends: true, mended: YOLO },
      { what: 'one folder for two splits', text: YOLO.replace('images/val', 'images/train'), code: 'split/same-path', at: 'images/train', mends: false },
      { what: 'a class twice', text: YOLO.replace('dog', 'cat'), code: 'yolo/names', at: 'cat', mends: false },
      { what: 'a class number that is left out', text: YOLO.replace('1: dog', '2: dog'), code: 'yolo/names', at: '2', mends: false },
      { what: 'a key twice', text: `${YOLO}nc: 2\n`, code: 'row/key-twice', at: 'nc', mends: false },
      { what: 'no validation', text: YOLO.replace('val: images/val\n', ''), code: 'row/key-missing', at: 'p', mends: false },
      { what: 'broken YAML', text: YOLO.replace('nc: 2', 'nc: [2'), code: 'row/unreadable', at: 'n', mends: false },
    ],
  },
  {
    title: 'info.json of LeRobot',
    path: 'meta/info.json',
    sound: INFO,
    files: {},
    breakages: [
      { what: 'a split beyond the last episode', text: INFO.replace('0:50', '0:60'), code: 'lerobot/totals', at: '"0:60"', mends: true, mended: INFO },
      { what: 'a split that is no range', text: INFO.replace('0:50', 'all'), code: 'lerobot/info', at: '"all"', mends: false },
      { what: 'a version that does not fit the paths', text: INFO.replace('v2.1', 'v3.0'), code: 'lerobot/version', at: '"data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet"', mends: false },
      { what: 'no frames a second', text: INFO.replace('"fps": 30', '"fps": 0'), code: 'lerobot/info', at: '0', mends: false },
      { what: 'fps in quotes', text: INFO.replace('"fps": 30', '"fps": "30"'), code: 'row/type', at: '"30"', mends: true, mended: INFO },
      { what: 'a dtype that nobody knows', text: INFO.replace('float32', 'float'), code: 'lerobot/feature', at: '"float"', mends: false },
      { what: 'a shape that is none', text: INFO.replace('[2]', '2'), code: 'lerobot/feature', at: '2', mends: false },
      { what: 'names that are not as many as the shape says', text: INFO.replace('["x", "y"]', '["x"]'), code: 'lerobot/feature', at: '["x"]', mends: false },
      { what: 'a missing total', text: INFO.replace('  "total_frames": 500,\n', ''), code: 'row/key-missing', at: '{', mends: false },
    ],
  },
  {
    title: 'a table of Common Voice',
    path: 'train.tsv',
    sound: VOICE,
    files: { 'clips/a.mp3': MP3, 'clips/b.mp3': MP3 },
    breakages: [
      { what: 'a clip that is not there', text: VOICE.replace('b.mp3', 'c.mp3'), code: 'row/path-missing', at: 'c.mp3', mends: true },
      { what: 'a clip without its ending', text: VOICE.replace('b.mp3', 'b'), code: 'common-voice/clip-extension', at: 'b', mends: true, mended: VOICE },
      { what: 'an open quotation mark', text: VOICE.replace('Two.', '"Two.'), code: 'common-voice/quotes', at: '"Two.', mends: false },
      { what: 'an empty sentence', text: VOICE.replace('Two.', ''), code: 'row/text-empty', at: '', mends: true },
    ],
  },
  {
    title: 'metadata.csv of LJSpeech',
    path: 'metadata.csv',
    sound: LJ,
    files: { 'wavs/a.wav': wav(1), 'wavs/b.wav': wav(1) },
    breakages: [
      { what: 'an id with its ending', text: LJ.replace('b|', 'b.wav|'), code: 'ljspeech/id-extension', at: 'b.wav', mends: true, mended: LJ },
      { what: 'a header', text: `id|text|normalized\n${LJ}`, code: 'ljspeech/header', at: 'id', mends: true, mended: LJ },
      { what: 'a row without normalised text', text: LJ.replace('|Two two.', ''), code: 'ljspeech/columns', at: 'b', mends: true },
      { what: 'half a pair of quotation marks', text: LJ.replace('Two 2.', 'Two "2.'), code: 'ljspeech/quote', at: 'b', mends: false },
      { what: 'a recording that is not there', text: LJ.replace('b|', 'c|'), code: 'row/path-missing', at: 'c', mends: true },
    ],
  },
];
