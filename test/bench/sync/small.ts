import { join } from 'node:path';
import { singleQuoted } from '../../../src/base/shellWords.ts';
import { formatCount } from '../../../src/base/format.ts';
import { against, type Bench, type BenchRow } from '../row.ts';
import { empty, forScp, leastOf, makeFiles, ROUND_TRIPS, sized, timed, timedOurs, withGround } from './ground.ts';

const BYTES = 4096;

/** Many small files into nothing, and into a tree of which a tenth is old. Our plan is in our time. */
export const small: Bench = {
  room: 'sync',
  name: 'small',
  async run({ folder, say }) {
    const count = sized(20_000);
    const rows: BenchRow[] = [];
    for (const roundTrip of ROUND_TRIPS) {
      say(`${count} files, ${roundTrip} ms`);
      rows.push(
        ...(await withGround(folder, roundTrip, async ({ here, there, rsh, words, link, plan, run }) => {
          if (roundTrip === ROUND_TRIPS[0]) {
            empty(here);
            makeFiles(here, count, BYTES);
          }
          const ends = ['-e', rsh, `${here}/`, `${link.host}:${there}/`];
          const ours = (): Promise<number> =>
            timedOurs(async () => {
              const outcome = await run(await plan());
              if (outcome.state !== 'done') {
                throw new Error(JSON.stringify(outcome.left.slice(0, 3)));
              }
            });
          const tar = (): Promise<number> => timed(`tar -C ${singleQuoted(here)} -cf - . | ${words.map(singleQuoted).join(' ')} ${link.host} ${singleQuoted(`tar -C ${singleQuoted(there)} -xpf -`)}`);
          const rsync = (): Promise<number> => timed(['rsync', '-a', ...ends]);
          const nothing = (): void => empty(there);
          const aTenthOld = async (): Promise<void> => {
            await timed(['rsync', '-a', `--exclude=/.trainyard`, `${here}/`, `${there}/`]);
            makeFiles(join(there), Math.round(count / 10), BYTES, 1_600_000_000.5);
          };
          const into = await leastOf({ ours: { prepare: nothing, run: ours }, tar: { prepare: nothing, run: tar }, rsync: { prepare: nothing, run: rsync } });
          const changed = await leastOf({ ours: { prepare: aTenthOld, run: ours }, tar: { prepare: aTenthOld, run: tar }, rsync: { prepare: aTenthOld, run: rsync } });
          // A file at a time: a hundredth of them, and what that makes of all.
          const few = Math.max(10, Math.round(count / (roundTrip === 0 ? 40 : 200)));
          const sample = join(folder, 'few');
          empty(sample);
          makeFiles(sample, few, BYTES);
          nothing();
          const scp = ((await timed(['scp', '-Orpq', ...forScp(words), `${sample}/.`, `${link.host}:${there}/`])) * count) / few;
          const name = `${formatCount(count)} files of 4 kB, ${roundTrip} ms,`;
          return [
            against('sync', `${name} into nothing, against tar over ssh`, into.ours, into.tar, null),
            against('sync', `${name} into nothing, against rsync -a`, into.ours, into.rsync, null),
            against('sync', `${name} into nothing, against the faster`, into.ours, Math.min(into.tar, into.rsync), 1.05),
            against('sync', `${name} into nothing, against scp -r (by ${few})`, into.ours, scp, null),
            against('sync', `${name} a tenth changed, against the faster`, changed.ours, Math.min(changed.tar, changed.rsync), 1.05),
          ];
        })),
      );
    }
    return rows;
  },
};
