import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lutimesSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemPath } from '../../../../src/base/bytePath.ts';
import { createSshLinks } from '../../../../src/process/ssh/links.ts';
import type { SshLinks } from '../../../../src/process/ssh/links.ts';
import { systemTimers } from '../../../../src/process/timers.ts';
import type { BoxFacts } from '../../../../src/sync/box.ts';
import { probeBox } from '../../../../src/sync/boxes/probe.ts';
import { createSyncWork } from '../../../../src/sync/engine/syncWork.ts';
import type { PlanItem } from '../../../../src/sync/plan.ts';
import { planSync } from '../../../../src/sync/planning/planSync.ts';
import type { Target } from '../../../../src/sync/target.ts';
import { HOSTILE_NAMES } from '../../../lab/hostileNames.ts';
import { startLab } from '../../../lab/lab.ts';
import type { Lab } from '../../../lab/lab.ts';
import { target } from './samples.ts';

let lab: Lab;
let links: SshLinks;
let facts: BoxFacts;
let base = '';
beforeAll(async () => {
  lab = await startLab();
  links = createSshLinks({ env: process.env, timers: systemTimers, config: lab.config });
  const state = await probeBox(links.link('box1'));
  facts = (state as { readonly facts: BoxFacts }).facts;
  base = mkdtempSync(join(tmpdir(), 'trainyard-property-'));
});
afterAll(async () => {
  links.dispose();
  await lab[Symbol.asyncDispose]();
  rmSync(base, { recursive: true, force: true });
});

/** What stands at a name of one side. */
interface Thing {
  readonly kind: 'file' | 'folder' | 'link';
  readonly size: number;
  /** Seconds, whole: rsync compares no fractions unless it is told to. */
  readonly at: number;
  readonly runs: boolean;
}

const NAMES = [...HOSTILE_NAMES.filter((name) => name.length < 100), 'a', 'b.txt', 'c.tmp', 'runs'];
const name = fc.constantFrom(...NAMES);
const thing: fc.Arbitrary<Thing> = fc.record({
  kind: fc.constantFrom('file', 'file', 'file', 'folder', 'link'),
  size: fc.integer({ min: 0, max: 3 }),
  at: fc.constantFrom(1_600_000_000, 1_600_000_001),
  runs: fc.boolean(),
});
interface Pair {
  readonly path: string;
  readonly here: Thing | null;
  readonly there: Thing | null;
  /** Both sides have what is here. */
  readonly alike: boolean;
}

/** Names at most three deep, each on one side or both. */
const pairs: fc.Arbitrary<readonly Pair[]> = fc.array(
  fc.record({ path: fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')), here: fc.option(thing), there: fc.option(thing), alike: fc.boolean() }),
  { minLength: 1, maxLength: 25 },
);

function make(root: string, path: string, { kind, size, at, runs }: Thing): void {
  const whole = systemPath(Buffer.from(`${root}/`).toString('latin1') + path);
  const parent = whole.subarray(0, whole.lastIndexOf(0x2f));
  try {
    mkdirSync(parent, { recursive: true });
    if (kind === 'folder') {
      mkdirSync(whole, { recursive: true });
    } else if (kind === 'link') {
      symlinkSync(`to${size}`, whole);
      lutimesSync(whole, at, at);
    } else {
      writeFileSync(whole, 'x'.repeat(size), { flag: 'wx' });
      chmodSync(whole, runs ? 0o755 : 0o644);
      utimesSync(whole, at, at);
    }
  } catch {
    // Something else stands on the way, or at the name: that is a tree as well.
  }
}

/** The lines of a dry run that stand for content: `send`, `delete`, each with its path in bytes. */
function rsyncSays(here: string, there: string, rules: readonly string[]): readonly string[] {
  const words = ['-n', '-rltE', '--force', '--delete', '--out-format=TY|%i|%n', ...rules.map((rule) => `--filter=${rule}`), '--filter=- /.trainyard', '-e', 'false', `${here}/`, `${there}/`];
  const { stdout } = spawnSync('rsync', words, { env: { PATH: process.env['PATH'], LC_ALL: 'C' } });
  return stdout
    .toString('latin1')
    .split('\n')
    .flatMap((line) => {
      const [, what = '', written = ''] = /^TY\|(.{11})\|(.*)$/s.exec(line) ?? [];
      const path = written.replace(/\\#([0-7]{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8))).replace(/\/$/, '');
      // A folder's own time, and that of a link, are moved by nobody.
      return what.startsWith('*deleting') ? [`delete ${path}`] : /^[<>c]/.test(what) || /^\.f....?p/.test(what) ? [`send ${path}`] : [];
    })
    .filter((line) => line !== 'send .')
    .sort();
}

function planSays(items: readonly PlanItem[]): readonly string[] {
  return items.flatMap(({ action, path, source }) => (action === 'skip' ? [] : source === undefined ? [`delete ${path}`] : [`send ${path}`])).sort();
}

describe('over random trees', () => {
  let count = 0;
  function trees(made: readonly Pair[]): { here: string; there: string; mine: Target } {
    const [here, there] = [join(base, `${++count}`, 'here'), join(base, `${count}`, 'there')];
    [here, there].forEach((root) => mkdirSync(root, { recursive: true }));
    for (const { path, here: one, there: other, alike } of made) {
      if (one !== null) {
        make(here, path, one);
      }
      const theirs = alike ? one : other;
      if (theirs !== null) {
        make(there, path, theirs);
      }
    }
    return { here, there, mine: target({ local: here, remote: there, boxes: ['box1'] }) };
  }

  it.each([
    ['nothing left out', []],
    ['rules', ['+ /runs/', '- *.tmp', '- run?/a', 'P b.txt']],
  ])('a plan with %s says what rsync’s dry run says', async (_, rules) => {
    await fc.assert(
      fc.asyncProperty(pairs, async (made) => {
        const { here, there, mine } = trees(made);
        const { plan } = await planSync({ target: { ...mine, send: { list: 'all', rules } }, link: links.link('box1'), facts, snapshot: undefined, git: undefined, others: [], notes: [] });
        // Where a kind changes from or to a folder the plan asks, and rsync replaces without a word of what is in the way.
        const odd = plan.items.filter(({ source, sink }) => source !== undefined && sink !== undefined && source.kind !== sink.kind).map(({ path }) => path);
        const even = (line: string): boolean => !odd.some((path) => line.slice(line.indexOf(' ') + 1) === path || line.slice(line.indexOf(' ') + 1).startsWith(`${path}/`));
        expect(planSays(plan.items).filter(even)).toEqual(rsyncSays(here, there, rules).filter(even));
      }),
      { numRuns: 40 },
    );
  });

  it('after everything is let pass the sides are alike, a second plan is empty, and nothing else was touched', async () => {
    await fc.assert(
      fc.asyncProperty(pairs, async (made) => {
        const { here, there, mine } = trees(made);
        const work = createSyncWork({ env: process.env, timers: systemTimers, never: [], storage: join(base, `${count}`, 'store'), sshConfig: lab.config });
        const ending = new AbortController();
        const before = spawnSync('find', ['.', '-printf', '%p %s %T@ %m\\0'], { cwd: here }).stdout;
        for (let turn = 0; ; turn++) {
          const { plan } = await work.plan(mine, 'box1');
          const paths = plan.items.filter(({ action }) => action !== 'skip').map(({ path }) => path);
          if (paths.length === 0) {
            break;
          }
          // What stood in the way of a folder is out of it after the first run.
          expect(turn).toBeLessThan(3);
          await work.run(plan, { ticked: new Set(paths), overwrite: new Set(paths), released: ['secret', 'manyDeletions', 'rootEmptied', 'rootUnmounted', 'space'] }, () => {}, ending.signal);
        }
        work.dispose();
        expect(rsyncSays(here, there, [])).toEqual([]);
        expect(spawnSync('find', ['.', '-printf', '%p %s %T@ %m\\0'], { cwd: here }).stdout.equals(before)).toBe(true);
        expect(existsSync(join(here, '.trainyard'))).toBe(false);
      }),
      { numRuns: 12 },
    );
  });
});
