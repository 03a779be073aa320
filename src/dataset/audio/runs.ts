import type { AudioMark } from '../webview/audio/protocol.ts';

/** Of full scale, from which a sample counts as clipped. */
export const CLIPPED_FROM = 0.999;
const CLIPPED_LEAST = 3;
/** Seconds within which runs are joined. */
const JOINED_WITHIN = 0.05;
/** Of full scale (−60 dBFS), below which all channels count as silent. */
const SILENT_BELOW = 0.001;
/** Seconds. */
const SILENT_LEAST = 0.5;
/** Marks that are kept of each kind: what has more is clipped or silent throughout. */
export const MOST_MARKS = 1000;

interface Run {
  from: number;
  to: number;
  samples: number;
}

/** Runs of clipped samples of one channel, from samples as they come. */
export class ClippingRuns {
  readonly runs: Run[] = [];
  /** Runs, those included that are not kept. */
  count = 0;
  private at = 0;
  private length = 0;

  constructor(private readonly rate: number) {}

  /** `highest`: the largest magnitude among them. */
  add(samples: Float32Array, highest: number): void {
    if (highest < CLIPPED_FROM && this.length === 0) {
      this.at += samples.length;
      return;
    }
    for (let index = 0; index < samples.length; index++) {
      const value = samples[index] as number;
      if (value >= CLIPPED_FROM || value <= -CLIPPED_FROM) {
        this.length++;
      } else if (this.length > 0) {
        this.finish(this.at + index);
      }
    }
    this.at += samples.length;
  }

  end(): void {
    this.finish(this.at);
  }

  private finish(to: number): void {
    const { length } = this;
    this.length = 0;
    if (length < CLIPPED_LEAST) {
      return;
    }
    const last = this.runs.at(-1);
    if (last !== undefined && to - length - last.to <= JOINED_WITHIN * this.rate) {
      last.to = to;
      last.samples += length;
      return;
    }
    this.count++;
    if (this.runs.length < MOST_MARKS) {
      this.runs.push({ from: to - length, to, samples: length });
    }
  }
}

/** Runs in which every channel is silent. */
export class SilentRuns {
  readonly runs: Run[] = [];
  count = 0;
  /** Frames of all runs. */
  frames = 0;
  private at = 0;
  /** Behind the last frame that was found to be heard. */
  private from = 0;
  /** Frames of the shortest run that counts. */
  private readonly least: number;

  constructor(rate: number) {
    this.least = Math.ceil(SILENT_LEAST * rate);
  }

  /** Looks at the frame first at which a run would be long enough, and from it backwards: of what is heard most is not looked at. */
  add(block: readonly Float32Array[]): void {
    const frames = block[0]?.length ?? 0;
    for (let seen = 0; seen < frames; ) {
      const start = this.from - this.at;
      const enough = start + this.least;
      const end = Math.min(enough, frames);
      let heard = end - 1;
      while (heard >= seen && !isHeard(block, heard)) {
        heard--;
      }
      if (heard >= seen) {
        this.from = this.at + heard + 1;
        seen = end;
        continue;
      }
      seen = Math.max(seen, end);
      while (enough <= seen && seen < frames && !isHeard(block, seen)) {
        seen++;
      }
      if (enough <= seen && seen < frames) {
        this.finish(this.at + seen);
        this.from = this.at + seen + 1;
        seen++;
      }
    }
    this.at += frames;
  }

  end(): void {
    this.finish(this.at);
  }

  private finish(to: number): void {
    const samples = to - this.from;
    if (samples >= this.least) {
      this.count++;
      this.frames += samples;
      if (this.runs.length < MOST_MARKS) {
        this.runs.push({ from: this.from, to, samples });
      }
    }
  }
}

function isHeard(block: readonly Float32Array[], frame: number): boolean {
  for (let channel = 0; channel < block.length; channel++) {
    const value = block[channel]![frame]!;
    if (value > SILENT_BELOW || value < -SILENT_BELOW) {
      return true;
    }
  }
  return false;
}

export function marksOf(kind: AudioMark['kind'], runs: readonly Readonly<Run>[], channel?: number): AudioMark[] {
  return runs.map(({ from, to, samples }) => ({ kind, from, to, samples, ...(channel !== undefined && { channel }) }));
}
