import { isAbsent, known, type Measured } from '../../base/absent.ts';
import type { Disposable } from '../../base/disposable.ts';
import { countCpuList } from '../../process/cpus.ts';
import type { ProcessSample } from '../hostSample.ts';
import type { KernelFiles } from '../kernelFiles.ts';
import type { ProcessScope } from '../systemSample.ts';
import { createAccounts } from './accounts.ts';
import { lastPid, parseBootTime } from './cpu.ts';
import { createMoments, Turn } from './moments.ts';
import { createProcessFiles } from './processFiles.ts';
import { ownUid, processScopeOf } from './processScope.ts';
import { emptyStat } from './processStat.ts';
import { PageSize, TrackedProcess, type ProcessContext } from './trackedProcess.ts';

/** So many of those that rest are read at each tick; where there are more, each in its turn. */
const IDLE_PER_TICK = 500;
const SCOPE_SECONDS = 60;
/** More than any machine has. */
const MANY_CORES = 8192;

export interface ProcessReader extends Disposable {
  /** Every process that shows itself, but for those that began since the call before. `now`: milliseconds since the epoch. What has not changed is the same object as before. */
  read(now: number): Measured<readonly ProcessSample[]>;
  /** As of the last reading. */
  readonly scope: ProcessScope;
}

export interface ProcessReaderOptions {
  /** Asks a directory service for the names of accounts that `/etc/passwd` does not have. */
  readonly accountNames?: (uids: readonly number[]) => Promise<ReadonlyMap<number, string>>;
}

export function createProcessReader(files: KernelFiles, options: ProcessReaderOptions = {}): ProcessReader {
  const moments = createMoments(files);
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
  let scope: ProcessScope = { hidden: false, namespaced: false };
  let tick = 0;
  let slots = 0;
  let idle = 0;
  let lastGiven: string | undefined;

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

  function readAll(moment: number): readonly ProcessSample[] {
    const stride = Math.max(1, Math.ceil(idle / IDLE_PER_TICK));
    const samples: ProcessSample[] = [];
    idle = 0;
    for (const process of inOrder) {
      if (process.isDue(tick, stride) && !process.next(context, moment, tick)) {
        // It has ended, which the list tells, or hides.
        lastGiven = undefined;
      }
      idle += process.isIdle ? 1 : 0;
      if (process.sample !== undefined) {
        samples.push(process.sample);
      }
    }
    return samples;
  }

  return {
    read(now) {
      const moment = moments.at(now);
      tick++;
      context.uptime = known(moments.uptime);
      if (scopeTurn.comes(moment)) {
        scope = processScopeOf(files);
        context.ownUid = ownUid(files);
        context.bootTime ??= parseBootTime(files.text('/proc/stat'));
        context.cores = countCpuList((known(files.text('/sys/devices/system/cpu/online')) ?? '').trim()) ?? MANY_CORES;
      }
      // Before the list: what begins in between is in the list, or makes a difference the next time.
      const given = lastPid(files.text('/proc/loadavg'));
      if (given === undefined || given !== lastGiven) {
        const names = files.list('/proc');
        if (isAbsent(names)) {
          return names;
        }
        lastGiven = given;
        follow(names);
      }
      return readAll(moment);
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
