import { hostname } from 'node:os';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore, toDisposable } from '../../base/disposable.ts';
import { accountNames } from '../../process/accountNames.ts';
import { createToolStreams } from '../../process/createToolStreams.ts';
import { createToolFinder } from '../../process/toolFinder.ts';
import type { ToolId } from '../../process/toolPlan.ts';
import type { ToolSearch, ToolState } from '../../process/toolSearch.ts';
import { GPU_VENDORS } from '../gpu/index.ts';
import type { GpuReading } from '../gpuSample.ts';
import { createHostReader } from '../host/hostReader.ts';
import { askSystemInformation, readInventory } from '../host/inventory.ts';
import { createMoments } from '../host/moments.ts';
import { createProcessReader } from '../host/processReader.ts';
import { createLocalSpaces } from '../host/spaces.ts';
import type { HostInventory } from '../hostSample.ts';
import { createLocalFiles } from '../localFiles.ts';
import { wallClock } from './clock.ts';
import { Collector } from './collector.ts';
import { GpuSources } from './gpuSources.ts';

export interface ThisMachineOptions {
  /** Where the vendors' tools are looked for. */
  readonly search: ToolSearch;
  /** What was known of its GPUs by who collected before. */
  readonly before?: readonly GpuReading[];
  readonly log?: (line: string) => void;
}

export interface ThisMachine extends Disposable {
  readonly collector: Collector;
  inventory(): Promise<HostInventory>;
}

/** The machine that we run on, with all that there is to read it. */
export function createThisMachine({ search, before, log }: ThisMachineOptions): ThisMachine {
  const owned = new DisposableStore();
  const finder = createToolFinder();
  const files = owned.add(createLocalFiles());
  const moments = createMoments(files);
  const find = async (tool: ToolId): Promise<ToolState> => {
    const [state] = await finder.find(search, [tool]);
    return state ?? { id: tool, title: tool, rejected: [] };
  };
  const streams = owned.add(createToolStreams({ find, env: search.env, ...(log && { log }) }));
  const gpuSources = new GpuSources({
    vendors: GPU_VENDORS,
    machine: { files, streams },
    isFound: async (tool) => (await find(tool)).found !== undefined,
    ...(before && { before }),
    clock: wallClock,
  });
  const collector = owned.add(
    new Collector({
      host: hostname(),
      hostReader: createHostReader(files, { spaces: createLocalSpaces(), moments }),
      processReader: createProcessReader(files, { accountNames, moments }),
      gpuSources,
      clock: wallClock,
      ...(log && { log }),
    }),
  );
  let inventory: Promise<HostInventory> | undefined;
  return {
    collector,
    inventory: () => (inventory ??= readInventory(files, { askProcessor: askSystemInformation })),
    ...toDisposable(() => owned.dispose()),
  };
}
