import { frames, leRobotInfo, MADE, mcap, nuscenesFiles } from './made.ts';
import type { Files } from './support.ts';
import { lines, png, wav } from './support.ts';
import { example, parquet, tar, tfRecords } from './writers.ts';

/** A sound dataset of a format with files replaced, added or (undefined) taken away, and the problem that this makes. */
export interface Broken {
  readonly what: string;
  readonly format: string;
  readonly change: Readonly<Record<string, string | Uint8Array | undefined>>;
  readonly code: string;
  readonly row?: number;
  /** Of the problem, relative to the root. */
  readonly file?: string;
}

const TRAIN = 'train_manifest.json';
const nemo = (...rows: unknown[]): Files => ({ [TRAIN]: lines(...rows) });
const good = { audio_filepath: 'audio/a.wav', duration: 1, text: 'one' };
const cocoWith = (change: (document: Record<string, Record<string, unknown>[]>) => void): Files => {
  const name = 'annotations/instances_train.json';
  const document = JSON.parse(String(MADE.coco?.files[name])) as Record<string, Record<string, unknown>[]>;
  change(document);
  return { [name]: JSON.stringify(document) };
};
const vocWith = (from: string | RegExp, to: string): Files => ({ 'Annotations/000001.xml': String(MADE.voc?.files['Annotations/000001.xml']).replace(from, to) });
const turn = (from: string, value: string): object => ({ from, value });
const talk = (more: object, ...turns: object[]): Files => ({ 'train.json': JSON.stringify([{ id: 'z', conversations: [turn('human', 'Hello'), turn('gpt', 'Hello.')] }, { id: 'x', conversations: turns, ...more }]) });
const cut = (change: object): Files => ({ 'cuts.jsonl': lines({ ...(JSON.parse(String(MADE.lhotse?.files['cuts.jsonl'])) as object), ...change }) });
const record = tfRecords([example({ text: 'one' })]);

export const BROKEN: readonly Broken[] = [
  { what: 'duration that differs from the header', format: 'nemo', change: nemo(good, { ...good, audio_filepath: 'audio/b.wav', duration: 3.2 }), code: 'nemo/duration-mismatch', row: 2, file: TRAIN },
  { what: 'segment behind the end', format: 'nemo', change: nemo({ ...good, offset: 0.5 }), code: 'nemo/beyond-end', row: 1 },
  { what: 'duration as a text', format: 'nemo', change: nemo(good, { audio_filepath: 'audio/b.wav', duration: '2', text: 'x' }), code: 'nemo/duration-invalid', row: 2 },
  { what: 'an array instead of lines', format: 'nemo', change: { [TRAIN]: JSON.stringify([good]) }, code: 'nemo/array' },
  { what: 'missing file', format: 'nemo', change: nemo(good, { ...good, audio_filepath: 'audio/x.wav' }), code: 'row/path-missing', row: 2 },
  { what: 'name in upper case', format: 'nemo', change: nemo({ ...good, audio_filepath: 'audio/A.wav' }), code: 'row/path-case', row: 1 },
  { what: 'backslashes', format: 'nemo', change: nemo({ ...good, audio_filepath: 'audio\\a.wav' }), code: 'row/path-backslash', row: 1 },
  { what: 'row twice', format: 'nemo', change: nemo(good, good), code: 'row/duplicate', row: 2 },
  { what: 'row that is no JSON', format: 'nemo', change: nemo(good, '{"audio_filepath": '), code: 'row/unreadable', row: 2 },
  { what: 'empty line', format: 'nemo', change: nemo(good, '', { ...good, audio_filepath: 'audio/b.wav', duration: 2 }), code: 'row/blank', row: 2 },
  { what: 'byte order mark', format: 'nemo', change: { [TRAIN]: `\ufeff${lines(good)}` }, code: 'table/byte-order-mark' },
  { what: 'line ends of two kinds', format: 'nemo', change: { [TRAIN]: `${JSON.stringify(good)}\r\n${lines({ ...good, audio_filepath: 'audio/b.wav', duration: 2 }, { ...good, audio_filepath: 'audio/b.wav', duration: 1, offset: 1 })}` }, code: 'table/line-ends' },
  { what: 'empty text', format: 'nemo', change: nemo({ ...good, text: ' ' }), code: 'row/text-empty', row: 1 },
  { what: 'replacement characters', format: 'nemo', change: nemo({ ...good, text: 'caf\ufffd' }), code: 'row/text-characters', row: 1 },
  { what: 'misspelt key', format: 'nemo', change: nemo(good, { audio_filepaht: 'audio/a.wav', duration: 1, text: 'x' }), code: 'row/key-missing', row: 2 },
  { what: 'metadata of two kinds', format: 'imagefolder', change: { 'test/metadata.jsonl': undefined, 'test/metadata.csv': 'file_name,text\nc.png,a bird\n' }, code: 'hf/metadata-mixed' },
  { what: 'no file_name', format: 'imagefolder', change: { 'test/metadata.jsonl': lines({ image: 'c.png', text: 'a bird' }) }, code: 'hf/file-name-key', file: 'test/metadata.jsonl' },
  { what: 'metadata under another name', format: 'imagefolder', change: { 'test/metadata1000.jsonl': lines({ file_name: 'c.png' }) }, code: 'hf/metadata-name', file: 'test/metadata1000.jsonl' },
  { what: 'file in no row', format: 'imagefolder', change: { 'train/extra.png': png(4, 4, 9) }, code: 'hf/unlisted', file: 'train/extra.png' },
  { what: 'columns that differ', format: 'imagefolder', change: { 'test/metadata.jsonl': lines({ file_name: 'c.png', caption: 'x' }) }, code: 'hf/columns-differ' },
  { what: 'split without metadata', format: 'imagefolder', change: { 'validation/d.png': png(4, 4, 8) }, code: 'hf/metadata-partial', file: 'validation' },
  { what: 'type that changes', format: 'imagefolder', change: { 'train/metadata.jsonl': lines({ file_name: 'a.png', text: 'a cat' }, { file_name: 'sub/b.png', text: 7 }) }, code: 'row/type', row: 2 },
  { what: 'cell too many', format: 'audiofolder', change: { 'metadata.csv': 'file_name,transcription\ndata/a.wav,one, two\ndata/b.wav,three\n' }, code: 'row/cells', row: 1 },
  { what: 'unsorted file', format: 'kaldi', change: { 'data/train/text': lines('spk1-b TWO', 'spk1-a ONE', 'spk2-a THREE') }, code: 'kaldi/unsorted', row: 2, file: 'data/train/text' },
  { what: 'id twice', format: 'kaldi', change: { 'data/train/utt2spk': lines('spk1-a spk1', 'spk1-a spk1', 'spk1-b spk1', 'spk2-a spk2') }, code: 'kaldi/duplicate-id', row: 2 },
  { what: 'id in one file alone', format: 'kaldi', change: { 'data/train/text': lines('spk1-a ONE', 'spk2-a THREE') }, code: 'kaldi/id-missing', row: 2, file: 'data/train/segments' },
  { what: 'segment that ends before it starts', format: 'kaldi', change: { 'data/train/segments': lines('spk1-a rec1 1.00 0.50', 'spk1-b rec1 1.00 2.00', 'spk2-a rec2 0.00 0.50') }, code: 'kaldi/segment-times', row: 1 },
  { what: 'segment behind the end', format: 'kaldi', change: { 'data/train/segments': lines('spk1-a rec1 0.00 1.00', 'spk1-b rec1 1.00 2.50', 'spk2-a rec2 0.00 0.50') }, code: 'kaldi/segment-beyond-end', row: 2 },
  { what: 'command without a pipe', format: 'kaldi', change: { 'data/train/wav.scp': lines('rec1 wav/rec1.wav', 'rec2 sox wav/rec2.wav -t wav -') }, code: 'kaldi/pipe-missing', row: 2 },
  { what: 'tab', format: 'kaldi', change: { 'data/train/utt2spk': lines('spk1-a\tspk1', 'spk1-b spk1', 'spk2-a spk2') }, code: 'kaldi/tab', row: 1 },
  { what: 'clip without .mp3', format: 'common-voice', change: { 'test.tsv': lines('client_id\tpath\tsentence', 'c3\tc\tPerhaps.') }, code: 'common-voice/clip-extension', row: 1 },
  { what: 'old header', format: 'common-voice', change: { 'test.tsv': lines('client_id\tpath\tsentence\taccent', 'c3\tc.mp3\tPerhaps.\tus') }, code: 'common-voice/old-header' },
  { what: 'tab in a sentence', format: 'common-voice', change: { 'test.tsv': lines('client_id\tpath\tsentence', 'c3\tc.mp3\tPer\thaps.') }, code: 'row/cells', row: 1 },
  { what: 'open quotation mark', format: 'common-voice', change: { 'test.tsv': lines('client_id\tpath\tsentence', 'c3\tc.mp3\t"Perhaps.') }, code: 'common-voice/quotes', row: 1 },
  { what: 'header row', format: 'ljspeech', change: { 'metadata.csv': lines('id|text|normalized', 'LJ001-0001|One|one') }, code: 'ljspeech/header', row: 1 },
  { what: 'two cells', format: 'ljspeech', change: { 'metadata.csv': lines('LJ001-0001|One|one', 'LJ001-0002|Two') }, code: 'ljspeech/columns', row: 2 },
  { what: 'id with .wav', format: 'ljspeech', change: { 'metadata.csv': lines('LJ001-0001|One|one', 'LJ001-0002.wav|Two|two') }, code: 'ljspeech/id-extension', row: 2 },
  { what: 'stray quotation mark', format: 'ljspeech', change: { 'metadata.csv': lines('LJ001-0001|"One|one', 'LJ001-0002|Two|two') }, code: 'ljspeech/quote', row: 1 },
  { what: 'comma as separator', format: 'ljspeech', change: { 'metadata.csv': lines('LJ001-0001,One,one', 'LJ001-0002,Two,two') }, code: 'ljspeech/separator', row: 1 },
  { what: 'recording without a line', format: 'librispeech', change: { 'train-clean-5/19/198/19-198-0002.flac': wav(1, { seed: 5 }) }, code: 'librispeech/transcript-missing' },
  { what: 'line without a recording', format: 'librispeech', change: { 'train-clean-5/19/198/19-198-0001.flac': undefined }, code: 'librispeech/audio-missing', row: 2 },
  { what: 'unknown image', format: 'coco', change: cocoWith(({ annotations }) => Object.assign(annotations?.[1] ?? {}, { image_id: 99 })), code: 'coco/image-dangling', row: 2 },
  { what: 'unknown category', format: 'coco', change: cocoWith(({ annotations }) => Object.assign(annotations?.[0] ?? {}, { category_id: 99 })), code: 'coco/category-dangling', row: 1 },
  { what: 'annotation id twice', format: 'coco', change: cocoWith(({ annotations }) => Object.assign(annotations?.[1] ?? {}, { id: 1 })), code: 'coco/duplicate-id', row: 2 },
  { what: 'corners instead of width and height', format: 'coco', change: cocoWith(({ annotations }) => Object.assign(annotations?.[0] ?? {}, { bbox: [10, 4, 18, 9] })), code: 'coco/box-corners', row: 1 },
  { what: 'box without area', format: 'coco', change: cocoWith(({ annotations }) => Object.assign(annotations?.[0] ?? {}, { bbox: [10, 4, 0, 9] })), code: 'coco/box-empty', row: 1 },
  { what: 'size of another picture', format: 'coco', change: cocoWith(({ images }) => Object.assign(images?.[0] ?? {}, { width: 32, height: 24 })), code: 'coco/size-mismatch', row: 1 },
  { what: 'outline of five numbers', format: 'coco', change: cocoWith(({ annotations }) => Object.assign(annotations?.[0] ?? {}, { segmentation: [[1, 2, 3, 4, 5]] })), code: 'coco/polygon', row: 1 },
  { what: 'run lengths that do not add up', format: 'coco', change: cocoWith(({ annotations }) => Object.assign(annotations?.[0] ?? {}, { segmentation: { counts: [3, 4], size: [10, 20] } })), code: 'coco/rle', row: 1 },
  { what: 'document cut short', format: 'coco', change: { 'annotations/instances_train.json': String(MADE.coco?.files['annotations/instances_train.json']).slice(0, -60) }, code: 'table/broken-off' },
  { what: 'pixels instead of fractions', format: 'yolo', change: { 'labels/train/a.txt': '1 10 5 4 4\n' }, code: 'yolo/coordinates', row: 1, file: 'labels/train/a.txt' },
  { what: 'class that has no name', format: 'yolo', change: { 'labels/train/a.txt': lines('0 0.5 0.5 0.2 0.4', '7 0.5 0.5 0.2 0.4') }, code: 'yolo/class', row: 2 },
  { what: 'nc that is another', format: 'yolo', change: { 'data.yaml': 'train: images/train\nval: images/val\nnc: 3\nnames: [cat, dog]\n' }, code: 'yolo/names' },
  { what: 'label without a picture', format: 'yolo', change: { 'labels/train/z.txt': '0 0.5 0.5 0.2 0.4\n' }, code: 'yolo/orphan-label', file: 'labels/train/z.txt' },
  { what: 'line twice', format: 'yolo', change: { 'labels/train/a.txt': lines('0 0.5 0.5 0.2 0.4', '0 0.5 0.5 0.2 0.4') }, code: 'yolo/duplicate-line', row: 2 },
  { what: 'boxes and polygons', format: 'yolo', change: { 'labels/train/a.txt': lines('0 0.5 0.5 0.2 0.4', '0 0.1 0.1 0.2 0.2 0.3 0.1') }, code: 'yolo/mixed' },
  { what: 'line that is none', format: 'yolo', change: { 'labels/train/a.txt': 'cat 0.5 0.5\n' }, code: 'yolo/line', row: 1 },
  { what: 'folder that is missing', format: 'yolo', change: { 'data.yaml': 'train: images/train\nval: images/val\ntest: images/none\nnames: [cat, dog]\n' }, code: 'yolo/folder-missing' },
  { what: 'box the wrong way round', format: 'voc', change: vocWith('<xmax>12</xmax>', '<xmax>1</xmax>'), code: 'voc/box-empty' },
  { what: 'box outside', format: 'voc', change: vocWith('<xmax>12</xmax>', '<xmax>40</xmax>'), code: 'voc/box-outside' },
  { what: 'size of 0', format: 'voc', change: vocWith('<width>20</width>', '<width>0</width>'), code: 'voc/size' },
  { what: 'other file name', format: 'voc', change: vocWith('000001.jpg', '000009.jpg'), code: 'voc/filename' },
  { what: 'XML that does not close', format: 'voc', change: vocWith('</annotation>', ''), code: 'voc/xml' },
  { what: 'list with an id too many', format: 'voc', change: { 'ImageSets/Main/train.txt': lines('000001', '000002') }, code: 'voc/list', row: 2 },
  { what: 'frame without its label', format: 'kitti', change: { 'training/image_2/000001.png': png(4, 4, 3), 'training/calib/000001.txt': 'P0: 1\n', 'training/velodyne/000001.bin': Buffer.alloc(16) }, code: 'kitti/part-missing', file: 'training/image_2/000001.png' },
  { what: 'points that are cut', format: 'kitti', change: { 'training/velodyne/000000.bin': Buffer.alloc(33) }, code: 'kitti/velodyne-size' },
  { what: 'label with too few fields', format: 'kitti', change: { 'training/label_2/000000.txt': 'Car 0 0 1\n' }, code: 'kitti/columns', row: 1 },
  { what: 'picture without a caption', format: 'pairs', change: { '10_cat/c.png': png(8, 8, 5) }, code: 'pairs/caption-missing', file: '10_cat/c.png' },
  { what: 'caption without a picture', format: 'pairs', change: { '10_cat/c.txt': 'x' }, code: 'pairs/caption-orphan', file: '10_cat/c.txt' },
  { what: 'empty caption', format: 'pairs', change: { '10_cat/b.txt': '\n' }, code: 'pairs/caption-empty', file: '10_cat/b.txt' },
  { what: 'members apart', format: 'webdataset', change: { 'train-000001.tar': tar([['c.png', 'x'], ['d.png', 'x'], ['c.txt', 'y'], ['d.txt', 'y']]) }, code: 'webdataset/not-adjacent', file: 'train-000001.tar' },
  { what: 'field twice', format: 'webdataset', change: { 'train-000001.tar': tar([['c.png', 'x'], ['c.txt', 'y'], ['c.TXT', 'z']]) }, code: 'webdataset/duplicate-field' },
  { what: 'field that is missing', format: 'webdataset', change: { 'train-000001.tar': tar([['c.png', 'x'], ['c.txt', 'y'], ['d.png', 'x'], ['d.txt', 'y'], ['e.png', 'x']]) }, code: 'webdataset/field-missing' },
  { what: 'dots in names', format: 'webdataset', change: { 'train-000001.tar': tar([['v1.2_c.png', 'x'], ['v1.2_d.png', 'x']]) }, code: 'webdataset/dots' },
  { what: 'key in two shards', format: 'webdataset', change: { 'train-000001.tar': tar([['a.png', 'x'], ['a.txt', 'y']]) }, code: 'webdataset/same-key' },
  { what: 'what macOS leaves', format: 'webdataset', change: { 'train-000001.tar': tar([['._c.png', 'x'], ['c.png', 'x'], ['c.txt', 'y']]) }, code: 'webdataset/foreign' },
  { what: 'tar cut short', format: 'webdataset', change: { 'train-000001.tar': tar([['c.png', png(64, 64)], ['c.txt', 'y']]).subarray(0, 1200) }, code: 'tar/truncated' },
  { what: 'tar without its end', format: 'webdataset', change: { 'train-000001.tar': tar([['c.png', 'x'], ['c.txt', 'y']], 0) }, code: 'tar/no-end' },
  { what: 'shard with another count', format: 'img2dataset', change: { '00000.parquet': parquet([{ name: 'key', data: ['0', '1'], type: 'STRING' }, { name: 'status', data: ['success', 'success'], type: 'STRING' }]) }, code: 'img2dataset/count', file: '00000.tar' },
  { what: 'shard that was not finished', format: 'img2dataset', change: { '00000_stats.json': undefined }, code: 'img2dataset/stats-missing' },
  { what: 'table without a shard', format: 'img2dataset', change: { '00001_stats.json': '{}' }, code: 'img2dataset/tar-missing' },
  { what: 'placeholder too many', format: 'conversations', change: talk({ image: 'a.png' }, turn('human', '<image><image> two?'), turn('gpt', 'No.')), code: 'conversation/placeholders', row: 2 },
  { what: 'media without a placeholder', format: 'conversations', change: talk({ image: 'a.png' }, turn('human', 'what?'), turn('gpt', 'No.')), code: 'conversation/media-unused', row: 2 },
  { what: 'roles in a row', format: 'conversations', change: talk({}, turn('human', 'a'), turn('human', 'b'), turn('gpt', 'c')), code: 'conversation/roles', row: 2 },
  { what: 'model that begins', format: 'conversations', change: talk({}, turn('gpt', 'a'), turn('human', 'b')), code: 'conversation/roles', row: 2 },
  { what: 'empty answer', format: 'conversations', change: talk({}, turn('human', 'a'), turn('gpt', '')), code: 'conversation/empty-turn', row: 2 },
  { what: 'placeholder in an answer', format: 'conversations', change: talk({ image: 'a.png' }, turn('human', 'draw'), turn('gpt', '<image>')), code: 'conversation/placeholder-in-answer', row: 2 },
  { what: 'text instead of a list', format: 'conversations', change: talk({ images: 'a.png' }, turn('human', '<image>'), turn('gpt', 'x')), code: 'conversation/media-type', row: 2 },
  { what: 'turns that are none', format: 'conversations', change: { 'train.json': JSON.stringify([{ id: 'z', conversations: [turn('human', 'a'), turn('gpt', 'b')] }, { id: 'x', conversations: 'a' }]) }, code: 'conversation/form', row: 2 },
  { what: 'samples that do not make the duration', format: 'lhotse', change: { 'recordings.jsonl': lines({ id: 'r1', sources: [{ type: 'file', channels: [0], source: 'audio/a.wav' }], sampling_rate: 8000, num_samples: 8000, duration: 2 }) }, code: 'lhotse/duration', row: 1 },
  { what: 'supervision outside', format: 'lhotse', change: cut({ supervisions: [{ id: 's1', recording_id: 'r1', start: 1.5, duration: 3, text: 'x' }] }), code: 'lhotse/supervision-outside', row: 1 },
  { what: 'cut behind the end', format: 'lhotse', change: cut({ start: 1 }), code: 'lhotse/cut-outside', row: 1 },
  { what: 'unknown recording', format: 'lhotse', change: { 'supervisions.jsonl': lines({ id: 's9', recording_id: 'r9', start: 0, duration: 1, channel: 0, text: 'x' }) }, code: 'lhotse/recording-dangling', row: 1 },
  { what: 'version of another layout', format: 'lerobot-v2', change: { 'meta/info.json': leRobotInfo('v3.0', { data_path: 'data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet' }) }, code: 'lerobot/version' },
  { what: 'totals that differ', format: 'lerobot-v2', change: { 'meta/info.json': leRobotInfo('v2.1', { total_episodes: 3 }) }, code: 'lerobot/totals' },
  { what: 'episode without data', format: 'lerobot-v2', change: { 'data/chunk-000/episode_000001.parquet': undefined }, code: 'lerobot/data-missing', row: 2 },
  { what: 'episode with other frames', format: 'lerobot-v2', change: { 'data/chunk-000/episode_000001.parquet': frames([1, 1, 1]) }, code: 'lerobot/length', row: 2 },
  { what: 'stale index', format: 'lerobot-v3', change: { 'data/chunk-000/file-000.parquet': frames([0, 0, 0]) }, code: 'lerobot/index', row: 2 },
  { what: 'timestamps off', format: 'lerobot-v2', change: { 'data/chunk-000/episode_000001.parquet': frames([1, 1], 0.2) }, code: 'lerobot/timestamps', row: 2, file: 'data/chunk-000/episode_000001.parquet' },
  { what: 'feature without a column', format: 'lerobot-v2', change: { 'meta/info.json': leRobotInfo('v2.1', { features: { action: { dtype: 'float32', shape: [6] } } }) }, code: 'lerobot/feature-missing' },
  { what: 'feature of another shape', format: 'lerobot-v2', change: { 'meta/info.json': leRobotInfo('v2.1', { features: { timestamp: { dtype: 'float32', shape: [2] } } }) }, code: 'lerobot/feature' },
  { what: 'episode without a video', format: 'lerobot-v2', change: { 'meta/info.json': leRobotInfo('v2.1', { features: { cam: { dtype: 'video', shape: [3, 4, 4] } } }) }, code: 'lerobot/video-missing', row: 1 },
  { what: 'record cut short', format: 'tfrecord', change: { 'train.tfrecord-00000-of-00001': Buffer.concat([record, record.subarray(0, -3)]) }, code: 'tfrecord/truncated', row: 2 },
  { what: 'record with a flipped bit', format: 'tfrecord', change: { 'train.tfrecord-00000-of-00001': flipped(record, 16) }, code: 'tfrecord/checksum', row: 1 },
  { what: 'missing shard', format: 'tfrecord', change: { 'train.tfrecord-00000-of-00001': undefined, 'train.tfrecord-00000-of-00002': record }, code: 'tfrecord/shard-missing' },
  { what: 'MCAP without a footer', format: 'rosbag', change: { 'bag_0.mcap': mcap(2).subarray(0, -37) }, code: 'mcap/no-footer' },
  { what: 'count that differs', format: 'rosbag', change: { 'bag_0.mcap': mcap(5) }, code: 'rosbag/count', file: 'metadata.yaml' },
  { what: 'bag that is missing', format: 'rosbag', change: { 'bag_0.mcap': undefined }, code: 'rosbag/file-missing' },
  { what: 'pointer instead of a bag', format: 'rosbag', change: { 'bag_0.mcap': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n' }, code: 'rosbag/not-a-bag' },
  { what: 'mask whose run lengths as a text do not fill its size', format: 'coco', change: cocoWith(({ annotations }) => Object.assign(annotations?.[0] ?? {}, { segmentation: { counts: 'Q3a2', size: [10, 20] } })), code: 'coco/rle', row: 1 },
  { what: 'mask of another size than its picture', format: 'coco', change: cocoWith(({ annotations }) => Object.assign(annotations?.[0] ?? {}, { segmentation: { counts: [6], size: [2, 3] } })), code: 'coco/rle', row: 1 },
  { what: 'listed picture that is missing', format: 'yolo', change: { 'data.yaml': 'train: train.txt\nval: images/val\nnames: [cat, dog]\n', 'train.txt': './images/train/a.png\n./images/train/gone.png\n' }, code: 'yolo/list-missing', row: 2, file: 'train.txt' },
  { what: 'label beside a listed picture', format: 'yolo', change: { 'data.yaml': 'train: train.txt\nval: images/val\nnames: [cat]\n', 'train.txt': 'images/train/a.png\n' }, code: 'yolo/class', row: 1, file: 'labels/train/a.txt' },
  { what: 'shard that is missing', format: 'nemo', change: { ...packed(['a.wav']), [TRAIN]: lines({ ...good, audio_filepath: 'a.wav', shard_id: 0 }, { ...good, audio_filepath: 'b.wav', shard_id: 1 }) }, code: 'nemo/shard-missing', row: 2, file: TRAIN },
  { what: 'sound that is not in its shard', format: 'nemo', change: { ...packed(['a.wav']), [TRAIN]: lines({ ...good, audio_filepath: 'a-sub1.wav', shard_id: 0 }, { ...good, audio_filepath: 'b.wav', shard_id: 0 }) }, code: 'nemo/shard-member', row: 2, file: TRAIN },
  { what: 'sound of a shard in no row', format: 'nemo', change: { ...packed(['a.wav', 'b.wav']), [TRAIN]: lines({ ...good, audio_filepath: 'a.wav', shard_id: 0 }) }, code: 'nemo/shard-unlisted', file: 'audio_0.tar' },
  { what: 'table that is missing', format: 'nuscenes', change: { 'v1.0-mini/category.json': undefined }, code: 'nuscenes/table-missing', file: 'v1.0-mini' },
  { what: 'token that leads nowhere', format: 'nuscenes', change: nuscenesFiles({ calibrated_sensor: [{ token: 'c0', sensor_token: 'camera' }, { token: 'c1', sensor_token: 'radar' }] }), code: 'nuscenes/token-dangling', row: 2, file: 'v1.0-mini/calibrated_sensor.json' },
  { what: 'token twice', format: 'nuscenes', change: nuscenesFiles({ ego_pose: [{ token: 'p' }, { token: 'p' }] }), code: 'nuscenes/duplicate-token', row: 2 },
  { what: 'recording that is missing', format: 'nuscenes', change: { 'samples/CAM_FRONT/s2.png': undefined }, code: 'nuscenes/file-missing', row: 3, file: 'v1.0-mini/sample_data.json' },
  { what: 'points that are cut', format: 'nuscenes', change: { 'samples/LIDAR_TOP/s2.pcd.bin': Buffer.alloc(33) }, code: 'nuscenes/lidar-size', file: 'samples/LIDAR_TOP/s2.pcd.bin' },
  { what: 'missing file of a table', format: 'table', change: { 'list.csv': 'id,path,label\nx,clips/a.wav,yes\ny,clips/none.wav,no\n' }, code: 'row/path-missing', row: 2 },
];

/** Some sounds in the first shard. */
function packed(names: readonly string[]): Files {
  return { 'audio_0.tar': tar(names.map((name) => [name, 'x'])) };
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
