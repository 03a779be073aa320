import { ADTS, AudioBufferSink, CustomSource, FLAC, Input, Logging, LogLevel, MATROSKA, MP3, MP4, MPEG_TS, OGG, QTFF, WEBM } from 'mediabunny';
import type { InputAudioTrack, WrappedAudioBuffer } from 'mediabunny';
import { isAbsent } from '../../../base/absent.ts';
import type { AudioFacts } from './protocol.ts';
import { readRange } from './soundFeed.ts';
import type { FeedResult, SoundFeed, SoundHost } from './soundFeed.ts';

/** Bytes of the file that the demuxer keeps. */
const MOST_CACHE = 16 * 2 ** 20;
/** Seconds decoded before what is wanted: lossy codecs need what lies before to be right. */
const PREROLL = 0.2;

/** The file's own container alone: text never becomes a playlist here. */
const FORMATS = { mp4: MP4, mov: QTFF, matroska: MATROSKA, webm: WEBM, ogg: OGG, mp3: MP3, adts: ADTS, flac: FLAC, mpegts: MPEG_TS } as const;

/** Containers that hold nothing but sound. */
const SOUND_ALONE: ReadonlySet<string> = new Set(['mp3', 'flac', 'adts']);

/** The demuxer of a file whose bytes the host sends in pieces; undefined for containers that it does not read. */
export function openInput(host: SoundHost, { container, size }: Pick<AudioFacts, 'container' | 'size'>): Input | undefined {
  const format = Object.hasOwn(FORMATS, container) ? FORMATS[container as keyof typeof FORMATS] : undefined;
  Logging.level = LogLevel.Silent;
  return (
    format &&
    new Input({
      formats: [format],
      source: new CustomSource({
        getSize: () => size,
        read: (start, end) => readRange(host, start, end),
        maxCacheSize: MOST_CACHE,
        prefetchProfile: 'network',
        handleUnhandledError: () => undefined,
      }),
    })
  );
}

/** A feed by the browser's decoder, once that has decoded the first packet. */
export async function createPageFeed(host: SoundHost, facts: AudioFacts): Promise<FeedResult> {
  const codec = isAbsent(facts.codec) ? 'the codec' : facts.codec.toUpperCase();
  const input = openInput(host, facts);
  const refusal = { problem: `this window does not decode ${codec}` };
  if (input === undefined) {
    return { problem: `the container (${facts.container}) is not taken apart in the window` };
  }
  try {
    const track = (await input.getAudioTracks())[0];
    if (track === undefined || !(await track.canDecode())) {
      input.dispose();
      return refusal;
    }
    const first = await firstBuffer(track);
    if (first !== undefined) {
      return { feed: new PageFeed(input, track, first, facts, codec) };
    }
  } catch {
    // What it says of itself is not what it does.
  }
  input.dispose();
  return refusal;
}

async function firstBuffer(track: InputAudioTrack): Promise<WrappedAudioBuffer | undefined> {
  for await (const buffer of new AudioBufferSink(track).buffers()) {
    return buffer;
  }
  return undefined;
}

class PageFeed implements SoundFeed {
  readonly way = 'page';
  readonly words: string;
  readonly rate: number;
  /** Seconds on the file's own clock at which the sound begins: transport streams begin at any time. */
  private readonly base: number;
  private readonly sink: AudioBufferSink;
  private source: AsyncGenerator<WrappedAudioBuffer, void, unknown> | undefined;
  /** Decoded and not yet asked for. */
  private rest: { readonly from: number; readonly samples: readonly Float32Array[] } | undefined;
  /** The frame that comes next if nobody jumps. */
  private next = -1;
  private reading: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly input: Input,
    track: InputAudioTrack,
    first: WrappedAudioBuffer,
    facts: AudioFacts,
    codec: string,
  ) {
    this.rate = first.buffer.sampleRate;
    this.base = Math.max(0, first.timestamp);
    this.sink = new AudioBufferSink(track);
    // Of a film's file the sound is the smaller part.
    const bytes = SOUND_ALONE.has(facts.container) && facts.frames > 0 ? (facts.size * facts.sampleRate) / facts.frames : 0;
    this.words = `Decoded in this window: the ${codec} is sent as it is${bytes > 0 ? `, about ${Math.max(1, Math.round(bytes / 1000))} kB/s` : ''}.`;
  }

  read(from: number, count: number, signal: AbortSignal): Promise<readonly Float32Array[]> {
    // One after the other: the decoder has one place.
    const done = this.reading.then(() => this.readNow(from, count, signal));
    this.reading = done.catch(() => undefined);
    return done;
  }

  dispose(): void {
    void this.source?.return();
    this.input.dispose();
  }

  private async readNow(from: number, count: number, signal: AbortSignal): Promise<readonly Float32Array[]> {
    signal.throwIfAborted();
    if (from !== this.next || this.source === undefined) {
      await this.source?.return();
      this.rest = undefined;
      this.source = this.sink.buffers(this.base + Math.max(0, from / this.rate - PREROLL));
    }
    let out: Float32Array[] | undefined;
    let last = from;
    while (last < from + count) {
      signal.throwIfAborted();
      const piece = this.rest ?? (await this.pull());
      this.rest = undefined;
      if (piece === undefined) {
        break;
      }
      out ??= piece.samples.map(() => new Float32Array(count));
      const begin = piece.from - from;
      const length = piece.samples[0]?.length ?? 0;
      const skip = Math.max(0, -begin);
      const take = Math.min(length, count - begin);
      if (take > skip) {
        piece.samples.forEach((samples, channel) => out?.[channel]?.set(samples.subarray(skip, take), begin + skip));
        last = from + begin + take;
      }
      if (take < length) {
        const cut = Math.max(0, take);
        this.rest = { from: piece.from + cut, samples: piece.samples.map((samples) => samples.subarray(cut)) };
        if (take <= skip) {
          // A gap in the file: silence up to the piece.
          last = from + count;
        }
      }
    }
    this.next = from + count;
    return (out ?? []).map((samples) => (last < from + count ? samples.subarray(0, Math.max(0, last - from)) : samples));
  }

  private async pull(): Promise<{ readonly from: number; readonly samples: readonly Float32Array[] } | undefined> {
    const result = await this.source?.next();
    if (result === undefined || result.done === true) {
      return undefined;
    }
    const { buffer, timestamp } = result.value;
    return { from: Math.round((timestamp - this.base) * this.rate), samples: Array.from({ length: buffer.numberOfChannels }, (_, channel) => buffer.getChannelData(channel)) };
  }
}
