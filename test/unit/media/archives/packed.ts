import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { temporaryFolder } from '../support.ts';
import { zipBytes } from '../arrays/arrayBytes.ts';

/** In which the same bytes lie: as they are, or packed. */
export const PACKINGS = ['tar', 'stored zip', 'deflated zip', 'tar.gz', 'Parquet'] as const;
export type Packing = (typeof PACKINGS)[number];

/** Something before it and behind it, so that a reader that leaves its own bytes is found out. */
const OTHER = Buffer.alloc(3000, 0xa5);

/** A column of bytes is one of members where they are many. */
const HEAVY = Buffer.alloc(200_000, 0xa5);

/** A place in an archive, or in a cell of a table, that holds these bytes under this name. */
export function placeOf(packing: Packing, name: string, bytes: Uint8Array, beside: Readonly<Record<string, string>> = {}): { readonly file: string; readonly member: string } {
  const folder = temporaryFolder();
  const member = `in/${name}`;
  const members = [{ name: 'in/0.bin', data: OTHER }, { name: member, data: bytes }, ...Object.entries(beside).map(([other, text]) => ({ name: `in/${other}`, data: Buffer.from(text) })), { name: 'in/zzz.bin', data: OTHER }];
  const file = join(folder, `made.${packing === 'Parquet' ? 'parquet' : packing.replace(/.* /, '')}`);
  switch (packing) {
    case 'Parquet':
      writeFileSync(file, Buffer.from(parquetWriteBuffer({ columnData: [{ name: 'bytes', data: [HEAVY, bytes, HEAVY], type: 'BYTE_ARRAY' }], codec: 'UNCOMPRESSED' })));
      return { file, member: `bytes/1${/\.\w+$/.exec(basename(name))?.[0] ?? ''}` };
    case 'tar':
    case 'tar.gz':
      mkdirSync(join(folder, 'in'));
      members.forEach(({ name: path, data }) => writeFileSync(join(folder, path), data));
      execFileSync('tar', ['-C', folder, packing === 'tar' ? '-cf' : '-czf', file, ...members.map(({ name: path }) => path)]);
      return { file, member };
    default:
      writeFileSync(file, zipBytes(members.map((one) => ({ ...one, deflated: packing === 'deflated zip' }))));
      return { file, member };
  }
}
