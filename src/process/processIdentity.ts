import { readFileSync } from 'node:fs';

/** A process for as long as it lives: pids are used again, a pid and its start are not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, told by the kernel: the boot and the clock ticks since. Only ever compared. */
  readonly startTime: string;
}

/** What `/proc/<pid>/stat` says, as far as it is used here. */
export interface ProcessStat {
  /** `R`, `S`, `D`, `T` …; `Z` and `X` are dead. */
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  /** Clock ticks since the boot. */
  readonly startTicks: string;
}

/** Reads the text of `/proc/<pid>/stat` (proc_pid_stat(5)); undefined where it is none. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  // The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
  const [state, parent, group, ...rest] = text
    .slice(text.lastIndexOf(')') + 2)
    .trim()
    .split(' ');
  const startTicks = rest[16];
  return state === undefined || group === undefined || startTicks === undefined
    ? undefined
    : { state, parent: Number(parent), group: Number(group), startTicks };
}

/** undefined where there is no such process. */
export function processStat(pid: number): ProcessStat | undefined {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** undefined where there is no such process. */
export function startTimeOf(pid: number): string | undefined {
  const stat = processStat(pid);
  return stat && `${bootId()}:${stat.startTicks}`;
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, startTime: startTimeOf(process.pid) ?? '' };
}

/** Whether this very process still runs here. A process of another machine or of an earlier boot is not alive. */
export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  return isRunning(processStat(pid)) && startTimeOf(pid) === startTime;
}

/** A zombie has ended: it only waits for its parent to ask. */
export function isRunning(stat: ProcessStat | undefined): boolean {
  return stat !== undefined && stat.state !== 'Z' && stat.state !== 'X';
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
