import type { HostConnection } from '../../../webview/messageClient.ts';
import type { AudioHost } from './protocol.ts';
import { MOST_BYTES } from './protocol.ts';

/** Decoded sound for playing, from wherever it is decoded. */
export interface SoundFeed {
  /** `pcm`: nothing to decode. `page`: by the browser, from the file's own bytes. `host`: by ffmpeg where the file lies. */
  readonly way: 'pcm' | 'page' | 'host';
  /** Hertz of what it gives, which may differ from what the header says. */
  readonly rate: number;
  /** What is said of it in the inspector. */
  readonly words: string;
  /** By channel; fewer than `count` frames at the end alone. */
  read(from: number, count: number, signal: AbortSignal): Promise<readonly Float32Array[]>;
  dispose(): void;
}

export type SoundHost = Pick<HostConnection<Pick<AudioHost, 'bytes' | 'samples'>>, 'requestUntil'>;

/** A feed, or why there is none. */
export type FeedResult = { readonly feed: SoundFeed } | { readonly problem: string };

/** Bytes of a range, one message after the other: what the host has not sent yet is not on its way. */
export async function readRange(host: SoundHost, start: number, end: number, signal?: AbortSignal): Promise<Uint8Array> {
  const all = new Uint8Array(end - start);
  for (let at = 0; at < all.length; ) {
    const bytes = await host.requestUntil(signal, 'bytes', { start: start + at, length: Math.min(MOST_BYTES, all.length - at) });
    if (bytes.length === 0) {
      throw new Error('The file has become shorter.');
    }
    all.set(bytes, at);
    at += bytes.length;
  }
  return all;
}
