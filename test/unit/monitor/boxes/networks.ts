import { spawnSync } from 'node:child_process';

/** Whether this machine lets us make networks: as root, where the kernel has them. */
export const canMakeNetworks = process.getuid?.() === 0 && ip('netns', 'add', probe()).status === 0 && ip('netns', 'del', probe()).status === 0;

/** A network of its own with a machine in it, at the other end of a cable. */
export interface Network extends Disposable {
  /** Of the machine. */
  readonly address: string;
  /** Words that run a program there. */
  readonly within: readonly string[];
  /** Pulls the cable at the far end: what is sent from here goes nowhere, and nobody is told. */
  cut(): void;
  heal(): void;
  /** Pids of what runs there. */
  readonly pids: readonly number[];
}

let made = 0;

/** @param from the network at the near end of the cable; this machine's own where left out */
export function makeNetwork(from?: Network): Network {
  const number = ++made;
  const name = `tyb${process.pid}-${number}`;
  const [near, far] = [`tyn${process.pid % 100_000}-${number}`, `tyf${process.pid % 100_000}-${number}`];
  // Of 198.18.0.0/15, which is for tests between networks (RFC 2544).
  const third = (process.pid * 8 + number) % 256;
  const [ours, address] = [`198.18.${third}.1`, `198.18.${third}.2`];
  const inNear = from === undefined ? [] : ['-n', from.within[3] ?? ''];
  must('netns', 'add', name);
  must(...inNear, 'link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', name);
  must(...inNear, 'addr', 'add', `${ours}/30`, 'dev', near);
  must(...inNear, 'link', 'set', near, 'up');
  must('-n', name, 'addr', 'add', `${address}/30`, 'dev', far);
  must('-n', name, 'link', 'set', far, 'up');
  must('-n', name, 'link', 'set', 'lo', 'up');
  const pids = (): readonly number[] => ip('netns', 'pids', name).stdout.split('\n').filter((line) => line !== '').map(Number);
  return {
    address,
    within: ['ip', 'netns', 'exec', name],
    cut: () => must('-n', name, 'link', 'set', far, 'down'),
    heal: () => must('-n', name, 'link', 'set', far, 'up'),
    get pids() {
      return pids();
    },
    [Symbol.dispose]() {
      for (const pid of pids()) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It has ended meanwhile.
        }
      }
      ip('netns', 'del', name);
    },
  };
}

function probe(): string {
  return `typ${process.pid}`;
}

function must(...words: readonly string[]): void {
  const { status, stderr } = ip(...words);
  if (status !== 0) {
    throw new Error(`ip ${words.join(' ')}: ${stderr}`);
  }
}

function ip(...words: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync('ip', words, { encoding: 'utf8' });
  return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
}
