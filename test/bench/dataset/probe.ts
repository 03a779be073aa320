import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { makeJpegs, makeVideos, makeWavs } from '../inputs.ts';
import { median, take } from '../measure.ts';
import { against } from '../row.ts';
import type { Bench, BenchContext, BenchRow } from '../row.ts';

const ROUNDS = 3;
/** Files that a process is started for: their rate needs no more. */
const FEW = 100;

interface Kind {
  readonly title: string;
  readonly files: readonly string[];
  readonly libraries: readonly string[];
  /** The program that a person would start for each file. */
  readonly tool: readonly string[];
}

/** Facts of files by their headers, beside libraries and beside a process for each file. */
export const probing: Bench = {
  room: 'dataset',
  name: 'probe',
  async run(context) {
    const rows: BenchRow[] = [];
    for (const kind of await kinds(context)) {
      context.say(`  ${kind.title}`);
      rows.push(...(await compare(context, kind)));
    }
    return rows;
  },
};

async function compare({ root }: BenchContext, { title, files, libraries, tool }: Kind): Promise<readonly BenchRow[]> {
  const readers = ['ours', ...libraries];
  const seconds = new Map<string, number[]>(readers.map((reader) => [reader, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const reader of readers) {
      const { stdout } = await take({
        argv: [process.execPath, '--import', join(root, 'test/setup/typescript.mjs'), join(root, 'test/bench/dataset/probeRun.ts'), reader],
        stdin: files.join('\n'),
      });
      seconds.get(reader)?.push(Number(stdout));
    }
  }
  const rate = (reader: string) => files.length / median(seconds.get(reader) ?? []);
  const processes = FEW / (await secondsOfProcesses(tool, files.slice(0, FEW)));
  const inverse = (name: string, peer: number, target: number | null) => against('dataset', `${title}, ${name}`, 1000 / rate('ours'), 1000 / peer, target, 'ms/file');
  return [...libraries.map((library) => inverse(`beside ${library}`, rate(library), 1)), inverse(`beside ${tool[0]?.split('/').at(-1)} processes on all cores`, processes, 1 / 50)];
}

/** One process a file, as many at once as there are cores. */
async function secondsOfProcesses(tool: readonly string[], files: readonly string[]): Promise<number> {
  const started = process.hrtime.bigint();
  const child = spawn('/usr/bin/xargs', ['-d', '\\n', '-P', String(availableParallelism()), '-n', '1', ...tool], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(files.join('\n'));
  const code = await new Promise<number>((done, fail) => child.once('error', fail).once('close', (value) => done(value ?? -1)));
  if (code !== 0) {
    throw new Error(`${tool.join(' ')} ended with ${code}`);
  }
  return Number(process.hrtime.bigint() - started) / 1e9;
}

async function kinds({ folder }: BenchContext): Promise<readonly Kind[]> {
  const inside = (name: string, names: readonly string[]) => names.map((file) => join(folder, name, file));
  const wavs = inside('wav', makeWavs(join(folder, 'wav'), 5000, { seconds: 0.5, sampleRate: 16_000, channels: 1 }));
  const flac = join(folder, 'seed.flac');
  await take({ argv: ['/usr/bin/sox', wavs[0] ?? '', flac] });
  const jpegs = inside('jpeg', await makeJpegs(join(folder, 'jpeg'), 30));
  const video = inside('mp4', await makeVideos(join(folder, 'mp4'), 10, { seconds: 2, size: '320x240' }));
  const ffprobe = ['/usr/bin/ffprobe', '-v', 'error', '-of', 'json', '-show_format', '-show_streams'];
  return [
    { title: '5,000 WAV', files: wavs, libraries: ['music-metadata', 'mediabunny'], tool: ['/usr/bin/soxi'] },
    { title: '5,000 FLAC', files: copies(folder, 'flac', [flac], 5000), libraries: ['music-metadata', 'mediabunny'], tool: ffprobe },
    { title: '5,000 JPEG', files: copies(folder, 'jpegs', jpegs, 5000), libraries: ['image-size'], tool: ['/usr/bin/identify'] },
    { title: '500 MP4', files: copies(folder, 'mp4s', video, 500), libraries: ['music-metadata', 'mediabunny'], tool: ffprobe },
  ];
}

/** So many files of a few different ones. */
function copies(folder: string, name: string, seeds: readonly string[], count: number): readonly string[] {
  mkdirSync(join(folder, name));
  return Array.from({ length: count }, (_, index) => {
    const seed = seeds[index % seeds.length] ?? '';
    const file = join(folder, name, `${String(index).padStart(5, '0')}${seed.slice(seed.lastIndexOf('.'))}`);
    copyFileSync(seed, file);
    return file;
  });
}
