import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { absent } from '../../../../src/base/absent.ts';
import { createSshLinks } from '../../../../src/process/ssh/links.ts';
import { systemTimers } from '../../../../src/process/timers.ts';
import { startLab } from '../../../lab/lab.ts';
import type { Lab } from '../../../lab/lab.ts';
import { BOX, OLDER, makeGround, makeTree, treeOf } from './kit.ts';
import type { Ground } from './kit.ts';

const BOXES = 6;
const RUNS = 200;
const MEBIBYTE = 1024 * 1024;
/** Milliseconds between a cut and what follows it. */
const DARK = 60;
let lab: Lab;
let links: ReturnType<typeof createSshLinks>;
const noise = noiseFrom(20_261_125);
const content = Buffer.from(Array.from({ length: 40_000 }, () => Math.floor(noise() * 256)));
const large = Buffer.alloc(65 * MEBIBYTE, content);

beforeAll(async () => {
  lab = await startLab({ boxes: BOXES });
  links = createSshLinks({ env: process.env, timers: systemTimers, config: lab.config });
});
afterAll(async () => {
  links.dispose();
  await lab[Symbol.asyncDispose]();
});

/** Cut for a while, cut and then reset, reset out of the blue. */
const TROUBLES = ['healed', 'ended', 'reset'] as const;

it(
  `resumes ${RUNS} runs whose links are cut, healed and reset at random bytes, and never has half a file under a name`,
  async () => {
    const failures: string[] = [];
    let next = 0;
    await Promise.all(
      lab.boxes.map(async (_, index) => {
        for (let run = next++; run < RUNS; run = next++) {
          const failure = await oneRun(run, index);
          if (failure !== undefined) {
            failures.push(`run ${run}: ${failure}`);
          }
        }
      }),
    );
    expect(failures).toEqual([]);
  },
  300_000,
);

async function oneRun(run: number, index: number): Promise<string | undefined> {
  const box = lab.boxes[index];
  const link = links.link(`box${index + 1}`);
  const ground = makeGround(link);
  const random = noiseFrom(run + 1);
  const direction = run % 2 === 0 ? 'push' : 'pull';
  const way = run % 25 === 3 ? 'large' : run % 5 === 1 ? 'tar' : run % 5 === 2 ? 'many' : 'rsync';
  const [from, to] = direction === 'push' ? [ground.here, ground.there] : [ground.there, ground.here];
  build(way, from, to);
  const before = treeOf(to);
  const after = treeOf(from);
  const plan = ground.plan(direction);
  const bytes = plan.items.reduce((sum, item) => sum + (item.action === 'delete' ? 0 : item.bytes), 0);
  const trouble = TROUBLES[run % TROUBLES.length] ?? 'healed';
  const halves: string[] = [];
  const look = (): void => void halves.push(...Object.entries(treeOf(to)).flatMap(([path, what]) => (what === before[path] || what === after[path] || what.startsWith('folder') ? [] : [`${path}: ${what}`])));
  let over = false;
  try {
    await box?.link.cutAfter(Math.floor(random() * (bytes * 1.1 + 30_000)));
    const troubling = (async () => {
      for (let turn = 0; !over && turn < 60; turn++) {
        await wait(DARK);
        if (trouble === 'healed' ? turn % 4 === 3 : trouble === 'reset' ? turn === 1 : turn === 3 || turn === 25) {
          look();
          await (trouble === 'healed' ? undefined : box?.link.reset());
          await box?.link.heal();
        }
      }
      await box?.link.heal();
    })();
    const outcome = await ground.run(plan, { context: way === 'tar' ? { facts: { ...BOX, rsync: absent('none') } } : {} });
    over = true;
    await troubling;
    return outcome.state === 'done' && halves.length === 0 ? difference(ground, way, outcome.trash, to, after, plan.direction) : JSON.stringify({ way, direction, trouble, outcome, halves });
  } catch (error) {
    over = true;
    return `${way} ${direction} ${trouble} ${String(error)}`;
  } finally {
    await box?.link.heal();
    rmSync(ground.folder, { recursive: true, force: true });
  }
}

function build(way: string, from: string, to: string): void {
  if (way === 'large') {
    makeTree(from, { large, 'd/small': 'new' });
    makeTree(to, { 'd/small': 'old', gone: 'gone' }, OLDER);
  } else if (way === 'many') {
    makeTree(from, Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`d${index % 5}/f${index}`, content.subarray(0, 17 * index)])));
    makeTree(to, {});
  } else {
    makeTree(from, { a: content, 'b/c': content.subarray(7000), 'b/l': '->c', 'b/d/e': 'new', kind: '/', 'kind/x': 'x' });
    makeTree(to, { a: 'old', 'b/d/e': 'old', kind: 'a file', 'gone/f': 'gone' }, OLDER);
  }
}

function difference(ground: Ground, way: string, trash: string | undefined, to: string, after: Readonly<Record<string, string>>, direction: 'push' | 'pull'): string | undefined {
  if (JSON.stringify(treeOf(to)) !== JSON.stringify(after) || ground.plan(direction).items.length > 0) {
    return `${way}: not as planned: ${JSON.stringify(ground.plan(direction).items)}`;
  }
  const kept = way === 'many' ? [] : way === 'large' ? ['d/small', 'gone'] : ['a', 'b/d/e', 'gone/f', 'kind'];
  const lost = kept.filter((name) => !/^(?:old|gone|a file)$/.test(readOr(join(to, trash ?? 'none', name))));
  return lost.length === 0 ? undefined : `${way}: lost ${lost.join()}`;
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** A repeatable sequence from 0 to 1. */
function noiseFrom(seed: number): () => number {
  let state = (seed * 48_271) % 2_147_483_647;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

