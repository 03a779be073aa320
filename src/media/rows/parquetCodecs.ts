import type { Compressors } from 'hyparquet';

/** hyparquet-compressors' codecs; its LZ4 fails at a block of nothing, which Arrow writes for a page whose values are all null. */
export async function parquetCodecs(): Promise<Compressors> {
  const { compressors } = await import('hyparquet-compressors');
  const { LZ4, LZ4_RAW } = compressors;
  return { ...compressors, ...(LZ4 && { LZ4: emptyOr(LZ4) }), ...(LZ4_RAW && { LZ4_RAW: emptyOr(LZ4_RAW) }) };
}

type Codec = NonNullable<Compressors['LZ4']>;

function emptyOr(decompress: Codec): Codec {
  return (packed, length) => (length === 0 ? new Uint8Array(0) : decompress(packed, length));
}
