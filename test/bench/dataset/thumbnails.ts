import { linkSync, mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { race } from '../measure.ts';
import { against } from '../row.ts';
import type { Bench } from '../row.ts';

const COUNT = 500;
const [WIDTH, HEIGHT] = [4000, 3000];
/** Different pictures; the others are the same under other names. */
const SEEDS = 10;

/** 500 JPEG of 12 megapixels to thumbnails of 256 pixels, nothing of it cached, all cores busy. */
export const thumbnails: Bench = {
  room: 'dataset',
  name: 'thumbnails',
  async run({ root, folder }) {
    const inputs = join(folder, 'photos');
    const names = await makePhotos(inputs);
    const output = join(folder, 'output');
    const storage = join(folder, 'storage');
    const fresh = (path: string) => () => {
      rmSync(path, { recursive: true, force: true });
      mkdirSync(path);
    };
    const stdin = names.map((name) => join(inputs, name)).join('\n');
    const spread = (...command: readonly string[]) => ({ argv: ['/usr/bin/xargs', '-d', '\\n', '-P', String(availableParallelism()), ...command], stdin, cwd: output });
    const times = await race(
      {
        ours: {
          prepare: fresh(storage),
          command: { argv: [process.execPath, '--import', join(root, 'test/setup/typescript.mjs'), join(root, 'test/bench/dataset/thumbnailsRun.ts'), storage], stdin },
          // Without the seconds in which Node reads our sources, which are shipped as one file.
          seconds: ({ stdout }) => Number(stdout),
        },
        vips: { prepare: fresh(output), command: spread('-n', '25', '/usr/bin/vipsthumbnail', '--size', '256', '--vips-concurrency=1', '-o', join(output, '%s.jpg')) },
        magick: { prepare: fresh(output), command: spread('-I', '{}', '/usr/bin/convert', '{}', '-auto-orient', '-thumbnail', '256x256', 'jpeg:/dev/null'), once: true },
      },
      2,
    );
    return [
      against('dataset', '500 JPEG of 12 MP to 256 px, beside vipsthumbnail on all cores', times.ours, times.vips, 1.1),
      against('dataset', '500 JPEG of 12 MP to 256 px, beside ImageMagick on all cores', times.ours, times.magick, 1),
    ];
  },
};

async function makePhotos(folder: string): Promise<readonly string[]> {
  const { default: sharp } = await import('sharp');
  mkdirSync(folder);
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3);
  const names: string[] = [];
  for (let file = 0; file < COUNT; file++) {
    const name = `photo-${String(file).padStart(4, '0')}.jpg`;
    if (file < SEEDS) {
      for (let at = 0; at < pixels.length; at++) {
        const pixel = Math.floor(at / 3);
        pixels[at] = 128 + 90 * Math.sin(((pixel % WIDTH) * (file + 1) + Math.floor(pixel / WIDTH) * (at % 3)) / 700) + ((pixel * 2654435761) >>> 28);
      }
      await sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } }).jpeg({ quality: 90 }).toFile(join(folder, name));
    } else {
      linkSync(join(folder, names[file % SEEDS] ?? ''), join(folder, name));
    }
    names.push(name);
  }
  return names;
}
