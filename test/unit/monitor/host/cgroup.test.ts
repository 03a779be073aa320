import { describe, expect, it } from 'vitest';

import { absent } from '../../../../src/base/absent.ts';
import { CgroupMeter } from '../../../../src/monitor/host/cgroup.ts';
import { controllerFolders } from '../../../../src/monitor/host/cgroupFolders.ts';
import { createTree, type Tree } from './tree.ts';

const GIB = 2 ** 30;
const V2 = '31 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n';
const V1 = ['cpu,cpuacct', 'memory', 'pids', 'cpuset'].map((name, index) => `4${index} 31 0:3${index} / /sys/fs/cgroup/${name} rw - cgroup cgroup rw,${name}\n`).join('');

/** Files below one folder. */
function below(folder: string, texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${folder}/${name}`, text]));
}

function machine(texts: Readonly<Record<string, string>>): Tree {
  return createTree({ '/sys/devices/system/cpu/online': '0-63\n', '/proc/self/status': 'Name:\tnode\nCpus_allowed_list:\t0-63\n', '/proc/vmstat': 'nr_free_pages 5\noom_kill 7\n', ...texts });
}

describe('the folders of a controller', () => {
  const folders = (mountinfo: string, cgroup: string): unknown => controllerFolders(createTree({ '/proc/self/mountinfo': mountinfo, '/proc/self/cgroup': cgroup }).files, 'memory');

  it('go from our own group up to the mounted one', () => {
    expect(folders(V2, '0::/user.slice/user-1000.slice\n')).toEqual({
      version: 2,
      folders: ['/sys/fs/cgroup/user.slice/user-1000.slice', '/sys/fs/cgroup/user.slice', '/sys/fs/cgroup'],
    });
  });

  it('are of version 1 where the controller is mounted by its name, though version 2 is there too', () => {
    const hybrid = `${V1}50 31 0:60 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n`;
    expect(folders(hybrid, '9:memory:/slurm/job_1\n0::/x\n')).toEqual({
      version: 1,
      folders: ['/sys/fs/cgroup/memory/slurm/job_1', '/sys/fs/cgroup/memory/slurm', '/sys/fs/cgroup/memory'],
    });
  });

  it.each([
    ['its own group is all that is mounted', '/docker/abc', '/docker/abc', '/sys/fs/cgroup'],
    ['it is in a namespace of groups', '/', '/', '/sys/fs/cgroup'],
    ['we are outside of what is mounted', '/../../other', '/', '/sys/fs/cgroup'],
    ['another group is mounted', '/other', '/docker/abc', '/sys/fs/cgroup'],
    ['we are below the mounted group', '/docker/abc/init', '/docker/abc', '/sys/fs/cgroup/init'],
  ])('in a container are right where %s', (_, group, root, own) => {
    expect(folders(V2.replace('0:26 /', `0:26 ${root}`), `0::${group}\n`)).toMatchObject({ folders: expect.arrayContaining([own]) });
    expect((folders(V2.replace('0:26 /', `0:26 ${root}`), `0::${group}\n`) as { folders: string[] }).folders[0]).toBe(own);
  });

  it('are none where there are no control groups', () => {
    expect(folders('22 27 0:21 / /proc rw - proc proc rw\n', '0::/\n')).toBeUndefined();
    expect(folders(V2, '')).toBeUndefined();
  });
});

describe('limits of version 2', () => {
  const job = '/sys/fs/cgroup/slurm/job_7';
  const tree = (texts: Readonly<Record<string, string>> = {}): Tree =>
    machine({
      '/proc/self/mountinfo': V2,
      '/proc/self/cgroup': '0::/slurm/job_7/step_0\n',
      ...below(`${job}/step_0`, { 'memory.max': 'max\n', 'memory.current': '100\n', 'cpu.max': 'max 100000\n', 'pids.max': 'max\n' }),
      ...below(job, {
        'memory.max': `${64 * GIB}\n`,
        'memory.high': 'max\n',
        'memory.current': `${40 * GIB}\n`,
        'memory.stat': `anon 5\nfile 6\ninactive_file ${10 * GIB}\nactive_file 3\n`,
        'memory.events': 'low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 0\n',
        'cpu.max': '800000 100000\n',
        'cpu.stat': 'usage_usec 10\nnr_periods 100\nnr_throttled 10\nthrottled_usec 5000\n',
        'pids.max': '4096\n',
      }),
      ...below('/sys/fs/cgroup', { 'cpu.stat': 'usage_usec 10\n' }),
      ...texts,
    });

  it('are the tightest of all groups that we are in, with what that group uses', () => {
    expect(new CgroupMeter().next(tree().files, 512 * GIB, 0)).toEqual({
      version: 2,
      memoryLimit: 64 * GIB,
      memoryUsed: 30 * GIB,
      cpuLimit: 8,
      throttled: absent('first sample'),
      processLimit: 4096,
      oomKills: 2,
    });
  });

  it('are the outer group’s where an inner one has the same: what is beside us counts too', () => {
    const { files } = tree({ [`${job}/step_0/memory.max`]: `${64 * GIB}\n` });
    expect(new CgroupMeter().next(files, 512 * GIB, 0)).toMatchObject({ memoryLimit: 64 * GIB, memoryUsed: 30 * GIB });
  });

  it('count a limit from which on all slows down', () => {
    const { files } = tree({ [`${job}/step_0/memory.high`]: `${16 * GIB}\n`, [`${job}/step_0/memory.stat`]: 'inactive_file 30\n' });
    expect(new CgroupMeter().next(files, 512 * GIB, 0)).toMatchObject({ memoryLimit: 16 * GIB, memoryUsed: 70 });
  });

  it('are none where they allow more than there is', () => {
    expect(new CgroupMeter().next(tree().files, 32 * GIB, 0)).toMatchObject({ memoryLimit: absent('no limit'), memoryUsed: absent('not there') });
  });

  it('take the cpuset and the affinity for limits, and all cores for none', () => {
    const status = (list: string): Record<string, string> => ({ '/proc/self/status': `Cpus_allowed_list:\t${list}\n` });
    expect(new CgroupMeter().next(tree(status('0-3,8')).files, 512 * GIB, 0).cpuLimit).toBe(5);
    expect(new CgroupMeter().next(tree({ ...status('0-63'), [`${job}/cpu.max`]: 'max 100000\n' }).files, 512 * GIB, 0)).toMatchObject({
      cpuLimit: absent('no limit'),
      throttled: absent('no limit'),
    });
    expect(new CgroupMeter().next(tree({ [`${job}/cpu.max`]: '50000 100000\n' }).files, 512 * GIB, 0).cpuLimit).toBe(0.5);
  });

  it('hold us back in a share of the periods', () => {
    const machine = tree();
    const meter = new CgroupMeter();
    const throttled = (periods: number, held: number): unknown => {
      machine.write(`${job}/cpu.stat`, `usage_usec 10\nnr_periods ${periods}\nnr_throttled ${held}\nthrottled_usec 5000\n`);
      return meter.next(machine.files, 512 * GIB, 0).throttled;
    };
    throttled(100, 10);
    expect(throttled(110, 13)).toBe(30);
    expect(throttled(110, 13)).toBe(0);
    expect(throttled(5, 1)).toEqual(absent('counter began anew'));
  });

  it('never say that less than nothing is used', () => {
    const { files } = tree({ [`${job}/memory.stat`]: `inactive_file ${50 * GIB}\n` });
    expect(new CgroupMeter().next(files, 512 * GIB, 0).memoryUsed).toBe(0);
  });
});

describe('limits of version 1', () => {
  const texts = {
    '/proc/self/mountinfo': V1,
    '/proc/self/cgroup': '4:memory:/job\n3:cpu,cpuacct:/job\n2:pids:/\n',
    ...below('/sys/fs/cgroup/memory/job', {
      'memory.limit_in_bytes': `${8 * GIB}\n`,
      'memory.usage_in_bytes': `${5 * GIB}\n`,
      'memory.stat': `cache 1\ninactive_file 7\ntotal_inactive_file ${GIB}\n`,
      'memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 4\n',
    }),
    ...below('/sys/fs/cgroup/memory', { 'memory.limit_in_bytes': '9223372036854771712\n' }),
    ...below('/sys/fs/cgroup/cpu,cpuacct/job', { 'cpu.cfs_quota_us': '250000\n', 'cpu.cfs_period_us': '100000\n', 'cpu.stat': 'nr_periods 1\nnr_throttled 0\nthrottled_time 0\n' }),
    ...below('/sys/fs/cgroup/cpu,cpuacct', { 'cpu.cfs_quota_us': '-1\n', 'cpu.cfs_period_us': '100000\n' }),
  };

  it('are read by their own names', () => {
    expect(new CgroupMeter().next(machine(texts).files, 512 * GIB, 0)).toEqual({
      version: 1,
      memoryLimit: 8 * GIB,
      memoryUsed: 4 * GIB,
      cpuLimit: 2.5,
      throttled: absent('first sample'),
      processLimit: absent('no limit'),
      oomKills: 4,
    });
  });

  it('are none at a number near 2⁶³', () => {
    const { files } = machine({ ...texts, '/sys/fs/cgroup/memory/job/memory.limit_in_bytes': '9223372036854771712\n' });
    expect(new CgroupMeter().next(files, absent('not told'), 0).memoryLimit).toEqual(absent('no limit'));
  });
});

it('a machine without control groups says so, and counts its own out-of-memory kills', () => {
  const none = absent('no control groups here');
  expect(new CgroupMeter().next(machine({}).files, 64 * GIB, 0)).toEqual({
    version: none,
    memoryLimit: none,
    memoryUsed: none,
    cpuLimit: absent('no limit'),
    throttled: none,
    processLimit: none,
    oomKills: 7,
  });
});
