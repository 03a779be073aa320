import { createProcessReader, type ProcessReader } from '../../../../src/monitor/host/processReader.ts';
import type { ProcessSample } from '../../../../src/monitor/hostSample.ts';
import { createTree, type Tree } from './tree.ts';

export interface FakeProcess {
  readonly name?: string;
  readonly state?: string;
  readonly ticks?: number;
  readonly start?: number;
  readonly flags?: number;
  readonly uid?: number;
  readonly resident?: number;
  readonly command?: string;
  readonly io?: readonly [read: number, written: number];
  readonly parent?: number;
  readonly threads?: number;
  /** Of `schedstat`: how often it was given a processor. */
  readonly runs?: number;
}

export function statOf(pid: number, { name = 'python', state = 'S', ticks = 0, start = 5000, flags = 4194304, resident = 1000, parent = 1, threads = 4 }: FakeProcess): string {
  return `${pid} (${name}) ${state} ${parent} 1 1 0 -1 ${flags} 0 0 0 0 ${ticks} 0 0 0 20 0 ${threads} 0 ${start} 99999 ${resident} 18446744073709551615\n`;
}

export function put(tree: Tree, pid: number, process: FakeProcess): void {
  const { uid = 1000, resident = 1000, command = 'python\0train.py\0', io, runs } = process;
  tree.write(`/proc/${pid}/stat`, statOf(pid, process));
  tree.write(`/proc/${pid}/status`, `Name:\tx\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nVmRSS:\t${resident * 4} kB\n`);
  tree.write(`/proc/${pid}/cmdline`, command);
  if (runs !== undefined) {
    tree.write(`/proc/${pid}/schedstat`, `${runs * 1000} 0 ${runs}\n`);
  }
  if (io !== undefined) {
    tree.write(`/proc/${pid}/io`, `rchar: 5\nwchar: 6\nsyscr: 7\nsyscw: 8\nread_bytes: ${io[0]}\nwrite_bytes: ${io[1]}\ncancelled_write_bytes: 0\n`);
  }
}

/** A machine whose clock and last pid are set with each reading. */
export function fakeMachine(): { tree: Tree; reader: ProcessReader; read: (second: number, used?: number) => readonly ProcessSample[] } {
  const tree = createTree({
    '/proc/self/status': 'Uid:\t1000\t1000\t1000\t1000\n',
    '/proc/1/status': 'Uid:\t0\t0\t0\t0\n',
    '/proc/stat': 'cpu  1 2 3 4\nbtime 1700000000\n',
    '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nme:x:1000:1000::/home/me:/bin/sh\nmetoo:x:1000:1::/:/bin/sh\n',
    '/sys/devices/system/cpu/online': '0-7\n',
  });
  put(tree, 1, { name: 'systemd', uid: 0, command: '/sbin/init\0' });
  const reader = createProcessReader(tree.files);
  return {
    tree,
    reader,
    read(second, used) {
      tree.write('/proc/uptime', `${(1000 + second).toFixed(2)} 0.00\n`);
      return reader.read(1_700_001_000_000 + second * 1000, used) as readonly ProcessSample[];
    },
  };
}
