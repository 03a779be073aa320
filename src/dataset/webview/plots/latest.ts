/** Asks one question at a time: a later one gives an earlier one up. */
export class Latest {
  private controller: AbortController | undefined;

  start(): AbortSignal {
    this.controller?.abort();
    this.controller = new AbortController();
    return this.controller.signal;
  }
}
