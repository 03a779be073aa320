import { hostname } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { known } from '../../base/absent.ts';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { lazyAsync } from '../../base/lazy.ts';
import { bundlePath } from '../../installation.ts';
import type { Services } from '../../platform/services.ts';
import { workspaceFolders } from '../../platform/workspaceFolders.ts';
import { SocketClient } from '../collect/client.ts';
import { collectorFolder } from '../collect/collectorFolder.ts';
import { workerCollector } from '../collect/workerCollector.ts';
import { createLocalFiles } from '../localFiles.ts';
import { OwnProcesses } from '../ownProcesses.ts';
import type { DashboardAction } from '../webview/protocol.ts';
import { addBox, removeBox, retryBox, signIn } from './boxCommands.ts';
import { createDashboards } from './dashboardPanel.ts';
import type { ActionParams } from './dashboardPanel.ts';
import { MonitorConfig } from './monitorConfig.ts';
import { exportPast, PastOfMachine } from './pastOfMachine.ts';
import { StatusBarItem } from './statusBarItem.ts';
import { systemCommands } from './systemCommands.ts';
import type { SystemCommands } from './systemCommands.ts';
import { SystemModel } from './systemModel.ts';
import { SystemNotices } from './systemNotices.ts';
import { SystemTree } from './systemTree.ts';

export interface MonitorFace extends SystemCommands, Disposable {
  readonly open: () => Promise<void>;
  readonly pause: () => Promise<void>;
  readonly playback: () => Promise<void>;
  readonly live: () => Promise<void>;
  readonly addBox: () => Promise<void>;
  readonly removeBox: (target?: unknown) => Promise<void>;
  readonly signIn: (target?: unknown) => Promise<void>;
  readonly retryBox: (target?: unknown) => Promise<void>;
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
        settings: () => ({ toolPaths: config.toolPaths(), env: process.env, never: folders, ...(monitorConfig.history && { history: historyFile(services) }) }),
        onDidChangeHistory: (listener) => monitorConfig.onDidChange(() => listener()),
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
  const past = owned.add(new PastOfMachine(client, model, () => monitorConfig.history));
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
    new SystemNotices(model, monitorConfig, services, (uuids) => commands.copyCudaDevices(undefined, uuids.map((gpu) => ({ gpu })))),
  );
  const dashboards = owned.add(
    createDashboards({
      extensionUri: services.extensionUri,
      model,
      inventory: () => client.inventory(),
      past,
      act: (action, params) => act(action, params),
    }),
  );
  owned.add(new StatusBarItem(model, monitorConfig));
  const tree = owned.add(new SystemTree(model));
  const boxes = lazyAsync(async () => {
    const { BoxesModel } = await import('./boxesModel.ts');
    const made = owned.add(new BoxesModel(monitorConfig, log, folders));
    tree.addBoxes(made);
    return made;
  });
  const showBoxes = (): void => {
    const any = Array.isArray(monitorConfig.boxes) && monitorConfig.boxes.length > 0;
    keys.set({ 'trainyard.system.boxes': any });
    if (any) {
      boxes().catch((error: unknown) => log.error('The boxes could not be shown', error));
    }
  };
  owned.add(monitorConfig.onDidChange(showBoxes));
  showBoxes();

  async function act(action: DashboardAction, { key, from, to }: ActionParams): Promise<unknown> {
    switch (action) {
      case 'copyCudaDevices':
        return commands.copyCudaDevices({ gpu: key });
      case 'export':
        return from === undefined || to === undefined ? undefined : exportPast(past, from, to);
      case 'copyDetails':
        return vscode.env.clipboard.writeText(diagnosis(model));
    }
  }

  return {
    ...commands,
    addBox: async () => addBox(await boxes()),
    removeBox: async (target) => removeBox(await boxes(), target),
    signIn: async (target) => signIn(await boxes(), target),
    retryBox: async (target) => retryBox(await boxes(), target),
    open: async () => dashboards.open(),
    pause: async () => dashboards.command('pause'),
    playback: async () => dashboards.command('playback'),
    live: async () => dashboards.command('live'),
    dispose: () => owned.dispose(),
  };
}

/** One for each machine: a home folder may be shared by several, and a file has one writer. */
function historyFile({ storage }: Services): string {
  return join(storage, 'history', `${hostname()}.sqlite`);
}

/** What the drivers said, for a report of a problem: no process of anybody's is named. */
function diagnosis({ holdings, collector }: SystemModel): string {
  const sample = holdings?.sample;
  const gpus = sample?.gpus.map(({ uses: _uses, ...reading }) => reading);
  return JSON.stringify({ time: sample?.time, collector, processScope: sample?.processScope, gpus }, null, 2);
}
