import { absent, isAbsent, known } from '../../base/absent.ts';
import type { Measured } from '../../base/absent.ts';
import type { GpuReading, GpuSample, GpuUse } from '../gpuSample.ts';
import type { ProcessSample } from '../hostSample.ts';
import type { SystemSample } from '../systemSample.ts';
import { rankOf, runTitle } from './commandWords.ts';
import { gpuLabels } from './gpuNames.ts';
import { ProcessTree, isLoaderWorker } from './processTree.ts';
import { isWithin } from './viewer.ts';
import type { Owner, Viewer } from './viewer.ts';

/** One process's share of one GPU. */
export interface Holder {
  readonly owner: Owner;
  readonly use: GpuUse;
  /** Absent-minded drivers name processes that have ended, and containers hide them. */
  readonly process: ProcessSample | undefined;
  readonly run: Run | undefined;
}

export interface HeldGpu {
  readonly gpu: GpuSample;
  readonly reading: GpuReading;
  /** `0`; with the vendor where there are several: `AMD 0`. */
  readonly label: string;
  /** Whether its values are of now. */
  readonly fresh: boolean;
  /** The largest first; absent where nobody tells which processes use it. */
  readonly holders: Measured<readonly Holder[]>;
  /** Bytes that are used and that no visible process accounts for; absent where that cannot be reckoned. */
  readonly hiddenMemory: Measured<number>;
  /** Whose it is before all; undefined where nobody is known to hold it. */
  readonly owner: Owner | undefined;
}

/** What was started together: a launcher's processes, or a single one, with the workers that feed them. */
export interface Run {
  /** The same from one sample to the next. */
  readonly key: string;
  readonly title: string;
  readonly owner: Owner;
  readonly user: string;
  readonly root: ProcessSample;
  /** Those that hold a GPU, by rank and number. */
  readonly members: readonly RunMember[];
  /** UUIDs. */
  readonly gpus: readonly string[];
}

export interface RunMember {
  readonly process: ProcessSample;
  readonly rank: number | undefined;
  readonly uses: readonly GpuUse[];
  /** Processes below it that hold no GPU. */
  readonly helpers: readonly ProcessSample[];
  /** Of them, those that load data. */
  readonly loaders: number;
}

export interface Holdings {
  readonly sample: SystemSample;
  readonly gpus: readonly HeldGpu[];
  /** Those with most of the workspace's and one's own first. */
  readonly runs: readonly Run[];
}

/** What a driver keeps for itself and a context costs beside what is told of a process. */
const ROUNDING = 1024 ** 3;
const ROUNDING_SHARE = 0.02;

export function processKey({ pid, startTicks }: Pick<ProcessSample, 'pid' | 'startTicks'>): string {
  return `${pid}/${startTicks}`;
}

/** Says of every GPU who holds it. */
export function readHoldings(sample: SystemSample, viewer: Viewer): Holdings {
  const tree = new ProcessTree(known(sample.processes) ?? []);
  const uses = sample.gpus.flatMap((reading) => [...(known(reading.uses) ?? [])]);
  const joined = new Map<GpuUse, ProcessSample>();
  for (const use of uses) {
    const process = tree.get(use.pid);
    if (process !== undefined && (!sample.processScope.namespaced || viewer.isSame?.(use, process) === true)) {
      joined.set(use, process);
    }
  }
  const runs = findRuns(joined, tree, viewer);
  const runOf = new Map(runs.flatMap((run) => run.members.map(({ process }) => [process.pid, run] as const)));
  const labels = gpuLabels(sample.gpus);
  const gpus = sample.gpus.flatMap((reading) =>
    reading.gpus.map((gpu): HeldGpu => {
      const holders = holdersOf(gpu, reading, (use) => {
        const process = joined.get(use);
        const run = process && runOf.get(process.pid);
        return { owner: run?.owner ?? 'hidden', use, process, run };
      });
      const hiddenMemory = hiddenMemoryOf(gpu, holders);
      return {
        gpu,
        reading,
        label: labels.get(gpu.uuid) ?? String(gpu.index),
        fresh: reading.state.kind === 'answering' && gpu.state === 'ok',
        holders,
        hiddenMemory,
        owner: mainOwner(known(holders) ?? [], known(hiddenMemory) ?? 0),
      };
    }),
  );
  return { sample, gpus, runs };
}

function findRuns(joined: ReadonlyMap<GpuUse, ProcessSample>, tree: ProcessTree, viewer: Viewer): readonly Run[] {
  const holding = new Map<number, { readonly process: ProcessSample; readonly uses: GpuUse[] }>();
  for (const [use, process] of joined) {
    const entry = holding.get(process.pid);
    if (entry === undefined) {
      holding.set(process.pid, { process, uses: [use] });
    } else {
      entry.uses.push(use);
    }
  }
  const byRoot = new Map<number, { readonly root: ProcessSample; readonly members: RunMember[] }>();
  for (const { process, uses } of holding.values()) {
    const root = tree.rootOf(process);
    const helpers = tree.workersOf(process, (pid) => holding.has(pid));
    const own = process.uid === viewer.uid ? viewer.ownProcess?.(process) : undefined;
    const member: RunMember = {
      process,
      rank: rankOf(process, own),
      uses,
      helpers,
      loaders: helpers.filter((helper) => isLoaderWorker(helper, process)).length,
    };
    const entry = byRoot.get(root.pid);
    if (entry === undefined) {
      byRoot.set(root.pid, { root, members: [member] });
    } else {
      entry.members.push(member);
    }
  }
  return [...byRoot.values()].map(({ root, members }) => makeRun(root, members, viewer)).sort((a, b) => RANKS[a.owner] - RANKS[b.owner] || a.root.started - b.root.started || a.root.pid - b.root.pid);
}

const RANKS: Readonly<Record<Owner, number>> = { workspace: 0, mine: 1, others: 2, hidden: 3 };

function makeRun(root: ProcessSample, members: readonly RunMember[], viewer: Viewer): Run {
  const sorted = [...members].sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || a.process.pid - b.process.pid);
  const processes = [root, ...sorted.map(({ process }) => process)];
  const speaker = sorted[0]?.process ?? root;
  const own = speaker.uid === viewer.uid ? viewer.ownProcess?.(speaker) : undefined;
  return {
    key: processKey(root),
    title: runTitle(root === speaker || processes.length === 2 ? speaker : root, own),
    owner: root.uid !== viewer.uid ? 'others' : processes.some((process) => isOfWorkspace(process, viewer)) ? 'workspace' : 'mine',
    user: root.user,
    root,
    members: sorted,
    gpus: [...new Set(sorted.flatMap(({ uses }) => uses.map(({ gpuUuid }) => gpuUuid)))],
  };
}

function isOfWorkspace(process: ProcessSample, viewer: Viewer): boolean {
  const cwd = known(viewer.ownProcess?.(process)?.cwd);
  return (cwd !== undefined && isWithin(cwd, viewer.folders)) || (known(process.command) ?? []).some((word) => word.startsWith('/') && isWithin(word, viewer.folders));
}

function holdersOf(gpu: GpuSample, { uses }: GpuReading, holder: (use: GpuUse) => Holder): Measured<readonly Holder[]> {
  if (isAbsent(uses)) {
    return uses;
  }
  return uses
    .filter(({ gpuUuid }) => gpuUuid === gpu.uuid)
    .map(holder)
    .sort((a, b) => (known(b.use.memoryUsed) ?? 0) - (known(a.use.memoryUsed) ?? 0) || a.use.pid - b.use.pid);
}

/** What the driver says of processes that are not seen here, and what it says of none; what it needs for itself is held against nobody. */
function hiddenMemoryOf(gpu: GpuSample, holders: Measured<readonly Holder[]>): Measured<number> {
  if (isAbsent(holders)) {
    return holders;
  }
  if (gpu.unifiedMemory) {
    return absent('its memory is the host’s, which all processes share');
  }
  if (isAbsent(gpu.memoryUsed)) {
    return gpu.memoryUsed;
  }
  let visible = 0;
  let unseen = 0;
  for (const { owner, use } of holders) {
    const memory = known(use.memoryUsed);
    if (owner === 'hidden') {
      unseen += memory ?? 0;
    } else if (memory === undefined) {
      return absent('the memory of a process is not told');
    } else {
      visible += memory;
    }
  }
  const rest = gpu.memoryUsed - visible - unseen;
  const noise = Math.max(ROUNDING, ROUNDING_SHARE * (known(gpu.memoryTotal) ?? 0));
  return unseen + (rest > noise ? rest : 0);
}

function mainOwner(holders: readonly Holder[], hidden: number): Owner | undefined {
  const owners = holders.filter(({ use }) => use.kind !== 'graphics').map(({ owner }) => owner);
  const [first] = [...owners, ...(hidden > 0 ? (['hidden'] as const) : [])].sort((a, b) => RANKS[a] - RANKS[b]);
  return first;
}
