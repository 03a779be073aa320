import { join } from 'node:path';
import type { Disposable } from '../base/disposable.ts';
import { DisposableStore } from '../base/disposable.ts';
import { bundlePath } from '../installation.ts';
import type { Services } from '../platform/services.ts';
import { workspaceFolders } from '../platform/workspaceFolders.ts';
import { DatasetFace } from './vscode/datasetFace.ts';
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
  return owned;
}
