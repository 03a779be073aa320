import { resolve } from 'node:path';
import type { Disposable } from '../../../base/disposable.ts';
import { createSshLinks } from '../../../process/ssh/links.ts';
import type { SshLinksOptions } from '../../../process/ssh/links.ts';
import type { CheckpointSource } from '../../checkpoint.ts';
import { remotePlace } from '../../cli/ckptArguments.ts';
import { openLinkSource } from './linkSource.ts';
import { openLocalSource } from './localSource.ts';

export interface CheckpointPlaces extends Disposable {
  /** A path of this machine, or `HOST:PATH`. Rejects with a `SyncError`, or an error of the file system. */
  open(place: string, signal?: AbortSignal): Promise<CheckpointSource>;
}

/** Opens checkpoints here and on boxes; the links to boxes live as long as it does. */
export function createCheckpointPlaces(options: SshLinksOptions, cwd: string): CheckpointPlaces {
  const links = createSshLinks(options);
  return {
    async open(place, signal) {
      const remote = remotePlace(place);
      if (remote === undefined) {
        return relabelled(await openLocalSource(resolve(cwd, place)), place);
      }
      const link = links.link(remote.host);
      return openLinkSource(link, remote.path, signal);
    },
    dispose: () => links.dispose(),
  };
}

/** Called as it was asked for. */
function relabelled(source: CheckpointSource, path: string): CheckpointSource {
  return {
    path,
    folderName: source.folderName,
    focus: source.focus,
    list: (depth, signal) => source.list(depth, signal),
    read: (ranges, signal) => source.read(ranges, signal),
    digest: (ranges, signal) => source.digest(ranges, signal),
  };
}
