import { checkCocoSegmentation, checkStatedSize } from '../../../media/rules/boxes.ts';
import type { KeySpec, ManifestKind } from './kind.ts';
import { subjectOf, textOf, wordOf } from './kind.ts';

const KEYS: Readonly<Record<string, readonly KeySpec[]>> = {
  images: [
    { name: 'id', type: 'any', needed: true, help: 'What image_id of annotations names.' },
    { name: 'file_name', type: 'path', needed: true, help: 'The picture, relative to the folder of images.' },
    { name: 'width', type: 'number', needed: true, help: 'Pixels, as the file has them.' },
    { name: 'height', type: 'number', needed: true, help: 'Pixels, as the file has them.' },
    { name: 'license', type: 'any', help: 'Id of a licence.' },
    { name: 'coco_url', type: 'string', help: 'Where the picture came from.' },
    { name: 'flickr_url', type: 'string', help: 'Where the picture came from.' },
    { name: 'date_captured', type: 'any', help: 'When it was taken.' },
  ],
  annotations: [
    { name: 'id', type: 'any', needed: true, help: 'Once in the file.' },
    { name: 'image_id', type: 'any', needed: true, help: 'Id of an image.' },
    { name: 'category_id', type: 'any', help: 'Id of a category.' },
    { name: 'bbox', type: 'list', help: 'x, y, width, height in pixels.' },
    { name: 'area', type: 'number', help: 'Pixels of the outline.' },
    { name: 'segmentation', type: 'any', help: 'Outlines as x, y, x, y …, or a run-length mask.' },
    { name: 'iscrowd', type: 'number', help: '1 for many objects under one mask.' },
    { name: 'keypoints', type: 'list', help: 'x, y, visibility in turn.' },
    { name: 'num_keypoints', type: 'number', help: 'How many of the points are annotated.' },
    { name: 'caption', type: 'string', help: 'Words about the picture.' },
  ],
  categories: [
    { name: 'id', type: 'any', needed: true, help: 'What category_id of annotations names.' },
    { name: 'name', type: 'string', needed: true, help: 'As people call it.' },
    { name: 'supercategory', type: 'string', help: 'A wider class.' },
    { name: 'keypoints', type: 'list', help: 'Names of the points.' },
    { name: 'skeleton', type: 'list', help: 'Pairs of points that are joined.' },
  ],
};

/** COCO: images, annotations and categories in one document. What joins them is told over rows. */
export const coco: ManifestKind = {
  id: 'coco',
  title: 'COCO annotations',
  isClosed: true,
  keys: (section) => KEYS[section] ?? [],
  folders: ['.', 'images', '../images', 'train2017', 'val2017', '../train2017', '../val2017', 'train', 'val', '../train', '../val', 'data', '..'],
  paths: (value, section) => (section === 'images' && textOf(value.file_name) !== undefined ? [{ at: ['file_name'], path: String(value.file_name) }] : []),
  subject: (value, section) => subjectOf({ id: value.id === undefined || section === '' ? undefined : `${section}\u0000${wordOf(value.id) ?? JSON.stringify(value.id)}`, identity: section === 'images' ? textOf(value.file_name) : undefined, speaker: undefined, split: undefined, label: undefined, length: undefined }),
  check(value, { section, header }) {
    if (section === 'annotations') {
      return value.segmentation === undefined ? [] : checkCocoSegmentation(value.segmentation);
    }
    const { width, height } = value;
    if (section !== 'images' || typeof width !== 'number' || typeof height !== 'number' || header?.size === undefined) {
      return [];
    }
    const { size } = header;
    return checkStatedSize({ width, height }, size, { mismatch: 'coco/size-mismatch', turned: 'coco/size-turned' }).flatMap((finding) => {
      const wide = { ...finding, key: 'width', mends: [{ do: 'set', value: size.width, at: ['width'] } as const] };
      const high = { ...finding, key: 'height', mends: [{ do: 'set', value: size.height, at: ['height'] } as const] };
      return finding.code === 'coco/size-turned' ? [{ ...finding }] : [...(width === size.width ? [] : [wide]), ...(height === size.height ? [] : [high])];
    });
  },
};
