import { absent } from '../../../../src/base/absent.ts';
import type { Counts, JobSummary } from '../../../../src/convert/webview/protocol.ts';

/** A running job of 100 files. */
export function job(changes: Partial<JobSummary>, counts: Partial<Counts> = {}): JobSummary {
  return {
    id: 'a',
    state: 'running',
    title: 'FLAC',
    base: '/data/audio',
    output: '/data/audio-flac',
    salvage: false,
    createdAt: 0,
    counts: { write: 90, replace: 10, skip: 0, refuse: 0, done: 0, failed: 0, salvaged: 0, ...counts },
    looked: 0,
    progress: 0,
    secondsLeft: absent('too early'),
    actions: [],
    running: [],
    runningCount: 0,
    noteCount: 0,
    ...changes,
  };
}
