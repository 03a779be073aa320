import { crc32, deflateSync } from 'node:zlib';

/** A PNG by its header and rows of one bit a pixel; the rows are all black, or as many of them as there is data for. */
export function blackPng(width: number, height: number, options: { readonly interlaced?: boolean; readonly rows?: number } = {}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  header[12] = options.interlaced === true ? 1 : 0;
  const rows = Buffer.alloc((1 + Math.ceil(width / 8)) * (options.rows ?? height));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

