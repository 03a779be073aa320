import type { Container } from '../../../media/media.ts';

/** Containers with an index, in which ffmpeg finds the key frame before a time; elsewhere it may begin to decode in the middle. */
const INDEXED = new Set<Container>(['mp4', 'mov', 'matroska', 'webm']);

export interface Seek {
  readonly inputOptions: readonly string[];
  readonly outputOptions: readonly string[];
}

/** Begins with the first frame at or after `start` seconds from the file's beginning, and takes at most `seconds` from there. */
export function seekTo(container: Container, start: number, seconds?: number): Seek {
  const args = [...(start > 0 ? ['-ss', decimal(start)] : []), ...(seconds === undefined ? [] : ['-t', decimal(seconds)])];
  return INDEXED.has(container) ? { inputOptions: args, outputOptions: [] } : { inputOptions: [], outputOptions: args };
}

/** ffmpeg takes microseconds and no exponents. */
function decimal(seconds: number): string {
  return String(Number(seconds.toFixed(6)));
}
