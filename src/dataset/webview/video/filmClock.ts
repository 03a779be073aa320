import type { Playback } from '../audio/playback.ts';

/** The time of a film that plays: the sound's where there is some, else the wall's. */
export class FilmClock {
  private last = 0;
  private lastAt = 0;

  constructor(
    private readonly sound: Playback,
    /** Seconds on the file's own clock at which the sound begins, as it is when asked. */
    private readonly soundStart: () => number,
  ) {}

  start(time: number): void {
    this.last = time;
    this.lastAt = performance.now();
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
