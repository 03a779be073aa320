import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MemberFiles } from '../../../../src/media/archives/memberFiles.ts';
import type { FilePart } from '../../../../src/media/filePart.ts';
import { realm } from '../../../../src/process/privateFolder.ts';
import { zipBytes } from '../arrays/arrayBytes.ts';
import { temporaryFolder } from '../support.ts';
import { PACKINGS, placeOf } from './packed.ts';

const bytes = Buffer.from(Array.from({ length: 700_000 }, (_, index) => (index * index) % 251));
const bytesOf = ({ file, start = 0, size }: FilePart): Buffer => readFileSync(file).subarray(start, size === undefined ? undefined : start + size);
const gone = async (path: string): Promise<void> => {
  while (existsSync(path)) {
    await new Promise((resolve) => setImmediate(resolve));
  }
};

describe('a member as a file', () => {
  it.each(PACKINGS)('has its bytes and no others: %s', async (packing) => {
    const place = placeOf(packing, 'x.bin', bytes);
    const files = new MemberFiles({ folder: join(temporaryFolder(), 'not', 'there') });
    const opened = await files.open(place);
    expect(bytesOf(opened).equals(bytes)).toBe(true);
    expect(opened).toMatchObject({ length: bytes.length, name: `${place.file}!/${place.member}`, mtimeMs: statSync(place.file).mtimeMs });
    files.dispose();
  });

  it.each(['tar', 'stored zip'] as const)('is read where it lies, and copied only for what opens paths: %s', async (packing) => {
    const folder = join(temporaryFolder(), 'copies');
    const files = new MemberFiles({ folder });
    const opened = await files.open(placeOf(packing, 'x.bin', bytes));
    expect(existsSync(folder)).toBe(false);
    const plain = await opened.plain!();
    expect(readFileSync(plain).equals(bytes)).toBe(true);
    opened.dispose();
    await gone(dirname(plain));
  });

  it('is for nobody else to read, and gone with the last who has it', async () => {
    const folder = join(temporaryFolder(), 'copies');
    const place = placeOf('tar.gz', 'x.bin', bytes);
    const [one, other] = [new MemberFiles({ folder }), new MemberFiles({ folder })];
    const first = await one.open(place);
    const second = await other.open(place);
    expect(statSync(second.file).ino).toBe(statSync(first.file).ino);
    expect(statSync(first.file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(first.file)).mode & 0o777).toBe(0o700);
    first.dispose();
    await gone(first.file);
    expect(bytesOf(second).equals(bytes)).toBe(true);
    other.dispose();
    await gone(dirname(second.file));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not copied beyond what copies may take, and says so', async () => {
    const folder = join(temporaryFolder(), 'copies');
    const files = new MemberFiles({ folder, most: 1_000_000 });
    const kept = await files.open(placeOf('tar.gz', 'x.bin', bytes));
    await expect(files.open(placeOf('deflated zip', 'y.bin', bytes))).rejects.toMatchObject({
      reason: 'tooLarge',
      message: expect.stringMatching(/in\/y\.bin unpacks to .*; members that are unpacked to be looked at may take .* in all, of which .* are taken\. Unpack it to a file of its own first\.$/) as string,
    });
    kept.dispose();
    await gone(kept.file);
    expect((await files.open(placeOf('deflated zip', 'y.bin', bytes))).length).toBe(bytes.length);
    files.dispose();
  });

  it('is no more than its archive states', async () => {
    const zip = zipBytes([{ name: 'bomb.bin', data: Buffer.alloc(5_000_000), deflated: true }]);
    zip.writeUInt32LE(1000, zip.indexOf('PK\x01\x02', 0, 'latin1') + 24);
    const file = join(temporaryFolder(), 'bomb.zip');
    writeFileSync(file, zip);
    const folder = join(temporaryFolder(), 'copies');
    const files = new MemberFiles({ folder });
    await expect(files.open({ file, member: 'bomb.bin' })).rejects.toMatchObject({ reason: 'malformed', message: expect.stringContaining('more than the 1000 bytes') as string });
    expect(readdirSync(folder).flatMap((entry) => readdirSync(join(folder, entry)))).toEqual([]);
    files.dispose();
  });

  it('is cut short or gone, and says so', async () => {
    const files = new MemberFiles({ folder: join(temporaryFolder(), 'copies') });
    for (const packing of ['tar', 'tar.gz'] as const) {
      const place = placeOf(packing, 'x.bin', bytes);
      execFileSync('truncate', ['-s', String(Math.floor(statSync(place.file).size / 2)), place.file]);
      await expect(files.open(place)).rejects.toMatchObject({ reason: 'malformed', message: expect.stringContaining('cut short') as string });
      await expect(files.open({ ...place, member: 'nowhere' })).rejects.toMatchObject({ reason: 'gone' });
      await expect(files.open({ ...place, file: `${place.file}.not` })).rejects.toMatchObject({ reason: 'unreadable' });
    }
    files.dispose();
  });

  it('is removed by the next one where a process was killed with it', async () => {
    const folder = join(temporaryFolder(), 'copies');
    const { pid } = spawnSync('/bin/true');
    const left = join(folder, `trainyard-${realm()}-${pid}-1-abcdef`);
    mkdirSync(left, { recursive: true });
    writeFileSync(join(left, 'some.member'), 'left');
    const files = new MemberFiles({ folder });
    await files.open(placeOf('tar.gz', 'x.bin', bytes));
    expect(existsSync(left)).toBe(false);
    files.dispose();
  });
});
