import type { JobCounts, JobFailure, JobStatus } from '../../../../src/convert/job.ts';

const NOTHING: JobCounts = { write: 0, replace: 0, skip: 0, refuse: 0, done: 0, failed: 0, salvaged: 0 };

/** A job's status with what matters to a test laid over an ordinary one. */
export function aStatus(changes: Partial<Omit<JobStatus, 'counts'>> & { readonly counts?: Partial<JobCounts> } = {}): JobStatus {
  const { counts, ...rest } = changes;
  return {
    id: '20261102-140700-ab12',
    state: 'running',
    preset: 'audio.flac',
    title: 'FLAC, lossless',
    base: '/data/clips',
    output: '/data/clips-flac',
    salvage: false,
    createdAt: Date.UTC(2026, 10, 2, 14, 7),
    bytes: 61_234_567,
    freeBytes: 412_000_000_000,
    progress: 0.62,
    secondsLeft: 240,
    running: [],
    failures: [],
    notes: [],
    ...rest,
    counts: { ...NOTHING, ...counts },
  };
}

export function aFailure(changes: Partial<JobFailure> = {}): JobFailure {
  return {
    seq: 7,
    input: '/data/clips/field_0077.wav',
    reason: 'sox stopped with 2 · the source ends early',
    command: ['/usr/bin/sox', '/data/clips/field 0077.wav', '-t', 'flac', '/data/clips-flac/.tmp'],
    stderr: 'sox WARN wav: Premature EOF on .wav input file\nsox FAIL sox: Input file missing data',
    exitCode: 2,
    ...changes,
  };
}
