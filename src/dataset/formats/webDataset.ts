import { basename, dirname } from 'node:path';
import { checkShardFields, memberOf, ShardOrder } from '../../media/rules/shards.ts';
import { bytesInMemory } from '../../media/byteSource.ts';
import { DatasetError } from '../datasetError.ts';
import { createFolderLook } from '../folderLook.ts';
import type { DatasetFormat, FolderLook } from '../format.ts';
import { CheckRun, Seen } from './support/checkRun.ts';
import { createDataset, distinct } from './support/createDataset.ts';
import { groupedPart } from './support/groups.ts';
import { absolute, findFiles, plural, splitOfManifest } from './support/manifests.ts';
import { eachMember, isForeign, shardGroup, tarEndFindings } from './support/shards.ts';

export const TAR = /\.(?:tar|tar\.gz|tgz)$/i;

/** webdataset: tars whose members belong together by the name up to the first dot. */
export const webDataset: DatasetFormat = {
  id: 'webdataset',
  title: 'WebDataset shards',
  recognise(look) {
    const shards = findFiles(look, TAR);
    const [first] = shards;
    if (first === undefined) {
      return undefined;
    }
    const fields = fieldsOf(look, first);
    const isShar = look.list('').files.some((name) => /^cuts\.\d+\.jsonl/.test(name));
    return fields === undefined ? undefined : { score: isShar ? 0.4 : 0.9, reasons: [`${plural(shards.length, 'shard')}, ${first} with ${fields}`] };
  },
  async open(root, { signal } = {}) {
    const look = createFolderLook(root);
    const paths = findFiles(look, TAR);
    if (paths.length === 0) {
      throw new DatasetError('unknown', `${root} holds no tar`);
    }
    const shards = paths.map((path) => ({ file: absolute(look, path), split: splitOfManifest(look, path), prefix: paths.length > 1 ? `${path.replace(TAR, '')}/` : '' }));
    const groups = [];
    for (const { file, ...options } of shards) {
      groups.push(await shardGroup(file, options, signal));
    }
    return createDataset({
      format: webDataset.id,
      parts: [groupedPart(groups)],
      splits: distinct(shards.map(({ split }) => split)),
      async check(tell, checkSignal) {
        const run = await CheckRun.start(tell, checkSignal);
        const seen = new Seen(run.hash);
        for (const [number, { file, split = '' }] of shards.entries()) {
          await checkShard(run, file, (key) => {
            const before = seen.meet(`${split}\0${key}`, number);
            const other = before === undefined || before === number ? undefined : shards[before];
            if (other !== undefined) {
              run.say({ file }, { code: 'webdataset/same-key', key, message: `${key} is in ${basename(other.file)} too.`, related: other.file });
            }
          });
        }
      },
    });
  },
};

/** Fields of the first members, in words; undefined where the names make no samples. */
function fieldsOf(look: FolderLook, path: string): string | undefined {
  const head = look.head(path, 2 ** 20);
  if (head === undefined) {
    return undefined;
  }
  if (head[0] === 0x1f && head[1] === 0x8b) {
    return 'gzip';
  }
  const fields = new Set<string>();
  const source = bytesInMemory(head);
  for (let offset = 0; offset + 512 <= source.size && fields.size < 8; ) {
    const header = source.read(offset, 512);
    const name = header.toString('utf8', 0, 100).replace(/\0[^]*$/, '');
    const size = parseInt(header.toString('latin1', 124, 136), 8);
    if (name === '' || Number.isNaN(size)) {
      break;
    }
    const field = isForeign(name) ? undefined : memberOf(name)?.field;
    if (field !== undefined) {
      fields.add(field);
    }
    offset += 512 + Math.ceil(size / 512) * 512;
  }
  return fields.size === 0 ? undefined : `the fields ${[...fields].join(', ')}`;
}

export async function checkShard(run: CheckRun, file: string, meet: (key: string) => void): Promise<number> {
  const order = new ShardOrder();
  const foreign: string[] = [];
  let key: string | undefined;
  const end = await eachMember(
    file,
    run.signal,
    (member) => {
      run.say({ file }, ...order.take(member));
      if (member.key !== key) {
        key = member.key;
        meet(key);
      }
    },
    (entry) => {
      if (basename(entry.name).startsWith('._') || entry.name.startsWith('__MACOSX/')) {
        foreign.push(entry.name);
      }
    },
  );
  order.finish();
  run.say({ file }, ...tarEndFindings(end), ...checkShardFields(order));
  const [first] = foreign;
  if (first !== undefined) {
    run.say({ file }, { code: 'webdataset/foreign', message: `${plural(foreign.length, 'member')} of ${basename(dirname(file))}/${basename(file)} such as ${first}.` });
  }
  return order.samples.length;
}
