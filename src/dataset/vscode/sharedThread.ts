import type { Disposable } from '../../base/disposable.ts';
import type { ServiceThread } from '../serviceThread.ts';

/** Milliseconds that a thread outlives its last user: the next picture is opened soon. */
const IDLE = 60_000;

/** What a user has of a thread that others use, too. */
export interface ThreadShare<Api> extends Pick<ServiceThread<Api, object>, 'request' | 'requestUntil'>, Disposable {}

/** One thread for all who want it at the same time; it is stopped some time after the last of them has let go. */
export class SharedThread implements Disposable {
  private users = 0;
  private idle: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly thread: ServiceThread<never, object>) {}

  share<Api>(): ThreadShare<Api> {
    const thread = this.thread as unknown as ServiceThread<Api, object>;
    this.users++;
    clearTimeout(this.idle);
    let held = true;
    return {
      request: (method, ...params) => thread.request(method, ...params),
      requestUntil: (signal, method, ...params) => thread.requestUntil(signal, method, ...params),
      dispose: () => {
        if (held) {
          held = false;
          this.release();
        }
      },
    };
  }

  dispose(): void {
    clearTimeout(this.idle);
    this.thread.dispose();
  }

  private release(): void {
    this.users--;
    if (this.users === 0) {
      this.idle = setTimeout(() => this.thread.stop(), IDLE);
    }
  }
}
