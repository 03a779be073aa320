import { SlowLink } from './slowLink.ts';
import type { LinkOptions } from './slowLink.ts';

/** What the process of links is told; each is answered with its `id`. */
export interface LinkRequest {
  readonly id: number;
  readonly link: number;
  readonly do: 'open' | 'cut' | 'heal' | 'reset' | 'cutAfter' | 'set';
  /** `open`: the port that it leads to; `cutAfter`: bytes. */
  readonly value?: number;
  readonly options?: LinkOptions;
}

export interface LinkReply {
  readonly id: number;
  /** Of a link that was opened. */
  readonly port?: number;
}

const links = new Map<number, SlowLink>();

async function serve({ link: key, do: verb, value = 0, options = {} }: LinkRequest): Promise<number | undefined> {
  if (verb === 'open') {
    const opened = new SlowLink(value, options);
    links.set(key, opened);
    return opened.listen();
  }
  const link = links.get(key);
  if (verb === 'set') {
    link?.set(options);
  } else if (verb === 'cutAfter') {
    link?.cutAfter(value);
  } else {
    link?.[verb]();
  }
  return undefined;
}

process.on('message', (request: LinkRequest) => {
  void serve(request).then((port) => process.send?.({ id: request.id, ...(port !== undefined && { port }) } satisfies LinkReply));
});
process.on('disconnect', () => process.exit());
