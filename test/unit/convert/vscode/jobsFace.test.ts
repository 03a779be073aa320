import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobStatus } from '../../../../src/convert/job.ts';
import type { JobStore } from '../../../../src/convert/jobStore.ts';
import { JobsModel } from '../../../../src/convert/view/jobsModel.ts';
import { JobRunner } from '../../../../src/convert/vscode/jobRunner.ts';
import type { TreeNode } from '../../../../src/convert/vscode/jobsTree.ts';
import { JobsTree } from '../../../../src/convert/vscode/jobsTree.ts';
import { JobsWindow } from '../../../../src/convert/vscode/jobsWindow.ts';
import { RecordingNotify } from '../../../../src/platform/notify.ts';
import { Trust } from '../../../../src/platform/trust.ts';
import { aFailure, aStatus } from '../view/statuses.ts';
import { FakeJobs } from './fakeJobs.ts';
import { resetVscode, window, workspace } from './fakeVscode.ts';

vi.mock('vscode', () => import('./fakeVscode.ts'));

/** A model over a list that the test sets. */
class Given {
  jobs: JobStatus[] = [];
  private tell: (id: string) => void = () => undefined;

  readonly model = new JobsModel(
    {
      list: async () => this.jobs,
      status: async (id: string) => this.jobs.find((job) => job.id === id),
      watch: (listener: (id: string) => void) => {
        this.tell = listener;
        return { dispose: () => undefined };
      },
    } as unknown as JobStore,
    (error) => {
      throw error;
    },
  );

  async become(...jobs: JobStatus[]): Promise<void> {
    const ids = [...this.jobs, ...jobs].map(({ id }) => id);
    this.jobs = jobs;
    ids.forEach((id) => this.tell(id));
    await vi.advanceTimersByTimeAsync(600);
  }
}

let given: Given;

beforeEach(async () => {
  vi.useFakeTimers();
  resetVscode();
  given = new Given();
  given.model.start();
  await vi.advanceTimersByTimeAsync(600);
});

afterEach(() => {
  given.model.dispose();
  vi.useRealTimers();
});

describe('the tree of jobs', () => {
  let tree: JobsTree;
  let fired: (TreeNode | TreeNode[] | undefined)[];
  const view = () => window.trees[0] as (typeof window.trees)[number];

  beforeEach(() => {
    tree = new JobsTree(given.model, () => undefined);
    fired = [];
    tree.onDidChangeTreeData((node) => fired.push(node));
  });

  afterEach(() => tree.dispose());

  it('is renewed only while somebody sees it, and once when they look again', async () => {
    await given.become(aStatus({ id: 'a' }));
    expect(fired).toEqual([]);
    view().setVisible(true);
    expect(fired).toEqual([undefined]);
    view().setVisible(false);
    view().setVisible(true);
    expect(fired).toEqual([undefined]);
  });

  it('renews a job alone where nothing else changed, so that what is open stays open', async () => {
    view().setVisible(true);
    await given.become(aStatus({ id: 'a' }), aStatus({ id: 'b', state: 'done' }));
    const [a] = tree.getChildren();
    await given.become(aStatus({ id: 'a', progress: 0.9 }), aStatus({ id: 'b', state: 'done' }));
    expect(fired).toEqual([undefined, [a]]);
    expect(tree.getChildren()[0]).toBe(a);
  });

  it('counts running jobs on its badge, seen or not', async () => {
    await given.become(aStatus({ id: 'a' }), aStatus({ id: 'b', state: 'planning' }), aStatus({ id: 'c', state: 'interrupted' }));
    expect(view().badge).toEqual({ value: 2, tooltip: '2 conversions running' });
    await given.become(aStatus({ id: 'c', state: 'interrupted' }));
    expect(view().badge).toBeUndefined();
  });

  it('tells the menus what can be done with each row, and opens a failure’s words', async () => {
    await given.become(aStatus({ id: 'a', state: 'done', counts: { write: 2, done: 1, failed: 1 }, failures: [aFailure()] }));
    const [job] = tree.getChildren();
    const item = job && tree.getTreeItem(job);
    expect(item?.contextValue).toBe('job;showPlan;retryFailed;retrySalvage;revealOutput;openLog;showFailure;remove;');
    expect(item?.accessibilityInformation?.label).toContain('1 failed');
    const [failure] = tree.getChildren(job);
    expect(failure && tree.getParent(failure)).toBe(job);
    const lines = tree.getChildren(failure);
    expect(lines.map((line) => tree.getTreeItem(line).label)[1]).toBe('sox WARN wav: Premature EOF on .wav input file');
    expect(lines[0] && tree.getTreeItem(lines[0]).command).toMatchObject({ command: 'trainyard.jobs.showFailure', arguments: ['a', 7] });
  });
});

describe('jobs in the window', () => {
  let notify: RecordingNotify;
  let shown: string[];
  let retried: string[];
  let face: JobsWindow;

  beforeEach(() => {
    notify = new RecordingNotify();
    shown = [];
    retried = [];
    const actions = { show: (id: string) => void shown.push(id), retryFailed: (id: string) => void retried.push(id) };
    face = new JobsWindow(given.model, notify, ({ base }) => base.startsWith('/data'), actions);
  });

  afterEach(() => face.dispose());

  it('show progress in the status bar while they run', async () => {
    await given.become(aStatus({ id: 'a', counts: { write: 10, done: 6 } }));
    await given.become(aStatus({ id: 'a', counts: { write: 10, done: 7 } }));
    expect(window.progress).toEqual([{ messages: ['FLAC, lossless: 6 of 10 · ~4 min', 'FLAC, lossless: 7 of 10 · ~4 min'], isOpen: true }]);
    await given.become(aStatus({ id: 'a', state: 'done' }));
    expect(window.progress[0]?.isOpen).toBe(false);
  });

  it('say their end with what to do next', async () => {
    await given.become(aStatus({ id: 'a' }), aStatus({ id: 'b' }));
    notify.answer = ({ actions }) => actions.at(-1);
    const ended = { startedAt: 0, endedAt: 60_000 };
    await given.become(
      aStatus({ id: 'a', state: 'done', counts: { write: 2, done: 1, failed: 1 }, ...ended }),
      aStatus({ id: 'b', state: 'done', counts: { write: 2, done: 2 }, ...ended }),
    );
    expect(notify.said.map(({ severity, actions }) => [severity, actions])).toEqual([
      ['warn', ['Show', 'Retry Failed']],
      ['info', ['Show']],
    ]);
    expect([retried, shown]).toEqual([['a'], ['b']]);
  });

  it('leave what other windows converted to them', async () => {
    await given.become(aStatus({ id: 'a', base: '/elsewhere' }));
    await given.become(aStatus({ id: 'a', base: '/elsewhere', state: 'failed', problem: 'full' }));
    expect([window.progress, notify.said]).toEqual([[], []]);
  });
});

describe('starting jobs', () => {
  const request = { preset: 'audio.flac', options: {}, inputs: ['/data'], salvage: false, imageEngine: 'auto', toolPaths: {}, customPresets: [] } as const;
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn(), dispose: vi.fn() };
  let jobs: FakeJobs;
  let notify: RecordingNotify;
  let runner: JobRunner;

  beforeEach(() => {
    jobs = new FakeJobs();
    notify = new RecordingNotify();
    runner = new JobRunner(jobs.port, given.model, { trust: new Trust(notify), notify, log }, { toolSettings: async () => ({ imageEngine: 'sharp', toolPaths: { sox: '/opt/sox' }, noToolsFrom: ['/repo'] }) });
  });

  it('comes back once the job runs, and remembers that it is ours', async () => {
    await runner.run('a');
    expect([jobs.run, runner.hasStarted('a'), runner.hasStarted('b')]).toEqual([['a'], true, false]);
  });

  it('runs nothing in a workspace that is not trusted', async () => {
    workspace.isTrusted = false;
    await runner.run('a');
    await runner.retry('a', false);
    expect([jobs.run, jobs.requests.size, notify.said.length]).toEqual([[], 0, 2]);
  });

  it('passes on why a job cannot be run', async () => {
    jobs.runFails = new Error('its folder is gone');
    await expect(runner.run('a')).rejects.toThrow('its folder is gone');
  });

  it('plans what failed anew, with the tools as they are set now, and runs that', async () => {
    const counts = { ...aStatus().counts, write: 1 };
    jobs.plans.push({ counts }, { counts });
    await jobs.port.plan(request);
    await runner.retry('job-1', true);
    expect(jobs.requests.get('job-2')).toMatchObject({ salvage: true, only: ['/data/bad.wav'], imageEngine: 'sharp', toolPaths: { sox: '/opt/sox' }, noToolsFrom: ['/repo'] });
    expect(jobs.run).toEqual(['job-2']);
  });

  it('says why there is nothing to try again, and keeps no plan of it', async () => {
    jobs.plans.push({}, { counts: { ...aStatus().counts, refuse: 1 } });
    await jobs.port.plan(request);
    await runner.retry('job-1', false);
    expect([jobs.run, jobs.removed]).toEqual([[], ['job-2']]);
    expect(notify.said[0]?.message).toBe('None of these files can be converted now.');
  });
});
