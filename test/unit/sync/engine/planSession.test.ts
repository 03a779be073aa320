import { describe, expect, it } from 'vitest';
import { PlanSession } from '../../../../src/sync/engine/planSession.ts';
import type { SessionWork } from '../../../../src/sync/engine/planSession.ts';
import type { PlanItem, SyncPlan } from '../../../../src/sync/plan.ts';
import type { SyncOutcome } from '../../../../src/sync/run.ts';
import { SyncError } from '../../../../src/sync/syncError.ts';
import { item, planOf, TARGET } from '../view/inventedPlan.ts';

const DONE: SyncOutcome = { state: 'done', created: 1, updated: 0, deleted: 0, bytes: 1, seconds: 1, left: [] };
const NEW = item('create', 'a', 1, 'new');

function sessionOf(plans: Readonly<Record<string, readonly PlanItem[] | Error>>, guards: SyncPlan['guards'] = []): { readonly session: PlanSession; readonly ran: string[] } {
  const ran: string[] = [];
  const work: SessionWork = {
    async plan(target, box) {
      const items = plans[box];
      if (items === undefined || items instanceof Error) {
        throw items ?? new Error('nothing invented');
      }
      return { plan: planOf(box, { items, guards, target }), tool: 'rsync 3.5.0' };
    },
    async run({ box }) {
      ran.push(box);
      return DONE;
    },
    undo: async () => DONE,
  };
  return { session: new PlanSession('s', { ...TARGET, boxes: Object.keys(plans) }, work, () => undefined), ran };
}

describe('a plan that may run unasked', () => {
  it('needs no look where every box has changes alone', async () => {
    const { session } = sessionOf({ one: [NEW], other: [] });
    await session.makePlans();
    expect(session.needsLook).toBe(false);
  });

  it.each<[string, readonly PlanItem[] | Error]>([
    ['has a deletion', [item('delete', 'b', 1, 'gone')]],
    ['has a conflict', [item('conflict', 'b', 1, 'changed on both sides')]],
    ['could not be compared', new SyncError('unreachable', 'no answer')],
  ])('needs one where a box that is not the first %s', async (_words, plan) => {
    const { session } = sessionOf({ one: [NEW], other: plan });
    await session.makePlans();
    expect(session.needsLook).toBe(true);
  });

  it('needs one for a guard, and none for a note', async () => {
    const held = sessionOf({ one: [NEW] }, [{ code: 'space', severity: 'held', message: 'Too little space.' }]);
    const noted = sessionOf({ one: [NEW] }, [{ code: 'oldRsync', severity: 'note', message: 'Old.' }]);
    await Promise.all([held.session.makePlans(), noted.session.makePlans()]);
    expect([held.session.needsLook, noted.session.needsLook]).toEqual([true, false]);
  });
});

describe('a run', () => {
  it('is of the boxes that have something ticked, a box without an answer holding up none', async () => {
    const { session, ran } = sessionOf({ dead: new SyncError('unreachable', 'no answer'), one: [NEW], same: [] });
    await session.makePlans();
    await session.run();
    expect(ran).toEqual(['one']);
    expect(session.facts(0).boxes.map(({ phase }) => phase)).toEqual(['problem', 'done', 'planned']);
  });

  it('is not begun past a guard that holds the whole back', async () => {
    const { session, ran } = sessionOf({ one: [NEW] }, [{ code: 'space', severity: 'held', message: 'Too little space.' }]);
    await session.makePlans();
    await session.run();
    expect(ran).toEqual([]);
    session.release('space', '');
    await session.run();
    expect(ran).toEqual(['one']);
  });
});
