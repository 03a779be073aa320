import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Annotation } from '../../src/dataset/sample.ts';
import type { OpenPreview } from './previewHarness.ts';
import type { PageOptions } from './harness.ts';

export interface ImageLook {
  readonly file: (folder: string) => Promise<string>;
  readonly annotations?: readonly Annotation[];
  readonly options?: PageOptions;
  readonly act?: (open: OpenPreview) => Promise<void>;
}

/** A folder for made pictures; whoever asks removes it. */
export function pictureFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'trainyard-pictures-'));
}

/** Four quarters in red, green, blue and white, with a grey ramp over the middle. */
export async function quarters(folder: string, width = 1200, height = 800, orientation?: number): Promise<string> {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const right = x >= width / 2;
      const low = y >= height / 2;
      const grey = Math.round((255 * x) / width);
      const inRamp = Math.abs(y - height / 2) < height / 20;
      const [r, g, b] = inRamp ? [grey, grey, grey] : !right && !low ? [220, 40, 40] : right && !low ? [40, 200, 60] : !right ? [50, 80, 230] : [250, 250, 250];
      pixels.set([r ?? 0, g ?? 0, b ?? 0], at);
    }
  }
  const file = join(folder, `quarters-${width}x${height}-${orientation ?? 1}.jpg`);
  const image = sharp(pixels, { raw: { width, height, channels: 3 } }).jpeg({ quality: 95, chromaSubsampling: '4:4:4' });
  await (orientation === undefined ? image : image.withMetadata({ orientation })).toFile(file);
  return file;
}

/** 16 bits of grey with alpha, in steps that 8 bits do not hold. */
export async function deepGrey(folder: string): Promise<string> {
  const width = 64;
  const height = 48;
  const values = Uint16Array.from({ length: width * height * 2 }, (_, index) => (index % 2 === 1 ? 65_535 : 256 * Math.floor(index / 2 / width) * 5 + ((index / 2) % width)));
  const file = join(folder, 'deep.png');
  await sharp(values, { raw: { width, height, channels: 2 } }).toColourspace('grey16').png().toFile(file);
  return file;
}

async function broken(folder: string): Promise<string> {
  const file = join(folder, 'broken.png');
  await writeFile(file, Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
  return file;
}

export const MARKS: readonly Annotation[] = [
  { label: 'motorcycle', score: 0.98, box: [140, 110, 760, 520], polygons: [[150, 300, 330, 180, 620, 150, 880, 260, 860, 600, 420, 560, 160, 560]] },
  { label: 'wheel', score: 0.91, box: [180, 360, 220, 240] },
  { label: 'wheel', score: 0.93, box: [690, 380, 200, 240] },
  { label: 'bench', score: 0.34, box: [40, 130, 360, 280] },
  { label: 'person', box: [960, 120, 160, 420], keypoints: [{ x: 1040, y: 160, visible: true }, { x: 1010, y: 280, visible: true }, { x: 1080, y: 280, visible: false }] },
];

export const imageScenes: Readonly<Record<string, ImageLook>> = {
  annotated: { file: (folder) => quarters(folder), annotations: MARKS, act: ({ page }) => page.mouse.click(520, 330) },
  plain: { file: (folder) => quarters(folder, 300, 200) },
  turned: { file: (folder) => quarters(folder, 1200, 800, 6), annotations: MARKS },
  deep: { file: deepGrey, act: async ({ page }) => {
    await page.keyboard.press('+');
    await page.mouse.move(430, 400);
  } },
  broken: { file: broken },
  narrow: { file: (folder) => quarters(folder), annotations: MARKS, options: { width: 420, height: 640 } },
  zoomed: { file: (folder) => quarters(folder), annotations: MARKS, options: { width: 1144, height: 740, zoom: 2 } },
};
