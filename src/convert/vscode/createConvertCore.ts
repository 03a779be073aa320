import { join } from 'node:path';
import { lazyAsync } from '../../base/lazy.ts';
import { bundlePath } from '../../installation.ts';
import type { Services } from '../../platform/services.ts';
import { workspaceFolders } from '../../platform/workspaceFolders.ts';
import type { ToolSearch, ToolState } from '../../process/toolSearch.ts';
import type { Jobs } from '../jobs.ts';
import { createFileJobStore } from '../run/fileJobStore.ts';
import type { ConvertConfig } from './convertConfig.ts';
import type { ConvertCore, KnownPresets } from './convertCore.ts';

/** `folder`: absolute path of the store of jobs. Only the store is there from the start; the rest is loaded at its first use. */
export function createConvertCore(services: Services, config: ConvertConfig, folder: string): ConvertCore {
  const { installation, log } = services;
  const store = createFileJobStore(folder);
  const finder = lazyAsync(async () => (await import('../../process/toolFinder.ts')).createToolFinder());
  const spawned = lazyAsync(async () => (await import('../run/spawnedJobs.ts')).createSpawnedJobs({ store, installation, env: process.env }));
  const jobs: Jobs = {
    store,
    plan: async (request, follow) => (await spawned()).plan(request, follow),
    run: async (id, follow) => (await spawned()).run(id, follow),
    cancel: async (id) => (await spawned()).cancel(id),
    retryRequest: async (id, salvage) => (await spawned()).retryRequest(id, salvage),
  };

  async function knownPresets(): Promise<KnownPresets> {
    const [{ PRESETS }, { customPresets }] = await Promise.all([import('../presets/index.ts'), import('../customPreset.ts')]);
    const { presets, problems } = customPresets(config.customPresets);
    problems.forEach(({ message }) => log.warn(message));
    return { presets: [...PRESETS, ...presets], faults: problems.map(({ message }) => message) };
  }

  async function search(): Promise<ToolSearch> {
    const sharpWorker = bundlePath(installation, 'sharpWorker');
    return { paths: config.toolPaths, env: process.env, sharpWorker, never: await workspaceFolders() };
  }

  /** What an earlier window or job found, for as long as nothing has changed: nobody waits for banners before each pick. */
  async function rememberedTools(): Promise<readonly ToolState[]> {
    const [{ findJobTools }, { toolsFor }] = await Promise.all([import('../run/toolMemory.ts'), import('../../process/toolCatalogue.ts')]);
    const { states } = await findJobTools(await search(), toolsFor('media'), join(folder, 'tools.json'));
    return states;
  }

  return {
    jobs,
    presets: knownPresets,
    async survey(inputs, { signal, onSurvey }) {
      const [{ survey }, { toolboxOf }, states, { presets }] = await Promise.all([
        import('../survey.ts'),
        import('../../process/toolFinder.ts'),
        rememberedTools(),
        knownPresets(),
      ]);
      for await (const snapshot of survey({ inputs, presets, states, tools: toolboxOf(states), signal })) {
        onSurvey(snapshot);
      }
    },
    async outputFolder(inputs, preset, signal) {
      const { layOut } = await import('../plan/layout.ts');
      return (await layOut({ inputs, preset, store: folder, signal })).output;
    },
    tools: async () => (await finder()).find(await search()),
  };
}
