import { absent, isAbsent, known, type Measured } from '../../base/absent.ts';
import { allowedCpus, countCpuList, parseCfsQuota, parseCpuMax } from '../../process/cpus.ts';
import type { CgroupSample } from '../hostSample.ts';
import type { KernelFiles } from '../kernelFiles.ts';
import { controllerFolders, type Controller, type ControllerFolders } from './cgroupFolders.ts';
import { BEGAN_ANEW, FIRST_SAMPLE, lineStart, measuredCount, NOT_TOLD, parseCount } from './counters.ts';
import { Turn } from './moments.ts';

const NO_LIMIT = absent('no limit');
const NO_GROUPS = absent('no control groups here');

/** Limits change when an administrator or a batch system sets them, and we move seldom. */
const SURVEY_SECONDS = 30;

/** A group and what it allows. */
interface Bound {
  readonly version: 1 | 2;
  /** undefined where nothing is bounded: then our own group, for what it uses. */
  readonly limit: number | undefined;
  readonly folder: string;
}

interface Survey {
  readonly version: Measured<1 | 2>;
  readonly memory: Bound | undefined;
  readonly cpu: Bound | undefined;
  readonly cpuLimit: Measured<number>;
  readonly processLimit: Measured<number>;
}

/** What our control groups allow and use. Of the groups that we are in the tightest counts, whichever it is. */
export class CgroupMeter {
  private survey: Survey | undefined;
  private readonly turn = new Turn(SURVEY_SECONDS);
  private periods: Periods | undefined;

  /** `memoryTotal`: of the machine; what allows more is no limit. */
  next(files: KernelFiles, memoryTotal: Measured<number>, moment: number): CgroupSample {
    if (this.turn.comes(moment) || this.survey === undefined) {
      this.survey = surveyOf(files, known(memoryTotal) ?? Infinity);
    }
    const { version, memory, cpu, cpuLimit, processLimit } = this.survey;
    return {
      version,
      memoryLimit: memory === undefined ? NO_GROUPS : (memory.limit ?? NO_LIMIT),
      memoryUsed: memory === undefined ? NO_GROUPS : memoryUsed(files, memory),
      cpuLimit,
      throttled: cpu === undefined ? NO_GROUPS : cpu.limit === undefined ? NO_LIMIT : this.throttled(files.text(`${cpu.folder}/cpu.stat`)),
      processLimit,
      oomKills: oomKills(files, memory),
    };
  }

  /** Of the periods in which we had something to do, those in which the quota was used up. */
  private throttled(stat: Measured<string>): Measured<number> {
    if (isAbsent(stat)) {
      return stat;
    }
    const before = this.periods;
    const all = field(stat, 'nr_periods');
    const throttled = field(stat, 'nr_throttled');
    if (all === undefined || throttled === undefined) {
      return NOT_TOLD;
    }
    this.periods = { all, throttled };
    if (before === undefined) {
      return FIRST_SAMPLE;
    }
    const gained = all - before.all;
    const held = throttled - before.throttled;
    if (gained < 0 || held < 0) {
      return BEGAN_ANEW;
    }
    return gained === 0 ? 0 : Math.min(100, (held / gained) * 100);
  }
}

interface Periods {
  readonly all: number;
  readonly throttled: number;
}

function surveyOf(files: KernelFiles, memoryTotal: number): Survey {
  const folders = (controller: Controller): ControllerFolders | undefined => controllerFolders(files, controller);
  const memory = tightest(folders('memory'), (folder, version) => below(memoryLimit(files, folder, version), memoryTotal));
  const cpu = tightest(folders('cpu'), (folder, version) => quota(files, folder, version));
  const pids = tightest(folders('pids'), (folder) => numberIn(files, `${folder}/pids.max`));
  const version = memory?.version ?? cpu?.version;
  return {
    version: version ?? NO_GROUPS,
    memory,
    cpu,
    cpuLimit: cpuLimit(files, cpu?.limit),
    processLimit: pids === undefined ? NO_GROUPS : (pids.limit ?? NO_LIMIT),
  };
}

/** Of groups with the same limit the outermost: what others in it use counts against ours. */
function tightest(found: ControllerFolders | undefined, limitOf: (folder: string, version: 1 | 2) => number | undefined): Bound | undefined {
  const own = found?.folders[0];
  if (found === undefined || own === undefined) {
    return undefined;
  }
  let bound: Bound = { version: found.version, limit: undefined, folder: own };
  for (const folder of found.folders) {
    const limit = limitOf(folder, found.version);
    if (limit !== undefined && limit <= (bound.limit ?? Infinity)) {
      bound = { version: found.version, limit, folder };
    }
  }
  return bound;
}

/** From `memory.high` on a group is slowed down until it stands still: it is a limit like `memory.max`. */
function memoryLimit(files: KernelFiles, folder: string, version: 1 | 2): number | undefined {
  const names = version === 2 ? ['memory.max', 'memory.high'] : ['memory.limit_in_bytes'];
  const limits = names.map((name) => numberIn(files, `${folder}/${name}`)).filter((limit) => limit !== undefined);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

/** Version 1 says a number near 2⁶³ where there is no limit. */
function below(limit: number | undefined, most: number): number | undefined {
  return limit !== undefined && limit < most && limit < 2 ** 62 ? limit : undefined;
}

function quota(files: KernelFiles, folder: string, version: 1 | 2): number | undefined {
  const text = (name: string): string => known(files.text(`${folder}/${name}`)) ?? '';
  return version === 2 ? parseCpuMax(text('cpu.max')) : parseCfsQuota(text('cpu.cfs_quota_us'), text('cpu.cfs_period_us'));
}

/** What we may run on is the cpuset's and the affinity's, which the kernel keeps as one. */
function cpuLimit(files: KernelFiles, quotaCores: number | undefined): Measured<number> {
  const online = known(files.text('/sys/devices/system/cpu/online'));
  const all = (online === undefined ? undefined : countCpuList(online.trim())) ?? Infinity;
  const allowed = allowedCpus(known(files.text('/proc/self/status')) ?? '') ?? Infinity;
  const limit = Math.min(allowed, quotaCores ?? Infinity);
  return limit > 0 && limit < all ? limit : NO_LIMIT;
}

function memoryUsed(files: KernelFiles, { version, folder }: Bound): Measured<number> {
  const used = measuredCount(files.text(`${folder}/${version === 2 ? 'memory.current' : 'memory.usage_in_bytes'}`));
  if (isAbsent(used)) {
    return used;
  }
  const stat = files.text(`${folder}/memory.stat`);
  if (isAbsent(stat)) {
    return stat;
  }
  const cache = field(stat, version === 2 ? 'inactive_file' : 'total_inactive_file');
  // The two are not of the same instant.
  return cache === undefined ? NOT_TOLD : Math.max(0, used - cache);
}

/** The machine's own count where the group keeps none. */
function oomKills(files: KernelFiles, memory: Bound | undefined): Measured<number> {
  const events: Measured<string> = memory === undefined ? NO_GROUPS : files.text(`${memory.folder}/${memory.version === 2 ? 'memory.events' : 'memory.oom_control'}`);
  const ofGroup = isAbsent(events) ? undefined : field(events, 'oom_kill');
  if (ofGroup !== undefined) {
    return ofGroup;
  }
  const vmstat = files.text('/proc/vmstat');
  return isAbsent(vmstat) ? vmstat : (field(vmstat, 'oom_kill') ?? NOT_TOLD);
}

/** The number of a line `name number`. */
function field(text: string, name: string): number | undefined {
  const start = lineStart(text, `${name} `);
  if (start === -1) {
    return undefined;
  }
  const end = text.indexOf('\n', start);
  return parseCount(text.slice(start + name.length + 1, end === -1 ? undefined : end).trim());
}

/** undefined for `max`. */
function numberIn(files: KernelFiles, path: string): number | undefined {
  return known(measuredCount(files.text(path)));
}
