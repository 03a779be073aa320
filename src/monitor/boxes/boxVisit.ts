import { absent, type Measured } from '../../base/absent.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Timers } from '../../process/timers.ts';
import type { ToolStreams } from '../../process/toolStreams.ts';
import { toolCatalogue } from '../../process/toolCatalogue.ts';
import type { ToolId } from '../../process/toolPlan.ts';
import { GpuSources } from '../collect/gpuSources.ts';
import type { GpuVendor } from '../gpu/vendor.ts';
import { createHostReader, type HostReader } from '../host/hostReader.ts';
import { readInventory } from '../host/inventory.ts';
import { createProcessReader, type ProcessReader } from '../host/processReader.ts';
import { ownUid } from '../host/processScope.ts';
import { createDfSpaces } from '../host/spaces.ts';
import type { HostInventory } from '../hostSample.ts';
import type { SystemSample } from '../systemSample.ts';
import { BoxFiles } from './boxFiles.ts';
import { type BoxSession, LinkEnded } from './boxSession.ts';
import { createBoxStreams, runOnBox } from './boxStreams.ts';

export interface BoxVisitOptions {
  readonly vendors: readonly GpuVendor[];
  readonly interval: number | undefined;
  readonly now: () => number;
  readonly timers: Timers;
}

/** Rounds in which it is found out which files there are: a folder, what is in it, and what that leads to. */
const MOST_ROUNDS = 10;
/** Milliseconds between two looks at how full the file systems are. */
const SPACES = 10_000;
/** Seconds that such a look may take: a file system of another machine may not answer. */
const SPACES_WALL = 5;
/** Milliseconds after which what is asked of the sampler counts as not answered, though the link may be there. */
const LATE = 12_000;

/**
 * Reads a box from the start of a link to its end, with the readers that serve this machine too. They begin anew with each link, so
 * that no rate is taken over the gap.
 */
export class BoxVisit implements Disposable {
  inventory: HostInventory | undefined;
  private readonly files: BoxFiles;
  private readonly streams: ToolStreams & Disposable;
  private readonly host: HostReader;
  private readonly processes: ProcessReader;
  private readonly gpus: GpuSources;
  private df: Measured<string> = absent('asked, no answer yet');
  private interval: number | undefined;
  private timer: Disposable | undefined;
  private late: Disposable | undefined;
  private spacesTimer: Disposable | undefined;
  private due = 0;
  private isExplored = false;
  private isReading = false;
  private disposed = false;

  constructor(
    private readonly alias: string,
    private readonly session: BoxSession,
    private readonly options: BoxVisitOptions,
    private readonly onSample: (sample: SystemSample) => void,
    /** Nothing has been answered for long. */
    private readonly onLate: () => void,
  ) {
    const { now, timers, interval } = options;
    this.interval = interval;
    this.files = new BoxFiles(session, now);
    this.streams = createBoxStreams(session, timers);
    this.host = createHostReader(this.files, { spaces: createDfSpaces(() => this.df) });
    this.processes = createProcessReader(this.files);
    this.gpus = new GpuSources({
      vendors: options.vendors,
      machine: { files: this.files, streams: this.streams },
      isFound: (tool) => this.isFound(tool),
      clock: { now, after: (milliseconds, run) => timers.after(milliseconds, run) },
    });
    void this.begin().catch(rethrowUnlessEnded);
  }

  /** Who we are on the box. */
  get uid(): number | undefined {
    return ownUid(this.files);
  }

  /** undefined: nothing is read from now on. */
  setInterval(milliseconds: number | undefined): void {
    if (milliseconds === this.interval) {
      return;
    }
    this.interval = milliseconds;
    if (!this.isExplored) {
      return;
    }
    this.gpus.setInterval(milliseconds);
    // A reading that is under way plans the next one itself.
    if (!this.isReading) {
      this.due = this.options.timers.now();
      this.plan();
    }
  }

  dispose(): void {
    this.disposed = true;
    this.timer?.dispose();
    this.late?.dispose();
    this.spacesTimer?.dispose();
    this.gpus.dispose();
    this.streams.dispose();
    this.processes.dispose();
  }

  private async begin(): Promise<void> {
    void this.lookAtSpaces().catch(rethrowUnlessEnded);
    await this.explore();
    if (this.disposed) {
      return;
    }
    this.inventory = await readInventory(this.files);
    this.isExplored = true;
    this.gpus.setInterval(this.interval);
    this.due = this.options.timers.now();
    await this.tick();
  }

  /** Has readers that are thrown away ask for whatever they want, until all of it has come. */
  private async explore(): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      createHostReader(this.files, { spaces: createDfSpaces(() => this.df) }).read(this.options.now());
      createProcessReader(this.files).read(this.options.now());
      await readInventory(this.files);
      this.options.vendors.forEach((vendor) => vendor.isPresent(this.files));
      if (!this.files.wants) {
        return;
      }
      await this.read();
    }
  }

  private async isFound(tool: ToolId): Promise<boolean> {
    const names = toolCatalogue[tool].executables.map(({ name }) => name);
    const output = await runOnBox(
      this.session,
      ['sh', '-c', 'for name; do command -v "$name" && exit; done; exit 1', 'sh', ...names],
      10,
      this.options.timers,
    );
    return output?.exitCode === 0;
  }

  private async tick(): Promise<void> {
    await this.read();
    if (this.disposed) {
      return;
    }
    const time = this.options.now();
    const system = this.host.read(time);
    const processes = this.processes.read(time);
    this.onSample({ time, host: this.alias, gpus: this.gpus.readings(), system, processes, processScope: this.processes.scope });
    this.due = Math.max(this.due + (this.interval ?? 0), this.options.timers.now());
    this.plan();
  }

  /** The next tick, one at a time: a slow link leaves ticks out and piles none up. */
  private plan(): void {
    this.timer?.dispose();
    this.timer = undefined;
    if (!this.disposed && this.interval !== undefined) {
      const { timers } = this.options;
      this.timer = timers.after(Math.max(0, this.due - timers.now()), () => {
        this.timer = undefined;
        void this.tick().catch(rethrowUnlessEnded);
      });
    }
  }

  private async read(): Promise<void> {
    this.isReading = true;
    this.late = this.options.timers.after(LATE, this.onLate);
    try {
      await this.files.tick(true);
    } finally {
      this.isReading = false;
      this.late.dispose();
    }
  }

  /** Those of its own disks first: one of another machine that does not answer keeps the others from being told. */
  private async lookAtSpaces(): Promise<void> {
    const { timers } = this.options;
    if (!this.isExplored || this.interval !== undefined) {
      const own = await runOnBox(this.session, ['df', '-kPl'], SPACES_WALL, timers);
      const all = await runOnBox(this.session, ['df', '-kP'], SPACES_WALL, timers);
      const said = [own, all].filter((output) => output !== undefined).map(({ stdout }) => stdout);
      this.df = said.length === 0 ? absent('not answering') : said.join('');
    }
    if (!this.disposed) {
      this.spacesTimer = timers.after(SPACES, () => void this.lookAtSpaces().catch(rethrowUnlessEnded));
    }
  }
}

function rethrowUnlessEnded(error: unknown): void {
  if (!(error instanceof LinkEnded)) {
    throw error;
  }
}
