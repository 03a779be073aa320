import { createPackedStore } from '../../../../src/dataset/thumbnails/packedStore.ts';

/** Puts things into a store without end, and says of each when it is in. */
const [folder = '', prefix = ''] = process.argv.slice(2);
const store = await createPackedStore({ folder, budget: 512 * 2 ** 20 });
for (let number = 0; ; number++) {
  const key = `${prefix} ${number}`;
  store.put(key, Buffer.alloc(20_000 + number, number % 251));
  await new Promise<void>((resolve) => process.stdout.write(`${key}\n`, () => resolve()));
}
