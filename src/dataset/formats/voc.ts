import { basename, dirname, join } from 'node:path';
import { createTextHash } from '../../base/hash.ts';
import { checkStatedSize, checkVocBox } from '../../media/rules/boxes.ts';
import { DatasetError } from '../datasetError.ts';
import { createFolderLook } from '../folderLook.ts';
import type { DatasetFormat, FolderLook } from '../format.ts';
import { CheckRun, Seen } from './support/checkRun.ts';
import { createDataset, distinct } from './support/createDataset.ts';
import type { Draft } from './support/createDataset.ts';
import { FileTree } from './support/fileTree.ts';
import { findFiles } from './support/manifests.ts';
import { PresenceByListing } from '../../media/presence.ts';
import { filledLines, pictureSize, readSmall } from './support/smallFiles.ts';
import type { VocAnnotation } from './vocXml.ts';
import { readVocXml } from './vocXml.ts';

const PICTURES = ['JPEGImages', 'images', 'Images', ''];
const EXTENSIONS = ['jpg', 'jpeg', 'png', 'JPG', 'JPEG', 'bmp', 'webp'];
/** Lists of ImageSets that are splits; the rest is one list a class. */
const SPLITS = ['train', 'val', 'test', 'trainval'];

/** Pascal VOC: an XML a picture. */
export const voc: DatasetFormat = {
  id: 'voc',
  title: 'Pascal VOC',
  recognise(look) {
    const [first] = annotationsOf(look);
    return first === undefined ? undefined : { score: first.startsWith('Annotations/') || first.includes('/Annotations/') ? 0.95 : 0.8, reasons: [`${first} with the element annotation`] };
  },
  async open(root, { signal } = {}) {
    const look = createFolderLook(root);
    const [first] = annotationsOf(look);
    if (first === undefined) {
      throw new DatasetError('unknown', `${root} holds no annotations of Pascal VOC`);
    }
    const folder = dirname(first) === '.' ? '' : dirname(first);
    const base = join(root, folder, ...(basename(folder) === 'Annotations' ? ['..'] : []));
    const tree = await FileTree.read(join(root, folder), { takes: (path) => path.endsWith('.xml'), signal });
    const pictures = new Pictures(base, join(root, folder));
    const lists = await readLists(base);
    const draftOf = (path: string): Draft => {
      const file = join(root, folder, path);
      const id = path.replace(/\.xml$/, '');
      const annotation = readVocXml(readSmall(file) ?? '');
      const split = lists.splitOf(id);
      return {
        id,
        media: [{ role: 'image', kind: 'image', place: { file: pictures.of(id, annotation) ?? join(base, 'JPEGImages', `${id}.jpg`) } }],
        labels: [...new Set(annotation.objects.map(({ name }) => name))],
        ...(split !== undefined && { split }),
        source: { file, row: 1 },
      };
    };
    return createDataset({
      format: voc.id,
      parts: [
        {
          count: tree.count,
          async at(index) {
            const path = tree.at(index);
            return path === undefined ? undefined : draftOf(path);
          },
          async *read(from) {
            for (const { path } of tree.from(from)) {
              yield draftOf(path);
            }
          },
        },
      ],
      splits: distinct(lists.names),
      async annotations(file) {
        const id = basename(file).replace(/\.\w+$/, '');
        const { objects } = readVocXml(readSmall(join(root, folder, `${id}.xml`)) ?? '');
        // Pixels are counted from 1.
        return objects.map(({ name, left, top, right, bottom }) => ({ label: name, box: [left - 1, top - 1, right - left, bottom - top] as const }));
      },
      async check(tell, checkSignal) {
        const run = await CheckRun.start(tell, checkSignal);
        for (const { path } of tree.from()) {
          await run.breathe();
          await checkAnnotation(run, join(root, folder, path), pictures);
        }
        for (const { name, ids } of lists.all) {
          const file = join(base, 'ImageSets', 'Main', `${name}.txt`);
          for (const { row, id } of ids()) {
            await run.breathe();
            if (!run.presence.isFile(join(root, folder, `${id}.xml`))) {
              run.say({ file, row }, { code: 'voc/list', message: `${id} has no ${id}.xml.`, related: join(root, folder, `${id}.xml`) });
            }
          }
        }
      },
    });
  },
};

function annotationsOf(look: FolderLook): string[] {
  if (look.isFile) {
    return [];
  }
  const candidates = findFiles(look, /\.xml$/i, 2);
  const found = candidates.slice(0, 50).find((path) => /<annotation\b/.test(look.head(path, 2048)?.toString('utf8') ?? ''));
  return found === undefined ? [] : [found];
}

class Pictures {
  private readonly presence = new PresenceByListing();

  constructor(
    private readonly base: string,
    private readonly beside: string,
  ) {}

  of(id: string, { filename }: VocAnnotation): string | undefined {
    const names = [...EXTENSIONS.map((extension) => `${id}.${extension}`), ...(filename === undefined || filename.includes('\0') ? [] : [basename(filename)])];
    const folders = [...PICTURES.map((name) => join(this.base, name)), this.beside];
    return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => this.presence.isFile(path));
  }
}

interface Lists {
  readonly names: readonly string[];
  readonly all: readonly { readonly name: string; readonly ids: () => Iterable<{ readonly row: number; readonly id: string }> }[];
  splitOf(id: string): string | undefined;
}

async function readLists(base: string): Promise<Lists> {
  const hash = await createTextHash();
  const all = SPLITS.flatMap((name) => {
    const content = readSmall(join(base, 'ImageSets', 'Main', `${name}.txt`));
    const ids = (): { row: number; id: string }[] => filledLines(content ?? '').map(({ row, line }) => ({ row, id: line.trim().split(/\s+/)[0] ?? '' }));
    return content === undefined ? [] : [{ name, ids }];
  });
  const members = new Seen(hash);
  for (const [number, { ids }] of all.entries()) {
    for (const { id } of ids()) {
      members.meet(id, number);
    }
  }
  return {
    names: all.map(({ name }) => name).filter((name) => name !== 'trainval' || all.length === 1),
    all,
    splitOf(id) {
      const number = members.numberOf(id);
      return number === undefined ? undefined : all[number]?.name;
    },
  };
}

async function checkAnnotation(run: CheckRun, file: string, pictures: Pictures): Promise<void> {
  const annotation = readVocXml(readSmall(file) ?? '');
  const id = basename(file, '.xml');
  if (annotation.problem !== undefined) {
    run.say({ file }, { code: 'voc/xml', message: `${basename(file)} does not parse: ${annotation.problem}.` });
    return;
  }
  const { filename, size, objects } = annotation;
  if (filename !== undefined && basename(filename).replace(/\.\w+$/, '') !== id) {
    run.say({ file }, { code: 'voc/filename', key: 'filename', message: `filename is ${filename}, the annotation ${basename(file)}.` });
  }
  if (size === undefined || !(size.width > 0 && size.height > 0)) {
    run.say({ file }, { code: 'voc/size', key: 'size', message: size === undefined ? 'No size is stated.' : `The size is ${size.width}x${size.height}.` });
  }
  const picture = pictures.of(id, annotation);
  if (picture === undefined) {
    run.say({ file }, { code: 'voc/picture-missing', message: `There is no picture ${filename ?? `${id}.jpg`}.` });
  }
  const real = picture === undefined ? undefined : pictureSize(await run.facts(picture));
  if (size !== undefined && size.width > 0 && size.height > 0 && real !== undefined) {
    run.say({ file }, ...checkStatedSize(size, real, { mismatch: 'voc/size-mismatch', turned: 'voc/size-mismatch' }));
  }
  for (const box of objects) {
    run.say({ file }, ...checkVocBox(box, size));
  }
}
