import { cpus } from 'node:os';
import { describe, expect, it } from 'vitest';
import {
  allowedCpus,
  availableCpus,
  countCpuList,
  cpuHierarchies,
  groupIn,
  parseCfsQuota,
  parseCpuMax,
} from '../../../src/process/cpus.ts';

/** A system of these files and no others. */
function system(files: Readonly<Record<string, string>>): number {
  return availableCpus((path) => files[path]);
}

const V2_MOUNT = '30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n';
const V1_MOUNT = '35 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n';
const status = (list: string): string => `Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t${list}\nMems_allowed:\t1\n`;

describe('the CPUs there are for us', () => {
  it('are those that we may run on', () => {
    expect(system({ '/proc/self/status': status('0-3,8') })).toBe(5);
  });

  it('are bounded by the quota of a cgroup v2 and of every group above it', () => {
    const files = { '/proc/self/status': status('0-15'), '/proc/self/mountinfo': V2_MOUNT, '/proc/self/cgroup': '0::/user.slice/job\n' };
    expect(system(files)).toBe(16);
    expect(system({ ...files, '/sys/fs/cgroup/user.slice/job/cpu.max': '600000 100000\n' })).toBe(6);
    expect(
      system({ ...files, '/sys/fs/cgroup/user.slice/job/cpu.max': 'max 100000\n', '/sys/fs/cgroup/user.slice/cpu.max': '200000 100000\n' }),
    ).toBe(2);
  });

  it('are bounded by the quota of a cgroup v1', () => {
    const files = {
      '/proc/self/status': status('0-7'),
      '/proc/self/mountinfo': V1_MOUNT,
      '/proc/self/cgroup': '9:name=systemd:/\n4:cpu,cpuacct:/slurm/job_1\n0::/\n',
      '/sys/fs/cgroup/cpu,cpuacct/slurm/job_1/cpu.cfs_period_us': '100000\n',
    };
    expect(system({ ...files, '/sys/fs/cgroup/cpu,cpuacct/slurm/job_1/cpu.cfs_quota_us': '350000\n' })).toBe(4);
    expect(system({ ...files, '/sys/fs/cgroup/cpu,cpuacct/slurm/job_1/cpu.cfs_quota_us': '-1\n' })).toBe(8);
  });

  it('are bounded by the mounted group in a container that names its group from the root of the host', () => {
    const mount = V2_MOUNT.replace(' / /sys', ' /docker/abc /sys');
    const files = { '/proc/self/status': status('0-7'), '/proc/self/mountinfo': mount, '/sys/fs/cgroup/cpu.max': '200000 100000\n' };
    expect(system({ ...files, '/proc/self/cgroup': '0::/docker/abc\n' })).toBe(2);
    expect(system({ ...files, '/proc/self/cgroup': '0::/elsewhere\n' })).toBe(2);
  });

  it('are at least one, and whole', () => {
    const files = { '/proc/self/status': status('0-7'), '/proc/self/mountinfo': V2_MOUNT, '/proc/self/cgroup': '0::/\n' };
    expect(system({ ...files, '/sys/fs/cgroup/cpu.max': '20000 100000\n' })).toBe(1);
    expect(system({ ...files, '/sys/fs/cgroup/cpu.max': '150000 100000\n' })).toBe(2);
  });

  it('are those of the machine where nothing can be read', () => {
    expect(system({})).toBe(cpus().length);
    expect(availableCpus()).toBeGreaterThanOrEqual(1);
  });
});

describe('the texts of the kernel', () => {
  it.each([
    ['0', 1],
    ['0-3,7', 5],
    ['0-1,4-5,9', 5],
    ['', undefined],
    ['all', undefined],
  ])('the list %j counts %s', (list, count) => {
    expect(countCpuList(list)).toBe(count);
  });

  it.each([
    ['max 100000\n', undefined],
    ['150000 100000\n', 1.5],
    ['50000', 0.5],
    ['', undefined],
  ])('cpu.max %j is %s', (text, share) => {
    expect(parseCpuMax(text)).toBe(share);
  });

  it('a v1 quota of -1 is none', () => {
    expect(parseCfsQuota('-1\n', '100000\n')).toBeUndefined();
    expect(parseCfsQuota('250000\n', '100000\n')).toBe(2.5);
  });

  it('a mount may have spaces, and the cpuset is not the cpu controller', () => {
    const text = [
      V1_MOUNT.trim(),
      '36 31 0:31 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset',
      '37 1 0:3 /a\\040b /mnt/c\\011d rw - cgroup2 none rw',
      '38 1 8:1 / / rw - ext4 /dev/sda rw',
    ].join('\n');
    expect(cpuHierarchies(text)).toEqual([
      { version: 1, mount: '/sys/fs/cgroup/cpu,cpuacct', root: '/' },
      { version: 2, mount: '/mnt/c\td', root: '/a b' },
    ]);
  });

  it('a group is named for each hierarchy of its own', () => {
    const text = '4:cpu,cpuacct:/v1:with colon\n3:cpuset:/no\n0::/v2\n';
    expect(groupIn(1, text)).toBe('/v1:with colon');
    expect(groupIn(2, text)).toBe('/v2');
    expect(groupIn(1, '0::/v2\n')).toBeUndefined();
  });

  it('a status without the list tells nothing', () => {
    expect(allowedCpus('Name:\tnode\n')).toBeUndefined();
  });
});
