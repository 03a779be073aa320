import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toBytePath } from '../../../src/base/bytePath.ts';
import { firstApproval } from '../../../src/sync/plan.ts';
import { pairKey } from '../../../src/sync/transfer/lock.ts';
import { runPlan } from '../../../src/sync/transfer/runPlan.ts';
import { savedPlan } from '../../../src/sync/watch/savedPlan.ts';
import { against, type Bench, type BenchRow } from '../row.ts';
import { empty, leastOf, makeFiles, ROUND_TRIPS, sized, timed, timedOurs, withGround } from './ground.ts';

/** One saved file of a tree, from the end of the quiet period to where it is known to be there. */
export const saved: Bench = {
  room: 'sync',
  name: 'saved',
  async run({ folder, say }) {
    const rows: BenchRow[] = [];
    for (const roundTrip of ROUND_TRIPS) {
      say(`one file, ${roundTrip} ms`);
      rows.push(
        await withGround(folder, roundTrip, async ({ here, there, rsh, link, context, plan }) => {
          empty(here);
          empty(there);
          makeFiles(here, sized(2000), 4096);
          const first = await plan();
          await runPlan(first.plan, firstApproval(first.plan), { ...context, listings: first.listings }, () => {}, new AbortController().signal);
          const name = 'd0000/sample-0000000.txt';
          let turn = 0;
          const save = (): void => {
            turn++;
            writeFileSync(join(here, name), `saved ${turn} times\n`.repeat(200));
            utimesSync(join(here, name), 1_700_000_000 + turn, 1_700_000_000 + turn);
          };
          const { target } = first.plan;
          const key = pairKey(target.local, link.host, there);
          let arrived = 0;
          const ours = async (): Promise<number> => {
            const whole = await timedOurs(async () => {
              const snapshot = context.snapshots.read(key) ?? new Map();
              const made = savedPlan(target, link.host, toBytePath(there), new Set([name]), snapshot, () => true);
              const startedAt = performance.now();
              const outcome = await runPlan(made, firstApproval(made), context, ({ phase }) => (arrived ||= phase === 'finishing' ? performance.now() - startedAt : 0), new AbortController().signal);
              if (outcome.updated !== 1) {
                throw new Error(JSON.stringify(outcome));
              }
            });
            const seconds = arrived / 1000;
            arrived = 0;
            return Math.min(whole, seconds);
          };
          const peer = async (): Promise<number> => {
            const seconds = await timed(['rsync', '-a', '-e', rsh, join(here, name), `${link.host}:${there}/d0000/`]);
            // So that our own memory of both sides is true again.
            const now = await plan();
            await runPlan(now.plan, firstApproval(now.plan), { ...context, listings: now.listings }, () => {}, new AbortController().signal);
            return seconds;
          };
          const least = await leastOf({ ours: { prepare: save, run: ours }, rsync: { prepare: save, run: async () => peer() } }, 5);
          return against('sync', `one saved file until it has arrived, ${roundTrip} ms, against rsync of it`, least.ours, least.rsync, 1.5);
        }),
      );
    }
    return rows;
  },
};
