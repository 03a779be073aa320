import { isAbsent } from '../../../base/absent.ts';
import { decodePcm } from './pcm.ts';
import type { AudioFacts } from './protocol.ts';
import { readRange } from './soundFeed.ts';
import type { FeedResult, SoundFeed, SoundHost } from './soundFeed.ts';

/** The first way that works here: the browser's own decoders are tried with the file's first packets before they are relied on. */
export async function findFeed(host: SoundHost, facts: AudioFacts, decode: 'auto' | 'host'): Promise<FeedResult> {
  const canHost = !isAbsent(facts.host);
  if (decode === 'host' && canHost) {
    return { feed: hostFeed(host, facts, 'as the settings ask') };
  }
  if (facts.pcm !== undefined) {
    return { feed: pcmFeed(host, facts, facts.pcm) };
  }
  const { createPageFeed } = await import('./pageFeed.ts');
  const inPage = await createPageFeed(host, facts);
  if ('feed' in inPage) {
    return inPage;
  }
  return canHost ? { feed: hostFeed(host, facts, inPage.problem) } : { problem: `${inPage.problem}, and ${(facts.host as { absent: string }).absent}` };
}

function pcmFeed(host: SoundHost, facts: AudioFacts, pcm: NonNullable<AudioFacts['pcm']>): SoundFeed {
  const frameBytes = pcm.width * pcm.channels;
  return {
    way: 'pcm',
    rate: facts.sampleRate,
    words: `Uncompressed: the samples heard are sent as they are, ${rateWords(facts.sampleRate * frameBytes)}.`,
    async read(from, count, signal) {
      const wanted = Math.max(0, Math.min(count, pcm.frames - from));
      const start = pcm.start + from * frameBytes;
      return decodePcm(await readRange(host, start, start + wanted * frameBytes, signal), pcm);
    },
    dispose: () => undefined,
  };
}

function hostFeed(host: SoundHost, facts: AudioFacts, why: string): SoundFeed {
  const bytes = typeof facts.bitDepth === 'number' && facts.bitDepth > 16 ? 4 : 2;
  return {
    way: 'host',
    rate: facts.sampleRate,
    words: `Decoded on the host, ${why}: only the seconds heard are sent, ${rateWords(facts.sampleRate * facts.channels * bytes)}.`,
    async read(from, count, signal) {
      const parts: Float32Array[][] = [];
      let at = 0;
      while (at < count) {
        const { frames, data } = await host.requestUntil(signal, 'samples', { from: from + at, count: count - at });
        if (frames === 0) {
          break;
        }
        const scale = data instanceof Int16Array ? 1 / 32_768 : 1;
        parts.push(Array.from({ length: facts.channels }, (_, channel) => Float32Array.from({ length: frames }, (_unused, frame) => (data[frame * facts.channels + channel] as number) * scale)));
        at += frames;
      }
      return joined(parts, facts.channels);
    },
    dispose: () => undefined,
  };
}

export function joined(parts: readonly (readonly Float32Array[])[], channels: number): Float32Array[] {
  const frames = parts.reduce((sum, part) => sum + (part[0]?.length ?? 0), 0);
  return Array.from({ length: channels }, (_, channel) => {
    const all = new Float32Array(frames);
    let at = 0;
    for (const part of parts) {
      all.set(part[channel] ?? [], at);
      at += part[channel]?.length ?? 0;
    }
    return all;
  });
}

function rateWords(bytesPerSecond: number): string {
  return bytesPerSecond >= 1e6 ? `${(bytesPerSecond / 1e6).toFixed(1)} MB/s` : `${Math.round(bytesPerSecond / 1000)} kB/s`;
}
