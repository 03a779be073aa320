import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { singleQuoted } from '../../base/shellWords.ts';
import type { SshLink } from '../../process/ssh/link.ts';
import { OWN_FOLDER } from '../listing/ownNames.ts';

/** Days that what was overwritten or deleted is kept; the newest is kept whatever its age, for an undo. */
export const KEPT_DAYS = 30;
/** Days after which what a run has left half done, here or from another machine, is nobody's any more. */
const STALE_DAYS = 7;
const DAY = 86_400_000;
const STAMP = /^(\d{4})-(\d\d)-(\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})-[0-9a-f]{12}$/;

/** Names of runs in a trash that are old enough to go. Any other name there is not ours. `now`: milliseconds since the epoch. */
export function purgeable(names: readonly string[], now: number, days = KEPT_DAYS): readonly string[] {
  const dated = names.filter((name) => STAMP.test(name)).sort();
  return dated.slice(0, -1).filter((name) => {
    const [, year, month, day] = STAMP.exec(name) ?? [];
    return now - Date.UTC(Number(year), Number(month) - 1, Number(day)) > (days + 1) * DAY;
  });
}

export async function purgeRemote(link: SshLink, root: string, now: number, signal: AbortSignal): Promise<readonly string[]> {
  const folder = `${root}/${OWN_FOLDER}`;
  const stale = `find . -maxdepth 1 \\( -name 'parts-*' -o -name 'stage-*' \\) -mtime +${STALE_DAYS} -exec rm -rf -- {} +`;
  const { stdout } = await link.run(`cd ${singleQuoted(folder)} || exit 0; ${stale}; ls trash 2>/dev/null; :`, { signal });
  const names = purgeable(stdout.toString('latin1').split('\n'), now);
  if (names.length > 0) {
    await link.run(`cd ${singleQuoted(`${folder}/trash`)} && rm -rf -- ${names.map((name) => `./${name}`).join(' ')}`, { signal });
  }
  return names;
}

export function purgeLocal(root: string, now: number): readonly string[] {
  const folder = join(root, OWN_FOLDER);
  const trash = join(folder, 'trash');
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    if (/^(?:parts|stage)-/.test(name) && now - statSync(join(folder, name)).mtimeMs > STALE_DAYS * DAY) {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
  }
  const names = purgeable(existsSync(trash) ? readdirSync(trash) : [], now);
  names.forEach((name) => rmSync(join(trash, name), { recursive: true, force: true }));
  return names;
}

/** Whether a day has gone since a pair of folders was last asked about; from now on it counts as asked. */
export function isPurgeDue(storage: string, key: string, now: number): boolean {
  const mark = join(storage, 'purged', key);
  const last = statSync(mark, { throwIfNoEntry: false })?.mtimeMs;
  if (last !== undefined && now - last < DAY) {
    return false;
  }
  mkdirSync(join(storage, 'purged'), { recursive: true, mode: 0o700 });
  writeFileSync(mark, '');
  return true;
}
