import type { Files } from './support.ts';
import { lines, png, wav } from './support.ts';
import { example, parquet, tar, tfRecords } from './writers.ts';

/** A small sound dataset of each format, as its own tools would write it. */
export interface Made {
  readonly files: Files;
  /** Ids of its samples, in order. */
  readonly ids: readonly string[];
  /** The file that is opened where it is not the folder. */
  readonly root?: string;
}

export const MADE: Readonly<Record<string, Made>> = {
  nemo: {
    files: {
      'audio/a.wav': wav(1),
      'audio/b.wav': wav(2, { seed: 2 }),
      'train_manifest.json': lines({ audio_filepath: 'audio/a.wav', duration: 1, text: 'one' }, { audio_filepath: 'audio/b.wav', duration: 1, offset: 1, text: 'two', speaker: 's2' }),
      'val_manifest.json': lines({ audio_filepath: 'audio/b.wav', duration: 2, text: 'three' }),
    },
    ids: ['train_manifest.json: audio/a.wav#1', 'train_manifest.json: audio/b.wav@1#2', 'val_manifest.json: audio/b.wav#1'],
  },
  imagefolder: {
    files: {
      'train/metadata.jsonl': lines({ file_name: 'a.png', text: 'a cat' }, { file_name: 'sub/b.png', text: 'a dog' }),
      'train/a.png': png(8, 6),
      'train/sub/b.png': png(8, 6, 2),
      'test/metadata.jsonl': lines({ file_name: 'c.png', text: 'a bird' }),
      'test/c.png': png(8, 6, 3),
    },
    ids: ['test/c.png', 'train/a.png', 'train/sub/b.png'],
  },
  audiofolder: {
    files: { 'metadata.csv': 'file_name,transcription\ndata/a.wav,"one, two"\ndata/b.wav,three\n', 'data/a.wav': wav(1), 'data/b.wav': wav(1, { seed: 2 }) },
    ids: ['data/a.wav', 'data/b.wav'],
  },
  table: {
    files: { 'clips/a.wav': wav(1), 'clips/b.wav': wav(1, { seed: 2 }), 'list.csv': 'id,path,label\nx,clips/a.wav,yes\ny,clips/b.wav,no\n' },
    ids: ['x', 'y'],
  },
  folders: {
    files: { 'mixed/a.wav': wav(1), 'mixed/b.png': png(4, 4), 'more/c.wav': wav(1, { seed: 2 }), 'more/notes.txt': 'x\n', 'd.wav': wav(1, { seed: 3 }) },
    ids: ['d.wav', 'mixed/a.wav', 'mixed/b.png', 'more/c.wav'],
  },
  kaldi: {
    files: {
      'wav/rec1.wav': wav(2),
      'wav/rec2.wav': wav(1, { seed: 2 }),
      'data/train/wav.scp': lines('rec1 wav/rec1.wav', 'rec2 sox wav/rec2.wav -t wav - |'),
      'data/train/segments': lines('spk1-a rec1 0.00 1.00', 'spk1-b rec1 1.00 2.00', 'spk2-a rec2 0.00 0.50'),
      'data/train/text': lines('spk1-a ONE', 'spk1-b TWO', 'spk2-a THREE'),
      'data/train/utt2spk': lines('spk1-a spk1', 'spk1-b spk1', 'spk2-a spk2'),
      'data/train/spk2utt': lines('spk1 spk1-a spk1-b', 'spk2 spk2-a'),
    },
    ids: ['spk1-a', 'spk1-b', 'spk2-a'],
  },
  'common-voice': {
    files: {
      'train.tsv': lines('client_id\tpath\tsentence\tup_votes\taccents', 'c1\ta.mp3\tHe said "no" to me.\t2\tus', 'c2\tb.mp3\tYes.\t2\t'),
      'test.tsv': lines('client_id\tpath\tsentence\tup_votes\taccents', 'c3\tc.mp3\tPerhaps.\t2\t'),
      'clips/a.mp3': wav(1),
      'clips/b.mp3': wav(1, { seed: 2 }),
      'clips/c.mp3': wav(1, { seed: 3 }),
    },
    ids: ['test/c.mp3', 'train/a.mp3', 'train/b.mp3'],
  },
  ljspeech: {
    files: { 'metadata.csv': lines('LJ001-0001|Printing, in 1465|Printing, in fourteen sixty-five', 'LJ001-0002|in being|in being'), 'wavs/LJ001-0001.wav': wav(1), 'wavs/LJ001-0002.wav': wav(1, { seed: 2 }) },
    ids: ['LJ001-0001', 'LJ001-0002'],
  },
  librispeech: {
    files: {
      'train-clean-5/19/198/19-198.trans.txt': lines('19-198-0000 NORTHANGER ABBEY', '19-198-0001 THIS LITTLE WORK'),
      'train-clean-5/19/198/19-198-0000.flac': wav(1),
      'train-clean-5/19/198/19-198-0001.flac': wav(1, { seed: 2 }),
      'dev-clean-2/84/121/84-121-0000.flac': wav(1, { seed: 3 }),
      'dev-clean-2/84/121/84-121.trans.txt': lines('84-121-0000 GO'),
    },
    ids: ['84-121-0000', '19-198-0000', '19-198-0001'],
  },
  coco: {
    files: {
      'annotations/instances_train.json': JSON.stringify({
        images: [
          { id: 7, file_name: 'a.png', width: 16, height: 12 },
          { id: 9, file_name: 'b.png', width: 20, height: 10 },
        ],
        annotations: [
          { id: 1, image_id: 9, category_id: 2, bbox: [1, 1, 5, 5], area: 25, iscrowd: 0, segmentation: [[1, 1, 6, 1, 6, 6]] },
          { id: 2, image_id: 7, category_id: 1, bbox: [0, 0, 16, 12], area: 192, iscrowd: 0, keypoints: [3, 4, 2, 0, 0, 0] },
        ],
        categories: [
          { id: 1, name: 'cat', keypoints: ['nose', 'tail'] },
          { id: 2, name: 'dog' },
        ],
      }),
      'train/a.png': png(16, 12),
      'train/b.png': png(20, 10, 2),
    },
    ids: ['7', '9'],
  },
  yolo: {
    files: {
      'data.yaml': 'path: .\ntrain: images/train\nval: images/val\nnc: 2\nnames: [cat, dog]\n',
      'images/train/a.png': png(20, 10),
      'labels/train/a.txt': lines('1 0.5 0.5 0.2 0.4', '0 0.25 0.5 0.1 0.2'),
      'images/val/b.png': png(20, 10, 2),
      'labels/val/b.txt': '',
    },
    ids: ['images/train/a.png', 'images/val/b.png'],
  },
  voc: {
    files: {
      'JPEGImages/000001.jpg': png(20, 10),
      'Annotations/000001.xml':
        '<annotation><folder>VOC</folder><filename>000001.jpg</filename><size><width>20</width><height>10</height><depth>3</depth></size><object><name>cat</name><bndbox><xmin>2</xmin><ymin>3</ymin><xmax>12</xmax><ymax>9</ymax></bndbox></object></annotation>',
      'ImageSets/Main/train.txt': lines('000001'),
    },
    ids: ['000001'],
  },
  kitti: {
    files: {
      'training/image_2/000000.png': png(40, 20),
      'training/label_2/000000.txt': lines('Car 0.00 0 1.57 5.0 4.0 15.0 12.0 1.5 1.6 3.9 1.0 2.0 8.0 0.1', 'DontCare -1 -1 -10 1.0 1.0 2.0 2.0 -1 -1 -1 -1000 -1000 -1000 -10'),
      'training/calib/000000.txt': lines('P0: 1 0 0 0 0 1 0 0 0 0 1 0'),
      'training/velodyne/000000.bin': Buffer.alloc(32),
    },
    ids: ['training/000000'],
  },
  nuscenes: {
    files: nuscenesFiles(),
    ids: ['s1', 's2'],
  },
  pairs: {
    files: { '10_cat/a.png': png(8, 8), '10_cat/a.txt': 'a cat on a mat\n', '10_cat/b.png': png(8, 8, 2), '10_cat/b.txt': 'a cat in a hat\n' },
    ids: ['10_cat/a.png', '10_cat/b.png'],
  },
  webdataset: {
    files: {
      'train-000000.tar': tar([['a.png', png(4, 4)], ['a.txt', 'a cat'], ['b.png', png(4, 4, 2)], ['b.txt', 'a dog']]),
      'train-000001.tar': tar([['c.png', png(4, 4, 3)], ['c.txt', 'a bird']]),
    },
    ids: ['train-000000/a', 'train-000000/b', 'train-000001/c'],
  },
  img2dataset: {
    files: {
      '00000.tar': tar([['000000000.jpg', png(4, 4)], ['000000000.txt', 'a cat'], ['000000000.json', '{"caption":"a cat"}']]),
      '00000.parquet': parquet([
        { name: 'url', data: ['http://a', 'http://b'], type: 'STRING' },
        { name: 'key', data: ['000000000', '000000001'], type: 'STRING' },
        { name: 'status', data: ['success', 'failed_to_download'], type: 'STRING' },
      ]),
      '00000_stats.json': '{"count":2,"successes":1}',
    },
    ids: ['000000000'],
  },
  conversations: {
    files: {
      'train.json': JSON.stringify([
        { id: 'x', image: 'a.png', conversations: [{ from: 'human', value: '<image>\nWhat is it?' }, { from: 'gpt', value: 'A cat.' }] },
        { id: 'y', conversations: [{ from: 'human', value: 'Hello' }, { from: 'gpt', value: 'Good day.' }] },
      ]),
      'images/a.png': png(4, 4),
    },
    ids: ['x', 'y'],
  },
  lhotse: {
    files: {
      'recordings.jsonl': lines({ id: 'r1', sources: [{ type: 'file', channels: [0], source: 'audio/a.wav' }], sampling_rate: 8000, num_samples: 16000, duration: 2 }),
      'cuts.jsonl': lines({
        id: 'c1',
        start: 0,
        duration: 2,
        channel: 0,
        type: 'MonoCut',
        supervisions: [{ id: 's1', recording_id: 'r1', start: 0, duration: 1.5, text: 'hello', speaker: 'sp' }],
        recording: { id: 'r1', sources: [{ type: 'file', channels: [0], source: 'audio/a.wav' }], sampling_rate: 8000, num_samples: 16000, duration: 2 },
      }),
      'audio/a.wav': wav(2),
    },
    ids: ['c1'],
  },
  'lerobot-v2': {
    files: {
      'meta/info.json': leRobotInfo('v2.1', { data_path: 'data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet' }),
      'meta/episodes.jsonl': lines({ episode_index: 0, tasks: ['pick'], length: 3 }, { episode_index: 1, tasks: ['place'], length: 2 }),
      'data/chunk-000/episode_000000.parquet': frames([0, 0, 0]),
      'data/chunk-000/episode_000001.parquet': frames([1, 1]),
    },
    ids: ['episode 0', 'episode 1'],
  },
  'lerobot-v3': {
    files: {
      'meta/info.json': leRobotInfo('v3.0', { data_path: 'data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet' }),
      'meta/episodes/chunk-000/file-000.parquet': parquet([
        { name: 'episode_index', data: [0n, 1n], type: 'INT64' },
        { name: 'tasks', data: [['pick'], ['place']], type: 'JSON' },
        { name: 'length', data: [3n, 2n], type: 'INT64' },
        { name: 'data/chunk_index', data: [0n, 0n], type: 'INT64' },
        { name: 'data/file_index', data: [0n, 0n], type: 'INT64' },
      ]),
      'data/chunk-000/file-000.parquet': frames([0, 0, 0, 1, 1]),
    },
    ids: ['episode 0', 'episode 1'],
  },
  tfrecord: {
    files: { 'train.tfrecord-00000-of-00001': tfRecords([example({ text: 'one', label: 'yes' }), example({ text: 'two' })]) },
    ids: ['train.tfrecord-00000-of-00001#1', 'train.tfrecord-00000-of-00001#2'],
  },
  rosbag: {
    files: {
      'metadata.yaml': 'rosbag2_bagfile_information:\n  message_count: 2\n  duration:\n    nanoseconds: 1500000000\n  relative_file_paths:\n  - bag_0.mcap\n  topics_with_message_count:\n  - message_count: 2\n    topic_metadata:\n      name: /chatter\n      type: std_msgs/msg/String\n',
      'bag_0.mcap': mcap(2),
    },
    ids: ['bag_0.mcap'],
  },
};

/** Two key frames of a camera and a lidar, and what joins them; `change` has tables that are others. */
export function nuscenesFiles(change: Readonly<Record<string, readonly object[] | undefined>> = {}): Files {
  const data = ['s1', 's2'].flatMap((sample, nth) =>
    (['CAM_FRONT/a.png', 'LIDAR_TOP/a.pcd.bin'] as const).map((name, sensor) => ({
      token: `d${nth}${sensor}`, sample_token: sample, ego_pose_token: 'p', calibrated_sensor_token: `c${sensor}`, is_key_frame: true, filename: `samples/${name.replace('a.', `${sample}.`)}`, next: '', prev: '',
    })),
  );
  const tables: Record<string, readonly object[] | undefined> = {
    attribute: [], category: [], instance: [], log: [{ token: 'l' }], map: [], sample_annotation: [], visibility: [],
    sensor: [{ token: 'camera' }, { token: 'lidar' }],
    calibrated_sensor: [{ token: 'c0', sensor_token: 'camera' }, { token: 'c1', sensor_token: 'lidar' }],
    ego_pose: [{ token: 'p' }],
    scene: [{ token: 'scene', log_token: 'l', first_sample_token: 's1', last_sample_token: 's2' }],
    sample: [{ token: 's1', scene_token: 'scene', next: 's2', prev: '' }, { token: 's2', scene_token: 'scene', next: '', prev: 's1' }],
    sample_data: data,
    ...change,
  };
  return {
    ...Object.fromEntries(Object.entries(tables).flatMap(([name, records]) => (records === undefined ? [] : [[`v1.0-mini/${name}.json`, JSON.stringify(records)]]))),
    'samples/CAM_FRONT/s1.png': png(8, 6),
    'samples/CAM_FRONT/s2.png': png(8, 6, 2),
    'samples/LIDAR_TOP/s1.pcd.bin': Buffer.alloc(40),
    'samples/LIDAR_TOP/s2.pcd.bin': Buffer.alloc(60),
  };
}

export function leRobotInfo(version: string, more: object): string {
  return JSON.stringify({ codebase_version: version, fps: 10, total_episodes: 2, total_frames: 5, chunks_size: 1000, splits: { train: '0:1', test: '1:2' }, features: { timestamp: { dtype: 'float32', shape: [1] }, episode_index: { dtype: 'int64', shape: [1] } }, ...more });
}

/** A row a frame, 0.1 s apart within each episode. */
export function frames(episodes: readonly number[], step = 0.1): Buffer {
  const within = episodes.map((episode, row) => episodes.slice(0, row).filter((other) => other === episode).length);
  return parquet([
    { name: 'episode_index', data: episodes.map(BigInt), type: 'INT64' },
    { name: 'timestamp', data: within.map((frame) => frame * step), type: 'DOUBLE' },
  ]);
}

/** Header, statistics and footer, without a message. */
export function mcap(messages: number): Buffer {
  const record = (op: number, body: Buffer): Buffer => {
    const head = Buffer.alloc(9);
    head[0] = op;
    head.writeBigUInt64LE(BigInt(body.length), 1);
    return Buffer.concat([head, body]);
  };
  const statistics = Buffer.alloc(46);
  statistics.writeBigUInt64LE(BigInt(messages), 0);
  const magic = Buffer.from('\x89MCAP0\r\n', 'latin1');
  return Buffer.concat([magic, record(1, Buffer.alloc(8)), record(0x0f, Buffer.alloc(4)), record(0x0b, statistics), record(2, Buffer.alloc(20)), magic]);
}
