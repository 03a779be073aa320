import type { Disposable } from '../base/disposable.ts';
import { DisposableStore } from '../base/disposable.ts';
import { lazyAsync } from '../base/lazy.ts';
import type { Services } from '../platform/services.ts';
import type { MonitorFace } from './vscode/monitorFace.ts';

/** Everything but the commands' names is loaded once the window is up and the workspace is trusted. */
export function registerMonitor(services: Services): Disposable {
  const owned = new DisposableStore();
  const { trust, log } = services;
  const face = lazyAsync(async () => {
    const { createMonitorFace } = await import('./vscode/monitorFace.ts');
    return owned.add(await createMonitorFace(services));
  });
  const command = (id: string, name: Exclude<keyof MonitorFace, 'dispose'>) =>
    owned.add(
      services.command(id, async (...args) => {
        if (await trust.check()) {
          await (await face())[name](...args);
        }
      }),
    );
  command('trainyard.monitor.open', 'open');
  command('trainyard.monitor.fleet', 'fleet');
  command('trainyard.monitor.boxTerminal', 'boxTerminal');
  command('trainyard.monitor.pause', 'pause');
  command('trainyard.monitor.playback', 'playback');
  command('trainyard.monitor.live', 'live');
  command('trainyard.monitor.copyCudaDevices', 'copyCudaDevices');
  command('trainyard.monitor.copyPid', 'copyPid');
  command('trainyard.monitor.copyCommand', 'copyCommand');
  command('trainyard.monitor.revealTerminal', 'revealTerminal');
  command('trainyard.monitor.signal', 'signal');
  command('trainyard.monitor.notifyEnd', 'notifyEnd');
  command('trainyard.monitor.notifyFree', 'notifyFree');
  command('trainyard.monitor.addBox', 'addBox');
  command('trainyard.monitor.removeBox', 'removeBox');
  command('trainyard.monitor.signIn', 'signIn');
  command('trainyard.monitor.retryBox', 'retryBox');

  const start = () => void face().catch((error: unknown) => log.error('The system could not be watched', error));
  if (trust.isGranted) {
    start();
  }
  owned.add(trust.onDidGrant(start));
  return owned;
}
