import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { checkKittiLine } from '../../media/rules/boxes.ts';
import { DatasetError } from '../datasetError.ts';
import { createFolderLook } from '../folderLook.ts';
import type { DatasetFormat, FolderLook } from '../format.ts';
import { CheckRun } from './support/checkRun.ts';
import { createDataset } from './support/createDataset.ts';
import type { Draft, Part } from './support/createDataset.ts';
import { FileTree } from './support/fileTree.ts';
import { stemOf } from '../../media/names.ts';
import { PresenceByListing } from '../../media/presence.ts';
import { filledLines, readSmall } from './support/smallFiles.ts';

/** A frame's parts: folder, extension, and whether it is looked at or through. */
const PARTS = [
  { folder: 'image_2', extensions: ['png', 'jpg'], kind: 'image' },
  { folder: 'image_3', extensions: ['png', 'jpg'], kind: 'image' },
  { folder: 'velodyne', extensions: ['bin'], kind: 'sensor' },
] as const;
const BESIDE = [...PARTS.map(({ folder }) => folder), 'label_2', 'calib'] as const;

/** KITTI's object benchmark: frames by number, a folder for each of their parts. */
export const kitti: DatasetFormat = {
  id: 'kitti',
  title: 'KITTI',
  recognise(look) {
    const [set] = setsOf(look);
    return set === undefined ? undefined : { score: 0.95, reasons: [`${set.folders.join(', ')}${set.folder === '' ? '' : ` in ${set.folder}`}`] };
  },
  async open(root, { signal } = {}) {
    const sets = setsOf(createFolderLook(root));
    if (sets.length === 0) {
      throw new DatasetError('unknown', `${root} holds no label_2, calib and image_2 or velodyne`);
    }
    const opened = await Promise.all(
      sets.map(async (set) => {
        const folder = join(root, set.folder);
        const leader = PARTS.find((part) => set.folders.includes(part.folder)) ?? PARTS[0];
        return { ...set, folder, name: set.folder, leader, tree: await FileTree.read(join(folder, leader.folder), { takes: (path) => (leader.extensions as readonly string[]).includes(path.slice(path.lastIndexOf('.') + 1)), signal }) };
      }),
    );
    return createDataset({
      format: kitti.id,
      parts: opened.map(partOf),
      splits: opened.flatMap(({ name }) => (name === '' ? [] : [name])),
      async annotations(file) {
        const label = join(dirname(dirname(file)), 'label_2', `${stemOf(file)}.txt`);
        return basename(dirname(file)) !== 'image_2' ? [] : filledLines(readSmall(label) ?? '').flatMap(({ line }) => drawn(line) ?? []);
      },
      async check(tell, checkSignal) {
        const run = await CheckRun.start(tell, checkSignal);
        for (const set of opened) {
          for (const { path } of set.tree.from()) {
            await run.breathe();
            checkFrame(run, set, path);
          }
        }
      },
    });
  },
};

interface FrameSet {
  /** Relative to the root; empty where the parts are in the root itself. */
  readonly folder: string;
  readonly folders: readonly string[];
}

function setsOf(look: FolderLook): FrameSet[] {
  return ['', 'training', 'testing'].flatMap((folder) => {
    const present = look.list(folder).folders;
    const folders = BESIDE.filter((name) => present.includes(name));
    const isSet = (folders.includes('image_2') || folders.includes('velodyne')) && (folders.includes('label_2') || folders.includes('calib'));
    return isSet ? [{ folder, folders }] : [];
  });
}

interface OpenSet extends FrameSet {
  readonly name: string;
  readonly tree: FileTree;
  readonly leader: (typeof PARTS)[number];
}

function partOf(set: OpenSet): Part {
  const presence = new PresenceByListing();
  const draftOf = (path: string): Draft => {
    const frame = stemOf(path);
    const media = PARTS.filter(({ folder }) => set.folders.includes(folder)).flatMap(({ folder, extensions, kind }) => {
      const file = extensions.map((extension) => join(set.folder, folder, `${frame}.${extension}`)).find((candidate) => presence.isFile(candidate));
      return file === undefined ? [] : [{ role: folder, kind, place: { file } }];
    });
    const label = join(set.folder, 'label_2', `${frame}.txt`);
    const text = readSmall(label);
    const types = filledLines(text ?? '').map(({ line }) => line.trim().split(/\s+/)[0] ?? '');
    return {
      id: set.name === '' ? frame : `${set.name}/${frame}`,
      media,
      labels: [...new Set(types)].filter((type) => type !== 'DontCare'),
      ...(set.name !== '' && { split: set.name }),
      ...(text !== undefined && { source: { file: label, row: 1 } }),
    };
  };
  return {
    count: set.tree.count,
    async at(index) {
      const path = set.tree.at(index);
      return path === undefined ? undefined : draftOf(path);
    },
    async *read(from) {
      for (const { path } of set.tree.from(from)) {
        yield draftOf(path);
      }
    },
  };
}

function drawn(line: string): { readonly label: string; readonly score?: number; readonly box: readonly [number, number, number, number] } | undefined {
  const [label = '', ...fields] = line.trim().split(/\s+/);
  const [left = NaN, top = NaN, right = NaN, bottom = NaN] = fields.slice(3).map(Number);
  const score = Number(fields[14]);
  return Number.isFinite(left + top + right + bottom) ? { label, box: [left, top, right - left, bottom - top], ...(Number.isFinite(score) && { score }) } : undefined;
}

function checkFrame(run: CheckRun, set: OpenSet, path: string): void {
  const frame = stemOf(path);
  const file = join(set.folder, set.leader.folder, path);
  for (const folder of set.folders.filter((name) => name !== set.leader.folder)) {
    const extensions = PARTS.find((part) => part.folder === folder)?.extensions ?? ['txt'];
    if (!extensions.some((extension) => run.presence.isFile(join(set.folder, folder, `${frame}.${extension}`)))) {
      run.say({ file }, { code: 'kitti/part-missing', message: `Frame ${frame} has nothing in ${folder}.`, related: join(set.folder, folder, `${frame}.${extensions[0]}`) });
    }
  }
  const label = join(set.folder, 'label_2', `${frame}.txt`);
  for (const { row, line } of filledLines(readSmall(label) ?? '')) {
    run.say({ file: label, row }, ...checkKittiLine(line));
  }
  const cloud = join(set.folder, 'velodyne', `${frame}.bin`);
  const size = sizeOf(cloud);
  if (size !== undefined && size % 16 !== 0) {
    run.say({ file: cloud }, { code: 'kitti/velodyne-size', message: `${basename(cloud)} has ${size} bytes, which is no multiple of 16.` });
  }
}

function sizeOf(file: string): number | undefined {
  try {
    return statSync(file).size;
  } catch {
    return undefined;
  }
}
