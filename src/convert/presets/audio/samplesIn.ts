import { known } from '../../../base/absent.ts';
import { createProber, type Prober } from '../../../media/probe.ts';

/** Samples of each channel in a WAV or FLAC file that we have just written, by its header; undefined where it does not tell. */
export function samplesIn(path: string, prober: Prober = createProber()): number | undefined {
  const media = prober.probeFast(path);
  const rate = known(media?.audio?.sampleRate);
  const seconds = known(media?.duration);
  return rate === undefined || seconds === undefined ? undefined : Math.round(seconds * rate);
}
