import { png } from './samples.ts';
import type { Breakage, Broken } from './samples.ts';

const files = { 'images/a.png': png(640, 480), 'images/b.png': png(640, 480), 'images/c.png': png(320, 240), 'images/empty.png': '', 'images/pointer.png': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 4\n', 'images/page.png': 'page', 'more/d.png': png(4, 4) };
const IMAGES = ['{"id": 1, "file_name": "a.png", "width": 640, "height": 480}', '{"id": 2, "file_name": "b.png", "width": 640, "height": 480}', '{"id": 3, "file_name": "c.png", "width": 320, "height": 240}'];
const ANNOTATIONS = ['{"id": 10, "image_id": 1, "category_id": 1, "bbox": [10, 20, 30, 40], "area": 1200, "iscrowd": 0}', '{"id": 11, "image_id": 2, "category_id": 2, "bbox": [0, 0, 640, 480], "segmentation": [[0, 0, 10, 0, 10, 10]]}'];
const CATEGORIES = ['{"id": 1, "name": "cat"}', '{"id": 2, "name": "dog"}'];
const document = (images: readonly string[], annotations: readonly string[], categories: readonly string[]): string => `{
  "info": {"year": 2026},
  "images": [
    ${images.join(',\n    ')}
  ],
  "annotations": [
    ${annotations.join(',\n    ')}
  ],
  "categories": [
    ${categories.join(',\n    ')}
  ]
}
`;
const sound = document(IMAGES, ANNOTATIONS, CATEGORIES);
const change = (from: string, to: string): string => sound.replace(from, to);

const breakages: readonly Breakage[] = [
  { what: 'an annotation of no image', text: change('"image_id": 1', '"image_id": 9'), code: 'coco/image-dangling', at: '9', mends: true },
  { what: 'an image_id of another type', text: change('"image_id": 1', '"image_id": "x"'), code: 'coco/image-dangling', at: '"x"', mends: true },
  { what: 'an annotation of no category', text: change('"category_id": 1', '"category_id": 7'), code: 'coco/category-dangling', at: '7', mends: true },
  { what: 'an image id twice', text: change('"id": 2, "file_name"', '"id": 1, "file_name"'), code: 'coco/duplicate-id', at: '1', mends: true },
  { what: 'an annotation id twice', text: change('"id": 11', '"id": 10'), code: 'coco/duplicate-id', at: '10', mends: true },
  { what: 'a category id twice', text: document(IMAGES, ANNOTATIONS, [...CATEGORIES, '{"id": 2, "name": "cow"}']), code: 'coco/duplicate-id', at: '2', mends: true, mended: sound },
  { what: 'a category name twice', text: change('"name": "dog"', '"name": "cat"'), code: 'class/similar-names', at: '"cat"', mends: false },
  { what: 'category ids with gaps', text: document(IMAGES, ANNOTATIONS, [...CATEGORIES, '{"id": 9, "name": "cow"}']), code: 'coco/category-ids', at: '1', mends: false },
  { what: 'a box by its corners', text: change('[10, 20, 30, 40]', '[600, 400, 630, 470]'), code: 'coco/box-corners', at: '[600, 400, 630, 470]', mends: true, mended: change('[10, 20, 30, 40]', '[600, 400, 30, 70]') },
  { what: 'a box that leads out of its image', text: change('[10, 20, 30, 40]', '[600, 20, 100, 40]'), code: 'coco/box-outside', at: '[600, 20, 100, 40]', mends: true, mended: change('[10, 20, 30, 40]', '[600, 20, 40, 40]') },
  { what: 'a box that begins before its image', text: change('[10, 20, 30, 40]', '[-10, 20, 30, 40]'), code: 'coco/box-outside', at: '[-10, 20, 30, 40]', mends: true },
  { what: 'a box that is nowhere in its image', text: change('[10, 20, 30, 40]', '[700, 500, 30, 40]'), code: 'coco/box-outside', at: '[700, 500, 30, 40]', mends: true },
  { what: 'a box without width', text: change('[10, 20, 30, 40]', '[10, 20, 0, 40]'), code: 'coco/box-empty', at: '[10, 20, 0, 40]', mends: true },
  { what: 'a box of negative height', text: change('[10, 20, 30, 40]', '[10, 20, 30, -4]'), code: 'coco/box-empty', at: '[10, 20, 30, -4]', mends: true },
  { what: 'a box of three numbers', text: change('[10, 20, 30, 40]', '[10, 20, 30]'), code: 'coco/box-form', at: '[10, 20, 30]', mends: false },
  { what: 'a box of texts', text: change('[10, 20, 30, 40]', '["10", "20", "30", "40"]'), code: 'coco/box-form', at: '["10", "20", "30", "40"]', mends: false },
  { what: 'an outline of two points', text: change('[[0, 0, 10, 0, 10, 10]]', '[[0, 0, 10, 0]]'), code: 'coco/polygon', at: '[[0, 0, 10, 0]]', mends: false },
  { what: 'an outline of an odd count', text: change('[[0, 0, 10, 0, 10, 10]]', '[[0, 0, 10, 0, 10, 10, 3]]'), code: 'coco/polygon', at: '[[0, 0, 10, 0, 10, 10, 3]]', mends: false },
  { what: 'run lengths that do not add up', text: change('[[0, 0, 10, 0, 10, 10]]', '{"counts": [1, 2], "size": [480, 640]}'), code: 'coco/rle', at: '{"counts": [1, 2], "size": [480, 640]}', mends: false },
  { what: 'a mask without a size', text: change('[[0, 0, 10, 0, 10, 10]]', '{"counts": "abc"}'), code: 'coco/rle', at: '{"counts": "abc"}', mends: false },
  { what: 'a width that is not the picture’s', text: change('"width": 320', '"width": 300'), code: 'coco/size-mismatch', at: '300', mends: true, mended: sound },
  { what: 'a height that is not the picture’s', text: change('"height": 240', '"height": 200'), code: 'coco/size-mismatch', at: '200', mends: true, mended: sound },
  { what: 'a width in quotes', text: change('"width": 320', '"width": "320"'), code: 'row/type', at: '"320"', mends: true, mended: sound },
  { what: 'an image without a file_name', text: change('"file_name": "c.png", ', ''), code: 'row/key-missing', at: '{', mends: false },
  { what: 'a misspelt file_name', text: change('"file_name": "c.png"', '"filename": "c.png"'), code: 'row/key-missing', at: '"filename"', mends: true, mended: sound },
  { what: 'a misspelt category_id', text: change('"category_id": 1', '"catgory_id": 1'), code: 'row/key-misspelt', at: '"catgory_id"', mends: true, mended: sound },
  { what: 'an annotation without image_id', text: change('"image_id": 1, ', ''), code: 'row/key-missing', at: '{', mends: false },
  { what: 'an image without a width', text: change('"width": 320, ', ''), code: 'row/key-missing', at: '{', mends: false },
  { what: 'a category without a name', text: change(', "name": "dog"', ''), code: 'row/key-missing', at: '{', mends: false },
  { what: 'a picture that is not there', text: change('c.png', 'none.png'), code: 'row/path-missing', at: '"none.png"', mends: true },
  { what: 'another case', text: change('c.png', 'C.png'), code: 'row/path-case', at: '"C.png"', mends: true, mended: sound },
  { what: 'a folder too many', text: change('"c.png"', '"images/c.png"'), code: 'row/path-base', at: '"images/c.png"', mends: true, mended: sound },
  { what: 'backslashes', text: change('"c.png"', '"..\\\\images\\\\c.png"'), code: 'row/path-backslash', at: '"..\\\\images\\\\c.png"', mends: true },
  { what: 'an empty picture', text: change('c.png', 'empty.png'), code: 'media/zero-bytes', at: '"empty.png"', mends: true },
  { what: 'a pointer of Git LFS', text: change('c.png', 'pointer.png'), code: 'media/lfs-pointer', at: '"pointer.png"', mends: true },
  { what: 'a page under a picture’s name', text: change('c.png', 'page.png'), code: 'media/unknown-content', at: '"page.png"', mends: true },
  { what: 'a picture twice', text: document([...IMAGES, '{"id": 4, "file_name": "c.png", "width": 320, "height": 240}'], ANNOTATIONS, CATEGORIES), code: 'row/duplicate', at: '"c.png"', mends: true, mended: sound },
  { what: 'an image that does not parse', text: change('"width": 320', '"width" 320'), code: 'row/unreadable', at: '3', mends: true },
  { what: 'a comma behind the last value of an image', text: change('"height": 240}', '"height": 240,}'), code: 'row/unreadable', at: '}', mends: true, mended: sound },
  { what: 'a document that is cut off', text: sound.slice(0, sound.indexOf('"categories"')), code: 'table/broken-off', at: ',', mends: false },
];

export const COCO: Broken = { title: 'a COCO document', path: 'annotations.json', sound, files, breakages };
