import type { Finding, Mend, Rules } from './rule.ts';
import { quoted, seconds } from './rule.ts';

export const NEMO_RULES = {
  'nemo/array': {
    severity: 'error',
    title: 'Manifest is a JSON array',
    help: 'NeMo reads one JSON object a line, whatever the file is called. Write each object on a line of its own, without commas between them.',
  },
  'nemo/duration-invalid': {
    severity: 'error',
    title: 'Duration is no length',
    help: 'NeMo sorts, buckets and filters by duration; it has to be a number of seconds above 0.',
  },
  'nemo/duration-mismatch': {
    severity: 'error',
    title: 'Duration differs from the file',
    help: 'Batches are cut to the duration in the manifest: speech is lost or silence is added. Write the duration that the header has.',
  },
  'nemo/beyond-end': { severity: 'error', title: 'Segment ends after the file', help: 'offset and duration together lead behind the end of the audio.' },
  'nemo/long': { severity: 'info', title: 'Longer than 20 s', help: 'Most recipes leave out rows of more than 20 s (max_duration), without a word, or run out of memory on them.' },
  'nemo/shard-missing': { severity: 'error', title: 'Shard is missing', help: 'The row belongs to a shard of which no tar is there.' },
  'nemo/shard-member': { severity: 'error', title: 'Sound is not in its shard', help: 'The tar of the row’s shard_id has no member of this name: NeMo passes the row over without a word.' },
  'nemo/shard-unlisted': { severity: 'warning', title: 'Sound of a shard is in no row', help: 'The tar has it and the manifest does not: it is read from disk and thrown away each epoch.' },
} as const satisfies Rules;

type Code = keyof typeof NEMO_RULES;

/** Seconds that two statements of one duration may differ. */
const TOLERANCE = 0.05;
const LONG = 20;

/** One row; `header` is the length of its file in seconds by the file's own header, where it is known. */
export function checkNemoRow(row: Readonly<Record<string, unknown>>, header: number | undefined): Finding<Code>[] {
  const { duration, offset } = row;
  if (duration === undefined) {
    return [];
  }
  if (typeof duration !== 'number' || !(duration > 0)) {
    const number = header === undefined ? Number(duration) : toMilliseconds(header - (typeof offset === 'number' ? offset : 0));
    const mends: readonly Mend[] = number > 0 ? [{ do: 'set', value: number }] : [];
    return [{ code: 'nemo/duration-invalid', key: 'duration', message: `duration is ${quoted(duration)} and no number of seconds above 0.`, ...(mends.length > 0 && { mends }) }];
  }
  const findings: Finding<Code>[] = [];
  if (duration > LONG) {
    findings.push({ code: 'nemo/long', key: 'duration', message: `duration says ${seconds(duration)}, longer than ${LONG} s.` });
  }
  if (header === undefined) {
    return findings;
  }
  if (typeof offset === 'number' && offset > 0) {
    if (offset + duration > header + TOLERANCE) {
      findings.push({ code: 'nemo/beyond-end', key: 'duration', message: `offset ${seconds(offset)} and duration ${seconds(duration)} end at ${seconds(offset + duration)}, the file at ${seconds(header)}.`, mends: offset < header ? [{ do: 'set', value: toMilliseconds(header - offset) }, { do: 'removeRow' }] : [{ do: 'removeRow' }] });
    }
  } else if (offset === undefined ? Math.abs(duration - header) > TOLERANCE : duration > header + TOLERANCE) {
    findings.push({ code: 'nemo/duration-mismatch', key: 'duration', message: `duration says ${seconds(duration)}, the header ${seconds(header)}.`, mends: [{ do: 'set', value: toMilliseconds(header) }] });
  }
  return findings;
}

function toMilliseconds(length: number): number {
  return Math.round(length * 1000) / 1000;
}
