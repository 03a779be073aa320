import { dirname, relative } from 'node:path';
import { formatBytes, formatCount, formatCountOf } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import type { JobCounts, JobStatus } from '../job.ts';

/** `Write 5, skip 2, cannot 1 · 61.2 MB · to clips-16k`. */
export function planLine(status: JobStatus): string {
  const toDo = filesToDo(status.counts);
  const parts = [countsLine(status.counts)];
  if (toDo > 0) {
    parts.push(formatBytes(status.bytes), `to ${outputName(status)}`);
  }
  return parts.join(' · ');
}

/** `Write 5, replace 1, skip 2, cannot 1`; what is none is left out. */
export function countsLine({ write, replace, skip, refuse }: JobCounts): string {
  const parts = (
    [
      ['write', write],
      ['replace', replace],
      ['skip', skip],
      ['cannot', refuse],
    ] as const
  ).flatMap(([verb, count]) => (count > 0 ? [`${verb} ${formatCount(count)}`] : []));
  const line = parts.join(', ');
  return line === '' ? 'Nothing to do: no files were found' : line.charAt(0).toUpperCase() + line.slice(1);
}

/** `Planning · 12,003 files looked at`. */
export function planningLine({ looked = 0 }: Pick<JobStatus, 'looked'>): string {
  return looked === 0 ? 'Planning' : `Planning · ${formatCountOf(looked, 'file')} looked at`;
}

/** `Left out: 12 of other kinds, 3 further names of files`; undefined where nothing was. */
export function leftOutLine({ leftOut }: Pick<JobStatus, 'leftOut'>): string | undefined {
  const { otherKinds = 0, duplicates = 0, ownOutputs = 0, unfollowed = 0 } = leftOut ?? {};
  const parts = (
    [
      [otherKinds, 'of other kinds'],
      [duplicates, duplicates === 1 ? 'further name of a file' : 'further names of files'],
      [ownOutputs, ownOutputs === 1 ? 'output of an earlier job' : 'outputs of earlier jobs'],
      [unfollowed, unfollowed === 1 ? 'link or device' : 'links and devices'],
    ] as const
  ).flatMap(([count, words]) => (count > 0 ? [`${formatCount(count)} ${words}`] : []));
  return parts.length === 0 ? undefined : `Left out: ${parts.join(', ')}`;
}

export function startLabel(status: JobStatus): string {
  return `Start ${formatCountOf(filesToDo(status.counts), 'file')}`;
}

export function filesToDo({ write, replace }: JobCounts): number {
  return write + replace;
}

/** The output folder as seen from beside the inputs' own; its whole path where it lies elsewhere. */
export function outputName({ base, output }: Pick<JobStatus, 'base' | 'output'>): string {
  const path = relative(dirname(base), output);
  return printable(path === '' || path.startsWith('..') ? output : path);
}
