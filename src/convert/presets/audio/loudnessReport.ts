/** What loudnorm measured: LUFS, dBTP and LU; -Infinity of silence. */
export interface LoudnessReport {
  readonly inputLoudness: number;
  readonly inputPeak: number;
  readonly inputRange: number;
  readonly inputThreshold: number;
  readonly outputLoudness: number;
  readonly offset: number;
  readonly mode: string;
}

/**
 * loudnorm's `print_format=json` on stderr; undefined where it is not there. It is the last thing in braces: what a file's own tags say is
 * printed before.
 */
export function readLoudnessReport(stderr: string): LoudnessReport | undefined {
  const text = stderr.slice(stderr.lastIndexOf('{'), stderr.lastIndexOf('}') + 1);
  let report: Readonly<Record<string, unknown>>;
  try {
    report = JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
  const read = (key: string): number => {
    const value = String(report[key]);
    return value === '-inf' ? -Infinity : value === 'inf' ? Infinity : Number(value);
  };
  return {
    inputLoudness: read('input_i'),
    inputPeak: read('input_tp'),
    inputRange: read('input_lra'),
    inputThreshold: read('input_thresh'),
    outputLoudness: read('output_i'),
    offset: read('target_offset'),
    mode: String(report['normalization_type']),
  };
}
