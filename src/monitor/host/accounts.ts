import { isAbsent } from '../../base/absent.ts';
import type { KernelFiles } from '../kernelFiles.ts';

/** After how many seconds an account that was not found is looked for again. */
const AGAIN_SECONDS = 300;

export interface Accounts {
  /** The account's name; the number where it has none. `moment`: seconds. */
  nameOf(uid: number, moment: number): string;
}

/**
 * Of `/etc/passwd` (passwd(5)). Accounts of a directory service are not in there: `lookUp` asks for the names of such, and
 * what it has not answered yet is a number so far.
 */
export function createAccounts(files: KernelFiles, lookUp?: (uids: readonly number[]) => Promise<ReadonlyMap<number, string>>): Accounts {
  let names: ReadonlyMap<number, string> = new Map();
  const elsewhere = new Map<number, string>();
  let readAt = -Infinity;
  const asked = new Map<number, number>();
  let wanted: number[] = [];

  function ask(uid: number, moment: number): void {
    if (lookUp === undefined || moment - (asked.get(uid) ?? -Infinity) < AGAIN_SECONDS) {
      return;
    }
    asked.set(uid, moment);
    wanted.push(uid);
    if (wanted.length === 1) {
      // All that one tick meets are asked for at once.
      queueMicrotask(() => {
        const uids = wanted;
        wanted = [];
        void lookUp(uids).then(
          (found) => found.forEach((name, found) => elsewhere.set(found, name)),
          () => undefined,
        );
      });
    }
  }

  return {
    nameOf(uid, moment) {
      if (!names.has(uid) && moment - readAt >= AGAIN_SECONDS) {
        readAt = moment;
        const text = files.text('/etc/passwd');
        names = isAbsent(text) ? names : parsePasswd(text);
      }
      const name = names.get(uid) ?? elsewhere.get(uid);
      if (name === undefined) {
        ask(uid, moment);
      }
      return name ?? String(uid);
    },
  };
}

/** Names by number; of several with one number the first, as the system's own programs take it. */
export function parsePasswd(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [, name, number] = /^([^:\s]+):[^:]*:(\d{1,10}):/.exec(line) ?? [];
    if (name !== undefined && !names.has(Number(number))) {
      names.set(Number(number), name);
    }
  }
  return names;
}
