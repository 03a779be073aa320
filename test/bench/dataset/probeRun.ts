/** Run by the bench: reads the facts of the files that stdin names, by one reader, and prints how many seconds that took. */
import { open, readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { createProber } from '../../../src/media/probe.ts';

/** One file's facts; what is not known counts as a failure of the whole run. */
type Reader = (file: string) => Promise<unknown>;

const READERS: Readonly<Record<string, () => Promise<Reader>>> = {
  async ours() {
    const prober = createProber();
    return async (file) => prober.probeFast(file) ?? prober.probe(file);
  },
  async 'music-metadata'() {
    const { parseFile } = await import('music-metadata');
    return async (file) => (await parseFile(file, { skipCovers: true, duration: false })).format.duration;
  },
  async mediabunny() {
    const { ALL_FORMATS, FilePathSource, Input } = await import('mediabunny');
    return async (file) => {
      const input = new Input({ source: new FilePathSource(file), formats: ALL_FORMATS });
      const [tracks, duration] = [await input.getTracks(), await input.computeDuration()];
      input.dispose();
      return tracks.length > 0 ? duration : undefined;
    };
  },
  async 'image-size'() {
    const { imageSize } = await import('image-size');
    return async (file) => {
      const handle = await open(file);
      try {
        const head = Buffer.alloc(65_536);
        const { bytesRead } = await handle.read(head, 0, head.length, 0);
        return imageSize(head.subarray(0, bytesRead)).width;
      } finally {
        await handle.close();
      }
    };
  },
  async exifr() {
    const { default: exifr } = await import('exifr');
    return async (file) => (await exifr.parse(await readFile(file), true)) !== undefined || file;
  },
};

const name = process.argv[2] ?? 'ours';
const files = (await text(process.stdin)).split('\n').filter((file) => file !== '');
const read = await READERS[name]!();
await read(files[0] ?? '');
const started = process.hrtime.bigint();
for (const file of files) {
  if ((await read(file)) === undefined) {
    throw new Error(`${name} knows nothing of ${file}`);
  }
}
process.stdout.write(`${Number(process.hrtime.bigint() - started) / 1e9}\n`);
