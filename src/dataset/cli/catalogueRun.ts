import { once } from 'node:events';
import { resolve } from 'node:path';
import type { CliIo } from '../../base/cliIo.ts';
import { formatCount } from '../../base/format.ts';
import type { Summary } from '../catalogue/catalogueApi.ts';
import type { CatalogueService } from '../catalogue/catalogueService.ts';

/** Makes the service, which tells of changes by `onChange`. */
export type OpenCatalogues = (onChange: (summary: Summary) => void) => CatalogueService;

/** ECMA-48: back to the first column, then erase to the line's end. */
const ERASE = '\r\u001b[K';

/**
 * Walks and fills a dataset's catalogue to the end, with a line of progress on a terminal, then lets `use` have it. Resolves
 * to undefined where Ctrl-C came first: what was found so far is kept.
 */
export async function withCatalogue<T>(
  open: OpenCatalogues,
  io: CliIo,
  folder: string,
  format: string | undefined,
  use: (service: CatalogueService, summary: Summary) => Promise<T>,
): Promise<T | undefined> {
  const root = resolve(io.cwd, folder);
  const progress = progressLine(io);
  const service = open((summary) => progress.show(lineOf(summary)));
  const interruption = new AbortController();
  const listening = io.onInterrupt(() => interruption.abort());
  try {
    if (format !== undefined) {
      await service.handlers.open({ root, format }, interruption.signal);
    }
    // A file that was written over where it lies shows only when it is looked at again.
    await service.handlers.refresh({ root }, interruption.signal);
    const interrupted = interruption.signal.aborted ? Promise.resolve() : once(interruption.signal, 'abort').then(() => undefined);
    await Promise.race([service.settled(root), interrupted]);
    if (interruption.signal.aborted) {
      await service.handlers.close({ root }, interruption.signal);
      return undefined;
    }
    progress.clear();
    return await use(service, await service.handlers.summary({ root }, interruption.signal));
  } finally {
    progress.clear();
    listening.dispose();
    service.dispose();
  }
}

function lineOf({ state, files, probed, members }: Summary): string {
  return state === 'walking' ? `Walking · ${formatCount(files)} files` : `Looking at files · ${formatCount(probed + members.probed)} of ${formatCount(files + members.count)}`;
}

function progressLine(io: CliIo): { show(text: string): void; clear(): void } {
  const { errColumns = 0 } = io;
  let shown = '';
  return {
    show(text) {
      if (errColumns > 1 && text !== shown) {
        io.err(`${ERASE}${text.slice(0, errColumns - 1)}`);
        shown = text;
      }
    },
    clear() {
      if (shown !== '') {
        io.err(ERASE);
        shown = '';
      }
    },
  };
}
