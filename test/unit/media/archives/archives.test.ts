import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ArchiveError } from '../../../../src/media/archives/archiveError.ts';
import { bytesOfName, nameOfBytes } from '../../../../src/media/archives/memberName.ts';
import { listMembers, openPlace, OpenArchives } from '../../../../src/media/archives/openPlace.ts';

const root = mkdtempSync(join(tmpdir(), 'trainyard-archives-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const LONG = `${'deep/'.repeat(40)}${'n'.repeat(150)}.txt`;
const NAMES = ['000.jpg', '000.txt', '001.jpg', 'ünï/漢字.wav', '._000.jpg', LONG];
let made = 0;

/** A folder with files whose content is their name some times over. */
function folderWith(names: readonly (string | Buffer)[]): string {
  const folder = join(root, `in${++made}`);
  for (const name of names) {
    const path = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name as string)]);
    mkdirSync(path.subarray(0, path.lastIndexOf(0x2f)), { recursive: true });
    writeFileSync(path, contentOf(name));
  }
  return folder;
}

function contentOf(name: string | Buffer): Buffer {
  return Buffer.concat(Array.from({ length: 1 + (name.length % 90) }, () => Buffer.from(name as string)));
}

function tar(folder: string, extra: readonly string[] = [], extension = 'tar'): string {
  const file = join(root, `${++made}.${extension}`);
  execFileSync('tar', ['-C', folder, ...extra, '-cf', file, '.']);
  return file;
}

async function contentsOf(file: string): Promise<Record<string, string>> {
  const list = await listMembers(file);
  const archives = new OpenArchives();
  const contents: Record<string, string> = {};
  for (let index = 0; index < list.count; index++) {
    const member = list.at(index)!;
    const { source } = await archives.open({ file, member: member.name });
    expect(source.size).toBe(member.size);
    contents[member.name.replace(/^\.\//, '')] = source.read(0, source.size).toString();
  }
  list.dispose();
  archives.dispose();
  return contents;
}

const expected = Object.fromEntries(NAMES.map((name) => [name, contentOf(name).toString()]));

describe('members of a tar', () => {
  it.each(['gnu', 'pax', 'oldgnu'])('are listed and read as GNU tar wrote them, in the %s form', async (format) => {
    expect(await contentsOf(tar(folderWith(NAMES), [`--format=${format}`]))).toEqual(expected);
  });

  it('are read in the forms that know no long names', async () => {
    const names = NAMES.slice(0, 5);
    const wanted = Object.fromEntries(names.map((name) => [name, contentOf(name).toString()]));
    expect(await contentsOf(tar(folderWith(names), ['--format=v7']))).toEqual(wanted);
    const split = ['a'.repeat(60) + '/' + 'b'.repeat(60) + '/c.txt'];
    expect(await contentsOf(tar(folderWith(split), ['--format=ustar']))).toEqual({ [split[0]!]: contentOf(split[0] ?? '').toString() });
  });

  it('are read out of gzip', async () => {
    expect(await contentsOf(tar(folderWith(NAMES), ['-z'], 'tar.gz'))).toEqual(expected);
  });

  it('have the names that they have, also where those are not UTF-8', async () => {
    const name = Buffer.from([0x61, 0xff, 0x5c, 0x78, 0x2e, 0x77, 0x61, 0x76]);
    const file = tar(folderWith([name]), ['--format=gnu']);
    const list = await listMembers(file);
    expect(list.at(0)?.name).toBe('./a\\xff\\x5cx.wav');
    const { source } = await openPlace({ file, member: './a\\xff\\x5cx.wav' });
    expect(source.read(0, 100).equals(contentOf(name))).toBe(true);
  });

  it('are given by the first of several with one name, and only names lead out of it', async () => {
    const folder = folderWith(['../up.txt', 'twice.txt']);
    const file = tar(folder, ['-P', '--transform', 's,^\\.,/etc/..,']);
    const other = folderWith(['twice.txt']);
    writeFileSync(join(other, 'twice.txt'), 'second');
    execFileSync('tar', ['-P', '-C', other, '--transform', 's,^\\.,/etc/..,', '-rf', file, './twice.txt']);
    const list = await listMembers(file);
    const names = Array.from({ length: list.count }, (_, index) => list.at(index)?.name);
    expect(names.filter((name) => name === '/etc/../twice.txt')).toHaveLength(2);
    const { source } = await openPlace({ file, member: '/etc/../twice.txt' });
    expect(source.read(0, 9).toString()).toBe('twice.txt');
  });

  it('are those before the place where it was cut short, which is told', async () => {
    const folder = folderWith(['a.txt', 'b.txt']);
    writeFileSync(join(folder, 'z.bin'), Buffer.alloc(100_000));
    const file = tar(folder, ['--sort=name']);
    truncateSync(file, 60_000);
    const list = await listMembers(file);
    expect(list.problems.join(' ')).toMatch(/cut short/);
    expect(list.count).toBe(3);
    await expect(openPlace({ file, member: './z.bin' })).rejects.toMatchObject({ reason: 'malformed' });
    expect((await openPlace({ file, member: './b.txt' })).source.size).toBeGreaterThan(0);
  });

  it('of more than 8 GiB are passed by without being read, and sparse ones are told', async () => {
    const folder = folderWith(['a.txt']);
    execFileSync('truncate', ['-s', '9G', join(folder, 'b.bin')]);
    writeFileSync(join(folder, 'c.txt'), 'behind');
    const file = tar(folder, ['--sort=name', '-S', '--format=gnu']);
    const list = await listMembers(file);
    expect(list.problems).toEqual(['./b.bin is sparse, which is not read.']);
    expect((await openPlace({ file, member: './c.txt' })).source.read(0, 10).toString()).toBe('behind');
  });

  it('are found anew when the archive has changed', async () => {
    const file = tar(folderWith(['a.txt']));
    const archives = new OpenArchives();
    expect((await archives.open({ file, member: './a.txt' })).source.size).toBeGreaterThan(0);
    writeFileSync(file, readFileSync(tar(folderWith(['b.txt']))));
    appendFileSync(file, '');
    await expect(archives.open({ file, member: './a.txt' })).rejects.toMatchObject({ reason: 'gone' });
    archives.dispose();
  });
});

describe('members of a zip', () => {
  it.each([['stored', '-0'], ['deflated', '-9']])('are listed and read, %s', async (_, level) => {
    const folder = folderWith(NAMES);
    const file = join(root, `${++made}.zip`);
    execFileSync('zip', ['-q', '-r', level, file, '.'], { cwd: folder });
    expect(await contentsOf(file)).toEqual(expected);
  });

  it('are told where they are encrypted', async () => {
    const folder = folderWith(['a.txt']);
    const file = join(root, `${++made}.zip`);
    execFileSync('zip', ['-q', '-P', 'secret', '-r', file, '.'], { cwd: folder });
    await expect(openPlace({ file, member: 'a.txt' })).rejects.toMatchObject({ reason: 'encrypted' });
  });

  it('are not unpacked beyond what they state, nor where they state too much', async () => {
    const folder = folderWith([]);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'bomb.txt'), Buffer.alloc(3_000_000));
    const file = join(root, `${++made}.zip`);
    execFileSync('zip', ['-q', '-9', '-r', file, '.'], { cwd: folder });
    const bytes = readFileSync(file);
    const central = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    bytes.writeUInt32LE(1000, central + 24);
    writeFileSync(file, bytes);
    await expect(openPlace({ file, member: 'bomb.txt' })).rejects.toThrow('unpacks to more than the 1000 bytes that are stated');
    bytes.writeUInt32LE(0xf000_0000, central + 24);
    writeFileSync(file, bytes);
    await expect(openPlace({ file, member: 'bomb.txt' })).rejects.toMatchObject({ reason: 'tooLarge' });
  });
});

describe('hostile archives', () => {
  it('are read or refused, and nothing else, whatever bytes are changed', async () => {
    const folder = folderWith(NAMES);
    const zip = join(root, `${++made}.zip`);
    execFileSync('zip', ['-q', '-r', zip, '.'], { cwd: folder });
    for (const good of [tar(folder, ['--format=pax']), tar(folder, ['--format=gnu']), tar(folder, ['-z'], 'tar.gz'), zip]) {
      const bytes = readFileSync(good);
      const file = good.replace(/(\.[a-z.]+)$/, '-changed$1');
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 }), async (changes) => {
          const changed = Buffer.from(bytes);
          changes.forEach(([at, byte]) => (changed[at] = byte));
          writeFileSync(file, changed);
          try {
            const list = await listMembers(file);
            const member = list.at(list.count - 1);
            list.dispose();
            if (member) {
              const opened = await openPlace({ file, member: member.name });
              opened.source.read(0, 1000);
              opened.dispose();
            }
          } catch (error) {
            expect(error).toBeInstanceOf(ArchiveError);
          }
        }),
        { numRuns: 200 },
      );
    }
  });

  it('may be nested a hundred thousand folders deep', async () => {
    const name = `${'a/'.repeat(100_000)}b.txt`;
    const record = ` path=${name}\n`;
    let length = record.length;
    while (`${length}`.length + record.length !== length) {
      length = `${length}`.length + record.length;
    }
    const pax = Buffer.from(`${length}${record}`);
    const file = join(root, `${++made}.tar`);
    writeFileSync(file, Buffer.concat([header('PaxHeader', pax.length, 'x'), padded(pax), header('short', 2, '0'), padded(Buffer.from('hi')), Buffer.alloc(1024)]));
    const list = await listMembers(file);
    expect(list.at(0)?.name).toBe(name);
    expect((await openPlace({ file, member: name })).source.read(0, 5).toString()).toBe('hi');
  });

  it('may state a negative size', async () => {
    const file = join(root, `${++made}.tar`);
    const bad = header('bad', 0, '0');
    bad.fill(0xff, 124, 136);
    writeFileSync(file, Buffer.concat([header('good', 2, '0'), padded(Buffer.from('hi')), summed(bad), Buffer.alloc(1024)]));
    const list = await listMembers(file);
    expect(list.count).toBe(1);
    expect(list.problems[0]).toMatch(/states no size that could be/);
  });
});

function header(name: string, size: number, type: string): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0);
  block.write('0000644\0', 100);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write(type, 156);
  block.write('ustar\x0000', 257);
  return summed(block);
}

function summed(block: Buffer): Buffer {
  block.fill(0x20, 148, 156);
  block.write(`${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

describe('names of members', () => {
  it('give back the bytes that they were made of', () => {
    fc.assert(fc.property(fc.uint8Array({ max: 255 }), (bytes) => void expect(bytesOfName(nameOfBytes(bytes)).equals(bytes)).toBe(true)));
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('\\', 'x', 'f', '0', 'é') }), (text) => void expect(bytesOfName(nameOfBytes(Buffer.from(text))).toString()).toBe(text)));
  });
});
