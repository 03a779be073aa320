import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { formatBytes } from '../../../src/base/format.ts';
import { against, type Bench, type BenchRow } from '../row.ts';
import { empty, forScp, leastOf, ROUND_TRIPS, sized, timed, timedOurs, withGround } from './ground.ts';

const MEGABYTES = 2048;

/** One file of weights. */
export const large: Bench = {
  room: 'sync',
  name: 'large',
  async run({ folder, say }) {
    const megabytes = sized(MEGABYTES);
    const rows: BenchRow[] = [];
    for (const roundTrip of ROUND_TRIPS) {
      say(`${megabytes} MiB, ${roundTrip} ms`);
      rows.push(
        ...(await withGround(folder, roundTrip, async ({ here, there, rsh, words, link, plan, run }) => {
          const file = join(here, 'model.safetensors');
          if (roundTrip === ROUND_TRIPS[0]) {
            empty(here);
            execFileSync('dd', ['if=/dev/urandom', `of=${file}`, 'bs=1M', `count=${megabytes}`, 'status=none']);
          }
          const prepare = (): void => empty(there);
          const found = await leastOf({
            ours: {
              prepare,
              run: () =>
                timedOurs(async () => {
                  const outcome = await run(await plan());
                  if (outcome.state !== 'done') {
                    throw new Error(JSON.stringify(outcome.left));
                  }
                }),
            },
            rsync: { prepare, run: () => timed(['rsync', '-a', '-e', rsh, `${here}/`, `${link.host}:${there}/`]) },
            scp: { prepare, run: () => timed(['scp', '-Opq', ...forScp(words), file, `${link.host}:${there}/`]) },
          });
          const name = `one file of ${formatBytes(megabytes * 1024 * 1024)}, ${roundTrip} ms, against`;
          return [against('sync', `${name} rsync -a`, found.ours, found.rsync, roundTrip >= 40 ? 0.45 : 0.75), against('sync', `${name} scp`, found.ours, found.scp, null)];
        })),
      );
      empty(join(folder, 'there'));
    }
    return rows;
  },
};
