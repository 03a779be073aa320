import { join } from 'node:path';
import { DatasetError } from '../datasetError.ts';
import { createFolderLook } from '../folderLook.ts';
import type { DatasetFormat, FolderLook } from '../format.ts';
import { CheckRun } from './support/checkRun.ts';
import { createDataset } from './support/createDataset.ts';
import { groupedPart } from './support/groups.ts';
import { openRows } from './support/rows.ts';
import { shardGroup } from './support/shards.ts';
import { checkShard } from './webDataset.ts';

/** img2dataset and video2dataset: numbered tars, with a table and a stats file of each. */
export const imageShards: DatasetFormat = {
  id: 'img2dataset',
  title: 'img2dataset or video2dataset shards',
  recognise(look) {
    const numbers = shardsOf(look);
    const tables = numbers.filter(({ parquet, stats }) => parquet || stats);
    return tables.length === 0 ? undefined : { score: 0.96, reasons: [`${tables[0]?.number}.tar with its ${tables[0]?.stats ? '_stats.json' : '.parquet'}`, `${numbers.length} shards`] };
  },
  async open(root, { signal } = {}) {
    const numbers = shardsOf(createFolderLook(root));
    if (numbers.length === 0) {
      throw new DatasetError('unknown', `${root} holds no numbered shards with tables`);
    }
    const groups = [];
    for (const { number } of numbers.filter(({ tar }) => tar)) {
      groups.push(await shardGroup(join(root, `${number}.tar`), {}, signal));
    }
    return createDataset({
      format: imageShards.id,
      parts: [groupedPart(groups)],
      async check(tell, checkSignal) {
        const run = await CheckRun.start(tell, checkSignal);
        for (const shard of numbers) {
          await checkNumbered(run, root, shard);
        }
      },
    });
  },
};

interface Shard {
  readonly number: string;
  readonly tar: boolean;
  readonly parquet: boolean;
  readonly stats: boolean;
}

function shardsOf(look: FolderLook): Shard[] {
  const { files } = look.isFile ? { files: [] } : look.list('');
  const numbers = [...new Set(files.flatMap((name) => /^(\d{4,})(?:\.tar|\.parquet|_stats\.json)$/.exec(name)?.[1] ?? []))];
  const present = new Set(files);
  const shards = numbers.map((number) => ({ number, tar: present.has(`${number}.tar`), parquet: present.has(`${number}.parquet`), stats: present.has(`${number}_stats.json`) }));
  return shards.some(({ tar }) => tar) ? shards : [];
}

async function checkNumbered(run: CheckRun, root: string, { number, tar, parquet, stats }: Shard): Promise<void> {
  const file = join(root, `${number}.tar`);
  const table = join(root, `${number}.parquet`);
  if (!tar) {
    run.say({ file: parquet ? table : join(root, `${number}_stats.json`) }, { code: 'img2dataset/tar-missing', message: `${number}.tar is not there.`, related: file });
    return;
  }
  if (!stats) {
    run.say({ file }, { code: 'img2dataset/stats-missing', message: `${number}_stats.json is not there.` });
  }
  const samples = await checkShard(run, file, () => undefined);
  if (!parquet) {
    return;
  }
  try {
    const rows = await openRows(table, { signal: run.signal });
    let successes = 0;
    for await (const { value } of rows.read(0, run.signal)) {
      successes += value?.status === 'success' || value?.status === undefined ? 1 : 0;
    }
    rows.close();
    if (successes !== samples) {
      run.say({ file }, { code: 'img2dataset/count', message: `The tar has ${samples} samples, ${number}.parquet ${successes} rows with status success.`, related: table });
    }
  } catch (error) {
    run.signal?.throwIfAborted();
    run.say({ file: table }, { code: 'table/broken-off', message: `${number}.parquet cannot be read: ${(error as Error).message}` });
  }
}
