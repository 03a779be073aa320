import type { Params, Result } from '../../../base/endpoint.ts';
import { ReplyError } from '../../../base/replyError.ts';
import type { ServiceThread } from '../../serviceThread.ts';

/** Milliseconds that one question to a file may take; a file that makes its reader loop is given up then. */
const LIMIT = 25_000;

/** Asks a thread that serves one file alone, and ends it where it does not answer: no file takes more with it than itself. */
export class WatchedThread<Api, Events> {
  constructor(private readonly thread: Pick<ServiceThread<Api, Events>, 'requestUntil' | 'stop'>) {}

  async ask<K extends keyof Api & string>(signal: AbortSignal | undefined, method: K, ...params: Params<Api, K>): Promise<Result<Api, K>> {
    const limit = AbortSignal.timeout(LIMIT);
    try {
      return await this.thread.requestUntil(signal ? AbortSignal.any([signal, limit]) : limit, method, ...params);
    } catch (error) {
      if (limit.aborted && signal?.aborted !== true) {
        this.thread.stop();
        throw new ReplyError('timeout', `The file did not answer for ${LIMIT / 1000} s: its reader was stopped. It may be broken, or its disk is slow.`);
      }
      throw error;
    }
  }
}
