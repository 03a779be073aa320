import { Endpoint, READY } from '../base/endpoint.ts';
import type { Handlers } from '../base/endpoint.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

export interface HostConnection<Host> {
  readonly request: Endpoint<Host, never>['request'];
  /** The same, given up when the signal is aborted. */
  readonly requestUntil: Endpoint<Host, never>['requestUntil'];
  /** To be called once, when the page has been drawn for the first time. */
  ready(): void;
  /** What a page wants to find again when it is shown anew: where the person was, never the host's data. */
  readonly state: { load(): unknown; save(state: unknown): void };
}

/**
 * Connects a page with its host: `handlers` take the host's events. A page may call this once. `timeout`: milliseconds after
 * which a request counts as not answered, where the usual ones are too few.
 */
export function connectHost<Host, Page>(handlers: Handlers<Page>, timeout?: number): HostConnection<Host> {
  const api = acquireVsCodeApi();
  const endpoint = new Endpoint<Host, Page>((message) => api.postMessage(message), handlers, timeout);
  window.addEventListener('message', (event) => endpoint.receive(event.data));
  return {
    request: (method, ...params) => endpoint.request(method, ...params),
    requestUntil: (signal, method, ...params) => endpoint.requestUntil(signal, method, ...params),
    ready: () => api.postMessage(READY),
    state: { load: () => api.getState(), save: (state) => api.setState(state) },
  };
}
