import { isAbsent, type Measured } from '../../base/absent.ts';
import type { DiskSample } from '../hostSample.ts';
import { Keyed, NOT_TOLD, parseCount, Rate, Share } from './counters.ts';

const SECTOR_BYTES = 512;
const MILLISECONDS = 1000;

/** What is not a device of its own: memory, images, and what is laid over other disks, whose work would count twice. */
const NOT_A_DISK = /^(?:loop|ram|zram|dm-|md|zd|sr|fd)\d|^nvme\d+c\d+n\d+$/;
/** Parts of a disk, where the kernel's list of whole ones is not at hand. */
const PARTITION = /^(?:(?:sd|hd|vd|xvd)[a-z]+\d+|(?:nvme\d+n\d+|mmcblk\d+|nbd\d+|rbd\d+)p\d+|mmcblk\d+boot\d+)$/;

export interface DiskCounters {
  readonly name: string;
  /** Bytes. */
  readonly read: number;
  readonly written: number;
  readonly inFlight: number;
  /** Milliseconds with a request under way. */
  readonly busy: number;
}

/** `/proc/diskstats` (Documentation/admin-guide/iostats.rst), the lines of whole disks that were ever used. */
export function parseDiskstats(text: string, wholeDisks: Measured<ReadonlySet<string>>): readonly DiskCounters[] {
  const disks: DiskCounters[] = [];
  for (const line of text.split('\n')) {
    const words = line.trim().split(/\s+/);
    const name = words[2] ?? '';
    if (words.length < 14 || NOT_A_DISK.test(name) || (isAbsent(wholeDisks) ? PARTITION.test(name) : !wholeDisks.has(name))) {
      continue;
    }
    const [reads, , sectorsRead, , , , sectorsWritten, , inFlight, busy] = words.slice(3).map(parseCount);
    if (reads === undefined || sectorsRead === undefined || sectorsWritten === undefined || inFlight === undefined || busy === undefined) {
      continue;
    }
    if (sectorsRead + sectorsWritten + inFlight > 0) {
      disks.push({ name, read: sectorsRead * SECTOR_BYTES, written: sectorsWritten * SECTOR_BYTES, inFlight, busy });
    }
  }
  return disks;
}

export class DiskMeter {
  private readonly meters = new Keyed(() => ({ read: new Rate(), written: new Rate(), busy: new Share(MILLISECONDS) }));

  next(diskstats: Measured<string>, wholeDisks: Measured<ReadonlySet<string>>, moment: number): Measured<readonly DiskSample[]> {
    if (isAbsent(diskstats)) {
      return diskstats;
    }
    const disks = parseDiskstats(diskstats, wholeDisks);
    if (disks.length === 0 && !/^ *\d+ +\d+ \S/.test(diskstats)) {
      return NOT_TOLD;
    }
    this.meters.keep(new Set(disks.map(({ name }) => name)));
    return disks.map(({ name, read, written, busy, inFlight }) => {
      const meter = this.meters.get(name);
      return {
        name,
        read: meter.read.next(read, moment),
        written: meter.written.next(written, moment),
        busy: meter.busy.next(busy, moment),
        inFlight,
      };
    });
  }
}
