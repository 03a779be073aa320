/** A piece of a sound: the name of its file and the samples of each channel that it begins and ends (exclusively) with. */
export interface Chunk {
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

export type ChunkListFormat = 'jsonl' | 'csv';

/** `000001.wav`: the name of the piece with this index, from 0. */
export function chunkName(index: number, extension: string): string {
  return `${String(index + 1).padStart(6, '0')}.${extension}`;
}

/** Each piece's place in the input: seconds, to the nanosecond, and samples. Names are digits and an extension: CSV needs no quotes. */
export function chunkListText(chunks: readonly Chunk[], rate: number, format: ChunkListFormat): string {
  const seconds = (samples: number): number => Number((samples / rate).toFixed(9));
  const rows = chunks.map(({ file, from, to }) => ({ file, start: seconds(from), end: seconds(to), samples: to - from }));
  if (format === 'jsonl') {
    return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  }
  return ['file,start,end,samples', ...rows.map((row) => Object.values(row).join(','))].map((line) => `${line}\n`).join('');
}
