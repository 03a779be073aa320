import { dirname, join } from 'node:path';
import { checkNemoRow } from '../../media/rules/nemo.ts';
import { checkKeys, checkText } from '../../media/rules/row.ts';
import { DatasetError } from '../datasetError.ts';
import { createFolderLook } from '../folderLook.ts';
import type { DatasetFormat, FolderLook } from '../format.ts';
import type { SampleMedium } from '../sample.ts';
import { memberNameOf, NemoShards, ShardRows } from './nemoShards.ts';
import { CheckRun, Seen } from './support/checkRun.ts';
import { createDataset, distinct } from './support/createDataset.ts';
import type { Draft } from './support/createDataset.ts';
import { absolute, findFiles, firstObjects, manifestPart, mediumAt, splitOfManifest, text, word } from './support/manifests.ts';
import type { Rows, RowValue } from './support/rows.ts';
import { openRows } from './support/rows.ts';

const MANIFEST = /\.(?:json|jsonl)(?:\.gz)?$/i;
/** One file, or the pair of audio-to-audio manifests. */
const PATH_KEYS = ['audio_filepath', 'input_filepath', 'target_filepath'] as const;

/** NVIDIA NeMo's manifests: a JSON object a line, with paths relative to the manifest. */
export const nemo: DatasetFormat = {
  id: 'nemo',
  title: 'NeMo manifest',
  recognise(look) {
    const [first, ...others] = manifestsOf(look);
    return first === undefined ? undefined : { score: 0.95, reasons: [`${first} has ${keyOf(look, first)} in its rows`, ...(others.length > 0 ? [`${others.length} more such files`] : [])] };
  },
  async open(root, { signal } = {}) {
    const look = createFolderLook(root);
    const paths = manifestsOf(look);
    if (paths.length === 0) {
      throw new DatasetError('unknown', `${root} holds no NeMo manifest`);
    }
    const tables = await Promise.all(paths.map(async (path) => ({ prefix: paths.length > 1 ? `${path}: ` : '', rows: await openRows(absolute(look, path), { signal }), split: splitOfManifest(look, path), shards: new NemoShards(absolute(look, path)) })));
    return createDataset({
      format: nemo.id,
      parts: tables.map(({ rows, shards, ...options }) => manifestPart(rows, (value, { row }) => draftOf(rows, shards, value, row), options)),
      splits: distinct(tables.map(({ split }) => split)),
      async check(tell, checkSignal) {
        const run = await CheckRun.start(tell, checkSignal);
        for (const { rows, shards } of tables) {
          await checkManifest(run, rows, shards);
        }
      },
    });
  },
};

function manifestsOf(look: FolderLook): string[] {
  return findFiles(look, MANIFEST).filter((path) => keyOf(look, path) !== undefined);
}

/** The key by which a file is known to be such a manifest, in its lines or in an array that should have been lines. */
function keyOf(look: FolderLook, path: string): string | undefined {
  const [row] = firstObjects(look, path, 1);
  if (row !== undefined) {
    return PATH_KEYS.find((key) => key !== 'target_filepath' && Object.hasOwn(row, key));
  }
  const head = look.head(path, 2048)?.toString('utf8').trimStart() ?? '';
  return head.startsWith('[') && /^\[\s*\{[^{}]*"audio_filepath"/.test(head) ? 'audio_filepath' : undefined;
}

function draftOf(rows: Rows, shards: NemoShards, value: RowValue, row: number): Draft {
  const folder = dirname(rows.file);
  const { offset, duration, speaker } = value;
  const segment = typeof offset === 'number' && offset > 0 ? { start: offset, duration: typeof duration === 'number' ? duration : { absent: 'the manifest states no duration' } } : undefined;
  const packed = value.shard_id === undefined ? undefined : shardMedium(shards, value);
  const media = (packed ?? PATH_KEYS.flatMap((key) => mediaOf(key, value[key], folder))).map((medium) => ({ ...medium, ...(segment && { segment }) }));
  const words = text(value.text) ?? text(value.answer);
  const by = word(speaker);
  return {
    id: `${text(value.audio_filepath) ?? text(value.input_filepath) ?? 'row'}${segment === undefined ? '' : `@${segment.start}`}#${row}`,
    media,
    labels: [value.label, value.command].flatMap((label) => word(label) ?? []),
    ...(words !== undefined && { text: words }),
    ...(by !== undefined && { speaker: by }),
    ...(typeof duration === 'number' && { statedDuration: duration }),
  };
}

/** A row's sound in its tar; none where the tar is not there. */
function shardMedium(shards: NemoShards, { shard_id: shard, audio_filepath: path }: RowValue): SampleMedium[] {
  const file = shards.fileOf(shard);
  return file === undefined || typeof path !== 'string' ? [] : [{ role: 'audio_filepath', kind: 'audio', place: { file, member: memberNameOf(path) } }];
}

function mediaOf(key: string, value: unknown, folder: string): SampleMedium[] {
  return (Array.isArray(value) ? value : [value]).flatMap((path) => mediumAt(key, path, folder, 'audio'));
}

async function checkManifest(run: CheckRun, rows: Rows, shards: NemoShards): Promise<void> {
  const folder = dirname(rows.file);
  const seen = new Seen(run.hash);
  const packed = new ShardRows(run, shards);
  if (rows.form === 'json') {
    run.say({ file: rows.file }, { code: 'nemo/array', message: 'The whole file is one JSON array; NeMo reads one object a line.' });
  }
  await run.rows(rows, async ({ value, row }, at) => {
    const pair = value.input_filepath !== undefined;
    run.say(at, ...checkKeys(value, pair ? ['input_filepath', 'target_filepath'] : ['audio_filepath']), ...(pair ? [] : checkKeys(value, ['duration']).filter(() => value.duration === undefined)));
    const key = pair ? 'input_filepath' : 'audio_filepath';
    const named = value[key];
    if (typeof value.text === 'string') {
      run.say(at, ...checkText(value.text, 'text'));
    }
    const sharded = value.shard_id !== undefined;
    const path = typeof named === 'string' && !sharded ? run.path(at, key, named, folder) : undefined;
    if (sharded && typeof named === 'string') {
      await packed.take(at, value.shard_id, named);
    }
    run.say(at, ...checkNemoRow(value, path === undefined ? undefined : await run.duration(path)));
    if (typeof named === 'string') {
      const before = seen.meet(`${named}\0${typeof value.offset === 'number' ? value.offset : 0}`, row);
      if (before !== undefined) {
        run.say(at, { code: 'row/duplicate', key, message: `The same audio and offset stand in row ${before}.`, related: join(folder, named) });
      }
    }
  });
  await packed.finish();
}
