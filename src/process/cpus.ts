import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, relative } from 'node:path';

/** Gives the text of a file of `/proc` or `/sys`; undefined where it is not there. */
export type ReadText = (path: string) => string | undefined;

/**
 * How many CPUs our processes may keep busy: the fewest of those that this process may run on (`taskset`, cpusets, Slurm) and
 * of the quota of each control group it is in, rounded to whole ones. At least 1.
 */
export function availableCpus(read: ReadText = readText): number {
  const allowed = allowedCpus(read('/proc/self/status') ?? '') ?? cpus().length;
  return Math.max(1, Math.min(allowed, Math.round(quotaCpus(read) ?? Infinity)));
}

/** The count of `Cpus_allowed_list` in the text of `/proc/<pid>/status`. */
export function allowedCpus(status: string): number | undefined {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1];
  return list === undefined ? undefined : countCpuList(list);
}

/** `0-3,7` is 5; undefined where it is no such list. */
export function countCpuList(list: string): number | undefined {
  let count = 0;
  for (const part of list.split(',')) {
    const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (first === undefined) {
      return undefined;
    }
    count += Number(last ?? first) - Number(first) + 1;
  }
  return count;
}

/** CPUs in a cgroup v2 `cpu.max`: `150000 100000` is 1.5; undefined for `max`. */
export function parseCpuMax(text: string): number | undefined {
  const [quota, period = '100000'] = text.trim().split(/\s+/);
  return share(Number(quota), Number(period));
}

/** CPUs in a cgroup v1 `cpu.cfs_quota_us` and `cpu.cfs_period_us`; undefined where the quota is -1. */
export function parseCfsQuota(quota: string, period: string): number | undefined {
  return share(Number(quota), Number(period));
}

function share(quota: number, period: number): number | undefined {
  return quota > 0 && period > 0 ? quota / period : undefined;
}

interface Hierarchy {
  readonly version: 1 | 2;
  /** Absolute path of the folder it is mounted on. */
  readonly mount: string;
  /** Which of its groups that folder is. */
  readonly root: string;
}

/** The hierarchies that may hold a CPU quota, from the text of `/proc/self/mountinfo`. */
export function cpuHierarchies(mountinfo: string): readonly Hierarchy[] {
  return mountinfo.split('\n').flatMap((line): readonly Hierarchy[] => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root, mount] = before.split(' ');
    const [type, , options = ''] = after.split(' ');
    if (root === undefined || mount === undefined) {
      return [];
    }
    const place = { root: unescaped(root), mount: unescaped(mount) };
    if (type === 'cgroup2') {
      return [{ version: 2, ...place }];
    }
    return type === 'cgroup' && options.split(',').includes('cpu') ? [{ version: 1, ...place }] : [];
  });
}

/** The group of a hierarchy that the text of `/proc/self/cgroup` names: `0::/a` for version 2, `4:cpu,cpuacct:/a` for version 1. */
export function groupIn(version: 1 | 2, cgroup: string): string | undefined {
  for (const line of cgroup.split('\n')) {
    const [, controllers, group] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (version === 2 ? controllers === '' : controllers?.split(',').includes('cpu')) {
      return group;
    }
  }
  return undefined;
}

/** The tightest quota of the groups from ours up to the mounted one: each bounds all below it. */
function quotaCpus(read: ReadText): number | undefined {
  const cgroup = read('/proc/self/cgroup') ?? '';
  const quotas = cpuHierarchies(read('/proc/self/mountinfo') ?? '').flatMap(({ version, mount, root }) => {
    const group = groupIn(version, cgroup);
    return group === undefined ? [] : foldersUp(mount, relative(root, group)).map((folder) => quotaOf(version, folder, read));
  });
  const known = quotas.filter((quota) => quota !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}

function quotaOf(version: 1 | 2, folder: string, read: ReadText): number | undefined {
  if (version === 2) {
    return parseCpuMax(read(join(folder, 'cpu.max')) ?? '');
  }
  return parseCfsQuota(read(join(folder, 'cpu.cfs_quota_us')) ?? '', read(join(folder, 'cpu.cfs_period_us')) ?? '');
}

/** A container sees its own group as the mounted one while `/proc` may name it from the host's root: then only the mount is looked at. */
function foldersUp(mount: string, below: string): readonly string[] {
  const steps = below.startsWith('..') ? [] : below.split('/').filter((step) => step !== '');
  return [mount, ...steps.map((_, index) => join(mount, ...steps.slice(0, index + 1)))];
}

/** mountinfo writes space, tab, newline and backslash as `\ooo`. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
