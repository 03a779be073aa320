import { join } from 'node:path';
import { race } from '../measure.ts';
import { against, type Bench } from '../row.ts';
import { ourRun, parallelRun, type Conversion } from './conversion.ts';
import { makeJpegs } from '../inputs.ts';

/** (b) 300 JPEG of 1920x1080 to a long edge of 512. */
export const jpegs: Bench = {
  room: 'convert',
  name: 'jpeg',
  async run(context) {
    const { folder } = context;
    const inputs = join(folder, 'jpegs');
    const names = await makeJpegs(inputs, 300);
    const conversion = (engine: 'imagemagick' | 'sharp'): Conversion => ({
      preset: 'image.fit', set: { edge: 512 }, inputs, engine,
    });
    const commands = (output: string) => names.map((name) => convert512(join(inputs, name), join(output, name)));
    const times = await race(
      {
        imagemagick: ourRun(context, conversion('imagemagick')),
        sharp: ourRun(context, conversion('sharp')),
        peer: parallelRun(join(folder, 'parallel'), commands),
      },
      3,
    );
    return [
      against('convert', '300 JPEG to 512 by ImageMagick, beside parallel convert', times.imagemagick, times.peer, 0.75),
      against('convert', '300 JPEG to 512 by sharp, beside parallel convert', times.sharp, times.peer, 0.35),
    ];
  },
};

function convert512(input: string, output: string): readonly string[] {
  return ['/usr/bin/convert', `jpeg:${input}`, '-auto-orient', '-resize', '512x512>', '-strip', '-quality', '90', `jpeg:${output}`];
}
