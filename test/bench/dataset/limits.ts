import { closeSync, createWriteStream, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, createDeflate } from 'node:zlib';
import { build } from 'esbuild';
import { getServer } from '../../vscode/getServer.ts';
import { npyBytes } from '../../unit/media/arrays/arrayBytes.ts';
import { take } from '../measure.ts';
import { alone, type Bench, type BenchRow } from '../row.ts';
import type { LimitFigures } from './limitsRun.ts';

const GB = 10 ** 9;

interface Limit {
  readonly what: string;
  readonly name: string;
  readonly make: (folder: string) => Promise<string>;
}

/** The largest files that section 3 of the explorer's issue names, one after the other, since a disk may not hold them all. */
const LIMITS: readonly Limit[] = [
  { what: 'film', name: 'a film of 2 GB', make: makeFilm },
  { what: 'rows', name: 'JSON lines of 10 GB', make: makeRows },
  { what: 'tar', name: 'a tar of 100 GB', make: makeTar },
  { what: 'picture', name: 'a PNG of 65536 by 65536 pixels', make: makePicture },
];

export const limits: Bench = {
  room: 'dataset',
  name: 'limits',
  async run({ root, folder, say }) {
    const { node } = await getServer();
    const script = join(folder, 'limitsRun.mjs');
    await build({ entryPoints: [join(root, 'test/bench/dataset/limitsRun.ts')], outfile: script, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
    const rows: BenchRow[] = [];
    for (const { what, name, make } of LIMITS) {
      const own = mkdtempSync(join(folder, 'limit-'));
      say(`  making ${name} …`);
      const file = await make(own);
      const { stdout } = await take({ argv: [node, '--disable-warning=ExperimentalWarning', script, what, join(root, 'dist/datasetWorker.js'), root, join(own, 'storage'), file] });
      rmSync(own, { recursive: true });
      const { p99, megabytes, first, all, seen } = JSON.parse(stdout) as LimitFigures;
      say(`  ${seen}`);
      rows.push(
        alone('dataset', `limits: ${name}, the host's event loop late, p99`, p99, 50, 'ms'),
        alone('dataset', `limits: ${name}, memory`, megabytes, 300, 'MB'),
        alone('dataset', `limits: ${name}, first screen`, first, null, 'ms'),
        alone('dataset', `limits: ${name}, all that was asked`, all, null, 'ms'),
      );
    }
    return rows;
  },
};

/** Some seconds of noise with a tone, as often as it takes. */
async function makeFilm(folder: string): Promise<string> {
  const short = join(folder, 'short.mp4');
  const file = join(folder, 'film.mp4');
  const ffmpeg = (...args: readonly string[]) => take({ argv: ['/usr/bin/ffmpeg', '-v', 'error', '-nostdin', '-y', ...args] });
  await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=30:d=10,noise=alls=40:allf=t', '-f', 'lavfi', '-i', 'sine=f=300:r=48000:d=10', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '18', '-pix_fmt', 'yuv420p', '-g', '30', '-c:a', 'aac', short);
  await ffmpeg('-stream_loop', String(Math.ceil((2 * GB) / statSync(short).size)), '-i', short, '-c', 'copy', '-movflags', '+faststart', file);
  rmSync(short);
  return file;
}

function makeRows(folder: string): Promise<string> {
  const file = join(folder, 'rows.jsonl');
  const lines = Array.from({ length: 100_000 }, (_, row) => JSON.stringify({ id: row, audio_filepath: `/data/clips/${row}.wav`, duration: (row % 300) / 10, text: `words of row ${row} `.repeat(1 + (row % 9)) }));
  const block = Buffer.from(`${lines.join('\n')}\n`);
  const fd = openSync(file, 'w');
  for (let size = 0; size < 10 * GB; size += block.length) {
    writeSync(fd, block);
  }
  closeSync(fd);
  return Promise.resolve(file);
}

/** A hundred arrays of a gigabyte, of whose zeros none is on the disk. */
function makeTar(folder: string): Promise<string> {
  const file = join(folder, 'shard.tar');
  const fd = openSync(file, 'w');
  const elements = 250_000_000;
  const head = npyBytes("'<f4'", [elements], new Uint8Array());
  const size = head.length + elements * 4;
  const step = 512 + Math.ceil(size / 512) * 512;
  for (let member = 0; member < 100; member++) {
    writeSync(fd, Buffer.concat([tarHeader(`arrays-${String(member).padStart(3, '0')}.npy`, size), head]), 0, undefined, member * step);
  }
  ftruncateSync(fd, 100 * step + 1024);
  closeSync(fd);
  return Promise.resolve(file);
}

/** POSIX ustar. */
function tarHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** Grey, every line a ramp; deflated as it is made. */
async function makePicture(folder: string): Promise<string> {
  const side = 65_536;
  const deflate = createDeflate({ level: 1, chunkSize: 4 * 2 ** 20 });
  const packed = join(folder, 'packed');
  const stored = deflate.pipe(createWriteStream(packed));
  const line = Buffer.from(Array.from({ length: side + 1 }, (_, x) => (x === 0 ? 0 : (x - 1) >> 8)));
  const lines = Buffer.concat(Array.from({ length: 64 }, () => line));
  for (let y = 0; y < side; y += 64) {
    if (!deflate.write(lines)) {
      await new Promise<void>((resolve) => deflate.once('drain', () => resolve()));
    }
  }
  deflate.end();
  await new Promise<void>((resolve) => stored.once('close', () => resolve()));
  const file = join(folder, 'large.png');
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.writeUInt8(8, 8);
  writeFileSync(file, Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', readFileSync(packed)), chunk('IEND', Buffer.alloc(0))]));
  rmSync(packed);
  return file;
}

function chunk(type: string, data: Buffer): Buffer {
  const name = Buffer.from(type, 'latin1');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(Buffer.concat([name, data])));
  return Buffer.concat([length, name, data, sum]);
}
