import type { Disposable } from '../../../base/disposable.ts';
import { createSshLinks } from '../../../process/ssh/links.ts';
import type { SshLinksOptions } from '../../../process/ssh/links.ts';
import type { CheckpointSource } from '../../checkpoint.ts';
import { openLinkSource } from './linkSource.ts';
import { openLocalSource } from './localSource.ts';

export interface CheckpointPlaces extends Disposable {
  /** A path of this machine, or `HOST:PATH`. Rejects with a `SyncError`, or an error of the file system. */
  open(place: string, signal?: AbortSignal): Promise<CheckpointSource>;
}

/** Opens checkpoints here, from the folder `cwd`, and on boxes; the links to boxes live as long as it does. */
export function createCheckpointPlaces(options: SshLinksOptions, cwd: string): CheckpointPlaces {
  const links = createSshLinks(options);
  return {
    async open(place, signal) {
      const remote = remotePlace(place);
      if (remote === undefined) {
        return openLocalSource(place, cwd);
      }
      return openLinkSource(links.link(remote.host), remote.path, signal);
    },
    dispose: () => links.dispose(),
  };
}

/** `HOST:PATH`; undefined for a path of this machine, as `./a:b` and `/a:b` are. */
export function remotePlace(place: string): { readonly host: string; readonly path: string } | undefined {
  const [, host, path] = /^([^/:]+|[^/:]*\[[0-9a-f:]+\]):([^]*)$/i.exec(place) ?? [];
  return host === undefined || path === undefined ? undefined : { host: host.replace(/[[\]]/g, ''), path: path === '' ? '~/.' : path };
}
