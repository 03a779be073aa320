import { afterEach, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { cleanUp, hashes, makeImages, newFolder, newJob, planFor, tree } from './runBench.ts';

afterEach(cleanUp);

describe('a batch', () => {
  it.each(['sharp', 'imagemagick'] as const)('brings every item to its verified output by %s, and nothing else', async (engine) => {
    const [input, output] = [newFolder(), join(newFolder(), 'fit')];
    const images = makeImages(input, Array.from({ length: 40 }, (_, index) => `${index}.jpg`));
    const before = hashes(images);
    const job = await newJob({ plan: planFor(images, output, engine), output, options: { edge: 32 } });
    const status = await job.run();
    expect(status).toMatchObject({ state: 'done', progress: 1, running: [], failures: [], counts: { write: 40, done: 40, failed: 0 } });
    expect(tree(output)).toEqual(images.map((path) => path.slice(input.length + 1)).sort());
    expect(job.ledger.entries).toHaveLength(40);
    expect(hashes(images)).toEqual(before);
  });
});
