import * as vscode from 'vscode';
import { known } from '../../base/absent.ts';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { bundlePath } from '../../installation.ts';
import type { Services } from '../../platform/services.ts';
import { workspaceFolders } from '../../platform/workspaceFolders.ts';
import { SocketClient } from '../collect/client.ts';
import { collectorFolder } from '../collect/collectorFolder.ts';
import { workerCollector } from '../collect/workerCollector.ts';
import { createLocalFiles } from '../localFiles.ts';
import { OwnProcesses } from '../ownProcesses.ts';
import { processKey } from '../view/holders.ts';
import { SeenHistory } from '../view/seenHistory.ts';
import type { DashboardAction } from '../webview/protocol.ts';
import { createDashboards } from './dashboardPanel.ts';
import { MonitorConfig } from './monitorConfig.ts';
import { StatusBarItem } from './statusBarItem.ts';
import { systemCommands } from './systemCommands.ts';
import type { SystemCommands } from './systemCommands.ts';
import { SystemModel } from './systemModel.ts';
import { SystemNotices } from './systemNotices.ts';
import { SystemTree } from './systemTree.ts';

export interface MonitorFace extends SystemCommands, Disposable {
  readonly open: () => Promise<void>;
}

/** Everything that shows this machine in one window. */
export async function createMonitorFace(services: Services): Promise<MonitorFace> {
  const owned = new DisposableStore();
  const { config, keys, log } = services;
  const monitorConfig = new MonitorConfig(config);
  let folders = await workspaceFolders();

  const folder = collectorFolder();
  const client = owned.add(
    new SocketClient({
      folder,
      startCollector: workerCollector({
        script: bundlePath(services.installation, 'monitorWorker'),
        folder,
        settings: () => ({ toolPaths: config.toolPaths(), env: process.env, never: folders }),
        log: (line) => log.debug(`monitor: ${line}`),
      }),
      log: (line) => log.debug(`monitor: ${line}`),
    }),
  );
  const model = owned.add(new SystemModel(client, new OwnProcesses(owned.add(createLocalFiles()))));
  model.setFolders(folders);
  owned.add(
    vscode.workspace.onDidChangeWorkspaceFolders(async () => {
      folders = await workspaceFolders();
      model.setFolders(folders);
    }),
  );
  const seen = new SeenHistory();
  owned.add(model.onSample((sample) => seen.observe(sample)));
  owned.add(
    model.onDidChange(() => {
      const { holdings } = model;
      keys.set({
        'trainyard.system.gpus': (holdings?.gpus.length ?? 0) > 0,
        'trainyard.system.processes': holdings !== undefined && known(holdings.sample.processes) !== undefined,
      });
    }),
  );

  const commands: SystemCommands = systemCommands(model, () => notices, services);
  const notices = owned.add(
    new SystemNotices(model, monitorConfig, services, (uuids) => commands.copyCudaDevices(undefined, uuids.map((uuid) => ({ uuid })))),
  );
  const dashboards = owned.add(
    createDashboards({
      extensionUri: services.extensionUri,
      model,
      inventory: () => client.inventory(),
      history: {
        history: async (params) => seen.history(params),
        kept: () => ({ reason: 'Nothing is kept of this machine.', events: [] }),
        at: async () => undefined,
      },
      act: (action, { key }) => act(action, key),
    }),
  );
  owned.add(new StatusBarItem(model, monitorConfig));
  owned.add(new SystemTree(model));

  async function act(action: DashboardAction, key: string | undefined): Promise<unknown> {
    switch (action) {
      case 'copyCudaDevices':
        return commands.copyCudaDevices(key === undefined ? undefined : { uuid: key });
      case 'copyPid':
      case 'copyCommand':
      case 'revealTerminal':
      case 'signal': {
        const process = (known(model.holdings?.sample.processes) ?? []).find((one) => processKey(one) === key);
        if (process === undefined) {
          throw new Error('This process has ended.');
        }
        return commands[action]({ process });
      }
      case 'export':
      case 'copyDetails':
        throw new Error('This cannot be done yet.');
    }
  }

  return { ...commands, open: async () => dashboards.open(), dispose: () => owned.dispose() };
}
