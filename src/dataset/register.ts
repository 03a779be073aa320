import { join } from 'node:path';
import type { Disposable } from '../base/disposable.ts';
import { DisposableStore } from '../base/disposable.ts';
import { lazyAsync } from '../base/lazy.ts';
import { bundlePath } from '../installation.ts';
import type { Services } from '../platform/services.ts';
import { workspaceFolders } from '../platform/workspaceFolders.ts';
import { DatasetFace } from './vscode/datasetFace.ts';
import type { DatasetsFace } from './vscode/datasetsFace.ts';
import { registerInside } from './vscode/insideFileSystem.ts';
import { registerPreviews } from './vscode/previewEditors.ts';

const DEFAULT_CACHE_MIB = 2048;

/** Names alone are registered here; what stands behind them is loaded when it is used. */
export function registerDataset(services: Services): Disposable {
  const owned = new DisposableStore();
  const { installation, storage, trust, config } = services;
  const face = owned.add(
    new DatasetFace(services, async () => {
      const size = config.ofUser('dataset.cacheSize');
      return {
        storage: join(storage, 'datasets'),
        root: installation.root,
        cacheBytes: (typeof size === 'number' && size > 0 ? size : DEFAULT_CACHE_MIB) * 2 ** 20,
        ...(trust.isGranted && {
          search: { paths: config.toolPaths(), env: process.env, never: await workspaceFolders(), sharpWorker: bundlePath(installation, 'sharpWorker') },
        }),
      };
    }),
  );
  owned.add(registerPreviews(face));
  owned.add(registerInside(face));
  registerDatasets(services, face, owned);
  return owned;
}

/** The view and its commands. Loaded once the window is up; what it looks at waits until somebody sees it. */
function registerDatasets(services: Services, face: DatasetFace, owned: DisposableStore): void {
  const { trust, log } = services;
  const datasets = lazyAsync(async () => {
    const { createDatasetsFace } = await import('./vscode/datasetsFace.ts');
    return owned.add(createDatasetsFace(face, services));
  });
  const command = (id: string, name: Exclude<keyof DatasetsFace, 'dispose'>) =>
    owned.add(
      services.command(id, async (...args) => {
        if (await trust.check()) {
          await (await datasets())[name](...args);
        }
      }),
    );
  command('trainyard.dataset.open', 'openGallery');
  command('trainyard.dataset.openGallery', 'openGallery');
  command('trainyard.dataset.add', 'add');
  command('trainyard.dataset.refresh', 'refresh');
  command('trainyard.dataset.exclude', 'exclude');
  command('trainyard.dataset.include', 'include');
  command('trainyard.dataset.openManifest', 'openManifest');
  command('trainyard.dataset.pinFormat', 'pinFormat');
  command('trainyard.dataset.copyPath', 'copyPath');
  command('trainyard.dataset.reveal', 'reveal');
  command('trainyard.dataset.convert', 'convert');
  command('trainyard.dataset.health', 'health');
  command('trainyard.dataset.card', 'card');
  command('trainyard.dataset.facts', 'facts');
  datasets().catch((error: unknown) => log.error('The Datasets view could not be shown', error));
}
