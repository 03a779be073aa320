import { describe, expect, it } from 'vitest';
import { absent } from '../../../../src/base/absent.ts';
import type { JobStatus } from '../../../../src/convert/job.ts';
import { failureText } from '../../../../src/convert/view/failureText.ts';
import { jobRow } from '../../../../src/convert/view/jobRow.ts';
import { jobChildren } from '../../../../src/convert/view/jobTree.ts';
import { leftOutLine, outputName, planLine, startLabel } from '../../../../src/convert/view/planLine.ts';
import { aFailure, aStatus } from './statuses.ts';

const NOW = Date.UTC(2026, 10, 2, 14, 21);

describe('a plan in one line', () => {
  it('says what is written, skipped and refused, how much is read and where it goes', () => {
    const status = aStatus({ state: 'planned', counts: { write: 5, skip: 2, refuse: 1 }, output: '/data/clips/clips-16k' });
    expect(planLine(status)).toBe('Write 5, skip 2, cannot 1 · 61.2 MB · to clips/clips-16k');
    expect(startLabel(status)).toBe('Start 5 files');
  });

  it('counts replaced files among those to start and names no folder where nothing is written', () => {
    expect(startLabel(aStatus({ counts: { write: 4_590, replace: 82 } }))).toBe('Start 4,672 files');
    expect(planLine(aStatus({ counts: { skip: 7 } }))).toBe('Skip 7');
    expect(planLine(aStatus())).toBe('Nothing to do: no files were found');
  });

  it('says what was found and is not in the plan', () => {
    expect(leftOutLine(aStatus())).toBeUndefined();
    const leftOut = { otherKinds: 1_200, duplicates: 1, ownOutputs: 0, unfollowed: 2 };
    expect(leftOutLine(aStatus({ leftOut }))).toBe('Left out: 1,200 of other kinds, 1 further name of a file, 2 links and devices');
  });

  it.each([
    ['/data/clips', '/data/clips/out', 'clips/out'],
    ['/data/clips', '/data/clips-16k', 'clips-16k'],
    ['/data/clips', '/data/clips', 'clips'],
    ['/data/a/clips', '/data/out', '/data/out'],
    ['/data/clips', '/mnt/out\n', '/mnt/out\\u000a'],
  ])('seen from %s names %s as %s', (base, output, name) => {
    expect(outputName({ base, output })).toBe(name);
  });
});

describe('the row of a job', () => {
  const cases: readonly [string, JobStatus, string, string][] = [
    ['running', aStatus({ counts: { write: 4_705, done: 3_111, failed: 9 } }), '3,120 of 4,705 · 9 failed · ~4 min', 'sync~spin'],
    [
      'running without an estimate',
      aStatus({ counts: { write: 10, done: 6 }, secondsLeft: absent('too early to say') }),
      '6 of 10 · 62\u202f%',
      'sync~spin',
    ],
    ['being planned', aStatus({ state: 'planning', looked: 1_200 }), 'planning · 1,200 files looked at', 'sync~spin'],
    ['planned', aStatus({ state: 'planned', counts: { write: 5 } }), 'not started · write 5', 'circle-outline'],
    [
      'done',
      aStatus({ state: 'done', counts: { write: 12_004, done: 12_004 }, startedAt: 0, endedAt: 372_000 }),
      '12,004 done · 6 min 12 s',
      'pass',
    ],
    ['done with failures', aStatus({ state: 'done', counts: { write: 3, done: 2, failed: 1 } }), '2 done, 1 failed', 'warning'],
    ['done with nothing but failures', aStatus({ state: 'done', counts: { write: 1, failed: 1 } }), '0 done, 1 failed', 'error'],
    ['done with damage', aStatus({ state: 'done', counts: { write: 2, done: 2, salvaged: 1 } }), '2 done, 1 salvaged with damage', 'warning'],
    ['done with nothing to do', aStatus({ state: 'done', counts: { skip: 8 } }), '8 up to date', 'pass'],
    ['stopped', aStatus({ state: 'failed', problem: 'the disk is full\nmore' }), 'stopped · the disk is full', 'error'],
    ['cancelled', aStatus({ state: 'cancelled', counts: { write: 9, done: 4 } }), 'cancelled · 4 of 9 done', 'circle-slash'],
    ['interrupted', aStatus({ state: 'interrupted', counts: { write: 9, done: 4 } }), 'interrupted · 4 of 9 done', 'debug-disconnect'],
  ];

  it.each(cases)('%s', (_, status, description, icon) => {
    const row = jobRow(status, NOW);
    expect(row.description).toBe(description);
    expect(row.icon.name).toBe(icon);
    expect(row.spoken).toContain(description);
  });

  it('offers what the state allows and nothing else', () => {
    const counts = { write: 3, done: 2, failed: 1 };
    const failures = [aFailure()];
    const actions = (changes: Parameters<typeof aStatus>[0]): readonly string[] => jobRow(aStatus(changes), NOW).actions;
    expect(actions({ counts, failures })).toEqual(['cancel', 'showPlan', 'revealOutput', 'openLog', 'showFailure']);
    expect(actions({ state: 'planned', counts: { write: 3 }, firstCommand: ['sox'] })).toEqual([
      'runPlan', 'editOptions', 'showPlan', 'copyCommand', 'remove',
    ]);
    expect(actions({ state: 'planned', counts: { skip: 3 } })).not.toContain('runPlan');
    expect(actions({ state: 'interrupted', counts: { write: 3, done: 0 } })).toEqual(['resume', 'showPlan', 'openLog', 'remove']);
    expect(actions({ state: 'done', counts, failures })).toEqual([
      'showPlan', 'retryFailed', 'retrySalvage', 'revealOutput', 'openLog', 'showFailure', 'remove',
    ]);
    expect(actions({ state: 'done', counts, failures, salvage: true })).not.toContain('retrySalvage');
  });

  it('shows a title that would break the line for what it is', () => {
    expect(jobRow(aStatus({ title: 'mine\u202e' }), NOW).label).toBe('mine\\u202e');
  });

  it('tells in its tooltip where files come from, where they go and since when', () => {
    const { tooltip } = jobRow(aStatus({ counts: { write: 5 }, startedAt: NOW - 14 * 60_000, salvage: true }), NOW);
    expect(tooltip.split('\n')).toEqual([
      'FLAC, lossless · salvage mode',
      '0 of 5 · ~4 min',
      'from /data/clips',
      'to /data/clips-flac',
      'Write 5 · 61.2 MB · to clips-flac',
      '412 GB were free there when it was planned',
      'started 14 min ago',
    ]);
  });
});

describe('what opens under a job', () => {
  it('lists running files with their progress, the rest by number', () => {
    const running = Array.from({ length: 11 }, (_, index) => ({ input: `/data/f${index}.wav`, fraction: index === 1 ? absent('not told') : 0.72 }));
    const rows = jobChildren(aStatus({ running }));
    expect(rows.slice(0, 2).map(({ label, description }) => [label, description])).toEqual([
      ['f0.wav', '72\u202f%'],
      ['f1.wav', ''],
    ]);
    expect(rows.at(-1)?.label).toBe('3 more running');
  });

  it('opens a failure to the command, the tool’s own words and the exit code', () => {
    const [row] = jobChildren(aStatus({ failures: [aFailure()] }));
    expect(row).toMatchObject({ label: 'field_0077.wav', description: 'sox stopped with 2 · the source ends early', failure: 7 });
    expect(row?.children?.map(({ label }) => label)).toEqual([
      "$ /usr/bin/sox '/data/clips/field 0077.wav' -t flac /data/clips-flac/.tmp",
      'sox WARN wav: Premature EOF on .wav input file',
      'sox FAIL sox: Input file missing data',
      'stopped with 2 · no output left behind',
    ]);
  });

  it('counts failures that the status does not hold', () => {
    const failures = Array.from({ length: 60 }, (_, seq) => aFailure({ seq }));
    expect(jobChildren(aStatus({ failures, counts: { failed: 1_250 } })).at(-1)?.label).toBe('1,200 more failed');
  });

  it('gives every row a key of its own', () => {
    const rows = jobChildren(aStatus({ failures: [aFailure(), aFailure({ seq: 8 })], notes: [{ input: '/a', text: 'b' }], problem: 'full' }));
    const keys = rows.flatMap(({ key, children }) => [key, ...(children ?? []).map((child) => child.key)]);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('failures as a text', () => {
  it('keeps the tool’s lines apart from one another and what would move the cursor harmless', () => {
    const text = failureText(aStatus({ title: 'FLAC' }), [aFailure({ stderr: 'one\rtwo\n\u001b[31mred', command: [] })], 3);
    expect(text).toBe(
      [
        'FLAC · 3 files failed',
        '',
        '/data/clips/field_0077.wav',
        '  sox stopped with 2 · the source ends early',
        '  one',
        '  two',
        '  \\u001b[31mred',
        '  stopped with 2 · no output left behind',
        '',
        '2 more failures in the job\u2019s log.',
        '',
      ].join('\n'),
    );
  });
});
