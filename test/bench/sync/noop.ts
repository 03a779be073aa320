import { cpSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { formatCount } from '../../../src/base/format.ts';
import { against, type Bench, type BenchRow } from '../row.ts';
import { empty, leastOf, makeFiles, ROUND_TRIPS, sized, timed, timedOurs, withGround } from './ground.ts';

/** Nothing has changed: what is found out again at every sync. All over the same warm connection. */
export const noop: Bench = {
  room: 'sync',
  name: 'noop',
  async run({ folder, say }) {
    const rows: BenchRow[] = [];
    for (const count of [sized(20_000), sized(200_000)]) {
      for (const roundTrip of ROUND_TRIPS) {
        say(`${count} files, ${roundTrip} ms`);
        rows.push(
          ...(await withGround(folder, roundTrip, async ({ here, there, rsh, link, plan }) => {
            if (roundTrip === ROUND_TRIPS[0]) {
              empty(here);
              makeFiles(here, count, 40);
              empty(there);
              mkdirSync(dirname(there), { recursive: true });
              cpSync(here, there, { recursive: true, preserveTimestamps: false });
              await timed(['rsync', '-a', `${here}/`, `${there}/`]);
            }
            const ends = ['-e', rsh, `${here}/`, `${link.host}:${there}/`];
            const { ours, plain, whole } = await leastOf({
              ours: {
                run: () =>
                  timedOurs(async () => {
                    const { plan: made } = await plan();
                    if (made.items.length > 0) {
                      throw new Error(`${made.items.length} of nothing differ`);
                    }
                  }),
              },
              plain: { run: () => timed(['rsync', '-a', ...ends]) },
              whole: { run: () => timed(['rsync', '-a', '--no-inc-recursive', ...ends]) },
            });
            const name = `nothing changed in ${formatCount(count)} files, ${roundTrip} ms, against`;
            return [against('sync', `${name} rsync -a --no-inc-recursive`, ours, whole, 1.05), against('sync', `${name} rsync -a`, ours, plain, roundTrip >= 40 ? 0.35 : null)];
          })),
        );
      }
    }
    return rows;
  },
};
