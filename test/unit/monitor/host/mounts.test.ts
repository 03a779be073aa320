import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

import { absent } from '../../../../src/base/absent.ts';
import { createLocalFiles } from '../../../../src/monitor/localFiles.ts';
import { isLocalMount, parseMountinfo, shownMounts, type Mount } from '../../../../src/monitor/host/mounts.ts';

const mountinfo = (...lines: readonly (readonly [device: string, root: string, point: string, type: string, source?: string])[]): readonly Mount[] =>
  parseMountinfo(lines.map(([device, root, point, type, source = 'x']) => `22 27 ${device} ${root} ${point} rw,relatime shared:1 - ${type} ${source} rw\n`).join('')) as readonly Mount[];
const points = (mounts: readonly Mount[]): readonly string[] => shownMounts(mounts).map(({ mountPoint }) => mountPoint);

describe('a line of mountinfo', () => {
  it('is read with and without optional fields, its blanks unescaped', () => {
    expect(parseMountinfo('36 35 98:0 /a\\040b /mnt\\011x rw,noatime master:1 propagate_from:2 - ext3 /dev/my\\134root rw,errors=continue\n37 1 0:5 / / rw - nfs4 fs:/x rw\n')).toEqual([
      { mountPoint: '/mnt\tx', root: '/a b', device: '98:0', type: 'ext3', source: '/dev/my\\root', options: ['rw', 'errors=continue'] },
      { mountPoint: '/', root: '/', device: '0:5', type: 'nfs4', source: 'fs:/x', options: ['rw'] },
    ]);
  });

  it('that is cut is left out', () => {
    expect(parseMountinfo('36 35 98:0 / /mnt rw\n')).toEqual(absent('not told'));
    expect(parseMountinfo('36 35 98:0 / /mnt rw - ext4')).toEqual(absent('not told'));
  });
});

describe('the file systems that are shown', () => {
  it('are those that keep data', () => {
    const mounts = mountinfo(
      ['8:1', '/', '/', 'ext4'],
      ['0:20', '/', '/proc', 'proc'],
      ['0:21', '/', '/dev', 'devtmpfs'],
      ['0:22', '/', '/dev/shm', 'tmpfs'],
      ['0:23', '/', '/run', 'tmpfs'],
      ['0:24', '/', '/run/user/1000', 'tmpfs'],
      ['0:25', '/', '/tmp', 'tmpfs'],
      ['7:1', '/', '/snap/core/1', 'squashfs'],
      ['0:26', '/', '/var/lib/docker/overlay2/x/merged', 'overlay'],
      ['0:27', '/', '/home/me/.gvfs', 'fuse.gvfsd-fuse'],
      ['0:28', '/', '/data', 'nfs4'],
      ['0:29', '/', '/s3', 'fuse.s3fs'],
      ['0:30', '/', '/misc', 'autofs'],
      ['259:1', '/', '/scratch', 'xfs'],
    );
    expect(points(mounts)).toEqual(['/', '/data', '/dev/shm', '/s3', '/scratch', '/tmp']);
  });

  it('are told once each, whole before part, and then by the shortest name', () => {
    const mounts = mountinfo(['8:1', '/home', '/h', 'ext4'], ['8:1', '/', '/mnt/disk', 'ext4'], ['8:1', '/', '/mnt/disk2', 'ext4'], ['8:2', '/a', '/scratch/a', 'ext4'], ['8:2', '/b', '/w', 'ext4']);
    expect(points(mounts)).toEqual(['/mnt/disk', '/w']);
  });

  it('of a container are its root and what was mounted into it', () => {
    const mounts = mountinfo(['0:50', '/', '/', 'overlay'], ['8:1', '/var/lib/docker/containers/x/hosts', '/etc/hosts', 'ext4'], ['8:2', '/data', '/workspace', 'xfs'], ['0:51', '/', '/dev/shm', 'tmpfs']);
    expect(points(mounts)).toEqual(['/', '/dev/shm', '/workspace']);
  });

  it('are not those that another is mounted over', () => {
    expect(shownMounts(mountinfo(['8:1', '/', '/', 'ext4'], ['8:2', '/', '/data', 'ext4'], ['0:9', '/', '/data', 'nfs4']))).toMatchObject([{ mountPoint: '/' }, { mountPoint: '/data', type: 'nfs4' }]);
  });
});

describe('a mount is asked in place', () => {
  const mounts = mountinfo(['8:1', '/', '/', 'ext4'], ['0:28', '/', '/net', 'nfs4'], ['8:3', '/', '/net/disk', 'ext4'], ['8:4', '/', '/network', 'xfs'], ['0:6', '/', '/dev', 'devtmpfs'], ['0:22', '/', '/dev/shm', 'tmpfs'], ['0:40', '/', '/odd', 'shinyfs']);
  const at = (point: string): Mount => mounts.find(({ mountPoint }) => mountPoint === point) as Mount;

  it.each([
    ['/', true],
    ['/network', true],
    ['/dev/shm', true],
    ['/net', false],
    ['/net/disk', false],
    ['/odd', false],
  ])('at %s: %s', (point, isLocal) => {
    expect(isLocalMount(at(point), mounts)).toBe(isLocal);
  });
});

it('the mounts of this machine that are shown are known to df', () => {
  const files = createLocalFiles();
  const shown = points(parseMountinfo(files.text('/proc/self/mountinfo')) as readonly Mount[]);
  files.dispose();
  const known = execFileSync('df', ['--all', '--output=target'], { encoding: 'utf8' }).trim().split('\n');
  expect(shown).toContain('/');
  expect(known).toEqual(expect.arrayContaining([...shown]));
});
