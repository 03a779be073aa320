import { findFeed } from './feed.ts';
import { SoundPlayer } from './player.ts';
import type { Heard } from './player.ts';
import type { AudioFacts } from './protocol.ts';
import type { SoundFeed, SoundHost } from './soundFeed.ts';

export const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2] as const;

/** What a person hears: the feed that was found, the player on it, and how it plays. */
export class Playback {
  /** Seconds. */
  position = 0;
  speed = 1;
  volume = 1;
  muted = false;
  heard: Heard = 'all';
  loop: readonly [number, number] | undefined;
  feed: SoundFeed | undefined;
  /** Why there is no sound. */
  problem: string | undefined;
  private player: SoundPlayer | undefined;
  private length = 0;
  private preparing = 0;

  constructor(private readonly onChange: () => void) {}

  get playing(): boolean {
    return this.player?.playing === true;
  }

  /** Looks for a way to decode it; forgets what was opened before. */
  async prepare(host: SoundHost, facts: AudioFacts, decode: 'auto' | 'host'): Promise<void> {
    const turn = ++this.preparing;
    this.forget();
    this.length = facts.frames / facts.sampleRate;
    try {
      const found = await findFeed(host, facts, decode);
      if (turn !== this.preparing) {
        if ('feed' in found) {
          found.feed.dispose();
        }
        return;
      }
      this.feed = 'feed' in found ? found.feed : undefined;
      this.problem = 'problem' in found ? found.problem : undefined;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.onChange();
  }

  /** Of compressed sound the length is known once it was read. */
  setLength(seconds: number): void {
    this.length = seconds;
  }

  /** Seconds that are heard now. */
  now(): number {
    return (this.position = this.player?.time ?? this.position);
  }

  toggle(): void {
    if (this.playing) {
      this.pause();
    } else {
      this.play();
    }
  }

  play(): void {
    if (this.feed === undefined) {
      return;
    }
    this.player ??= new SoundPlayer(this.feed, {
      onEnd: () => {
        this.position = this.length;
        this.onChange();
      },
      onProblem: (message) => {
        this.problem = message;
        this.onChange();
      },
    });
    this.problem = undefined;
    const { loop, speed, heard } = this;
    const isOutside = loop !== undefined && (this.position < loop[0] || this.position >= loop[1]);
    const from = isOutside ? loop[0] : this.position >= this.length - 0.01 ? 0 : this.position;
    this.position = from;
    this.player.volume = this.muted ? 0 : this.volume;
    this.player.play({ from, end: this.length, speed, heard, ...(loop && { loop }) });
    this.onChange();
  }

  pause(): void {
    this.now();
    this.player?.stop();
    this.onChange();
  }

  seek(seconds: number): void {
    const { playing } = this;
    this.player?.stop();
    this.position = Math.max(0, Math.min(this.length, seconds));
    if (playing) {
      this.play();
    }
    this.onChange();
  }

  /** Takes on how it plays, going on from where it is. */
  change(how: { readonly speed?: number; readonly heard?: Heard; readonly loop?: readonly [number, number] | undefined }): void {
    this.now();
    Object.assign(this, how);
    this.seek(this.position);
  }

  setVolume(volume: number, muted = false): void {
    Object.assign(this, { volume, muted });
    if (this.player !== undefined) {
      this.player.volume = muted ? 0 : volume;
    }
    this.onChange();
  }

  stepSpeed(by: number): void {
    const at = SPEEDS.findIndex((speed) => speed === this.speed) + by;
    const speed = SPEEDS[at];
    if (speed !== undefined) {
      this.change({ speed });
    }
  }

  forget(): void {
    this.player?.dispose();
    this.player = undefined;
    this.feed?.dispose();
    this.feed = undefined;
    this.problem = undefined;
  }
}
