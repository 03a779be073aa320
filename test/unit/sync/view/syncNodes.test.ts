import { describe, expect, it } from 'vitest';
import type { BoxState } from '../../../../src/sync/box.ts';
import type { SyncRecord } from '../../../../src/sync/history/history.ts';
import { syncNodes } from '../../../../src/sync/view/syncNodes.ts';
import type { SyncView } from '../../../../src/sync/view/syncNodes.ts';
import { toBytePath } from '../../../../src/base/bytePath.ts';
import { TARGET } from './inventedPlan.ts';

const NOW = Date.UTC(2026, 10, 2, 14, 31);

const record = (changes: Partial<SyncRecord> = {}): SyncRecord => ({
  key: 'k',
  target: 'home-mm',
  box: 'forge-3',
  direction: 'push',
  at: NOW - 14 * 60_000,
  outcome: { state: 'done', created: 2, updated: 1, deleted: 0, bytes: 1200, seconds: 2, trash: 'x' },
  leftCount: 0,
  left: [],
  created: [toBytePath('a\nb')],
  updated: [],
  deleted: [],
  ...changes,
});

const view = (changes: Partial<SyncView> = {}): SyncView => ({ targets: [TARGET], problems: [], boxes: new Map(), facts: new Map(), watched: new Map(), runs: [], reports: new Map(), history: [], now: NOW, ...changes });

describe('the Remote Sync view', () => {
  it('shows each box once, with its targets and their last syncs', () => {
    const nodes = syncNodes(view({ history: [record(), record({ box: 'forge-4' })] }));
    expect(nodes.map(({ label }) => label)).toEqual(['forge-3', 'forge-4', 'anvil-1']);
    const [target] = nodes[0]!.children;
    expect(target).toMatchObject({ label: 'home-mm', description: 'in step 14 min ago', context: 'target.undo.workspace' });
    expect(target!.children[0]).toMatchObject({ label: 'push 14 min ago', description: '3 items sent · 1.20 kB in 2 s' });
    expect(nodes[2]!.children[0]).toMatchObject({ description: 'never synced', context: 'target.workspace' });
  });

  it('tells names of the user’s files in one line each', () => {
    const [box] = syncNodes(view({ history: [record()] }));
    expect(box!.children[0]!.children[0]!.tooltip).toContain('+ a\\u000ab');
  });

  it('offers to cancel what runs and to undo what was done, and no more', () => {
    const line = { box: 'forge-3', phase: 'running', words: '2 of 3', fraction: 0.5, canUndo: false } as const;
    const facts = { session: 's', name: 'home-mm', direction: 'push', local: '/', remote: '/', boxes: [line], shown: 'forge-3', canRun: false, canCancel: true } as const;
    const [box] = syncNodes(view({ facts: new Map([['home-mm', facts]]), history: [record({ undo: true })] }));
    expect(box!.children[0]).toMatchObject({ context: 'target.running.workspace', description: '50\u202f% · 2 of 3', icon: 'sync~spin' });
  });

  it.each<[BoxState, string, string]>([
    [{ kind: 'unknown' }, '', 'box.unknown'],
    [{ kind: 'signIn', since: NOW, said: 'Permission denied' }, 'needs signing in', 'box.signIn'],
    [{ kind: 'unreachable', since: NOW, said: 'timed out' }, 'no answer', 'box.unreachable'],
    [{ kind: 'noisyShell', since: NOW, said: 'hi' }, 'its shell is noisy', 'box.noisyShell'],
  ])('says of a box that is %j: %s', (state, description, context) => {
    expect(syncNodes(view({ boxes: new Map([['forge-3', state]]) }))[0]).toMatchObject({ description, context });
  });

  it('puts what is wrong with the files of targets on top', () => {
    expect(syncNodes(view({ problems: ['.vscode/trainyard.json, line 3: box is missing'] }))[0]).toMatchObject({ kind: 'problem', label: '.vscode/trainyard.json, line 3: box is missing' });
  });
});
