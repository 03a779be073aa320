import { parquetWriteBuffer } from 'hyparquet-writer';
import { maskedCrc32c } from '../../../../src/dataset/formats/support/crc32c.ts';

/** A tar of regular files, in order; ends as it should unless `end` says otherwise. */
export function tar(members: readonly (readonly [name: string, content: string | Uint8Array])[], end = 1024): Buffer {
  const blocks = members.flatMap(([name, content]) => {
    const bytes = Buffer.from(content as string);
    const header = Buffer.alloc(512);
    header.write(name, 0, 100, 'utf8');
    header.write('0000644\x000000000\x000000000\x00', 100, 'latin1');
    header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
    header.write('00000000000\x00', 136, 'latin1');
    header.write('        0', 148, 'latin1');
    header.write('ustar\x0000', 257, 'latin1');
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(end)]);
}

export function tfRecords(records: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    records.flatMap((record) => {
      const head = Buffer.alloc(12);
      head.writeBigUInt64LE(BigInt(record.length), 0);
      head.writeUInt32LE(maskedCrc32c(head.subarray(0, 8)), 8);
      const tail = Buffer.alloc(4);
      tail.writeUInt32LE(maskedCrc32c(record), 0);
      return [head, record, tail];
    }),
  );
}

/** A tf.train.Example with short texts. */
export function example(features: Readonly<Record<string, string>>): Buffer {
  const part = (field: number, content: Buffer): Buffer => Buffer.concat([Buffer.from([field * 8 + 2, content.length]), content]);
  const entries = Object.entries(features).map(([key, value]) => part(1, Buffer.concat([part(1, Buffer.from(key)), part(2, part(1, part(1, Buffer.from(value))))])));
  return part(1, Buffer.concat(entries));
}

export interface Column {
  readonly name: string;
  readonly data: readonly unknown[];
  readonly type?: 'STRING' | 'INT32' | 'INT64' | 'DOUBLE' | 'FLOAT' | 'JSON' | 'BYTE_ARRAY';
}

export function parquet(columns: readonly Column[]): Buffer {
  return Buffer.from(parquetWriteBuffer({ columnData: columns as Parameters<typeof parquetWriteBuffer>[0]['columnData'] }));
}
