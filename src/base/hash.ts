import createXxhash from 'xxhash-wasm';

/** Hashes text to a whole number below 2^53: not for secrets, even over any input, the same in every process. */
export type TextHash = (text: string) => number;

/** xxHash64, cut to the 53 bits that a number holds exactly. */
export async function createTextHash(): Promise<TextHash> {
  const xxhash = await createXxhash();
  return (text) => Number(xxhash.h64(text) >> 11n);
}
