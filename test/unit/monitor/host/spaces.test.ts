import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { absent, type Measured } from '../../../../src/base/absent.ts';
import { createDfSpaces, createLocalSpaces, fileSystemSamples, parseDf } from '../../../../src/monitor/host/spaces.ts';
import { parseMountinfo, type Mount } from '../../../../src/monitor/host/mounts.ts';
import type { FileSystemSpace, StatfsProbe } from '../../../../src/process/statfsProbe.ts';

const mounts = parseMountinfo('1 1 8:1 / / rw - ext4 /dev/sda rw\n2 1 0:9 / /data rw - nfs4 nas:/data rw\n') as readonly Mount[];
const [root, data] = mounts as readonly [Mount, Mount];
const SPACE: FileSystemSpace = { total: 100, available: 20, used: 70 };

/** Probes that answer and go when they are told to. */
function fakeProbes(): { probe: (path: string) => StatfsProbe; asked: string[]; answer: (space: Measured<FileSystemSpace>) => Promise<void>; go: () => Promise<void> } {
  const asked: string[] = [];
  let answer!: (space: Measured<FileSystemSpace>) => void;
  let go!: () => void;
  return {
    asked,
    probe: (path) => {
      asked.push(path);
      return { answer: new Promise((resolve) => (answer = resolve)), gone: new Promise((resolve) => (go = resolve)) };
    },
    answer: async (space) => answer(space),
    go: async () => go(),
  };
}

describe('the space of a local file system', () => {
  it('is what df says', () => {
    const space = createLocalSpaces().of(root, mounts, 0) as FileSystemSpace;
    const [total, used, available] = execFileSync('df', ['-B1', '--output=size,used,avail', '/'], { encoding: 'utf8' }).split('\n')[1]?.trim().split(/\s+/).map(Number) ?? [];
    expect(space.total).toBe(total);
    // Others write meanwhile.
    expect(Math.abs(space.used - (used ?? NaN))).toBeLessThan((total ?? 0) / 20);
    expect(Math.abs(space.available - (available ?? NaN))).toBeLessThan((total ?? 0) / 20);
    expect(space.total).toBe(statfsSync('/').blocks * statfsSync('/').bsize);
  });

  it('is absent where the mount has just gone', () => {
    expect(createLocalSpaces().of({ ...root, mountPoint: '/gone/away' }, mounts, 0)).toEqual(absent('not there'));
  });
});

describe('the space of a remote file system', () => {
  it('is asked for by a process, which nobody waits for', async () => {
    const probes = fakeProbes();
    const spaces = createLocalSpaces(probes);
    expect(spaces.of(data, mounts, 0)).toEqual(absent('asked, no answer yet'));
    await probes.answer(SPACE);
    expect(spaces.of(data, mounts, 1)).toEqual(SPACE);
    expect(probes.asked).toEqual(['/data']);
  });

  it('is asked for every 30 seconds and no oftener', async () => {
    const probes = fakeProbes();
    const spaces = createLocalSpaces(probes);
    spaces.of(data, mounts, 0);
    await probes.answer(SPACE);
    await probes.go();
    spaces.of(data, mounts, 29);
    expect(probes.asked).toHaveLength(1);
    spaces.of(data, mounts, 30);
    expect(probes.asked).toHaveLength(2);
  });

  it('is never asked for by a second process while the first has not gone', async () => {
    const probes = fakeProbes();
    const spaces = createLocalSpaces(probes);
    spaces.of(data, mounts, 0);
    await probes.answer(absent('not answering'));
    for (const moment of [30, 60, 3600, 36_000]) {
      expect(spaces.of(data, mounts, moment)).toEqual(absent('not answering'));
    }
    expect(probes.asked).toHaveLength(1);
    await probes.go();
    spaces.of(data, mounts, 36_001);
    expect(probes.asked).toHaveLength(2);
  });

  it('is not told from memory when the server has long been silent', async () => {
    const probes = fakeProbes();
    const spaces = createLocalSpaces(probes);
    spaces.of(data, mounts, 0);
    await probes.answer(SPACE);
    expect(spaces.of(data, mounts, 119)).toEqual(SPACE);
    expect(spaces.of(data, mounts, 121)).toEqual(absent('not answering'));
  });
});

it('what df prints elsewhere is read with blanks in its names', () => {
  const text = 'Filesystem     1024-blocks      Used Available Capacity Mounted on\n/dev/vda         264212084  19715312  75785968      21% /\nnas:/my share        1000       600       400      60% /mnt/my data\nproc                     0         0         0       - /proc\nbroken\n';
  expect([...parseDf(text)]).toEqual([
    ['/', { total: 264212084 * 1024, used: 19715312 * 1024, available: 75785968 * 1024 }],
    ['/mnt/my data', { total: 1024_000, used: 614_400, available: 409_600 }],
  ]);
  const spaces = createDfSpaces(() => text);
  expect(spaces.of(root, mounts, 0)).toMatchObject({ used: 19715312 * 1024 });
  expect(spaces.of(data, mounts, 0)).toEqual(absent('not answering'));
  expect(createDfSpaces(() => absent('not there')).of(root, mounts, 0)).toEqual(absent('not there'));
});

it('a file system that does not answer is listed with the reason', () => {
  const spaces = { of: (mount: Mount) => (mount === root ? SPACE : absent('not answering')) };
  const silent = absent('not answering');
  expect(fileSystemSamples(mounts, spaces, 0)).toEqual([
    { mountPoint: '/', type: 'ext4', source: '/dev/sda', ...SPACE },
    { mountPoint: '/data', type: 'nfs4', source: 'nas:/data', total: silent, available: silent, used: silent },
  ]);
});
