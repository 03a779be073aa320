import type { Finding, Rules } from './rule.ts';
import { quoted } from './rule.ts';

export const BOX_RULES = {
  'coco/document': { severity: 'error', title: 'COCO document is incomplete', help: 'images, annotations and categories are needed as arrays.' },
  'coco/image-dangling': { severity: 'error', title: 'Annotation of an image that is not listed', help: 'image_id names no image of the file: pycocotools stops with a KeyError, or leaves the annotation out.' },
  'coco/category-dangling': { severity: 'error', title: 'Annotation of a category that is not listed', help: 'category_id names no category of the file.' },
  'coco/duplicate-id': { severity: 'error', title: 'Id is there twice', help: 'Readers keep images and annotations by id and lose one of the two.' },
  'coco/box-corners': { severity: 'error', title: 'Box looks like corners', help: 'bbox is x, y, width, height. This one fits its image only as x1, y1, x2, y2.' },
  'coco/box-empty': { severity: 'error', title: 'Box without area', help: 'Width and height have to be above 0: losses become NaN on such boxes.' },
  'coco/box-outside': { severity: 'warning', title: 'Box leads out of its image', help: 'Parts of the box lie outside of the picture; crop it.' },
  'coco/box-form': { severity: 'error', title: 'Box is not four numbers', help: 'bbox is x, y, width, height.' },
  'coco/size-mismatch': { severity: 'error', title: 'Size differs from the picture', help: 'Boxes are scaled by the stated size: all of them are off in this picture.' },
  'coco/size-turned': {
    severity: 'warning',
    title: 'Size is that of the turned picture',
    help: 'The picture has an EXIF orientation: the stated size is right once it is applied, and wrong for readers that do not.',
  },
  'coco/polygon': { severity: 'error', title: 'Outline is no polygon', help: 'An outline needs an even count of at least 6 numbers.' },
  'coco/rle': { severity: 'error', title: 'Run lengths do not fill the picture', help: 'The counts of a run-length mask have to add up to height times width of its size, and the size is the picture’s.' },
  'coco/category-ids': { severity: 'info', title: 'Category ids have gaps or begin with 0', help: 'Models that take ids for class numbers need 1 to n, or a mapping.' },
  'yolo/names': { severity: 'error', title: 'nc differs from the count of names', help: 'Training stops. Leave nc out, or mend it.' },
  'yolo/line': { severity: 'error', title: 'Label line does not parse', help: 'A line is a class and 4 numbers, or a class and the corners of a polygon.' },
  'yolo/coordinates': { severity: 'error', title: 'Coordinates are not normalised', help: 'All of them are fractions of the picture’s width or height, from 0 to 1. Pictures with others are left out of training.' },
  'yolo/class': { severity: 'error', title: 'Class is not in names', help: 'Classes are counted from 0 and end before nc.' },
  'yolo/mixed': { severity: 'warning', title: 'Boxes and polygons in one file', help: 'Training keeps one of the two kinds and throws the other away.' },
  'yolo/duplicate-line': { severity: 'warning', title: 'Label line is there twice', help: 'The object counts twice.' },
  'yolo/orphan-label': { severity: 'warning', title: 'Label without a picture', help: 'No picture of this name is in the folder beside.' },
  'yolo/no-label': { severity: 'info', title: 'Picture without a label file', help: 'It is trained on as a picture of background. An empty label file says that this is meant.' },
  'yolo/list-missing': { severity: 'error', title: 'Listed picture is missing', help: 'The list of a split names a picture that is not there. Names that begin with ./ start at the list’s own folder, others at the data set’s.' },
  'yolo/folder-missing': { severity: 'error', title: 'Folder of a split is missing', help: 'data.yaml names a folder or list that is not there.' },
  'voc/xml': { severity: 'error', title: 'XML does not parse', help: 'The annotation cannot be read.' },
  'voc/size': { severity: 'error', title: 'Size is 0 or missing', help: 'Readers that normalise boxes divide by it.' },
  'voc/size-mismatch': { severity: 'error', title: 'Size differs from the picture', help: 'Boxes were drawn on a picture of another size, or before it was turned.' },
  'voc/box-empty': { severity: 'error', title: 'Box without area', help: 'xmax has to be above xmin, and ymax above ymin.' },
  'voc/box-outside': { severity: 'warning', title: 'Box leads out of its picture', help: 'Pixels are counted from 1 to the width and height.' },
  'voc/fraction': { severity: 'info', title: 'Box with fractions', help: 'Readers that expect whole pixels stop at int("12.5").' },
  'voc/filename': { severity: 'warning', title: 'filename differs from the annotation’s name', help: 'Some readers go by the name of the XML, others by what it says inside.' },
  'voc/picture-missing': { severity: 'error', title: 'Annotation without its picture', help: 'The picture is not in JPEGImages.' },
  'voc/list': { severity: 'error', title: 'Listed picture has no annotation', help: 'A file of ImageSets names an id of which there is no XML.' },
  'kitti/part-missing': { severity: 'error', title: 'Frame without one of its parts', help: 'Picture, label, calibration and point cloud of a frame have the same number.' },
  'kitti/columns': { severity: 'error', title: 'Label line has another number of fields', help: 'A line has 15 fields, or 16 with a score.' },
  'kitti/box-empty': { severity: 'error', title: 'Box without area', help: 'Left, top, right, bottom: right and bottom have to be larger.' },
  'kitti/velodyne-size': { severity: 'error', title: 'Point cloud is cut short', help: 'A point is four float32, 16 bytes; the size is no multiple of it.' },
} as const satisfies Rules;

type Code = keyof typeof BOX_RULES;
type Size = { readonly width: number; readonly height: number };

/** `x, y, width, height` in pixels; a pixel over the edge is rounding. */
export function checkCocoBox(box: unknown, size: Size | undefined): Finding<Code>[] {
  if (!isNumbers(box) || box.length !== 4) {
    return [{ code: 'coco/box-form', key: 'bbox', message: `bbox ${quoted(box)} is not four numbers.` }];
  }
  const [x = 0, y = 0, width = 0, height = 0] = box;
  if (!(width > 0 && height > 0)) {
    return [{ code: 'coco/box-empty', key: 'bbox', message: `bbox ${quoted(box)} is ${width} wide and ${height} high.`, mends: [{ do: 'removeRow' }] }];
  }
  if (size === undefined || (x >= -1 && y >= -1 && x + width <= size.width + 1 && y + height <= size.height + 1)) {
    return [];
  }
  const fitsAsCorners = x >= 0 && y >= 0 && width > x && height > y && width <= size.width && height <= size.height;
  return [
    fitsAsCorners
      ? { code: 'coco/box-corners', key: 'bbox', message: `bbox ${quoted(box)} leads out of ${size.width}x${size.height} as x, y, width, height, and fits as two corners.`, mends: [{ do: 'set', value: [x, y, width - x, height - y] }] }
      : { code: 'coco/box-outside', key: 'bbox', message: `bbox ${quoted(box)} leads out of ${size.width}x${size.height}.`, ...croppedBox([x, y, width, height], size) },
  ];
}

/** What of the box lies on the picture, where something does. */
function croppedBox([x, y, width, height]: readonly [number, number, number, number], size: Size): Pick<Finding, 'mends'> {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(size.width, x + width), Math.min(size.height, y + height)];
  return { mends: right > left && bottom > top ? [{ do: 'set', value: [left, top, right - left, bottom - top] }, { do: 'removeRow' }] : [{ do: 'removeRow' }] };
}

/** A list of outlines, or run lengths as numbers or packed into a text; `picture` is the stated size of what they lie on. */
export function checkCocoSegmentation(segmentation: unknown, picture?: Size): Finding<Code>[] {
  const key = 'segmentation';
  if (Array.isArray(segmentation)) {
    const bad = segmentation.find((outline) => !isNumbers(outline) || outline.length < 6 || outline.length % 2 === 1) as unknown;
    return bad === undefined ? [] : [{ code: 'coco/polygon', key, message: `The outline ${quoted(bad)} has ${Array.isArray(bad) ? `${bad.length} numbers` : 'no numbers'}.` }];
  }
  if (typeof segmentation !== 'object' || segmentation === null) {
    return [];
  }
  const { counts, size } = segmentation as { readonly counts?: unknown; readonly size?: unknown };
  if (!isNumbers(size) || size.length !== 2) {
    return [{ code: 'coco/rle', key, message: 'The mask states no size.' }];
  }
  const lengths = isNumbers(counts) ? counts : typeof counts === 'string' && counts !== '' ? cocoRunLengths(counts) : undefined;
  if (lengths === undefined) {
    return [{ code: 'coco/rle', key, message: typeof counts === 'string' && counts !== '' ? `The counts ${quoted(counts)} cannot be unpacked.` : 'The mask has no counts.' }];
  }
  const [height = 0, width = 0] = size;
  const sum = lengths.reduce((total, count) => total + count, 0);
  const pixels = height * width;
  if (lengths.some((length) => length < 0) || sum !== pixels) {
    return [{ code: 'coco/rle', key, message: `The counts add up to ${sum}, the size ${height} high and ${width} wide to ${pixels}.` }];
  }
  return picture === undefined || (picture.height === height && picture.width === width)
    ? []
    : [{ code: 'coco/rle', key, message: `The mask is ${width}x${height}, its picture ${picture.width}x${picture.height}.` }];
}

/**
 * Run lengths that pycocotools has packed into a text: five bits a character from `0` on, the sixth where more follow, the
 * fifth of the last one for the sign; from the third on each is the difference to the one before the last (cocoapi, maskApi.c,
 * rleFrString). Undefined where it is no such text.
 */
export function cocoRunLengths(packed: string): number[] | undefined {
  const lengths: number[] = [];
  for (let at = 0; at < packed.length; ) {
    let value = 0;
    let shift = 0;
    for (let more = true; more; shift += 5) {
      const code = packed.charCodeAt(at++) - 48;
      if (!(code >= 0 && code < 64) || shift > 30) {
        return undefined;
      }
      value += (code & 0x1f) * 2 ** shift;
      more = (code & 0x20) !== 0;
      if (!more && (code & 0x10) !== 0) {
        value -= 2 ** (shift + 5);
      }
    }
    lengths.push(lengths.length > 2 ? value + (lengths.at(-2) ?? 0) : value);
  }
  return lengths;
}

/** Stated size against the picture's own; `orientation` as EXIF has it. */
export function checkStatedSize(stated: Size, picture: Size & { readonly orientation: number }, codes: { readonly mismatch: 'coco/size-mismatch' | 'voc/size-mismatch'; readonly turned: 'coco/size-turned' | 'voc/size-mismatch' }): Finding<Code>[] {
  if (stated.width === picture.width && stated.height === picture.height) {
    return [];
  }
  const isTurned = picture.orientation >= 5 && stated.width === picture.height && stated.height === picture.width;
  const message = `The size is stated as ${stated.width}x${stated.height}, the picture is ${picture.width}x${picture.height}${isTurned ? ` with EXIF orientation ${picture.orientation}` : ''}.`;
  return [{ code: isTurned ? codes.turned : codes.mismatch, key: 'width', message }];
}

export function checkCategoryIds(ids: readonly unknown[]): Finding<Code>[] {
  const numbers = ids.filter((id): id is number => typeof id === 'number');
  const highest = Math.max(0, ...numbers);
  const lowest = Math.min(...numbers);
  return numbers.length > 0 && (lowest !== 1 || highest !== numbers.length)
    ? [{ code: 'coco/category-ids', key: 'categories', message: `${numbers.length} categories have ids from ${lowest} to ${highest}.` }]
    : [];
}

/** Boxes that a label line of YOLO draws, or what is wrong with it. `classes` is the count of names where it is known, `pose` the numbers of its key points. */
export function checkYoloLine(line: string, { classes, pose }: { readonly classes: number | undefined; readonly pose: number | undefined }): Finding<Code>[] {
  const fields = line.trim().split(/\s+/).map(Number);
  const [cls = NaN, ...numbers] = fields;
  const isShape = pose !== undefined ? numbers.length === 4 + pose : numbers.length === 4 || (numbers.length >= 6 && numbers.length % 2 === 0);
  if (!Number.isInteger(cls) || fields.some((field) => !Number.isFinite(field)) || !isShape) {
    return [{ code: 'yolo/line', message: `${quoted(line)} is no class with ${pose === undefined ? '4 numbers or a polygon' : `4 and ${pose} numbers`}.` }];
  }
  const findings: Finding<Code>[] = [];
  if (cls < 0 || (classes !== undefined && cls >= classes)) {
    findings.push({ code: 'yolo/class', message: `The class is ${cls}${classes === undefined ? '' : `, of ${classes} names`}.` });
  }
  const outside = (pose === undefined ? numbers : numbers.slice(0, 4)).find((number) => number < 0 || number > 1);
  if (outside !== undefined) {
    findings.push({ code: 'yolo/coordinates', message: `${quoted(line)} holds ${outside}, which is no fraction from 0 to 1.` });
  }
  return findings;
}

export interface CornerBox {
  readonly name: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function checkVocBox({ name, left, top, right, bottom }: CornerBox, size: Size | undefined): Finding<Code>[] {
  const words = `${name} [${left}, ${top}, ${right}, ${bottom}]`;
  if (!(right > left && bottom > top)) {
    return [{ code: 'voc/box-empty', key: 'bndbox', message: `${words} has no area.` }];
  }
  const findings: Finding<Code>[] = [];
  if (size !== undefined && size.width > 0 && size.height > 0 && (left < 0 || top < 0 || right > size.width || bottom > size.height)) {
    findings.push({ code: 'voc/box-outside', key: 'bndbox', message: `${words} leads out of ${size.width}x${size.height}.` });
  }
  if (![left, top, right, bottom].every(Number.isInteger)) {
    findings.push({ code: 'voc/fraction', key: 'bndbox', message: `${words} has fractions of pixels.` });
  }
  return findings;
}

/** A line of KITTI's label_2: type, truncated, occluded, alpha, left, top, right, bottom and seven of the box in space. */
export function checkKittiLine(line: string): Finding<Code>[] {
  const fields = line.trim().split(/\s+/);
  const [type = '', ...numbers] = fields;
  if ((fields.length !== 15 && fields.length !== 16) || numbers.some((field) => !Number.isFinite(Number(field)))) {
    return [{ code: 'kitti/columns', message: `${quoted(line)} has ${fields.length} fields.` }];
  }
  const [left = 0, top = 0, right = 0, bottom = 0] = numbers.slice(3).map(Number);
  return right > left && bottom > top ? [] : [{ code: 'kitti/box-empty', message: `${type} [${left}, ${top}, ${right}, ${bottom}] has no area.` }];
}

export function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number' && Number.isFinite(item));
}
