import type { SoundFeed } from './soundFeed.ts';

/** Which channels are heard: all of them, or one. */
export type Heard = 'all' | number;

export interface PlayOptions {
  /** Seconds. */
  readonly from: number;
  /** Where it stops by itself. */
  readonly end: number;
  /** Seconds between which it goes round; exact to the sample. */
  readonly loop?: readonly [number, number];
  readonly speed: number;
  readonly heard: Heard;
}

interface Piece {
  /** Of the context's clock. */
  readonly when: number;
  readonly from: number;
  readonly frames: number;
  readonly source: AudioBufferSourceNode;
}

/** Seconds of sound that lie ready, the first piece, which has to be there soon, and the others. */
const AHEAD = 2;
const FIRST = 0.2;
const PIECE = 0.5;
const LEAD = 0.03;
const TICK = 100;
/** What Chromium makes contexts of. */
const RATES = { least: 3000, most: 384_000 };

/** Plays a feed with Web Audio: pieces of it laid one behind the other without a gap. */
export class SoundPlayer {
  private readonly context: AudioContext;
  private readonly gain: GainNode;
  private pieces: Piece[] = [];
  private pump: AbortController | undefined;
  private options: PlayOptions | undefined;

  constructor(
    private readonly feed: SoundFeed,
    private readonly told: { onEnd(): void; onProblem(message: string): void },
  ) {
    this.context = contextOf(feed.rate);
    this.gain = this.context.createGain();
    this.gain.connect(this.context.destination);
  }

  get playing(): boolean {
    return this.pump !== undefined;
  }

  set volume(value: number) {
    this.gain.gain.value = value;
  }

  /** Seconds of the recording that are heard now; undefined while nothing plays. */
  get time(): number | undefined {
    if (this.options === undefined || !this.playing) {
      return undefined;
    }
    const now = this.context.currentTime - (this.context.outputLatency || 0);
    const { speed, from } = this.options;
    const piece = this.pieces.findLast(({ when }) => when <= now) ?? this.pieces[0];
    if (piece === undefined) {
      return from;
    }
    const frame = piece.from + Math.max(0, Math.min(piece.frames, (now - piece.when) * this.feed.rate * speed));
    return frame / this.feed.rate;
  }

  play(options: PlayOptions): void {
    this.stop();
    this.options = options;
    const pump = (this.pump = new AbortController());
    void this.context.resume();
    this.run(options, pump.signal).catch((error: unknown) => {
      if (!pump.signal.aborted) {
        this.stop();
        this.told.onProblem(error instanceof Error ? error.message : String(error));
      }
    });
  }

  stop(): void {
    this.pump?.abort();
    this.pump = undefined;
    this.pieces.forEach(({ source }) => source.stop());
    this.pieces = [];
  }

  dispose(): void {
    this.stop();
    void this.context.close();
  }

  private async run(options: PlayOptions, signal: AbortSignal): Promise<void> {
    const { rate } = this.feed;
    const { speed, loop } = options;
    const end = Math.round(options.end * rate);
    const round = loop && ([Math.round(loop[0] * rate), Math.round(loop[1] * rate)] as const);
    let frame = Math.round(options.from * rate);
    let when = 0;
    let length = FIRST;
    for (;;) {
      const stop = round && frame < round[1] ? round[1] : end;
      const count = Math.min(Math.ceil(length * rate * Math.max(1, speed)), stop - frame);
      const samples = count > 0 ? await this.feed.read(frame, count, signal) : [];
      signal.throwIfAborted();
      const frames = samples[0]?.length ?? 0;
      if (frames > 0) {
        // Too late, or the first: a little later than now, so that it begins with its first sample.
        const now = this.context.currentTime;
        when = when < now ? now + LEAD : when;
        this.lay(samples, frame, when, options);
        when += frames / (rate * speed);
        frame += frames;
      }
      length = PIECE;
      if (round && frame >= round[1]) {
        frame = round[0];
      } else if (frames < count || count <= 0) {
        break;
      }
      while (when - this.context.currentTime > AHEAD) {
        await wait(TICK, signal);
      }
      this.forget();
    }
    while (this.context.currentTime < when) {
      await wait(TICK / 2, signal);
    }
    this.stop();
    this.told.onEnd();
  }

  private lay(samples: readonly Float32Array[], from: number, when: number, { speed, heard }: PlayOptions): void {
    const channels = mixed(samples, heard);
    const frames = channels[0]?.length ?? 0;
    const buffer = this.context.createBuffer(channels.length, frames, this.feed.rate);
    channels.forEach((channel, index) => buffer.copyToChannel(channel, index));
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.playbackRate.value = speed;
    source.connect(this.gain);
    source.start(when);
    this.pieces.push({ when, from, frames, source });
  }

  private forget(): void {
    const before = this.context.currentTime - 1;
    const first = this.pieces.findIndex(({ when, frames }) => when + frames / this.feed.rate > before);
    this.pieces.splice(0, Math.max(0, first));
  }
}

function contextOf(rate: number): AudioContext {
  const sampleRate = Math.max(RATES.least, Math.min(RATES.most, rate));
  try {
    // At the recording's own rate nothing is resampled piece by piece.
    return new AudioContext({ sampleRate });
  } catch {
    return new AudioContext();
  }
}

/** One or two channels: more than two are heard as their mean. */
export function mixed(samples: readonly Float32Array[], heard: Heard): readonly Float32Array<ArrayBuffer>[] {
  const copy = (channel: Float32Array | undefined) => Float32Array.from(channel ?? []);
  if (heard !== 'all') {
    return [copy(samples[heard])];
  }
  if (samples.length <= 2) {
    return samples.map(copy);
  }
  const sum = copy(samples[0]);
  samples.slice(1).forEach((channel) => channel.forEach((value, index) => (sum[index] = (sum[index] as number) + value)));
  return [sum.map((value) => value / samples.length)];
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new DOMException('Stopped.', 'AbortError'));
    }, { once: true });
  });
}
