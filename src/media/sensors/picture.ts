import type { Decoded } from './decoding/decoder.ts';

/** A picture out of a message: packed as it came, or pixels. */
export type SensorPicture =
  | { readonly kind: 'packed'; readonly format: 'jpeg' | 'png' | 'webp'; readonly bytes: Uint8Array }
  /** Red, green, blue, opacity; every `step`th pixel of the message's own. */
  | { readonly kind: 'pixels'; readonly width: number; readonly height: number; readonly step: number; readonly bytes: Uint8Array; readonly encoding: string; /** Of depths and heat: the values that black and white stand for. */ readonly range?: readonly [number, number] }
  | { readonly kind: 'none'; readonly reason: string };

/** Pixels that are handed out: 4 bytes each, below 1 MiB. */
const MAX_PIXELS = 240_000;
const MAX_SIDE = 65_536;

const PACKED: Readonly<Record<string, readonly number[]>> = { jpeg: [0xff, 0xd8], png: [0x89, 0x50, 0x4e, 0x47], webp: [0x52, 0x49, 0x46, 0x46] };

const PICTURE_TYPES = /(^|[/.])(CompressedImage|Image|RawImage|CompressedVideo)$/;

/** Whether a type is one of pictures: those of ROS and of Foxglove. */
export function isPictureType(type: string): boolean {
  return PICTURE_TYPES.test(type);
}

export function pictureOf(type: string, message: Decoded): SensorPicture {
  const { data } = message;
  if (!(data instanceof Uint8Array)) {
    return { kind: 'none', reason: 'The message has no bytes of a picture.' };
  }
  if (/CompressedVideo$/.test(type)) {
    return { kind: 'none', reason: `It is video (${wordOf(message['format']) || 'of an unknown codec'}), whose frames need those before them: not shown here.` };
  }
  const packed = Object.entries(PACKED).find(([, mark]) => mark.every((byte, at) => data[at] === byte))?.[0];
  if (packed !== undefined) {
    return { kind: 'packed', format: packed as 'jpeg', bytes: data };
  }
  if (/CompressedImage$/.test(type)) {
    return { kind: 'none', reason: `Pictures of the format "${wordOf(message['format'])}" are not shown.` };
  }
  const [width, height, stride] = [Number(message['width']), Number(message['height']), Number(message['step'])];
  const encoding = wordOf(message['encoding']);
  if (!(width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE)) {
    return { kind: 'none', reason: 'The message states no valid size of a picture.' };
  }
  const layout = ENCODINGS[encoding.toLowerCase()];
  if (layout === undefined) {
    return { kind: 'none', reason: `Pictures of the encoding "${encoding}" are not shown.` };
  }
  const row = stride > 0 ? stride : width * layout.bytes;
  if ((height - 1) * row + width * layout.bytes > data.length) {
    return { kind: 'none', reason: `The picture is cut off: ${data.length} bytes of ${height * row}.` };
  }
  return unpack(data, { width, height, row, layout, encoding, bigEndian: Number(message['is_bigendian'] ?? 0) === 1 });
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 60) : '';
}

interface Layout {
  /** Of a pixel. */
  readonly bytes: number;
  /** Where red, green and blue are; one place for greys. */
  readonly places: readonly number[];
  readonly opacity?: number;
  readonly read: 'u8' | 'u16' | 'f32' | 'i16' | 'bayer';
  /** Of a Bayer pattern: where its red is, in each square of four. */
  readonly red?: readonly [number, number];
}

const ENCODINGS: Readonly<Record<string, Layout>> = {
  rgb8: { bytes: 3, places: [0, 1, 2], read: 'u8' },
  bgr8: { bytes: 3, places: [2, 1, 0], read: 'u8' },
  '8uc3': { bytes: 3, places: [2, 1, 0], read: 'u8' },
  rgba8: { bytes: 4, places: [0, 1, 2], opacity: 3, read: 'u8' },
  bgra8: { bytes: 4, places: [2, 1, 0], opacity: 3, read: 'u8' },
  mono8: { bytes: 1, places: [0], read: 'u8' },
  '8uc1': { bytes: 1, places: [0], read: 'u8' },
  mono16: { bytes: 2, places: [0], read: 'u16' },
  '16uc1': { bytes: 2, places: [0], read: 'u16' },
  '16sc1': { bytes: 2, places: [0], read: 'i16' },
  '32fc1': { bytes: 4, places: [0], read: 'f32' },
  bayer_rggb8: { bytes: 1, places: [], read: 'bayer', red: [0, 0] },
  bayer_grbg8: { bytes: 1, places: [], read: 'bayer', red: [1, 0] },
  bayer_gbrg8: { bytes: 1, places: [], read: 'bayer', red: [0, 1] },
  bayer_bggr8: { bytes: 1, places: [], read: 'bayer', red: [1, 1] },
};

interface Raw {
  readonly width: number;
  readonly height: number;
  readonly row: number;
  readonly layout: Layout;
  readonly encoding: string;
  readonly bigEndian: boolean;
}

function unpack(data: Uint8Array, { width, height, row, layout, encoding, bigEndian }: Raw): SensorPicture {
  let step = Math.max(1, Math.ceil(Math.sqrt((width * height) / MAX_PIXELS)));
  while (Math.ceil(width / step) * Math.ceil(height / step) > MAX_PIXELS) {
    step++;
  }
  const [columns, rows] = [Math.ceil(width / step), Math.ceil(height / step)];
  const bytes = new Uint8Array(columns * rows * 4);
  const put = (index: number, red: number, green: number, blue: number, opacity = 255) => {
    bytes[index * 4] = red;
    bytes[index * 4 + 1] = green;
    bytes[index * 4 + 2] = blue;
    bytes[index * 4 + 3] = opacity;
  };
  const size = { kind: 'pixels', width: columns, height: rows, step, bytes, encoding } as const;
  if (layout.read === 'u8') {
    for (let index = 0; index < columns * rows; index++) {
      const at = Math.floor(index / columns) * step * row + (index % columns) * step * layout.bytes;
      const place = (nth: number) => data[at + (layout.places[Math.min(nth, layout.places.length - 1)] ?? 0)] ?? 0;
      put(index, place(0), place(1), place(2), layout.opacity === undefined ? 255 : (data[at + layout.opacity] ?? 255));
    }
    return size;
  }
  if (layout.read === 'bayer') {
    const [redX, redY] = layout.red ?? [0, 0];
    for (let index = 0; index < columns * rows; index++) {
      // The square of four that the pixel lies in.
      const x = Math.min(width - 2, (index % columns) * step) & ~1;
      const y = Math.min(height - 2, Math.floor(index / columns) * step) & ~1;
      const place = (dx: number, dy: number) => data[(y + dy) * row + x + dx] ?? 0;
      put(index, place(redX, redY), (place(1 - redX, redY) + place(redX, 1 - redY)) / 2, place(1 - redX, 1 - redY));
    }
    return size;
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const read = layout.read;
  const values = Float64Array.from({ length: columns * rows }, (_, index) => {
    const at = Math.floor(index / columns) * step * row + (index % columns) * step * layout.bytes;
    return read === 'f32' ? view.getFloat32(at, !bigEndian) : read === 'i16' ? view.getInt16(at, !bigEndian) : view.getUint16(at, !bigEndian);
  });
  const finite = values.filter((value) => Number.isFinite(value));
  const low = finite.reduce((one, other) => Math.min(one, other), Infinity);
  const high = finite.reduce((one, other) => Math.max(one, other), -Infinity);
  values.forEach((value, index) => {
    const grey = Number.isFinite(value) && high > low ? ((value - low) / (high - low)) * 255 : 0;
    put(index, grey, grey, grey, Number.isFinite(value) ? 255 : 0);
  });
  return finite.length === 0 ? size : { ...size, range: [low, high] };
}
