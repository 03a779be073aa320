import { isAbsent, known, type Measured } from '../../base/absent.ts';
import type { Disposable } from '../../base/disposable.ts';
import { countCpuList } from '../../process/cpus.ts';
import type { ProcessSample } from '../hostSample.ts';
import type { KernelFiles } from '../kernelFiles.ts';
import type { ProcessScope } from '../systemSample.ts';
import { createAccounts } from './accounts.ts';
import { parseBootTime, populationOf } from './cpu.ts';
import { createMoments, Turn, type Moments } from './moments.ts';
import { createProcessFiles } from './processFiles.ts';
import { ownUid, processScopeOf } from './processScope.ts';
import { emptyStat } from './processStat.ts';
import { PageSize, TrackedProcess, type ProcessContext } from './trackedProcess.ts';
import { UnseenWork } from './unseenWork.ts';

/** So many of those that rest are read at each tick; where there are more, each in its turn. */
const IDLE_PER_TICK = 500;
/** For how many seconds one that rests may go unseen, where there are not very many, and it wakes for next to nothing. */
const UNSEEN_SECONDS = 8;
/** How often it is looked who has begun and who has ended, where any have. Those that work are missed at once. */
const LIST_SECONDS = 3;
const SCOPE_SECONDS = 60;
/** More than any machine has. */
const MANY_CORES = 8192;

export interface ProcessReader extends Disposable {
  /**
   * Every process that shows itself, but for those that began in the last seconds. What has not changed is the same object as
   * before. `now`: milliseconds since the epoch. `used`: the share of all processors, 0 to 100, that was at work since the call
   * before; where it is told, one that wakes to take more than a quarter of a core is looked at in that very call, and not when
   * its turn has come.
   */
  read(now: number, used?: Measured<number>): Measured<readonly ProcessSample[]>;
  /** As of the last reading. */
  readonly scope: ProcessScope;
}

export interface ProcessReaderOptions {
  /** Asks a directory service for the names of accounts that `/etc/passwd` does not have. */
  readonly accountNames?: (uids: readonly number[]) => Promise<ReadonlyMap<number, string>>;
  /** The clock, where it is shared with who else reads at the same times. */
  readonly moments?: Moments;
}

export function createProcessReader(files: KernelFiles, options: ProcessReaderOptions = {}): ProcessReader {
  const moments = options.moments ?? createMoments(files);
  const processFiles = createProcessFiles(files);
  const context: ProcessContext = {
    processFiles,
    accounts: createAccounts(files, options.accountNames),
    stat: emptyStat(),
    io: { read: 0, written: 0 },
    ownUid: undefined,
    cores: MANY_CORES,
    bootTime: undefined,
    uptime: undefined,
    pageSize: new PageSize(),
  };
  const processes = new Map<number, TrackedProcess>();
  /** The same in their order: going through a list makes no garbage. */
  let inOrder: readonly TrackedProcess[] = [];
  const scopeTurn = new Turn(SCOPE_SECONDS);
  const listTurn = new Turn(LIST_SECONDS);
  const unseen = new UnseenWork();
  let scope: ProcessScope = { hidden: false, namespaced: false };
  let tick = 0;
  let slots = 0;
  let idle = 0;
  let before: number | undefined;
  let population: string | undefined;

  /** Brings `processes` up to what `/proc` lists. */
  function follow(names: readonly string[]): void {
    for (const name of names) {
      const pid = pidOf(name);
      if (pid > 0) {
        let process = processes.get(pid);
        if (process === undefined) {
          process = new TrackedProcess(pid, slots++, tick === 1 ? 0 : tick, processFiles);
          processes.set(pid, process);
        }
        process.listed = tick;
      }
    }
    const ended = new Set<number>();
    for (const [pid, process] of processes) {
      if (process.listed !== tick) {
        ended.add(pid);
        process.dispose();
        processes.delete(pid);
      }
    }
    inOrder = [...processes.values()];
    if (ended.size > 0) {
      for (const process of inOrder) {
        if (ended.has(process.sample?.parent ?? 0)) {
          process.orphan();
        }
      }
    }
  }

  /** Seconds of processor time of those that were read. */
  function readDue(moment: number, passed: number): number {
    const stride = Math.max(1, Math.ceil(idle / IDLE_PER_TICK));
    const longest = Math.max(1, Math.floor(UNSEEN_SECONDS / Math.max(1, passed)));
    let work = 0;
    for (const process of inOrder) {
      if (process.isDue(tick, stride, longest)) {
        work += readOne(process, moment);
      }
    }
    return work;
  }

  function readOthers(moment: number): number {
    let work = 0;
    for (const process of inOrder) {
      if (process.isUnseen(tick)) {
        work += readOne(process, moment);
      }
    }
    return work;
  }

  function readOne(process: TrackedProcess, moment: number): number {
    if (process.next(context, moment, tick)) {
      return process.work;
    }
    // It has ended, which the list tells, or hides.
    population = undefined;
    return 0;
  }

  function samplesNow(): readonly ProcessSample[] {
    const samples: ProcessSample[] = [];
    idle = 0;
    for (const { sample, isIdle } of inOrder) {
      idle += isIdle ? 1 : 0;
      if (sample !== undefined) {
        samples.push(sample);
      }
    }
    return samples;
  }

  /** Looks in `/proc` where somebody has begun or ended, though not each time. Absent where it cannot be listed. */
  function list(moment: number, atOnce: boolean): Measured<true> {
    // Before the list: what begins in between is in the list, or makes a difference the next time.
    const now = populationOf(files.text('/proc/loadavg'));
    if (now === undefined || (now !== population && (listTurn.comes(moment) || atOnce))) {
      const names = files.list('/proc');
      if (isAbsent(names)) {
        return names;
      }
      population = now;
      follow(names);
    }
    return true;
  }

  return {
    read(now, used) {
      const moment = moments.at(now);
      const passed = before === undefined ? 0 : moment - before;
      before = moment;
      tick++;
      context.uptime = known(moments.uptime);
      if (scopeTurn.comes(moment)) {
        scope = processScopeOf(files);
        context.ownUid = ownUid(files);
        context.bootTime ??= parseBootTime(files.text('/proc/stat'));
        context.cores = countCpuList((known(files.text('/sys/devices/system/cpu/online')) ?? '').trim()) ?? MANY_CORES;
      }
      const listed = list(moment, false);
      if (isAbsent(listed)) {
        return listed;
      }
      const seen = readDue(moment, passed);
      if (used !== undefined && !isAbsent(used) && passed > 0 && context.cores < MANY_CORES) {
        const left = (used / 100) * context.cores - seen / passed;
        if (unseen.isWorthALook(left)) {
          unseen.looked(left - readOthers(moment) / passed);
          // It may be somebody's who has just begun.
          list(moment, true);
        }
      }
      return samplesNow();
    },
    get scope() {
      return scope;
    },
    dispose() {
      for (const process of processes.values()) {
        process.dispose();
      }
      processes.clear();
    },
  };
}

/** 0 where a name is none. */
function pidOf(name: string): number {
  let pid = 0;
  for (let index = 0; index < name.length; index++) {
    const digit = name.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) {
      return 0;
    }
    pid = pid * 10 + digit;
  }
  return Number.isSafeInteger(pid) ? pid : 0;
}
