export interface SpectrogramWish {
  /** Of one channel. */
  readonly samples: number;
  /** Hertz. */
  readonly rate: number;
  /** The most columns. */
  readonly width: number;
  /** Rows: one more than half the points of the transform. */
  readonly height: number;
}

export interface SpectrogramColumns {
  /** Samples of one channel that would fill the width: for sox's `-d`. */
  readonly span: number;
  readonly columns: number;
}

/** Columns a second that sox draws at most. */
const MOST_PER_SECOND = 5000;

/**
 * What to ask sox for so that the whole sound fits the width. Left to itself sox rounds the samples of a column down, gets more columns
 * than there are, and leaves the end of the sound out without a word. (spectrogram.c, `start`: a column is a number of steps of the
 * window, which overlap by half or more.)
 */
export function spectrogramColumns({ samples, rate, width, height }: SpectrogramWish): SpectrogramColumns {
  const window = height - 1;
  for (let block = Math.max(1, Math.ceil(rate / MOST_PER_SECOND), Math.ceil(samples / width)); ; block++) {
    const step = Math.floor(block / Math.ceil(block / window) + 0.5);
    const steps = Math.max(1, Math.floor(block / step + 0.5));
    const columns = Math.ceil(Math.round(samples / step) / steps);
    if (columns <= width) {
      // Half way to the next block, so that sox's own division does not fall short of this one.
      return { span: Math.floor((block + 0.5) * width), columns };
    }
  }
}
