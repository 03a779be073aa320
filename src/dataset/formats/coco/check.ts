import { checkCategoryIds, checkCocoBox, checkCocoSegmentation, checkStatedSize } from '../../../media/rules/boxes.ts';
import { checkTableForm } from '../../../media/rules/row.ts';
import type { CheckRun } from '../support/checkRun.ts';
import { Seen } from '../support/checkRun.ts';
import { idOf, text } from '../support/manifests.ts';
import type { RowValue } from '../support/rows.ts';
import { pictureSize } from '../support/smallFiles.ts';
import type { CocoDocument } from './document.ts';

export async function checkCoco(run: CheckRun, document: CocoDocument): Promise<void> {
  const { file, arrays } = document;
  run.say({ file }, ...checkTableForm(arrays));
  for (const key of ['images', 'annotations'].filter((name) => !arrays.arrays.has(name))) {
    run.say({ file }, { code: 'coco/document', key, message: `There is no array ${key}.` });
  }
  checkCategories(run, document);
  await checkImages(run, document);
  await checkAnnotations(run, document);
}

function checkCategories(run: CheckRun, document: CocoDocument): void {
  const { file, arrays } = document;
  const ids = Array.from({ length: arrays.arrays.get('categories')?.count ?? 0 }, (_, index) => document.element('categories', index)?.id);
  const seen = new Map<string, number>();
  for (const [index, id] of ids.entries()) {
    const before = seen.get(idOf(id));
    if (before !== undefined) {
      run.say({ file, row: index + 1 }, { code: 'coco/duplicate-id', key: 'categories', message: `The category id ${idOf(id)} stands in category ${before} already.` });
    }
    seen.set(idOf(id), index + 1);
  }
  run.say({ file }, ...checkCategoryIds(ids));
}

async function checkImages(run: CheckRun, document: CocoDocument): Promise<void> {
  const { file, folder } = document;
  const seen = new Seen(run.hash);
  for (let index = 0; index < document.imageCount; index++) {
    await run.breathe();
    const at = { file, row: index + 1 };
    const image = document.image(index);
    if (image === undefined) {
      run.say(at, { code: 'row/unreadable', key: 'images', message: `Image ${index + 1} is no JSON object.` });
      continue;
    }
    const id = idOf(image.id);
    const before = seen.meet(id, index + 1);
    if (before !== undefined) {
      run.say(at, { code: 'coco/duplicate-id', key: 'images', message: `The image id ${id} stands in image ${before} already.` });
    }
    const name = text(image.file_name);
    if (name === undefined || name === '') {
      run.say(at, { code: 'row/key-missing', key: 'file_name', message: 'The image has no file_name.' });
      continue;
    }
    const path = run.path(at, 'file_name', name, folder);
    const stated = sizeOf(image);
    const picture = path === undefined || stated === undefined ? undefined : pictureSize(await run.facts(path));
    if (stated !== undefined && picture !== undefined) {
      run.say(at, ...checkStatedSize(stated, picture, { mismatch: 'coco/size-mismatch', turned: 'coco/size-turned' }));
    }
  }
}

async function checkAnnotations(run: CheckRun, document: CocoDocument): Promise<void> {
  const { file, categories } = document;
  const seen = new Seen(run.hash);
  for (let index = 0; index < document.annotationCount; index++) {
    await run.breathe();
    const at = { file, row: index + 1 };
    const annotation = document.annotation(index);
    if (annotation === undefined) {
      run.say(at, { code: 'row/unreadable', key: 'annotations', message: `Annotation ${index + 1} is no JSON object.` });
      continue;
    }
    const { id, image_id: imageId, category_id: categoryId, bbox, segmentation } = annotation;
    const before = id === undefined ? undefined : seen.meet(idOf(id), index + 1);
    if (before !== undefined) {
      run.say(at, { code: 'coco/duplicate-id', key: 'annotations', message: `The annotation id ${idOf(id)} stands in annotation ${before} already.` });
    }
    const image = document.imageIds.get(document.hash(idOf(imageId)));
    if (image === undefined) {
      run.say(at, { code: 'coco/image-dangling', key: 'image_id', message: `image_id ${idOf(imageId)} is the id of no image.` });
    }
    if (categoryId !== undefined && !categories.has(idOf(categoryId))) {
      run.say(at, { code: 'coco/category-dangling', key: 'category_id', message: `category_id ${idOf(categoryId)} is the id of no category.` });
    }
    const size = image === undefined ? undefined : sizeOf(document.image(image) ?? {});
    if (bbox !== undefined) {
      run.say(at, ...checkCocoBox(bbox, size));
    }
    run.say(at, ...checkCocoSegmentation(segmentation, size));
  }
}

function sizeOf({ width, height }: RowValue): { readonly width: number; readonly height: number } | undefined {
  return typeof width === 'number' && typeof height === 'number' ? { width, height } : undefined;
}
