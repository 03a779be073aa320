import { isNumbers } from '../../../media/rules/boxes.ts';
import type { Annotation } from '../../sample.ts';
import { idOf } from '../support/manifests.ts';
import type { RowValue } from '../support/rows.ts';
import type { CocoCategory } from './document.ts';

/** What is drawn of an annotation; nothing of a caption. Run-length masks are drawn by their box. */
export function drawnAnnotation({ bbox, segmentation, keypoints, score, category_id: id }: RowValue, category: CocoCategory | undefined): Annotation | undefined {
  const [left = 0, top = 0, width = 0, height = 0] = isNumbers(bbox) ? bbox : [];
  const polygons = Array.isArray(segmentation) ? segmentation.filter((outline) => isNumbers(outline) && outline.length >= 6) : [];
  const points = isNumbers(keypoints) ? keypointsOf(keypoints, category?.keypoints ?? []) : [];
  if (!isNumbers(bbox) && polygons.length + points.length === 0) {
    return undefined;
  }
  return {
    label: category?.name ?? `category ${idOf(id)}`,
    ...(typeof score === 'number' && { score }),
    ...(isNumbers(bbox) && { box: [left, top, width, height] }),
    ...(polygons.length > 0 && { polygons: polygons as readonly number[][] }),
    ...(points.length > 0 && { keypoints: points }),
  };
}

/** x, y and visibility in turn; 0 stands for a point that was not annotated. */
function keypointsOf(numbers: readonly number[], names: readonly string[]): NonNullable<Annotation['keypoints']>[number][] {
  const points: NonNullable<Annotation['keypoints']>[number][] = [];
  for (let at = 0; at + 2 < numbers.length; at += 3) {
    const [x = 0, y = 0, visibility = 0] = numbers.slice(at, at + 3);
    const name = names[at / 3];
    if (visibility > 0) {
      points.push({ x, y, visible: visibility > 1, ...(name !== undefined && { name }) });
    }
  }
  return points;
}
