export interface Level {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly value: number;
}

/**
 * When a level that grows steadily reaches `limit`: milliseconds since the epoch, or undefined where it does not grow. Goes by
 * the median of the slopes over a fifth of the levels each, so that a single step, an evaluation or a checkpoint, decides nothing.
 */
export function forecast(levels: readonly Level[], limit: number): number | undefined {
  const last = levels.at(-1);
  if (levels.length < 3 || last === undefined) {
    return undefined;
  }
  const span = Math.max(1, Math.floor(levels.length / 5));
  const slopes = levels
    .slice(span)
    .flatMap((to, index) => {
      const from = levels[index];
      return from !== undefined && to.time > from.time ? [(to.value - from.value) / (to.time - from.time)] : [];
    })
    .sort((a, b) => a - b);
  const slope = slopes[Math.floor(slopes.length / 2)];
  return slope === undefined || slope <= 0 ? undefined : last.time + Math.max(0, limit - last.value) / slope;
}
