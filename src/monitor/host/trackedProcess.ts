import { absent, isAbsent, known, type Measured } from '../../base/absent.ts';
import type { ProcessSample } from '../hostSample.ts';
import type { Accounts } from './accounts.ts';
import { FIRST_SAMPLE, NOT_TOLD, Rate } from './counters.ts';
import type { ProcessFile, ProcessFiles, RunWatch } from './processFiles.ts';
import { isNamed, parseCommand, parseProcessStatus, readProcessIo, readProcessStat, type ProcessIo, type ProcessStat } from './processStat.ts';

/** Of USER_HZ, which is 100 on all machines that are met. */
export const TICKS_PER_SECOND = 100;

const KERNEL_THREAD = absent('thread of the kernel');
const ENDED = absent('it has ended');
/** One that has changed its rights guards itself against those who had started it. */
const NOT_PERMITTED = absent('not permitted');
const OF_ANOTHER = absent('process of another user');

/** How often, in ticks, who it is and what it runs is read anew where it ran: it may have become another program under the same name. */
const AGAIN_TICKS = 64;
/** One that began this many seconds ago may still be on its way to what it will be: looked at again at these ages, in ticks. */
const YOUNG_SECONDS = 60;
const YOUNG_AGES: readonly number[] = [1, 4];
/** How often, in ticks, one that does not show itself is tried again, after a few times at once: from a box all comes a little later. */
const MISSING_TICKS = 64;
const QUICK_MISSES = 3;
/** How often, in ticks, one that rests is asked for its reading and writing. */
const IDLE_IO_TICKS = 16;
/** How often, in ticks, one that is at work and neither reads nor writes is asked for that. */
const QUIET_IO_TICKS = 4;
/** After how long one that uses no processor is read at every fourth tick, and at every eighth. */
const RESTING_SECONDS = 5;
const LONG_RESTING_SECONDS = 20;
/** For how many seconds at least one that has not run is passed over before it is read all the same: its memory may be taken from it meanwhile. */
const PASSED_SECONDS = 28;
/** Readings for which one is not asked whether it ran that always had, at most. */
const LONGEST_DOUBT = 16;
const ZOMBIE = 'Z'.charCodeAt(0);
const SLEEPS = 'S'.charCodeAt(0);
const IDLE_THREAD = 'I'.charCodeAt(0);

/** What all processes of one machine share. */
export interface ProcessContext {
  readonly processFiles: ProcessFiles;
  readonly accounts: Accounts;
  /** Filled by the last reading. */
  readonly stat: ProcessStat;
  readonly io: ProcessIo;
  /** Of the one who reads; undefined where it is not known. */
  ownUid: number | undefined;
  cores: number;
  /** Milliseconds since the epoch. */
  bootTime: number | undefined;
  /** Seconds since the boot. */
  uptime: number | undefined;
  readonly pageSize: PageSize;
}

/** One process for as long as it is itself. */
export class TrackedProcess {
  readonly pid: number;
  /** The tick in which it was seen last in `/proc`. */
  listed = 0;
  /** Used no processor when it was read last. */
  isIdle = false;
  /** Seconds of processor time that the last reading told of. */
  work = 0;
  sample: ProcessSample | undefined;

  /** How often in a row it was not to be read. */
  private misses = 0;
  /** One that has rested for long is read seldomer: over more ticks its share is as true. */
  private idleStride = 1;
  private worked = 0;
  /** The tick of the last reading. */
  private looked = 0;
  private readonly slot: number;
  private readonly born: number;
  private readonly file: ProcessFile;
  private io: ProcessFile | undefined;
  private readRate = new Rate();
  private writtenRate = new Rate();
  private read: Measured<number> = FIRST_SAMPLE;
  private written: Measured<number> = FIRST_SAMPLE;
  private startTicks = -1;
  private startText = '';
  private started = 0;
  private ticks = 0;
  private moment = 0;
  private age = 0;
  private isYoung = false;
  /** Whether it ran at all. Asked of those that seem to rest and have one thread, as most do: it costs a fraction of looking what they did. */
  private runs: RunWatch | undefined;
  /** The moment at which all of it was read. */
  private measured = -Infinity;
  private doubts = 0;
  private doubt = 1;
  /** Since it was identified, as far as can be told. */
  private hasRun = true;
  private identified: number;
  private name = '';
  private uid = -1;
  private command: Measured<readonly string[]> = NOT_TOLD;

  /** `slot`: spreads what is done now and then over the ticks. `born`: the tick in which it began, 0 where it was there before us. */
  constructor(pid: number, slot: number, born: number, files: ProcessFiles) {
    this.pid = pid;
    this.slot = slot;
    this.born = born;
    this.identified = -(slot % AGAIN_TICKS);
    this.file = files.file(`/proc/${pid}/stat`);
  }

  /**
   * Whether to read it in this tick. Of those that rest one in `stride` is, and of those that have for long one in `longest` where
   * that is seldomer. Most that begin have ended before the next tick.
   */
  isDue(tick: number, stride: number, longest: number): boolean {
    if (this.born === tick) {
      return false;
    }
    const every = this.misses > QUICK_MISSES ? MISSING_TICKS : this.isIdle ? Math.max(stride, Math.min(longest, this.idleStride)) : 1;
    return (tick + this.slot) % every === 0;
  }

  /** Whether it rested and its turn to be read has not come in this tick. */
  isUnseen(tick: number): boolean {
    return this.isIdle && this.looked !== tick && this.born !== tick;
  }

  /** Who had started it has ended: another process is its parent now. */
  orphan(): void {
    this.idleStride = 1;
    this.measured = -Infinity;
  }

  /** False where there is no such process any more, or it does not show itself. */
  next(context: ProcessContext, moment: number, tick: number): boolean {
    this.looked = tick;
    this.work = 0;
    const hasRested = this.hasRested(context.processFiles);
    if (hasRested && moment - this.measured < PASSED_SECONDS && !(this.hasRun && this.isIdentityDue(tick))) {
      this.pass(moment, context.processFiles.isCrowded);
      return true;
    }
    this.measured = moment;
    this.hasRun ||= !hasRested;
    if (this.measure(context, moment, tick, hasRested)) {
      this.misses = 0;
      return true;
    }
    this.misses++;
    this.isIdle = false;
    this.startTicks = -1;
    this.sample = undefined;
    return false;
  }

  dispose(): void {
    this.file.dispose();
    this.io?.dispose();
    this.runs?.dispose();
  }

  /** True where it is certain that it has not run since it was read. */
  private hasRested(files: ProcessFiles): boolean {
    const { sample } = this;
    if (!this.isIdle || sample?.threads !== 1 || sample.cpu !== 0 || !this.isQuiet) {
      return false;
    }
    if (this.doubts > 0) {
      this.doubts--;
      return false;
    }
    this.runs ??= files.runs(this.pid);
    if (this.runs?.rested() === true) {
      this.doubt = 1;
      return true;
    }
    this.doubts = this.doubt - 1;
    this.doubt = Math.min(LONGEST_DOUBT, this.doubt * 2);
    return false;
  }

  /** All is as it was but the time. */
  private pass(moment: number, isCrowded: boolean): void {
    if (isCrowded) {
      this.file.dispose();
      this.io?.dispose();
    }
    this.moment = Math.max(this.moment, moment);
    this.rest();
    this.readRate.rest(this.moment);
    this.writtenRate.rest(this.moment);
  }

  private measure(context: ProcessContext, moment: number, tick: number, hasRested: boolean): boolean {
    const { stat, processFiles } = context;
    const length = this.file.read();
    const bytes = processFiles.bytes();
    if (length <= 0 || !readProcessStat(bytes, length, stat)) {
      return false;
    }
    const isFirst = stat.startTicks !== this.startTicks;
    if (isFirst) {
      this.begin(context);
    }
    const hasNewName = !isNamed(bytes, stat, this.name);
    if (hasNewName) {
      this.name = bytes.toString('utf8', stat.nameStart, stat.nameEnd);
    }
    const cpu = this.cpu(context, moment, isFirst);
    if (isFirst || hasNewName || (this.hasRun && this.isIdentityDue(tick))) {
      if (!this.identify(context)) {
        return false;
      }
      this.identified = isFirst ? tick - (this.slot % AGAIN_TICKS) : tick;
      this.hasRun = false;
    }
    this.age++;
    if (hasRested) {
      this.readRate.rest(moment);
      this.writtenRate.rest(moment);
    } else {
      this.measureIo(context, moment, tick);
    }
    this.keepSample(context, cpu, moment);
    return true;
  }

  /** The pid is another process's now. */
  private begin({ stat, bootTime, uptime }: ProcessContext): void {
    this.startTicks = stat.startTicks;
    this.startText = String(stat.startTicks);
    const seconds = stat.startTicks / TICKS_PER_SECOND;
    this.started = bootTime === undefined ? 0 : bootTime + seconds * 1000;
    this.isYoung = uptime === undefined || uptime - seconds < YOUNG_SECONDS;
    this.age = 0;
    this.sample = undefined;
    this.io?.dispose();
    this.io = undefined;
    this.readRate = new Rate();
    this.writtenRate = new Rate();
    this.read = FIRST_SAMPLE;
    this.written = FIRST_SAMPLE;
  }

  /** Percent of one core over the time since it was read last. */
  private cpu({ stat, cores }: ProcessContext, moment: number, isFirst: boolean): Measured<number> {
    const gained = stat.ticks - this.ticks;
    const passed = moment - this.moment;
    if (!isFirst && passed <= 0) {
      return this.sample?.cpu ?? FIRST_SAMPLE;
    }
    this.ticks = stat.ticks;
    this.moment = moment;
    this.work = isFirst ? 0 : Math.max(0, gained) / TICKS_PER_SECOND;
    this.isIdle = !isFirst && gained === 0 && (stat.state === SLEEPS || stat.state === IDLE_THREAD || stat.state === ZOMBIE);
    if (!this.isIdle) {
      this.worked = moment;
    }
    this.rest();
    if (isFirst) {
      return FIRST_SAMPLE;
    }
    // The times of threads that have ended are added a little late, and may be taken back.
    return Math.min(cores * 100, Math.max(0, ((gained / TICKS_PER_SECOND) * 100) / passed));
  }

  private rest(): void {
    const rested = this.moment - this.worked;
    this.idleStride = rested < RESTING_SECONDS ? 1 : rested < LONG_RESTING_SECONDS ? 4 : 8;
  }

  private isIdentityDue(tick: number): boolean {
    return tick - this.identified >= AGAIN_TICKS || (this.isYoung && YOUNG_AGES.includes(this.age));
  }

  private identify({ processFiles, stat, pageSize }: ProcessContext): boolean {
    // Both before either is looked at: from a box they come together then.
    const command = stat.isKernelThread ? KERNEL_THREAD : stat.state === ZOMBIE ? ENDED : this.commandLine(processFiles);
    const length = processFiles.read(`/proc/${this.pid}/status`);
    const status = length <= 0 ? undefined : parseProcessStatus(processFiles.bytes().toString('latin1', 0, length));
    if (status === undefined) {
      return false;
    }
    pageSize.learn(status.resident, stat.resident);
    this.uid = status.uid;
    this.command = command;
    return true;
  }

  private commandLine(files: ProcessFiles): Measured<readonly string[]> {
    const length = files.read(`/proc/${this.pid}/cmdline`);
    if (length < 0) {
      return NOT_PERMITTED;
    }
    const words = parseCommand(files.bytes().toString('utf8', 0, length));
    const before = known(this.command);
    return words.length === 0 ? NOT_TOLD : before !== undefined && isSame(before, words) ? before : words;
  }

  /** One that has used no processor has neither read nor written, but for what rounds to nothing. */
  private measureIo({ processFiles, io, ownUid }: ProcessContext, moment: number, tick: number): void {
    if (ownUid !== 0 && this.uid !== ownUid) {
      this.read = OF_ANOTHER;
      this.written = OF_ANOTHER;
      return;
    }
    if (this.isQuiet && this.age > 2 && (tick + this.slot) % (this.isIdle ? IDLE_IO_TICKS : QUIET_IO_TICKS) !== 0) {
      return;
    }
    this.io ??= processFiles.file(`/proc/${this.pid}/io`);
    const isKnown = readProcessIo(processFiles.bytes(), this.io.read(), io);
    this.read = this.readRate.next(isKnown ? io.read : NOT_PERMITTED, moment);
    this.written = this.writtenRate.next(isKnown ? io.written : NOT_PERMITTED, moment);
  }

  private get isQuiet(): boolean {
    return isAbsent(this.read) || (this.read === 0 && this.written === 0);
  }

  /** One that is as it was keeps its sample: most processes rest, and whoever compares sees at once that nothing changed. */
  private keepSample({ stat, accounts, pageSize }: ProcessContext, cpu: Measured<number>, moment: number): void {
    const { sample, uid, name, command, read, written } = this;
    const state = STATES[stat.state] ?? '?';
    const user = accounts.nameOf(uid, moment);
    // A process that has ended has no memory any more.
    const memory = stat.state === ZOMBIE ? 0 : stat.resident * pageSize.bytes;
    const isSameProcess = sample?.name === name && sample.command === command && sample.uid === uid && sample.user === user;
    const isSameState = sample?.state === state && sample.parent === stat.parent && sample.threads === stat.threads;
    if (!isSameProcess || !isSameState || sample.cpu !== cpu || sample.memory !== memory || sample.read !== read || sample.written !== written) {
      this.sample = {
        pid: this.pid,
        startTicks: this.startText,
        parent: stat.parent,
        uid,
        user,
        name,
        command,
        state,
        cpu,
        memory,
        threads: stat.threads,
        read,
        written,
        started: this.started,
      };
    }
  }
}

/** Made once: a string for each code of a letter. */
const STATES: readonly string[] = Array.from({ length: 128 }, (_, code) => (code > 32 ? String.fromCharCode(code) : '?'));

function isSame(words: readonly string[], others: readonly string[]): boolean {
  return words.length === others.length && words.every((word, index) => word === others[index]);
}

/** Bytes of a page, which only some files tell; found where one value is told in pages and in bytes. */
export class PageSize {
  bytes = 4096;
  private isKnown = false;

  learn(bytes: number | undefined, pages: number): void {
    // The two are not of the same instant: with many pages that makes no difference.
    if (!this.isKnown && bytes !== undefined && bytes > 0 && pages >= 256) {
      const size = 2 ** Math.round(Math.log2(bytes / pages));
      if (size >= 4096 && size <= 65536) {
        this.bytes = size;
        this.isKnown = true;
      }
    }
  }
}
