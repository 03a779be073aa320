/** The colour map magma of Smith, van der Walt and Firing (CC0), at sixteen even steps. */
const STEPS = [
  0x000004, 0x0b0724, 0x20114b, 0x3b0f70, 0x57157e, 0x721f81, 0x8c2981, 0xa8327d, 0xc43c75, 0xde4968, 0xf1605d, 0xfa7f5e, 0xfe9f6d, 0xfebf84, 0xfdde9f, 0xfcfdbf,
] as const;
const STEP = 255 / (STEPS.length - 1);

/** 256 colours as RGBA in the byte order of `ImageData`. */
export function magma(): Uint8ClampedArray {
  const colours = new Uint8ClampedArray(256 * 4);
  for (let value = 0; value < 256; value++) {
    const index = Math.min(STEPS.length - 2, Math.floor(value / STEP));
    const part = value / STEP - index;
    for (let channel = 0; channel < 3; channel++) {
      const [from, to] = [index, index + 1].map((at) => ((STEPS[at] ?? 0) >> (16 - channel * 8)) & 255) as [number, number];
      colours[value * 4 + channel] = from + (to - from) * part;
    }
    colours[value * 4 + 3] = 255;
  }
  return colours;
}
