import { LOADERS } from './sharpLoaders.ts';

export type SharpLibrary = typeof import('sharp').default;

/**
 * sharp with its native library, let at the containers of `LOADERS` alone. Rejects where it is not there or does not fit
 * this machine. Its settings hold for the whole process.
 */
export async function loadSharp(): Promise<SharpLibrary> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: Object.values(LOADERS).map(({ operation }) => operation) });
  return sharp;
}
