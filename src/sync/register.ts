import type { Disposable } from '../base/disposable.ts';
import { DisposableStore } from '../base/disposable.ts';
import { lazyAsync } from '../base/lazy.ts';
import type { Services } from '../platform/services.ts';
import { registerCheckpoints } from './vscode/checkpointFace.ts';
import type { SyncFace } from './vscode/syncFace.ts';

/** Everything but the commands' names is loaded once the window is up and the workspace is trusted; no box is asked before somebody does. */
export function registerSync(services: Services): Disposable {
  const owned = new DisposableStore();
  const { trust, log } = services;
  owned.add(registerCheckpoints(services));
  const face = lazyAsync(async () => {
    const { createSyncFace } = await import('./vscode/syncFace.ts');
    return owned.add(createSyncFace(services));
  });
  const command = (id: string, name: Exclude<keyof SyncFace, 'dispose'>) =>
    owned.add(
      services.command(id, async (...args) => {
        if (await trust.check()) {
          await (await face())[name](...args);
        }
      }),
    );
  command('trainyard.sync.addTarget', 'addTarget');
  command('trainyard.sync.editTargets', 'editTargets');
  command('trainyard.sync.refresh', 'refresh');
  command('trainyard.sync.plan', 'plan');
  command('trainyard.sync.push', 'push');
  command('trainyard.sync.pull', 'pull');
  command('trainyard.sync.cancel', 'cancel');
  command('trainyard.sync.undo', 'undo');
  command('trainyard.sync.watch', 'watch');
  command('trainyard.sync.unwatch', 'unwatch');
  command('trainyard.sync.releaseWatch', 'releaseWatch');
  command('trainyard.sync.probe', 'probe');
  command('trainyard.sync.addRun', 'addRun');
  command('trainyard.sync.removeRun', 'removeRun');
  command('trainyard.sync.readRun', 'readRun');
  command('trainyard.sync.pullCheckpoint', 'pullCheckpoint');
  command('trainyard.sync.pullBest', 'pullBest');
  command('trainyard.sync.pullLast', 'pullLast');
  command('trainyard.sync.followRun', 'followRun');
  command('trainyard.sync.unfollowRun', 'unfollowRun');
  command('trainyard.sync.openCheckpoint', 'openCheckpoint');
  command('trainyard.sync.terminal', 'terminal');
  command('trainyard.sync.showRunning', 'showRunning');
  command('trainyard.sync.pushPath', 'pushPath');
  command('trainyard.sync.pullPath', 'pullPath');
  command('trainyard.sync.comparePath', 'comparePath');

  const start = () => void face().catch((error: unknown) => log.error('The Remote Sync view could not be shown', error));
  if (trust.isGranted) {
    start();
  }
  owned.add(trust.onDidGrant(start));
  return owned;
}
