import { join } from 'node:path';
import { build } from 'esbuild';
import { getServer } from '../../vscode/getServer.ts';
import { makeWavs } from '../inputs.ts';
import { median, take } from '../measure.ts';
import { alone, type Bench, type BenchRow } from '../row.ts';
import type { SoundFigures } from './soundRun.ts';

const ROUNDS = 3;
const CASES = [
  { name: 'stereo at 48 kHz', seconds: 300, sampleRate: 48_000, channels: 2 },
  { name: 'mono at 16 kHz', seconds: 900, sampleRate: 16_000, channels: 1 },
] as const;

/** What a preview's walk through a whole recording costs: its peaks, loudness, true peaks, clipping, silence. */
export const sound: Bench = {
  room: 'dataset',
  name: 'sound',
  async run({ root, folder }) {
    const { node } = await getServer();
    const script = join(folder, 'soundRun.mjs');
    await build({ entryPoints: [join(root, 'test/bench/dataset/soundRun.ts')], outfile: script, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
    const rows: BenchRow[] = [];
    for (const { name, ...wav } of CASES) {
      const [file = ''] = makeWavs(join(folder, name), 1, wav);
      const hours: number[] = [];
      for (let round = 0; round <= ROUNDS; round++) {
        const { seconds, length } = JSON.parse((await take({ argv: [node, script, join(folder, name, file)] })).stdout) as SoundFigures;
        if (round > 0) {
          hours.push((seconds * 3600) / length);
        }
      }
      rows.push(alone('dataset', `sound: processor time of an hour, ${name}`, median(hours), null, 's'));
    }
    return rows;
  },
};
