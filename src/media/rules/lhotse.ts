import type { Finding, Rules } from './rule.ts';
import { seconds } from './rule.ts';

export const LHOTSE_RULES = {
  'lhotse/duration': { severity: 'error', title: 'Samples and duration differ', help: 'num_samples divided by sampling_rate has to be the duration: lhotse’s validate() stops.' },
  'lhotse/header': { severity: 'error', title: 'Recording differs from its file', help: 'Duration or sampling rate are not those of the file’s header.' },
  'lhotse/supervision-outside': { severity: 'error', title: 'Supervision leads out of its cut', help: 'Its text belongs to sound that is not there.' },
  'lhotse/recording-dangling': { severity: 'error', title: 'Supervision of an unknown recording', help: 'recording_id names no recording of the manifest beside.' },
  'lhotse/cut-outside': { severity: 'error', title: 'Cut leads out of its recording', help: 'start and duration lead behind the end of the recording.' },
  'lhotse/shar-counts': { severity: 'error', title: 'Fields of a shard differ in number', help: 'Lhotse Shar reads cuts and the tars beside them in step: from the first one that is missing on everything is off.' },
} as const satisfies Rules;

type Code = keyof typeof LHOTSE_RULES;
type Row = Readonly<Record<string, unknown>>;

const TOLERANCE = 0.001;

export function checkRecording({ num_samples: samples, sampling_rate: rate, duration }: Row, header: { readonly duration: number | undefined; readonly sampleRate: number | undefined }): Finding<Code>[] {
  const findings: Finding<Code>[] = [];
  if (typeof samples === 'number' && typeof rate === 'number' && typeof duration === 'number' && Math.abs(samples / rate - duration) > TOLERANCE) {
    findings.push({ code: 'lhotse/duration', key: 'duration', message: `duration says ${seconds(duration)}, ${samples} samples at ${rate} Hz are ${seconds(samples / rate)}.` });
  }
  if (typeof duration === 'number' && header.duration !== undefined && Math.abs(duration - header.duration) > 0.05) {
    findings.push({ code: 'lhotse/header', key: 'duration', message: `duration says ${seconds(duration)}, the header ${seconds(header.duration)}.` });
  }
  if (typeof rate === 'number' && header.sampleRate !== undefined && rate !== header.sampleRate) {
    findings.push({ code: 'lhotse/header', key: 'sampling_rate', message: `sampling_rate says ${rate} Hz, the header ${header.sampleRate} Hz.` });
  }
  return findings;
}

/** A supervision within a cut, whose start it counts from; `goesOn` where the recording has more sound behind the cut. */
export function checkSupervision(supervision: Row, length: number | undefined, goesOn: boolean): Finding<Code>[] {
  const { start, duration, id } = supervision;
  if (typeof start !== 'number' || typeof duration !== 'number' || length === undefined) {
    return [];
  }
  // Where a cut was taken out of the middle of a supervision, this may begin before it and end behind it: so lhotse keeps them.
  return start >= length || (!goesOn && start + duration > length + 0.05) || start + duration <= 0
    ? [{ code: 'lhotse/supervision-outside', key: 'supervisions', message: `Supervision ${typeof id === 'string' ? id : ''} goes from ${seconds(start)} to ${seconds(start + duration)}, of ${seconds(length)}.` }]
    : [];
}
