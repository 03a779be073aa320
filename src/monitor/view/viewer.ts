import type { Measured } from '../../base/absent.ts';
import type { GpuUse } from '../gpuSample.ts';
import type { ProcessSample } from '../hostSample.ts';

/**
 * Whose something is, as the person at this window sees it: of the workspace's folder, otherwise theirs, another person's,
 * or of a process that cannot be seen from here.
 */
export type Owner = 'workspace' | 'mine' | 'others' | 'hidden';

/** What may be read of one's own processes and of no other's. */
export interface OwnProcess {
  readonly cwd: Measured<string>;
  readonly environment: Measured<Readonly<Record<string, string>>>;
}

/** Who looks, and from where. */
export interface Viewer {
  readonly uid: number;
  /** Absolute paths of the workspace's folders. */
  readonly folders: readonly string[];
  /** Asked about processes of `uid` alone. */
  readonly ownProcess?: (process: ProcessSample) => OwnProcess | undefined;
  /** In a pid namespace: whether a driver's process is proven to be ours of the same number. Without it none is. */
  readonly isSame?: (use: GpuUse, process: ProcessSample) => boolean;
}

export function isMine(owner: Owner | undefined): boolean {
  return owner === 'workspace' || owner === 'mine';
}

/** Whether a path is one of the folders or lies in one of them. */
export function isWithin(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`));
}
