/** What `/proc/<pid>/stat` says (proc_pid_stat(5)), as far as it is used here. Filled anew by each reading. */
export interface ProcessStat {
  /** Where the name lies in the buffer. */
  nameStart: number;
  nameEnd: number;
  /** The code of its letter. */
  state: number;
  parent: number;
  isKernelThread: boolean;
  /** Clock ticks in user and kernel mode. */
  ticks: number;
  threads: number;
  /** Clock ticks from the boot to its start. */
  startTicks: number;
  /** Pages. */
  resident: number;
}

export function emptyStat(): ProcessStat {
  return { nameStart: 0, nameEnd: 0, state: 0, parent: 0, isKernelThread: false, ticks: 0, threads: 0, startTicks: 0, resident: 0 };
}

/** PF_KTHREAD of the kernel's include/linux/sched.h. */
const KERNEL_THREAD = 0x0020_0000;

const [SPACE, MINUS, ZERO, NINE, OPEN, CLOSE] = [32, 45, 48, 57, 40, 41];

/** Of the fields after the state, counted from 0. */
const [PARENT, FLAGS, USER_TICKS, SYSTEM_TICKS, THREADS, START, RESIDENT] = [0, 5, 10, 11, 16, 18, 20];
/** No number that is used here is larger; flags and addresses that are passed over are. */
const LARGEST = 2 ** 53;

/**
 * Reads the first `length` bytes into `stat`; false where they are none, or cut. Works on bytes and makes no garbage: this is
 * done for each process at each tick.
 */
export function readProcessStat(bytes: Uint8Array, length: number, stat: ProcessStat): boolean {
  // The name may itself hold spaces and parentheses.
  const nameStart = bytes.indexOf(OPEN) + 1;
  const nameEnd = bytes.lastIndexOf(CLOSE, length - 1);
  if (nameStart === 0 || nameEnd < nameStart || nameEnd + 4 >= length) {
    return false;
  }
  stat.nameStart = nameStart;
  stat.nameEnd = nameEnd;
  stat.state = bytes[nameEnd + 2] ?? 0;
  let at = nameEnd + 4;
  let ticks = 0;
  for (let field = 0; field <= RESIDENT; field++) {
    let value = 0;
    const isNegative = bytes[at] === MINUS;
    if (isNegative) {
      at++;
    }
    const start = at;
    for (let code = bytes[at] ?? 0; at < length && code >= ZERO && code <= NINE; code = bytes[++at] ?? 0) {
      value = value * 10 + (code - ZERO);
    }
    if (at === start || at >= length || bytes[at] !== SPACE) {
      return false;
    }
    at++;
    switch (field) {
      case PARENT:
        stat.parent = value;
        break;
      case FLAGS:
        stat.isKernelThread = Math.floor(value / KERNEL_THREAD) % 2 === 1;
        break;
      case USER_TICKS:
      case SYSTEM_TICKS:
        ticks += value;
        break;
      case THREADS:
        stat.threads = value;
        break;
      case START:
        stat.startTicks = value;
        break;
      case RESIDENT:
        stat.resident = value;
        break;
      default:
        continue;
    }
    if (isNegative || value > LARGEST) {
      return false;
    }
  }
  stat.ticks = ticks;
  return true;
}

/** Whether the name in the buffer is this one; names with more than ASCII are taken to be another. */
export function isNamed(bytes: Uint8Array, { nameStart, nameEnd }: ProcessStat, name: string): boolean {
  if (nameEnd - nameStart !== name.length) {
    return false;
  }
  for (let index = 0; index < name.length; index++) {
    if (bytes[nameStart + index] !== name.charCodeAt(index)) {
      return false;
    }
  }
  return true;
}

/** What is read of `/proc/<pid>/status` (proc_pid_status(5)). */
export interface ProcessStatus {
  /** The effective one, by which its rights go. */
  readonly uid: number;
  /** Bytes of memory that it takes of the machine's. */
  readonly resident: number | undefined;
}

export function parseProcessStatus(text: string): ProcessStatus | undefined {
  const uid = /^Uid:\s+\d+\s+(\d{1,10})\s/m.exec(text)?.[1];
  const kilobytes = /^VmRSS:\s+(\d{1,15}) kB$/m.exec(text)?.[1];
  return uid === undefined ? undefined : { uid: Number(uid), resident: kilobytes === undefined ? undefined : Number(kilobytes) * 1024 };
}

/** Longest command line that is kept, in characters. */
const COMMAND_LENGTH = 8192;

/** Words of `/proc/<pid>/cmdline`. A program that rewrote its own has what it wrote there, padded with zero bytes. */
export function parseCommand(text: string): readonly string[] {
  const whole = text.replace(/\0+$/, '');
  const kept = whole.length > COMMAND_LENGTH ? `${whole.slice(0, COMMAND_LENGTH)}…` : whole;
  return kept === '' ? [] : kept.split('\0');
}

/** Bytes that came from and went to disks, of `/proc/<pid>/io` (proc_pid_io(5)). */
export interface ProcessIo {
  read: number;
  written: number;
}

const COLON = 58;
/** The lines of the file before these count what was asked for, which may have been in memory already. */
const [READ_LINE, WRITTEN_LINE] = [4, 5];

/** Reads the first `length` bytes into `io`; false where they are none. */
export function readProcessIo(bytes: Uint8Array, length: number, io: ProcessIo): boolean {
  let at = 0;
  for (let line = 0; line <= WRITTEN_LINE; line++) {
    while (at < length && bytes[at] !== COLON) {
      at++;
    }
    at += 2;
    const start = at;
    let value = 0;
    for (let code = bytes[at] ?? 0; at < length && code >= ZERO && code <= NINE; code = bytes[++at] ?? 0) {
      value = value * 10 + (code - ZERO);
    }
    if (at === start || at >= length || value > LARGEST) {
      return false;
    }
    if (line === READ_LINE) {
      io.read = value;
    } else if (line === WRITTEN_LINE) {
      io.written = value;
    }
  }
  return true;
}
