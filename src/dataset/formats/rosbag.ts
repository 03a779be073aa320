import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { sniff } from '../../media/sniff.ts';
import { DatasetError } from '../datasetError.ts';
import { createFolderLook } from '../folderLook.ts';
import type { DatasetFormat, FolderLook } from '../format.ts';
import { checkMcap } from './mcapRecords.ts';
import { topicGaps } from './topicGaps.ts';
import { CheckRun } from './support/checkRun.ts';
import { createDataset } from './support/createDataset.ts';
import type { Draft } from './support/createDataset.ts';
import { absolute, findFiles, plural } from './support/manifests.ts';
import { openFile } from './support/openBytes.ts';
import type { RowValue } from './support/rows.ts';

const BAG = /\.(?:mcap|db3|bag)$/i;
const METADATA = /(?:^|[/_])metadata\.yaml$/;
const CONTAINERS = new Set(['mcap', 'sqlite', 'rosbag']);

/** Recordings of robots: rosbag2 folders, MCAP files, bags of ROS 1. A sample is a file of them. */
export const rosbag: DatasetFormat = {
  id: 'rosbag',
  title: 'ROS bags and MCAP',
  recognise(look) {
    const files = bagsOf(look);
    const [metadata] = metadataOf(look);
    if (files.length === 0 && metadata === undefined) {
      return undefined;
    }
    const isOurs = files.some((path) => CONTAINERS.has(containerOf(look, path)));
    return { score: metadata !== undefined ? 0.95 : isOurs ? 0.9 : 0.5, reasons: [metadata?.path ?? `${plural(files.length, 'recording')}, ${files[0]}`] };
  },
  async open(root) {
    const look = createFolderLook(root);
    const files = bagsOf(look);
    const metadata = metadataOf(look);
    if (files.length === 0 && metadata.length === 0) {
      throw new DatasetError('unknown', `${root} holds no recordings`);
    }
    const drafts = files.map((path): Draft => {
      const about = metadata.find(({ path: other, files: names }) => dirname(other) === dirname(path) && names.includes(basename(path)));
      return {
        id: path,
        media: [{ role: 'recording', kind: 'sensor', place: { file: absolute(look, path) } }],
        labels: about?.topics.map(({ name }) => name) ?? [],
        ...(about?.seconds !== undefined && about.files.length === 1 && { statedDuration: about.seconds }),
      };
    });
    return createDataset({
      format: rosbag.id,
      parts: [
        {
          count: drafts.length,
          at: async (index) => drafts[index],
          async *read(from) {
            yield* drafts.slice(from);
          },
        },
      ],
      async check(tell, checkSignal, full) {
        const run = await CheckRun.start(tell, checkSignal);
        const counts = new Map<string, number>();
        for (const path of files) {
          const messages = await checkBag(run, look, path, full);
          if (messages !== undefined) {
            counts.set(path, messages);
          }
          if (path.endsWith('.db3') && !metadata.some((other) => dirname(other.path) === dirname(path))) {
            run.say({ file: absolute(look, path) }, { code: 'rosbag/metadata-missing', message: `${basename(path)} has no metadata.yaml beside it.` });
          }
        }
        metadata.forEach((about) => checkMetadata(run, look, about, counts));
      },
    });
  },
};

function bagsOf(look: FolderLook): string[] {
  return findFiles(look, BAG, 2);
}

function containerOf(look: FolderLook, path: string): string {
  const head = look.head(path, 64);
  return head === undefined ? 'unknown' : sniff(head, head.length).container;
}

interface Metadata {
  readonly path: string;
  readonly files: readonly string[];
  readonly seconds: number | undefined;
  readonly messages: number | undefined;
  readonly topics: readonly { readonly name: string; readonly messages: number }[];
}

function metadataOf(look: FolderLook): Metadata[] {
  return findFiles(look, METADATA, 2).flatMap((path) => {
    try {
      const document = parse(look.head(path, 2 ** 20)?.toString('utf8') ?? '', { maxAliasCount: 100 }) as { readonly rosbag2_bagfile_information?: RowValue } | null;
      const about = document?.rosbag2_bagfile_information;
      return typeof about === 'object' && about !== null ? [readMetadata(path, about)] : [];
    } catch {
      return [];
    }
  });
}

function readMetadata(path: string, about: RowValue): Metadata {
  const files = Array.isArray(about.relative_file_paths) ? about.relative_file_paths.map(String) : [];
  const nanoseconds = (about.duration as { readonly nanoseconds?: unknown } | undefined)?.nanoseconds;
  const topics = Array.isArray(about.topics_with_message_count) ? (about.topics_with_message_count as RowValue[]) : [];
  return {
    path,
    files,
    seconds: typeof nanoseconds === 'number' ? nanoseconds / 1e9 : undefined,
    messages: typeof about.message_count === 'number' ? about.message_count : undefined,
    topics: topics.flatMap((topic) => {
      const name = (topic?.topic_metadata as RowValue | undefined)?.name;
      return typeof name === 'string' ? [{ name, messages: Number(topic.message_count) }] : [];
    }),
  };
}

/** What is wrong with one file; gives its count of messages where it is known. */
async function checkBag(run: CheckRun, look: FolderLook, path: string, full: boolean): Promise<number | undefined> {
  const file = absolute(look, path);
  const container = containerOf(look, path);
  const wanted = path.endsWith('.mcap') ? 'mcap' : path.endsWith('.db3') ? 'sqlite' : 'rosbag';
  if (container !== wanted) {
    run.say({ file }, { code: 'rosbag/not-a-bag', message: `${basename(path)} is ${container === 'gitLfsPointer' ? 'a Git LFS pointer' : container} by its content.` });
    return undefined;
  }
  if (wanted === 'rosbag') {
    // The header's record states where the index begins; a recorder that crashed has left it at 0.
    const head = look.head(path, 4096) ?? Buffer.alloc(0);
    const field = head.indexOf('index_pos=');
    if (field >= 0 && field + 18 <= head.length && head.readBigUInt64LE(field + 10) === 0n) {
      run.say({ file }, { code: 'rosbag/not-indexed', message: `${basename(path)} has no index.` });
      return undefined;
    }
  }
  run.say({ file }, ...(await topicGaps(file, run.signal)));
  if (wanted !== 'mcap') {
    return undefined;
  }
  const { source, close } = openFile(file);
  try {
    const { findings, messages } = await checkMcap(source, full, run.signal);
    run.say({ file }, ...findings);
    return messages;
  } finally {
    close();
  }
}

function checkMetadata(run: CheckRun, look: FolderLook, { path, files, messages }: Metadata, counts: ReadonlyMap<string, number>): void {
  const file = absolute(look, path);
  const folder = dirname(path) === '.' ? '' : `${dirname(path)}/`;
  for (const name of files) {
    const bag = join(dirname(file), name);
    if (!run.presence.isFile(bag)) {
      run.say({ file }, { code: 'rosbag/file-missing', key: 'relative_file_paths', message: `${name} is not there.`, related: bag });
    }
  }
  const known = files.map((name) => counts.get(`${folder}${name}`));
  const sum = known.reduce<number>((total, count) => total + (count ?? 0), 0);
  if (messages !== undefined && known.length > 0 && known.every((count) => count !== undefined) && sum !== messages) {
    run.say({ file }, { code: 'rosbag/count', key: 'message_count', message: `message_count is ${messages}, the files have ${sum} messages.` });
  }
}
