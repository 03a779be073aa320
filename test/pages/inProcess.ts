import type { Handlers, Params, Result } from '../../src/base/endpoint.ts';
import type { ThreadShare } from '../../src/dataset/vscode/sharedThread.ts';

/** A service's thread, without the thread: for pages' tests, which have the real service and no window. */
export function inProcess<Api>(handlers: Handlers<Api>): ThreadShare<Api> & { readonly asked: (readonly [method: string, params: unknown])[] } {
  const asked: (readonly [string, unknown])[] = [];
  const requestUntil = async <K extends keyof Api & string>(signal: AbortSignal | undefined, method: K, ...params: Params<Api, K>): Promise<Result<Api, K>> => {
    const [first] = params as readonly unknown[];
    asked.push([method, first]);
    return handlers[method](first, signal ?? new AbortController().signal);
  };
  return {
    asked,
    requestUntil,
    request: (method, ...params) => requestUntil(undefined, method, ...params),
    dispose: () => undefined,
  };
}
