import { lazyAsync } from '../../base/lazy.ts';
import { bundlePath } from '../../installation.ts';
import type { Services } from '../../platform/services.ts';
import { workspaceFolders } from '../../platform/workspaceFolders.ts';
import type { ToolState } from '../../process/toolSearch.ts';
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

  async function findTools(): Promise<readonly ToolState[]> {
    const sharpWorker = bundlePath(installation, 'sharpWorker');
    return (await finder()).find({ paths: config.toolPaths, env: process.env, sharpWorker, never: await workspaceFolders() });
  }

  return {
    jobs,
    presets: knownPresets,
    async survey(inputs, { signal, onSurvey }) {
      const [{ survey }, { toolboxOf }, states, { presets }] = await Promise.all([
        import('../survey.ts'),
        import('../../process/toolFinder.ts'),
        findTools(),
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
    tools: findTools,
  };
}
