import type { CollectorClient, CollectorState } from '../collectorClient.ts';
import type { HostInventory } from '../hostSample.ts';
import type { OwnProcesses } from '../ownProcesses.ts';
import type { SystemSample } from '../systemSample.ts';
import type { Viewer } from '../view/viewer.ts';
import { MachineModel } from './machineModel.ts';

/** The machine that this window is on: whose everything is shows in the workspace and in one's own processes. */
export class SystemModel extends MachineModel {
  readonly alias = undefined;
  readonly link = undefined;
  /** Always as the workspace is now. */
  readonly viewer: Viewer;
  private folders: readonly string[] = [];

  constructor(
    private readonly client: CollectorClient,
    private readonly ownProcesses: OwnProcesses,
  ) {
    super(client);
    const folders = (): readonly string[] => this.folders;
    this.viewer = {
      uid: process.getuid?.() ?? -1,
      get folders() {
        return folders();
      },
      ownProcess: (one) => ownProcesses.look(one),
      isSame: (_use, one) => ownProcesses.holdsDevice(one),
    };
    this.owned.add(client.onDidChangeState(() => this.tell()));
  }

  get collector(): CollectorState {
    return this.client.state;
  }

  inventory(): Promise<HostInventory> {
    return this.client.inventory();
  }

  /** Absolute paths of the workspace's folders, links resolved. */
  setFolders(folders: readonly string[]): void {
    this.folders = folders;
    this.readAgain();
  }

  protected override take(sample: SystemSample): void {
    super.take(sample);
    this.ownProcesses.sweep();
  }
}
