/** Of TIFF 6.0: "Orientation", type SHORT. */
const ORIENTATION_TAG = 0x0112;
const SHORT = 3;

/**
 * The orientation in the first directory of a TIFF structure, as EXIF has it without its `Exif\0\0` header; 1 where it
 * has none, or where what it has is broken.
 */
export function readOrientation(tiff: Uint8Array): number {
  if (tiff.length < 14) {
    return 1;
  }
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const mark = view.getUint16(0);
  if (mark !== 0x4949 && mark !== 0x4d4d) {
    return 1;
  }
  const little = mark === 0x4949;
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) {
    return 1;
  }
  const entries = view.getUint16(directory, little);
  for (let entry = 0; entry < entries; entry++) {
    const offset = directory + 2 + entry * 12;
    if (offset + 12 > tiff.length) {
      return 1;
    }
    if (view.getUint16(offset, little) === ORIENTATION_TAG && view.getUint16(offset + 2, little) === SHORT) {
      const value = view.getUint16(offset + 8, little);
      return value >= 1 && value <= 8 ? value : 1;
    }
  }
  return 1;
}

/** A TIFF structure with one directory and one entry: the orientation. */
export function orientationOnly(orientation: number): Uint8Array {
  const tiff = new Uint8Array(26);
  const view = new DataView(tiff.buffer);
  view.setUint16(0, 0x4d4d);
  view.setUint16(2, 42);
  view.setUint32(4, 8);
  view.setUint16(8, 1);
  view.setUint16(10, ORIENTATION_TAG);
  view.setUint16(12, SHORT);
  view.setUint32(14, 1);
  view.setUint16(18, orientation);
  return tiff;
}
