import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPackedStore } from '../../../../src/dataset/thumbnails/packedStore.ts';
import { createThumbnailsService } from '../../../../src/dataset/thumbnails/thumbnailsService.ts';
import { contentKey } from '../../../../src/dataset/thumbnails/contentKey.ts';

const MIB = 2 ** 20;
let folder: string;
let now: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packed-store-'));
  now = Date.UTC(2026, 10, 25);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (budget = 64 * MIB, log?: (line: string) => void) => createPackedStore({ folder, budget, now: () => now, ...(log && { log }) });
const bytesOf = (number: number, length = 1000) => Buffer.alloc(length, number % 251);
const names = async (ending: string) => (await readdir(folder)).filter((name) => name.endsWith(ending)).sort();

describe('a packed store', () => {
  it('gives back what was put in, also to the next window', async () => {
    const store = await open();
    store.put('a', bytesOf(1));
    store.put('b', bytesOf(2, 0));
    expect(store.get('a')).toEqual(bytesOf(1));
    expect(store.get('b')).toEqual(Buffer.alloc(0));
    expect(store.get('c')).toBeUndefined();
    store.dispose();
    expect((await open()).get('a')).toEqual(bytesOf(1));
  });

  it('holds thousands of things in one file and its index', async () => {
    const store = await open();
    for (let number = 0; number < 3000; number++) {
      store.put(`thing ${number}`, bytesOf(number));
    }
    expect(await readdir(folder)).toHaveLength(2);
    const other = await open();
    expect([0, 1234, 2999].map((number) => other.get(`thing ${number}`)?.[0])).toEqual([0, 1234 % 251, 2999 % 251]);
  });

  it('makes nothing on the disk before something is put in', async () => {
    const store = await createPackedStore({ folder: join(folder, 'none'), budget: MIB });
    expect(store.get('a')).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });

  it('gives the latest of two under one key', async () => {
    const store = await open();
    store.put('a', bytesOf(1));
    store.put('a', bytesOf(2));
    expect(store.get('a')).toEqual(bytesOf(2));
    expect((await open()).get('a')).toEqual(bytesOf(2));
  });

  it('sees what another window adds, after a while', async () => {
    const [one, other] = [await open(), await open()];
    one.put('a', bytesOf(1));
    expect(other.get('a')).toEqual(bytesOf(1));
    one.put('b', bytesOf(2));
    expect(other.get('b')).toBeUndefined();
    now += 3000;
    expect(other.get('b')).toEqual(bytesOf(2));
    other.put('c', bytesOf(3));
    now += 3000;
    expect(one.get('c')).toEqual(bytesOf(3));
  });

  it('stays within its budget and forgets the oldest first', async () => {
    const budget = 16 * MIB;
    const store = await open(budget);
    for (let number = 0; number < 400; number++) {
      now += 10;
      store.put(`thing ${number}`, bytesOf(number, 100_000));
    }
    const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(budget + MIB);
    expect(store.get('thing 0')).toBeUndefined();
    expect(store.get('thing 399')).toEqual(bytesOf(399, 100_000));
    expect(store.get('thing 280')).toEqual(bytesOf(280, 100_000));
  });

  it('goes on in a new segment when another window has evicted its own', async () => {
    const store = await open();
    store.put('a', bytesOf(1));
    for (const name of await readdir(folder)) {
      await rm(join(folder, name));
    }
    now += 10;
    store.put('b', bytesOf(2));
    expect((await open()).get('b')).toEqual(bytesOf(2));
  });

  it('misses, and gives nothing wrong, where bytes were changed on the disk', async () => {
    const store = await open();
    store.put('a', bytesOf(1));
    store.put('b', bytesOf(2));
    store.dispose();
    const pack = join(folder, (await names('.pack'))[0]!);
    const bytes = readFileSync(pack);
    bytes[500] = 77;
    writeFileSync(pack, bytes);
    const again = await open();
    expect(again.get('a')).toBeUndefined();
    expect(again.get('b')).toEqual(bytesOf(2));
  });

  it.each([0, 1, 23, 30, 47])('lives with an index cut to %i bytes', async (length) => {
    const store = await open();
    store.put('a', bytesOf(1));
    store.put('b', bytesOf(2));
    store.dispose();
    await truncate(join(folder, (await names('.index'))[0]!), length);
    const again = await open();
    expect(again.get('a')).toEqual(length >= 24 ? bytesOf(1) : undefined);
    expect(again.get('b')).toBeUndefined();
    again.put('b', bytesOf(2));
    expect(again.get('b')).toEqual(bytesOf(2));
  });

  it('lives with a pack that was cut, an index without a pack and files that are not its own', async () => {
    const store = await open();
    store.put('a', bytesOf(1));
    store.put('b', bytesOf(2));
    store.dispose();
    await truncate(join(folder, (await names('.pack'))[0]!), 1500);
    await writeFile(join(folder, '000000000-00.index'), Buffer.alloc(240, 9));
    await writeFile(join(folder, 'README'), 'hello');
    const again = await open();
    expect(again.get('a')).toEqual(bytesOf(1));
    expect(again.get('b')).toBeUndefined();
  });

  it('goes on without keeping anything where nothing can be written, says so once, and tries again later', async () => {
    await writeFile(join(folder, 'file'), '');
    const said: string[] = [];
    const store = await createPackedStore({ folder: join(folder, 'file', 'store'), budget: MIB, now: () => now, log: (line) => said.push(line) });
    store.put('a', bytesOf(1));
    store.put('b', bytesOf(2));
    expect(store.get('a')).toBeUndefined();
    now += 61_000;
    store.put('c', bytesOf(3));
    expect(said).toHaveLength(1);
    await rm(join(folder, 'file'));
    now += 61_000;
    store.put('a', bytesOf(1));
    expect(store.get('a')).toEqual(bytesOf(1));
  });

  const canMount = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0;
  it.skipIf(!canMount)('lets thumbnails be made on a full disk, and says once that they are not kept', async () => {
    const storage = join(folder, 'storage');
    await mkdir(join(storage, 'cache'), { recursive: true });
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', join(storage, 'cache')]).status).toBe(0);
    const said: string[] = [];
    const service = createThumbnailsService({ storage, root: '/nowhere', cacheBytes: 2 ** 24, log: (line) => said.push(line) }, () => undefined);
    try {
      for (let at = 0; at < 20; at++) {
        const file = join(folder, `${at}.png`);
        // Noise, of which a thumbnail is some ten kilobytes.
        await sharp(Buffer.from(Array.from({ length: 256 * 256 * 3 }, (_, index) => (Math.imul(index + at, 2_654_435_761) >>> 24) & 0xff)), { raw: { width: 256, height: 256, channels: 3 } }).png().toFile(file);
        expect(await service.handlers.thumbnail({ place: { file }, px: 256 }, new AbortController().signal)).toMatchObject({ drawn: 'picture', width: 256 });
      }
      expect(said).toEqual([expect.stringMatching(/^Thumbnails and peaks are made and shown, and not kept in .*storage\/cache for now: ENOSPC/)]);
    } finally {
      service.dispose();
      spawnSync('umount', ['-l', join(storage, 'cache')]);
    }
  });

  it('keeps what was whole when its process is killed in the middle of writing, and two write at once', async () => {
    const writers = ['p', 'q'].map((prefix) =>
      spawn(process.execPath, ['--import', './test/setup/typescript.mjs', 'test/unit/dataset/thumbnails/storeWriter.ts', folder, prefix], { stdio: ['ignore', 'pipe', 'inherit'] }),
    );
    const written = await Promise.all(
      writers.map(async (writer) => {
        let said = '';
        const enough = new Promise<void>((resolve) => {
          writer.stdout.on('data', (chunk: Buffer) => {
            said += chunk.toString();
            if (said.split('\n').length > 40) {
              resolve();
            }
          });
        });
        await enough;
        writer.kill('SIGKILL');
        await once(writer, 'close');
        return said.split('\n').slice(0, -1);
      }),
    );
    const store = await open();
    for (const [at, keys] of written.entries()) {
      expect(keys.length).toBeGreaterThan(30);
      for (const key of keys) {
        const number = Number(key.slice(2));
        expect(store.get(key), `${key} of ${['p', 'q'][at]}`).toEqual(bytesOf(number, 20_000 + number));
      }
    }
  });
});

describe('the key of a content', () => {
  const place = { file: '/data/a.jpg' };
  const stamp = { size: 10, mtimeMs: 5.5 };

  it('is another one for another path, member, size, time or making', () => {
    const keys = [
      contentKey(place, stamp, 'thumbnail 256'),
      contentKey({ file: '/data/b.jpg' }, stamp, 'thumbnail 256'),
      contentKey({ ...place, member: 'a' }, stamp, 'thumbnail 256'),
      contentKey(place, { ...stamp, size: 11 }, 'thumbnail 256'),
      contentKey(place, { ...stamp, mtimeMs: 5.6 }, 'thumbnail 256'),
      contentKey(place, stamp, 'thumbnail 512'),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
