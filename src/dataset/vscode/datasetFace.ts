import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import type { Handlers } from '../../base/endpoint.ts';
import { bundlePath } from '../../installation.ts';
import type { Services } from '../../platform/services.ts';
import type { ServiceContext } from '../service.ts';
import type { ServiceName } from '../services.ts';
import { ServiceThread } from '../serviceThread.ts';
import { SharedThread } from './sharedThread.ts';
import type { ThreadShare } from './sharedThread.ts';

/** What the faces of the dataset room share: the window's services, and the threads behind them. */
export class DatasetFace implements Disposable {
  private readonly own = new DisposableStore();
  private readonly shared = new Map<ServiceName, SharedThread>();

  constructor(
    readonly services: Services,
    /** As it is now: settings and trust change. */
    readonly context: () => Promise<ServiceContext>,
  ) {}

  /** A service's thread, which starts with the first request; whoever makes it disposes of it, or the face does. */
  thread<Api, Events>(service: ServiceName, events: Handlers<Events>): ServiceThread<Api, Events> {
    const { installation, log } = this.services;
    return this.own.add(
      new ServiceThread<Api, Events>({
        script: bundlePath(installation, 'datasetWorker'),
        service,
        context: this.context,
        events,
        log: (line) => log.error('A thread of the dataset explorer', new Error(line)),
      }),
    );
  }

  /** A share of the one thread of a service that tells nothing by itself; whoever asks disposes of the share. */
  share<Api>(service: ServiceName): ThreadShare<Api> {
    let thread = this.shared.get(service);
    if (thread === undefined) {
      thread = this.own.add(new SharedThread(this.thread<never, object>(service, {})));
      this.shared.set(service, thread);
    }
    return thread.share<Api>();
  }

  dispose(): void {
    this.own.dispose();
  }
}
