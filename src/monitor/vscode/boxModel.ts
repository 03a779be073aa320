import type { BoxState } from '../boxes/boxState.ts';
import type { BoxClient, CollectorClient, CollectorState } from '../collectorClient.ts';
import type { HostInventory } from '../hostSample.ts';
import type { Viewer } from '../view/viewer.ts';
import { MachineModel } from './machineModel.ts';

/** A box as this window sees it. There is nothing of a workspace there; the account that we sign in with is us. */
export class BoxModel extends MachineModel {
  readonly alias: string;
  readonly viewer: Viewer;

  constructor(
    private readonly box: BoxClient,
    private readonly client: Pick<CollectorClient, 'state' | 'onDidChangeState'>,
  ) {
    super(box);
    this.alias = box.alias;
    this.viewer = {
      get uid() {
        return box.report.uid ?? -1;
      },
      folders: [],
    };
    this.owned.add(
      box.onDidReport(() => {
        this.readAgain();
        this.tell();
      }),
    );
    this.owned.add(client.onDidChangeState(() => this.tell()));
  }

  get collector(): CollectorState {
    return this.client.state;
  }

  get link(): BoxState {
    return this.box.report.state;
  }

  inventory(): Promise<HostInventory | undefined> {
    return Promise.resolve(this.box.report.inventory);
  }

  retry(): void {
    this.box.retry();
  }
}
