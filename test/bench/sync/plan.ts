import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listRemote } from '../../../src/sync/listing/listRemote.ts';
import { median } from '../measure.ts';
import { against } from '../row.ts';
import type { Bench } from '../row.ts';
import { ROUNDS, sized, withGround } from './ground.ts';

const FILES_A_FOLDER = 500;
/** One file in so many differs. */
const CHANGED = 200;
const ROUND_TRIP = 40;

/** Both sides in step but for a few names: a plan has to look at all of them. */
export const planning: Bench = {
  room: 'sync',
  name: 'plan',
  async run({ folder, say }) {
    const files = sized(200_000);
    return withGround(folder, ROUND_TRIP, async (ground) => {
      makeTrees(ground.here, ground.there, files);
      const times: { readonly plan: number[]; readonly listing: number[] } = { plan: [], listing: [] };
      for (let round = 0; round <= ROUNDS; round++) {
        say(`round ${round} of ${ROUNDS}`);
        const listing = await seconds(() => listRemote(ground.link, ground.context.facts, ground.there));
        let items = 0;
        const plan = await seconds(async () => (items = (await ground.plan()).plan.items.length));
        if (items !== Math.ceil(files / CHANGED)) {
          throw new Error(`the plan has ${items} items`);
        }
        if (round > 0) {
          times.plan.push(plan);
          times.listing.push(listing);
        }
      }
      return [against('sync', `plan: ${files.toLocaleString('en')} files, ${ROUND_TRIP} ms, against the remote listing alone`, median(times.plan), median(times.listing), 1.2)];
    });
  },
};

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await run();
  return (performance.now() - began) / 1000;
}

function makeTrees(here: string, there: string, files: number): void {
  for (const root of [here, there]) {
    for (let index = 0; index < files; index++) {
      const folder = join(root, `folder${Math.floor(index / FILES_A_FOLDER)}`);
      if (index % FILES_A_FOLDER === 0) {
        mkdirSync(folder, { recursive: true });
      }
      const path = join(folder, `sample_${String(index).padStart(7, '0')}.json`);
      const at = 1_700_000_000 + (index % CHANGED === 0 && root === here ? 60 : 0);
      writeFileSync(path, 'x');
      utimesSync(path, at, at);
    }
  }
}
