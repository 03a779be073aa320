import type { Playback } from '../audio/playback.ts';

/** Seconds after which a picture is shown however late it is: where decoding cannot keep up, a slow picture is better than none. */
const SEEN_EVERY = 0.25;

/** The time of a film that plays: the sound's where there is some, else the wall's. */
export class FilmClock {
  private last = 0;
  private lastAt = 0;
  /** Time at which a picture was let through last. */
  private seen = -Infinity;

  constructor(
    private readonly sound: Playback,
    /** Seconds on the file's own clock at which the sound begins, as it is when asked. */
    private readonly soundStart: () => number,
  ) {}

  start(time: number): void {
    this.last = time;
    this.lastAt = performance.now();
    this.seen = -Infinity;
    const at = time - this.soundStart();
    this.sound.position = Math.max(0, at);
    // Sound that begins after the pictures is begun when it is its turn.
    if (this.sound.feed !== undefined && at >= 0) {
      this.sound.play();
    }
  }

  stop(): void {
    this.sound.pause();
  }

  /** Whether a picture comes later than the frame that it is for, so that the next one is waited for instead. */
  leavesOut(time: number, frameLength: number): boolean {
    const now = this.now();
    if (now - time > frameLength && now - this.seen < SEEN_EVERY) {
      return true;
    }
    this.seen = now;
    return false;
  }

  /** Seconds on the file's own clock. */
  now(): number {
    const at = performance.now();
    if (this.sound.playing) {
      this.last = this.sound.now() + this.soundStart();
    } else {
      const before = this.last;
      this.last += ((at - this.lastAt) / 1000) * this.sound.speed;
      if (this.sound.feed !== undefined && before < this.soundStart() && this.last >= this.soundStart()) {
        this.sound.play();
      }
    }
    this.lastAt = at;
    return this.last;
  }
}
