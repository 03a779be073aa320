import { basename, dirname, join } from 'node:path';
import { checkYoloLine } from '../../media/rules/boxes.ts';
import { DatasetError } from '../datasetError.ts';
import { createFolderLook } from '../folderLook.ts';
import type { DatasetFormat, FolderLook } from '../format.ts';
import type { Annotation } from '../sample.ts';
import { CheckRun } from './support/checkRun.ts';
import { createDataset, distinct } from './support/createDataset.ts';
import type { Draft, Part } from './support/createDataset.ts';
import { extensionOf, kindByName, stemOf } from '../../media/names.ts';
import { MediaFacts } from '../../media/mediaFacts.ts';
import { MediaError } from '../../media/mediaError.ts';
import { filledLines, pictureSize, readSmall } from './support/smallFiles.ts';
import type { YoloSet } from './yoloSet.ts';
import { findYolo, labelOf } from './yoloSet.ts';
import type { YoloPictures } from './yoloPictures.ts';
import { openPictures } from './yoloPictures.ts';

/** Ultralytics' YOLO: `images/…/x.jpg`, `labels/…/x.txt` and a data.yaml. */
export const yolo: DatasetFormat = {
  id: 'yolo',
  title: 'YOLO',
  recognise(look) {
    const found = findYolo(look);
    if (found === undefined) {
      return undefined;
    }
    return found.yaml === undefined ? { score: 0.65, reasons: ['images and labels side by side'] } : { score: 0.95, reasons: [`${found.yaml} with ${found.names.length} names and ${found.sets.map(({ split }) => split).join(', ')}`] };
  },
  async open(root, { signal } = {}) {
    const look = createFolderLook(root);
    const found = findYolo(look);
    if (found === undefined) {
      throw new DatasetError('unknown', `${root} holds no data.yaml and no images and labels side by side`);
    }
    const splits = await Promise.all(found.sets.map(async (set) => ({ set, pictures: await openPictures(set, found.base, signal) })));
    const media = new MediaFacts();
    return createDataset({
      format: yolo.id,
      parts: splits.map(({ set, pictures }) => partOf(set, pictures, found.names, topOf(look))),
      splits: distinct(splits.map(({ set }) => set.split)),
      async annotations(file) {
        const facts = await media.of(file);
        const size = facts instanceof MediaError ? undefined : pictureSize(facts);
        const text = readSmall(labelOf(file));
        return size === undefined || text === undefined ? [] : filledLines(text).flatMap(({ line }) => drawn(line, found.names, size, found.pose) ?? []);
      },
      async check(tell, checkSignal) {
        const run = await CheckRun.start(tell, checkSignal);
        if (found.yaml !== undefined && found.count !== undefined && found.count !== found.names.length) {
          run.say({ file: join(topOf(look), found.yaml) }, { code: 'yolo/names', key: 'nc', message: `nc is ${found.count}, and there are ${found.names.length} names.` });
        }
        for (const missing of found.missing) {
          run.say({ file: join(topOf(look), found.yaml ?? '') }, { code: 'yolo/folder-missing', key: missing.split, message: `${missing.split} names ${missing.value}, which is not there.` });
        }
        for (const { set, pictures } of splits) {
          await checkSet(run, set, pictures, found);
        }
      },
    });
  },
};

function topOf(look: FolderLook): string {
  return look.isFile ? dirname(look.root) : look.root;
}

function partOf(set: YoloSet, pictures: YoloPictures, names: readonly string[], top: string): Part {
  const draftOf = (file: string): Draft => {
    const label = labelOf(file);
    const text = readSmall(label);
    const classes = filledLines(text ?? '').map(({ line }) => Number(line.trim().split(/\s+/)[0]));
    return {
      id: file.startsWith(`${top}/`) ? file.slice(top.length + 1) : file,
      media: [{ role: 'image', kind: 'image', place: { file } }],
      labels: [...new Set(classes.filter(Number.isInteger))].sort((a, b) => a - b).map((cls) => names[cls] ?? `class ${cls}`),
      ...(set.split !== undefined && { split: set.split }),
      ...(text !== undefined && { source: { file: label, row: 1 } }),
    };
  };
  return {
    count: pictures.count,
    async at(index) {
      const file = pictures.at(index);
      return file === undefined ? undefined : draftOf(file);
    },
    async *read(from) {
      for (const { file } of pictures.from(from)) {
        yield draftOf(file);
      }
    },
    close: () => pictures.close(),
  };
}

type Size = { readonly width: number; readonly height: number };

/** What a label line draws; nothing where it is no such line. */
function drawn(line: string, names: readonly string[], { width, height }: Size, pose: readonly [number, number] | undefined): Annotation | undefined {
  const [cls = NaN, ...numbers] = line.trim().split(/\s+/).map(Number);
  if (!Number.isInteger(cls) || numbers.length < 4 || numbers.some((number) => !Number.isFinite(number))) {
    return undefined;
  }
  const label = names[cls] ?? `class ${cls}`;
  if (numbers.length !== 4 && pose === undefined) {
    return { label, polygons: [numbers.map((number, index) => number * (index % 2 === 0 ? width : height))] };
  }
  const [x = 0, y = 0, w = 0, h = 0, ...points] = numbers;
  const [count, dimensions] = pose ?? [0, 2];
  const keypoints = Array.from({ length: Math.min(count, Math.floor(points.length / dimensions)) }, (_, number) => {
    const [px = 0, py = 0, visible = 2] = points.slice(number * dimensions, (number + 1) * dimensions);
    return { x: px * width, y: py * height, visible: visible > 0 };
  });
  return { label, box: [(x - w / 2) * width, (y - h / 2) * height, w * width, h * height], ...(keypoints.length > 0 && { keypoints }) };
}

async function checkSet(run: CheckRun, set: YoloSet, pictures: YoloPictures, { names, yaml, pose }: NonNullable<ReturnType<typeof findYolo>>): Promise<void> {
  const classes = yaml === undefined ? undefined : names.length;
  for (const { file, row: listed } of pictures.from(0)) {
    await run.breathe();
    if (set.list && !run.presence.isFile(file)) {
      run.say({ file: set.place, row: listed }, { code: 'yolo/list-missing', message: `${file} is not there.`, related: file });
      continue;
    }
    const label = labelOf(file);
    const text = readSmall(label);
    if (text === undefined) {
      run.say({ file }, { code: 'yolo/no-label', message: `${basename(file)} has no label file.`, related: label });
      continue;
    }
    const seen = new Set<string>();
    const kinds = new Set<string>();
    for (const { row, line } of filledLines(text)) {
      const at = { file: label, row };
      run.say(at, ...checkYoloLine(line, { classes, pose: pose && pose[0] * pose[1] }));
      if (seen.has(line.trim())) {
        run.say(at, { code: 'yolo/duplicate-line', message: `${line.trim()} stands in the file twice.` });
      }
      seen.add(line.trim());
      kinds.add(line.trim().split(/\s+/).length === 5 ? 'boxes' : 'polygons');
    }
    if (kinds.size > 1 && pose === undefined) {
      run.say({ file: label }, { code: 'yolo/mixed', message: 'The file has lines of boxes and lines of polygons.' });
    }
  }
  for (const folder of pictures.folders) {
    const labels = dirname(labelOf(join(folder, 'x.jpg')));
    const stems = new Set(run.presence.filesIn(folder).filter((name) => kindByName(name) === 'image').map(stemOf));
    for (const name of labels === folder ? [] : run.presence.filesIn(labels)) {
      if (extensionOf(name) === 'txt' && name !== 'classes.txt' && !stems.has(stemOf(name))) {
        run.say({ file: join(labels, name) }, { code: 'yolo/orphan-label', message: `${name} has no picture in ${folder}.` });
      }
    }
  }
}
