import * as v from 'valibot';
import type { Handlers } from '../../base/endpoint.ts';
import type { WorkerThread } from '../../base/workerThread.ts';
import { checked } from '../../platform/webviewHost.ts';
import type { WebviewHost } from '../../platform/webviewHost.ts';
import type { CheckpointApi, CheckpointEvents } from '../checkpoints/checkpointApi.ts';
import type { CheckpointHost, CheckpointPage } from '../webview/checkpoint/protocol.ts';

const NAMES = v.strictObject({ names: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(65_536))), v.maxLength(100_000))) });
const BY = v.strictObject({ by: v.picklist(['values', 'hashes']) });

export interface CheckpointSessionOptions {
  /** A path of this machine, or `HOST:PATH`. */
  readonly place: string;
  readonly page: () => Pick<WebviewHost<CheckpointHost, CheckpointPage>, 'notify'>;
  readonly thread: (events: Handlers<CheckpointEvents>) => Pick<WorkerThread<CheckpointApi, CheckpointEvents>, 'request'>;
  /** Asks a person which other to compare with. */
  readonly pickOther: () => Promise<string | undefined>;
  readonly mayOpen: (place: string) => Promise<boolean>;
}

/** What stands between a checkpoint's page and the thread that reads it. */
export function createCheckpointSession({ place, page, thread: start, pickOther, mayOpen }: CheckpointSessionOptions): { readonly handlers: Handlers<CheckpointHost>; onReady(): void } {
  const thread = start({
    values: (views) => page().notify('values', views as Parameters<CheckpointEvents['values']>[0]),
    changes: (views) => page().notify('changes', views as Parameters<CheckpointEvents['changes']>[0]),
    work: (view) => page().notify('work', view as Parameters<CheckpointEvents['work']>[0]),
  });
  let other: string | undefined;

  async function open(): Promise<void> {
    try {
      if (!(await mayOpen(place))) {
        throw new Error('Boxes are not asked until the workspace is trusted.');
      }
      page().notify('opened', await thread.request('open', { place }));
      if (other !== undefined) {
        await compare(other);
      }
    } catch (error) {
      page().notify('failed', { name: place.split('/').at(-1) ?? place, message: (error as Error).message });
    }
  }
  async function compare(wanted: string): Promise<void> {
    try {
      if (!(await mayOpen(wanted))) {
        throw new Error('Boxes are not asked until the workspace is trusted.');
      }
      const view = await thread.request('compare', { place: wanted });
      other = wanted;
      page().notify('compared', { view });
    } catch (error) {
      other = undefined;
      page().notify('compared', { said: `It cannot be compared with ${wanted}: ${(error as Error).message}` });
    }
  }
  return {
    handlers: {
      async pickOther() {
        const picked = await pickOther();
        if (picked !== undefined) {
          await compare(picked);
        }
      },
      async closeOther() {
        other = undefined;
        await thread.request('stop');
        page().notify('compared', {});
      },
      checkValues: checked(NAMES, ({ names }) => thread.request('checkValues', names === undefined ? {} : { names })),
      compareValues: checked(BY, (params) => thread.request('compareValues', params)),
      stop: () => thread.request('stop'),
      reload: () => open(),
    },
    onReady: () => void open(),
  };
}
