import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSshLinks } from '../../../../src/process/ssh/links.ts';
import { systemTimers } from '../../../../src/process/timers.ts';
import { toBytePath } from '../../../../src/base/bytePath.ts';
import { createHistory } from '../../../../src/sync/history/history.ts';
import { planSync } from '../../../../src/sync/planning/planSync.ts';
import { createSnapshots } from '../../../../src/sync/snapshots/snapshots.ts';
import { pairKey } from '../../../../src/sync/transfer/lock.ts';
import { runPlan } from '../../../../src/sync/transfer/runPlan.ts';
import type { Direction, Target } from '../../../../src/sync/target.ts';
import { startLab } from '../../../lab/lab.ts';
import type { Lab } from '../../../lab/lab.ts';
import { approveAll, BOX, makeGround, placeIn, putFile, RSYNC, treeOf, WRAPPERS } from './kit.ts';

let lab: Lab;
let links: ReturnType<typeof createSshLinks>;

beforeAll(async () => {
  lab = await startLab();
  links = createSshLinks({ env: process.env, timers: systemTimers, config: lab.config });
});
afterAll(async () => {
  links.dispose();
  await lab[Symbol.asyncDispose]();
});

const name = fc.constantFrom('a', 'b', 'c d', '-x', '#h', '\xff\xfe', 'new\nline', '\\#012', toBytePath('é'));
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const content = fc.oneof(fc.string({ maxLength: 5 }).map((text) => `c${text}`), fc.constant('/'), fc.constantFrom('->a', '->../../etc', '->nowhere'));
const tree = fc.array(fc.record({ path, content, time: fc.constantFrom(1_700_000_000.125, 1_600_000_000.5, 1_500_000_000), mode: fc.constantFrom(0o644, 0o600, 0o755) }), { maxLength: 14 });

/** Later names win; one that cannot stand beside an earlier one is left out. */
function build(root: string, files: readonly { readonly path: string; readonly content: string; readonly time: number; readonly mode: number }[]): void {
  mkdirSync(root, { recursive: true });
  for (const file of files) {
    try {
      putFile(root, file.path, file.content, file.time);
      if (!file.content.startsWith('->') && file.content !== '/') {
        chmodSync(placeIn(root, file.path), file.mode);
      }
    } catch {
      // A file on the way.
    }
  }
}

it.each(['push', 'pull'] as const)('after a %s of any tree into any other a second plan is empty, and nothing of the sending side has changed', async (direction: Direction) => {
  await fc.assert(
    fc.asyncProperty(tree, tree, async (one, two) => {
      const link = links.link('fast1');
      const ground = makeGround(link);
      try {
        const [from, to] = direction === 'push' ? [ground.here, ground.there] : [ground.there, ground.here];
        build(from, one);
        build(to, two);
        const before = treeOf(from);
        const target: Target = { name: 't', boxes: [link.host], local: ground.here, remote: ground.there, direction, send: { list: 'all', rules: [] }, deletions: 'plan', runsUnasked: false, checkpoints: [], from: 'typed' };
        const snapshots = createSnapshots(ground.storage);
        const key = pairKey(ground.here, link.host, ground.there);
        const plan = async (): ReturnType<typeof planSync> => planSync({ target, link, facts: BOX, snapshot: snapshots.read(key), git: undefined, others: [], notes: [] });
        const { plan: first, listings } = await plan();
        const approval = { ...approveAll(first), overwrite: new Set(first.items.map((item) => item.path)), released: first.guards.map(({ code }) => code) };
        const open = { ...first, guards: first.guards.filter(({ severity }) => severity !== 'refused') };
        const outcome = await runPlan(open, approval, { link, facts: BOX, storage: ground.storage, wrappers: WRAPPERS, rsync: { path: '/usr/bin/rsync', facts: RSYNC }, snapshots, history: createHistory(ground.storage), listings }, () => {}, new AbortController().signal);
        expect(outcome).toMatchObject({ left: [] });
        const { plan: second } = await plan();
        expect(second.items.filter(({ action }) => action !== 'skip' && action !== 'delete')).toEqual([]);
        const kept = new Set(second.items.map((item) => item.path));
        expect(Object.fromEntries(Object.entries(treeOf(to)).filter(([at]) => !kept.has(at)))).toEqual(before);
        expect(treeOf(from)).toEqual(before);
      } finally {
        rmSync(ground.folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 12, interruptAfterTimeLimit: 100_000 },
  );
}, 200_000);
