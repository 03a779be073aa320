import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';

const PATHS = ['/usr/bin/getent', '/bin/getent', '/run/current-system/sw/bin/getent'];
/** A directory service that is away lets whoever asks wait. */
const WALL_MILLISECONDS = 10_000;

/**
 * The names of accounts by number, those of a directory service as well, which `/etc/passwd` does not have. Who has none is
 * left out; nothing where it cannot be asked. Never rejects.
 */
export function accountNames(uids: readonly number[], path = PATHS.find((candidate) => existsSync(candidate))): Promise<ReadonlyMap<number, string>> {
  if (path === undefined || uids.length === 0) {
    return Promise.resolve(new Map());
  }
  return new Promise((resolve) => {
    const child = execFile(path, ['passwd', ...uids.map(String)], { timeout: WALL_MILLISECONDS, killSignal: 'SIGKILL', env: { LC_ALL: 'C' } }, (_, stdout) => {
      resolve(
        new Map(
          stdout.split('\n').flatMap((line): readonly (readonly [number, string])[] => {
            const [, name, uid] = /^([^:\s]+):[^:]*:(\d{1,10}):/.exec(line) ?? [];
            return name === undefined ? [] : [[Number(uid), name]];
          }),
        ),
      );
    });
    child.unref();
  });
}
