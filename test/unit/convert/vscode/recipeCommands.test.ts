import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { registerRecipeCommands } from '../../../../src/convert/vscode/recipeCommands.ts';
import type { Jobs } from '../../../../src/convert/jobs.ts';
import type { Services } from '../../../../src/platform/services.ts';
import { aStatus } from '../view/statuses.ts';
import * as fake from './fakeVscode.ts';

vi.mock('vscode', () => import('./fakeVscode.ts'));

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'trainyard-recipes-')));
const file = join(folder, 'r.recipe.yaml');
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const RECIPE = 'version: 1\ninputs: [a.wav]\nsteps: [{ preset: audio.flac }]\noutputs: { folder: out }\n';

let commands: Map<string, (...args: readonly unknown[]) => unknown>;
let isTrusted: boolean;
let said: string[];
let requests: Parameters<Jobs['plan']>[0][];
let ran: string[];
let shown: string[];
let outcome: Partial<ReturnType<typeof aStatus>>;

beforeEach(() => {
  [commands, isTrusted, said, requests, ran, shown, outcome] = [new Map(), true, [], [], [], [], { state: 'planned' }];
  fake.commands.executed.length = 0;
  writeFileSync(file, RECIPE);
  const output = join(folder, 'made.flac');
  writeFileSync(output, '');
  const jobs = {
    store: {
      plan: async () => ({ items: [{ seq: 0, action: 'write', reason: 'new', input: join(folder, 'a.wav'), output, size: 1, cost: 1 }], total: 1 }),
      remove: async () => {},
    },
    async plan(request: Parameters<Jobs['plan']>[0]) {
      requests.push(request);
      return aStatus({ id: `job-${requests.length}`, ...outcome });
    },
    run: async (id: string) => aStatus({ id, state: 'done', failures: [] }),
  } as unknown as Jobs;
  const say = async (message: string): Promise<undefined> => void said.push(message);
  registerRecipeCommands({
    services: {
      trust: { check: async () => isTrusted },
      notify: { info: say, warn: say, error: say },
      command: (id: string, run: (...args: readonly unknown[]) => unknown) => {
        commands.set(id, run);
        return { dispose() {} };
      },
    } as unknown as Services,
    jobs,
    settings: async () => ({ imageEngine: 'auto', toolPaths: {}, customPresets: [] }),
    run: async (id) => void ran.push(id),
    showPlan: (id) => void shown.push(id),
    samples: join(folder, 'samples'),
  });
});

const call = async (id: string, target: unknown = fake.Uri.file(file)): Promise<void> => void (await commands.get(id)?.(target));

describe('the commands on recipes', () => {
  it('run a recipe as a job of the Jobs view', async () => {
    await call('trainyard.recipe.run');
    expect(requests[0]).toMatchObject({ recipe: { file, text: RECIPE }, salvage: false });
    expect(ran).toEqual(['job-1']);
  });

  it('show its plan and run nothing', async () => {
    await call('trainyard.recipe.dryRun');
    expect([shown, ran]).toEqual([['job-1'], []]);
  });

  it('make one input in a folder of our own, and show the original and the result side by side', async () => {
    await call('trainyard.recipe.sample');
    expect(requests[1]?.recipe?.only).toEqual([join(folder, 'a.wav')]);
    expect(requests[1]?.recipe?.trial?.startsWith(join(folder, 'samples'))).toBe(true);
    const opened = fake.commands.executed.filter(([command]) => command === 'vscode.open').map(([, uri, options]) => [(uri as fake.Uri).fsPath, (options as { viewColumn: number }).viewColumn]);
    expect(opened).toEqual([[join(folder, 'a.wav'), 1], [join(folder, 'made.flac'), -2]]);
  });

  it('run nothing in a workspace that is not trusted', async () => {
    isTrusted = false;
    for (const id of commands.keys()) {
      await call(id);
    }
    expect([requests, ran, shown]).toEqual([[], [], []]);
  });

  it('tell the first fault of a recipe, and what is no recipe', async () => {
    writeFileSync(file, RECIPE.replace('audio.flac', 'audio.flak'));
    await call('trainyard.recipe.run');
    await call('trainyard.recipe.run', fake.Uri.file(join(folder, 'compose.yaml')));
    expect(said).toEqual([
      'r.recipe.yaml:3:19: There is no preset “audio.flak”. Did you mean “audio.flac”? [recipe/unknown-preset]',
      'Open a recipe first: a file whose name ends with .recipe.yaml.',
    ]);
    expect(requests).toEqual([]);
  });

  it('show the plan where every file is refused', async () => {
    outcome = { state: 'planned', counts: { write: 0, replace: 0, skip: 0, refuse: 3, done: 0, failed: 0, salvaged: 0 } };
    await call('trainyard.recipe.run');
    expect([shown, ran]).toEqual([['job-1'], []]);
  });
});
