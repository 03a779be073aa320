import { createReadStream } from 'node:fs';

export type TextLine = { readonly text: string } | { readonly problem: string };

/** Longer lines are not rows of a manifest, and would fill the memory. */
const MAX_LINE = 16 * 2 ** 20;
const LINE_FEED = 0x0a;

/** A file's lines as UTF-8, without their ends and without a byte order mark. A line of more than 16 MiB is a problem. */
export async function* readTextLines(file: string, signal?: AbortSignal): AsyncGenerator<TextLine> {
  const stream = createReadStream(file, { highWaterMark: 2 ** 18, ...(signal && { signal }) });
  let parts: Buffer[] = [];
  let length = 0;
  let isFirst = true;
  const finish = (): TextLine => {
    const text = length > MAX_LINE ? undefined : Buffer.concat(parts).toString('utf8').replace(/\r$/, '');
    parts = [];
    length = 0;
    const whole = isFirst ? text?.replace(/^\ufeff/, '') : text;
    isFirst = false;
    return whole === undefined ? { problem: `the line is longer than ${MAX_LINE} bytes` } : { text: whole };
  };
  const keep = (part: Buffer): void => {
    length += part.length;
    if (length <= MAX_LINE) {
      parts.push(part);
    } else {
      parts = [];
    }
  };
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
        keep(chunk.subarray(from, end));
        yield finish();
        from = end + 1;
      }
      keep(chunk.subarray(from));
    }
    if (length > 0) {
      yield finish();
    }
  } finally {
    stream.destroy();
  }
}
