import type { CheckpointSource } from '../../checkpoint.ts';

/** Reads one part of a file. */
export async function readPart(source: CheckpointSource, file: string, offset: number, length: number, signal?: AbortSignal): Promise<Buffer> {
  const [bytes = Buffer.alloc(0)] = await source.read([{ file, offset, length }], signal);
  return bytes;
}

/** Reads small files whole; undefined for those that are not there, or are larger than `most` bytes. */
export async function readTexts(source: CheckpointSource, sizes: ReadonlyMap<string, number>, names: readonly string[], most: number, signal?: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const wanted = names.filter((name) => (sizes.get(name) ?? Infinity) <= most);
  const bytes = await source.read(
    wanted.map((file) => ({ file, offset: 0, length: most })),
    signal,
  );
  return new Map(wanted.map((name, index) => [name, (bytes[index] ?? Buffer.alloc(0)).toString('utf8')]));
}

/** JSON, or undefined where it is none. */
export function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
