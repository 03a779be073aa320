import { isAbsent, known } from '../../base/absent.ts';
import type { KernelFiles } from '../kernelFiles.ts';
import { parseMountinfo, type Mount } from './mounts.ts';

/** A controller of control groups that bounds something. */
export type Controller = 'memory' | 'cpu' | 'pids';

/** Where a controller's files about us lie. */
export interface ControllerFolders {
  readonly version: 1 | 2;
  /** From our own group up to the mounted one: each bounds all that are below it. */
  readonly folders: readonly string[];
}

/**
 * A controller may be of version 1 while others are of version 2 (cgroups(7), "Cgroups v2 hybrid"): the one that is mounted
 * by its name is version 1.
 */
export function controllerFolders(files: KernelFiles, controller: Controller): ControllerFolders | undefined {
  const mounts = parseMountinfo(files.text('/proc/self/mountinfo'));
  const groups = known(files.text('/proc/self/cgroup'));
  if (isAbsent(mounts) || groups === undefined) {
    return undefined;
  }
  const first = mounts.find(({ type, options }) => type === 'cgroup' && options.includes(controller));
  const firstGroup = groupOf(groups, controller);
  if (first !== undefined && firstGroup !== undefined) {
    return { version: 1, folders: foldersUp(first, firstGroup) };
  }
  const second = mounts.find(({ type }) => type === 'cgroup2');
  const secondGroup = groupOf(groups, '');
  if (second === undefined || secondGroup === undefined) {
    return undefined;
  }
  return { version: 2, folders: foldersUp(second, secondGroup) };
}

/** `4:cpu,cpuacct:/a` for version 1, `0::/a` for version 2. */
function groupOf(groups: string, controller: Controller | ''): string | undefined {
  for (const line of groups.split('\n')) {
    const [, controllers, group] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers !== undefined && controllers.split(',').includes(controller)) {
      return group;
    }
  }
  return undefined;
}

/**
 * Inside a container the mounted group is ours, while the kernel may name it from the host's root, or `/../..` where it is
 * outside of what is mounted: then the mounted one is all that can be seen.
 */
function foldersUp({ mountPoint, root }: Mount, group: string): readonly string[] {
  const inside = group === root ? '' : root === '/' ? group : group.startsWith(`${root}/`) ? group.slice(root.length) : '';
  const steps = inside.split('/').filter((step) => step !== '');
  if (steps.includes('..')) {
    return [mountPoint];
  }
  return [mountPoint, ...steps.map((_, index) => `${mountPoint}/${steps.slice(0, index + 1).join('/')}`)].reverse();
}
