import { basename } from 'node:path';
import type { ByteSource } from '../../media/byteSource.ts';
import { DatasetError } from '../datasetError.ts';
import { createFolderLook } from '../folderLook.ts';
import type { DatasetFormat, FolderLook } from '../format.ts';
import { createBreather } from '../../base/breather.ts';
import { CheckRun } from './support/checkRun.ts';
import { maskedCrc32c } from './support/crc32c.ts';
import { createDataset, distinct } from './support/createDataset.ts';
import type { Draft, Part } from './support/createDataset.ts';
import { absolute, findFiles, plural, splitOfManifest } from './support/manifests.ts';
import type { OpenBytes } from './support/openBytes.ts';
import { openBytes, openFile } from './support/openBytes.ts';
import { readExample } from './tfExample.ts';

const NAME = /\.tfrecords?(?:\.gz)?(?:-\d+-of-\d+)?$|\.tfrecords?-\d+-of-\d+$/i;
const NUMBERED = /^(.*)-(\d{5,})-of-(\d{5,})((?:\.\w+)*)$/;
/** Length and its checksum before a record, the checksum of its bytes behind it. */
const BEFORE = 12;
const AFTER = 4;
/** Every so many records the place of one is kept. */
const STRIDE = 16;
const MAX_RECORD = 64 * 2 ** 20;
const TEXTS = ['text', 'caption', 'image/caption', 'sentence', 'inputs', 'transcript'];
const LABELS = ['label', 'image/class/label', 'image/class/text', 'image/object/class/text', 'class'];

/** TensorFlow's record files, and the examples in them. */
export const tfRecord: DatasetFormat = {
  id: 'tfrecord',
  title: 'TFRecord',
  recognise(look) {
    const paths = recordsOf(look);
    return paths[0] === undefined ? undefined : { score: 0.95, reasons: [`${plural(paths.length, 'file')} of records, ${paths[0]}`] };
  },
  async open(root, { signal } = {}) {
    const look = createFolderLook(root);
    const paths = recordsOf(look);
    if (paths.length === 0) {
      throw new DatasetError('unknown', `${root} holds no TFRecord files`);
    }
    const files: RecordFile[] = [];
    for (const path of paths) {
      const bytes = await openBytes(absolute(look, path), signal);
      files.push({ path, file: absolute(look, path), bytes, split: splitOfManifest(look, path), index: await indexRecords(bytes.source, signal) });
    }
    return createDataset({
      format: tfRecord.id,
      parts: files.map(({ path, file, bytes, index, split }) => partOf(path, file, bytes.source, index, split)),
      splits: distinct(files.map(({ split }) => split)),
      async check(tell, checkSignal) {
        const run = await CheckRun.start(tell, checkSignal);
        checkNumbers(run, files);
        for (const { file, bytes, index } of files) {
          await checkFile(run, file, bytes.source, index);
        }
      },
      close: () => files.forEach(({ bytes }) => bytes.close()),
    });
  },
};

function recordsOf(look: FolderLook): string[] {
  return findFiles(look, /tfrecord|-\d{5}-of-\d{5}/i).filter((path) => {
    const head = look.head(path, BEFORE);
    return NAME.test(path) || (NUMBERED.test(basename(path)) && head !== undefined && head.length === BEFORE && maskedCrc32c(head.subarray(0, 8)) === head.readUInt32LE(8));
  });
}

interface RecordFile {
  readonly path: string;
  readonly file: string;
  readonly bytes: OpenBytes;
  readonly split: string | undefined;
  readonly index: RecordIndex;
}

interface RecordIndex {
  readonly count: number;
  readonly places: Float64Array;
  /** Where the last record that is not whole begins. */
  readonly brokenAt: number | undefined;
}

async function indexRecords(source: ByteSource, signal: AbortSignal | undefined): Promise<RecordIndex> {
  const breathe = createBreather(signal);
  const places: number[] = [];
  let count = 0;
  let offset = 0;
  while (offset < source.size) {
    await breathe();
    const next = endOf(source, offset);
    if (next === undefined) {
      break;
    }
    if (count % STRIDE === 0) {
      places.push(offset);
    }
    count++;
    offset = next;
  }
  return { count, places: Float64Array.from(places), brokenAt: offset < source.size ? offset : undefined };
}

/** Behind the record at an offset; undefined where it is not whole, or its length has a wrong checksum. */
function endOf(source: ByteSource, offset: number): number | undefined {
  const head = source.read(offset, BEFORE);
  if (head.length < BEFORE || maskedCrc32c(head.subarray(0, 8)) !== head.readUInt32LE(8)) {
    return undefined;
  }
  const end = offset + BEFORE + Number(head.readBigUInt64LE(0)) + AFTER;
  return end <= source.size ? end : undefined;
}

function placeOf(source: ByteSource, { places, count }: RecordIndex, index: number): number | undefined {
  let offset = index >= 0 && index < count ? places[Math.floor(index / STRIDE)] : undefined;
  for (let step = index % STRIDE; step > 0 && offset !== undefined; step--) {
    offset = endOf(source, offset);
  }
  return offset;
}

function partOf(path: string, file: string, source: ByteSource, index: RecordIndex, split: string | undefined): Part {
  const draftOf = (number: number, offset: number): Draft => {
    const length = (endOf(source, offset) ?? offset) - offset - BEFORE - AFTER;
    const features = length > MAX_RECORD ? new Map<string, never>() : readExample(Buffer.from(source.read(offset + BEFORE, length)));
    const text = TEXTS.map((key) => features.get(key)?.[0]).find((value) => typeof value === 'string');
    return {
      id: `${path}#${number + 1}`,
      media: [],
      labels: LABELS.flatMap((key) => [...new Set(features.get(key) ?? [])].map(String)),
      ...(text !== undefined && { text }),
      ...(split !== undefined && { split }),
      source: { file, row: number + 1 },
    };
  };
  return {
    count: index.count,
    async at(number) {
      const offset = placeOf(source, index, number);
      return offset === undefined ? undefined : draftOf(number, offset);
    },
    async *read(from, signal) {
      let offset = placeOf(source, index, from);
      for (let number = from; offset !== undefined && number < index.count; number++) {
        signal?.throwIfAborted();
        yield draftOf(number, offset);
        offset = endOf(source, offset);
      }
    },
  };
}

function checkNumbers(run: CheckRun, files: readonly { readonly file: string }[]): void {
  const sets = new Map<string, { readonly file: string; readonly wanted: number; readonly numbers: Set<number> }>();
  for (const { file } of files) {
    const [, start, number, count, tail = ''] = NUMBERED.exec(file) ?? [];
    if (start !== undefined) {
      const key = `${start}-of-${count}${tail}`;
      const set = sets.get(key) ?? { file, wanted: Number(count), numbers: new Set<number>() };
      set.numbers.add(Number(number));
      sets.set(key, set);
    }
  }
  for (const { file, wanted, numbers } of sets.values()) {
    const missing = Array.from({ length: Math.min(wanted, 100_000) }, (_, number) => number).filter((number) => !numbers.has(number));
    if (missing.length > 0) {
      run.say({ file }, { code: 'tfrecord/shard-missing', message: `Of ${wanted} shards ${missing.length} are not there, the first is number ${missing[0]}.` });
    }
  }
}

async function checkFile(run: CheckRun, file: string, source: ByteSource, index: RecordIndex): Promise<void> {
  const { source: raw, close } = openFile(file);
  const packed = raw.read(0, 2);
  if (packed[0] === 0x1f && packed[1] === 0x8b && !/\.gz(?:ip)?(?:-|$)/i.test(file)) {
    run.say({ file }, { code: 'tfrecord/gzip', message: `${basename(file)} is packed with gzip.` });
  }
  close();
  let offset: number | undefined = 0;
  for (let number = 0; number < index.count && offset !== undefined; number++) {
    await run.breathe();
    const end: number | undefined = endOf(source, offset);
    if (end !== undefined && end - offset <= MAX_RECORD) {
      const bytes = source.read(offset + BEFORE, end - offset - BEFORE);
      if (bytes.length >= AFTER && maskedCrc32c(bytes.subarray(0, -AFTER)) !== bytes.readUInt32LE(bytes.length - AFTER)) {
        run.say({ file, row: number + 1 }, { code: 'tfrecord/checksum', message: `Record ${number + 1} has a wrong checksum.` });
      }
    }
    offset = end;
  }
  if (index.brokenAt !== undefined) {
    run.say({ file, row: index.count + 1 }, { code: 'tfrecord/truncated', message: `Record ${index.count + 1} at byte ${index.brokenAt} is not whole.` });
  }
}
