import { hostname } from 'node:os';
import { join } from 'node:path';
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
import type { SystemNode } from '../view/tree.ts';
import type { FleetAction } from '../webview/fleetProtocol.ts';
import type { DashboardAction } from '../webview/protocol.ts';
import { addBox, openBoxTerminal, removeBox, retryBox, signIn } from './boxCommands.ts';
import { BoxesModel } from './boxesModel.ts';
import { createDashboards } from './dashboardPanel.ts';
import type { ActionParams } from './dashboardPanel.ts';
import { createFleet } from './fleetPanel.ts';
import type { MachineModel } from './machineModel.ts';
import { MonitorConfig } from './monitorConfig.ts';
import { exportPast, PastOfMachine } from './pastOfMachine.ts';
import { StatusBarItem } from './statusBarItem.ts';
import { systemCommands } from './systemCommands.ts';
import type { SystemCommands } from './systemCommands.ts';
import { SystemModel } from './systemModel.ts';
import { SystemNotices } from './systemNotices.ts';
import { SystemTree } from './systemTree.ts';

export interface MonitorFace extends SystemCommands, Disposable {
  /** @param target a row of the tree: its machine; else whatever the dashboard shows */
  readonly open: (target?: unknown) => Promise<void>;
  readonly fleet: () => Promise<void>;
  readonly pause: () => Promise<void>;
  readonly playback: () => Promise<void>;
  readonly live: () => Promise<void>;
  readonly addBox: () => Promise<void>;
  readonly removeBox: (target?: unknown) => Promise<void>;
  readonly signIn: (target?: unknown) => Promise<void>;
  readonly retryBox: (target?: unknown) => Promise<void>;
  readonly boxTerminal: (target?: unknown) => Promise<void>;
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
        settings: () => ({ toolPaths: config.toolPaths(), env: process.env, never: folders, ...(monitorConfig.history && { history: { path: historyFile(services), bound: monitorConfig.historyBound } }) }),
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
  const boxes = owned.add(new BoxesModel(monitorConfig, client));
  const pasts = new Map<MachineModel, PastOfMachine>();
  function pastOf(machine: MachineModel): PastOfMachine {
    const past = pasts.get(machine) ?? owned.add(new PastOfMachine(client, machine, () => monitorConfig.history));
    pasts.set(machine, past);
    return past;
  }
  // From the first sample on: where nothing is kept, it is all that there is to show.
  pastOf(model);
  owned.add(
    model.onDidChange(() => {
      const { holdings } = model;
      keys.set({
        'trainyard.system.gpus': (holdings?.gpus.length ?? 0) > 0,
        'trainyard.system.processes': holdings !== undefined && known(holdings.sample.processes) !== undefined,
      });
    }),
  );

  const commands: SystemCommands = systemCommands(model, () => boxes.all, () => notices, services);
  const notices = owned.add(
    new SystemNotices(model, monitorConfig, services, (uuids) => commands.copyCudaDevices(undefined, uuids.map((gpu) => ({ gpu })))),
  );
  const dashboards = owned.add(
    createDashboards({
      extensionUri: services.extensionUri,
      machines: { here: model, boxes: () => boxes.all, onDidChangeBoxes: boxes.onDidChange },
      past: pastOf,
      act,
    }),
  );
  const fleet = owned.add(createFleet({ extensionUri: services.extensionUri, here: model, boxes, act: actOnFleet }));
  owned.add(new StatusBarItem(model, monitorConfig));
  const tree = owned.add(new SystemTree(model));
  tree.addBoxes(boxes);
  const tellOfBoxes = (): void => keys.set({ 'trainyard.system.boxes': boxes.aliases.length > 0 });
  owned.add(boxes.onDidChange(tellOfBoxes));
  tellOfBoxes();

  async function act(action: DashboardAction, { key, from, to }: ActionParams, machine: MachineModel): Promise<unknown> {
    const target = { machine: machine.alias ?? '' };
    switch (action) {
      case 'copyCudaDevices':
        return commands.copyCudaDevices({ ...target, gpu: key });
      case 'export':
        return from === undefined || to === undefined ? undefined : exportPast(pastOf(machine), from, to);
      case 'copyDetails':
        return vscode.env.clipboard.writeText(diagnosis(machine));
      case 'signIn':
        return signIn(boxes, target);
      case 'retryBox':
        return retryBox(boxes, target);
      case 'addBox':
        return addBox(boxes);
      case 'fleet':
        return fleet.open();
    }
  }

  async function actOnFleet(action: FleetAction, key: string): Promise<unknown> {
    switch (action) {
      case 'open':
        return dashboards.open(key);
      case 'signIn':
        return signIn(boxes, { machine: key });
      case 'retryBox':
        return retryBox(boxes, { machine: key });
      case 'retryAll':
        return boxes.all.filter(({ link }) => link.kind !== 'live').forEach((box) => box.retry());
      case 'addBox':
        return addBox(boxes);
    }
  }

  return {
    ...commands,
    addBox: async () => addBox(boxes),
    removeBox: async (target) => removeBox(boxes, target),
    signIn: async (target) => signIn(boxes, target),
    retryBox: async (target) => retryBox(boxes, target),
    boxTerminal: async (target) => openBoxTerminal(boxes, target),
    open: async (target) => dashboards.open(machineOf(target)),
    fleet: async () => fleet.open(),
    pause: async () => dashboards.command('pause'),
    playback: async () => dashboards.command('playback'),
    live: async () => dashboards.command('live'),
    dispose: () => owned.dispose(),
  };
}

/** The machine of a row of the tree or the fleet, by its box's name; empty for this one. */
function machineOf(target: unknown): string | undefined {
  const { key, subject, machine } = (typeof target === 'object' && target !== null ? target : {}) as Partial<SystemNode> & { readonly machine?: string };
  if (machine !== undefined) {
    return machine;
  }
  if (subject?.kind === 'box') {
    return subject.alias;
  }
  return key === undefined ? undefined : (/^box\/([^/]+)\//.exec(key)?.[1] ?? '');
}

/** One for each machine: a home folder may be shared by several, and a file has one writer. */
function historyFile({ storage }: Services): string {
  return join(storage, 'history', `${hostname()}.sqlite`);
}

/** What the drivers said, for a report of a problem: no process of anybody's is named. */
function diagnosis({ holdings, collector, link }: MachineModel): string {
  const sample = holdings?.sample;
  const gpus = sample?.gpus.map(({ uses: _uses, ...reading }) => reading);
  return JSON.stringify({ time: sample?.time, collector, link, processScope: sample?.processScope, gpus }, null, 2);
}
