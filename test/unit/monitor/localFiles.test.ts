import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { absent, isAbsent } from '../../../src/base/absent.ts';
import { createLocalFiles, isLocal, type LocalFiles, type OpenFile } from '../../../src/monitor/localFiles.ts';

let folder: string;
let files: LocalFiles;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainyard-files-'));
});

afterEach(() => {
  files.dispose();
  rmSync(folder, { recursive: true });
});

describe('a tree made for a test', () => {
  beforeEach(() => {
    files = createLocalFiles(folder);
    mkdirSync(join(folder, 'sys'));
    writeFileSync(join(folder, 'sys/one'), 'ä\n');
    symlinkSync('../pci0000:00', join(folder, 'sys/device'));
  });

  it('is read as if it were the root', () => {
    expect(files.text('/sys/one')).toBe('ä\n');
    expect([...(files.list('/sys') as string[])].sort()).toEqual(['device', 'one']);
    expect(files.link('/sys/device')).toBe('../pci0000:00');
  });

  it('says of what is not there that it is not', () => {
    expect(files.text('/sys/two')).toEqual(absent('not there'));
    expect(files.text('/sys/one/two')).toEqual(absent('not there'));
    expect(files.list('/proc')).toEqual(absent('not there'));
    expect(files.link('/proc')).toEqual(absent('not there'));
    expect(files.open('/proc')).toEqual(absent('not there'));
  });

  it('gives other troubles in the words of the system', () => {
    expect(files.text('/sys')).toEqual(absent('EISDIR'));
    expect(files.link('/sys/one')).toEqual(absent('EINVAL'));
  });

  it('says of what we may not read that we may not', () => {
    chmodSync(join(folder, 'sys/one'), 0o000);
    chmodSync(folder, 0o755);
    expect(asNobody(() => files.text('/sys/one'))).toEqual(absent('not permitted'));
  });

  it('is read whole where a file is larger than the buffer', () => {
    const text = 'ö'.repeat(100_000);
    writeFileSync(join(folder, 'sys/long'), text);
    expect(files.text('/sys/long')).toBe(text);
  });

  it('shows what has taken the place of a file, however often it was read', () => {
    for (let time = 0; time < 5; time++) {
      files.text('/sys/one');
    }
    writeFileSync(join(folder, 'new'), 'new');
    renameSync(join(folder, 'new'), join(folder, 'sys/one'));
    expect(files.text('/sys/one')).toBe('new');
  });
});

describe('the files of this machine', () => {
  beforeEach(() => {
    files = createLocalFiles();
  });

  it('are fresh however often they were read', () => {
    const ticks = (): number => Number(/^cpu +(\d+)/.exec(files.text('/proc/stat') as string)?.[1]);
    const first = ticks();
    for (let time = 0; time < 5; time++) {
      files.text('/proc/stat');
    }
    const spent = process.cpuUsage();
    while (process.cpuUsage(spent).user < 100_000) {
      // A few of the kernel's ticks.
    }
    expect(ticks()).toBeGreaterThan(first);
  });

  it('are whole though the kernel gives them by the page', () => {
    for (let time = 0; time < 4; time++) {
      // What mounts are there may change while other tests run; where the list ends may not.
      expect(files.text('/proc/self/smaps')).toMatch(/\nVmFlags: [^\n]+\n$/);
    }
    expect((files.text('/proc/self/smaps') as string).length).toBeGreaterThan(64 * 1024);
  });

  it('are kept open when asked for again and again, and closed at the end', () => {
    const held = (): number => readdirSync('/proc/self/fd').length;
    const before = held();
    for (let time = 0; time < 5; time++) {
      files.text('/proc/meminfo');
      files.text('/proc/loadavg');
      files.text(`/proc/${process.pid}/stat`);
    }
    expect(held()).toBe(before + 2);
    files.dispose();
    expect(held()).toBe(before);
  });

  it('are let go of when what they told of has gone', () => {
    const held = (): number => readdirSync('/proc/self/fd').length;
    const before = held();
    const descriptor = openSync('/dev/null', 'r');
    for (let time = 0; time < 5; time++) {
      files.text(`/proc/self/fdinfo/${descriptor}`);
    }
    expect(held()).toBe(before + 2);
    closeSync(descriptor);
    expect(files.text(`/proc/self/fdinfo/${descriptor}`)).toEqual(absent('not there'));
    expect(held()).toBe(before);
  });

  it('of a process are read in place until it ends', async () => {
    const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
    const stat = files.open(`/proc/${child.pid}/stat`) as OpenFile;
    expect(files.buffer.toString('latin1', 0, stat.read())).toMatch(new RegExp(`^${child.pid} \\(`));
    child.stdin.end();
    await once(child, 'exit');
    expect(stat.read()).toBe(-1);
    stat.dispose();
    expect(files.text(`/proc/${child.pid}/stat`)).toEqual(absent('not there'));
  });

  it('are told from those of another place', () => {
    expect(isLocal(files)).toBe(true);
    expect(isLocal({ text: () => '', list: () => [], link: () => '' })).toBe(false);
    expect(isAbsent(files.text('/proc/version'))).toBe(false);
    expect(files.text('/proc/version')).toBe(readFileSync('/proc/version', 'utf8'));
  });
});

/** Root may read all. */
function asNobody<T>(read: () => T): T {
  if (process.getuid?.() !== 0) {
    return read();
  }
  process.seteuid?.(65534);
  try {
    return read();
  } finally {
    process.seteuid?.(0);
  }
}
