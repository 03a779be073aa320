import type { Browser } from 'playwright-core';
import type { Target } from '../../src/sync/target.ts';
import type { SyncOutcome, SyncProgress } from '../../src/sync/run.ts';
import { onPage } from '../../src/sync/engine/onPage.ts';
import { PlanSession } from '../../src/sync/engine/planSession.ts';
import type { SessionWork } from '../../src/sync/engine/planSession.ts';
import { createPlanPanels } from '../../src/sync/vscode/planPanels.ts';
import { SyncModel } from '../../src/sync/vscode/syncModel.ts';
import type { SyncThread } from '../../src/sync/vscode/syncModel.ts';
import type { SessionHost } from '../../src/sync/syncApi.ts';
import { planOf, TARGET } from '../unit/sync/view/inventedPlan.ts';
import type { FakePanel} from './fakeVscode.ts';
import { FakeUri, panels } from './fakeVscode.ts';
import { openPage } from './harness.ts';
import type { OpenPage, PageOptions } from './harness.ts';

export interface OpenPlan extends OpenPage {
  readonly session: PlanSession;
  /** What was done for it: `run forge-3 3203`. */
  readonly done: readonly string[];
  /** Goes on with the runs, by box. */
  readonly progress: Map<string, (progress: SyncProgress) => void>;
  readonly finish: Map<string, (outcome: SyncOutcome | Error) => void>;
  dispose(): void;
}

export interface InventedWork {
  readonly target?: Target;
  readonly plan?: SessionWork['plan'];
}

/** The page of a plan, by its real host and session, with invented boxes behind them. */
export async function openSyncPlan(browser: Browser, bundles: Parameters<typeof openPage>[2], { target = TARGET, plan = async (asked, box) => ({ plan: planOf(box, { target: asked }), tool: 'rsync 3.2.7' }) }: InventedWork = {}, options: PageOptions = {}): Promise<OpenPlan> {
  const done: string[] = [];
  const progress: OpenPlan['progress'] = new Map();
  const finish: OpenPlan['finish'] = new Map();
  const work: SessionWork = {
    plan,
    run: ({ box }, { ticked }, onProgress) =>
      new Promise((resolve, reject) => {
        done.push(`run ${box} ${ticked.size}`);
        progress.set(box, onProgress);
        finish.set(box, (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
      }),
    async undo(_target, box) {
      done.push(`undo ${box}`);
      return { state: 'done', created: 0, updated: 3, deleted: 0, bytes: 12, seconds: 1, left: [] };
    },
  };
  let session: PlanSession | undefined;
  const thread = {
    async request(method: string, params: { readonly method: keyof SessionHost; readonly params: never; readonly target: Target; readonly session: string }) {
      if (method === 'open') {
        session = new PlanSession(params.session, params.target, work, () => session && model.tellFacts(session.facts(Date.now())));
        await session.makePlans();
        return undefined;
      }
      return method === 'page' && session ? onPage(session, params.method, params.params) : [];
    },
  } as unknown as SyncThread;
  const model = new SyncModel(thread, { all: [], onDidChange: () => ({ dispose: () => undefined }) }, { targets: [target], problems: [], onDidChange: () => ({ dispose: () => undefined }) });
  const id = await model.open(target);
  const opened = session!;
  const planPanels = createPlanPanels({
    extensionUri: new FakeUri('') as never,
    model,
    thread,
    async act(_session, command, box) {
      done.push(`${command}${box === undefined ? '' : ` ${box}`}`);
      return command === 'run' ? opened.run(box) : command === 'undo' && box !== undefined ? opened.undo(box) : command === 'cancel' ? opened.cancel(box) : undefined;
    },
    compare: async (_session, row) => void done.push(`compare ${opened.current?.tree.item(row)?.path}`),
    reopen: async () => id,
  });
  planPanels.show(id);
  const page = await openPage(browser, (panels.at(-1) as FakePanel).webview, bundles, { width: 1038, height: 660, ...options });
  model.tellFacts(opened.facts(Date.now()));
  return Object.assign(page, {
    session: opened,
    done,
    progress,
    finish,
    dispose() {
      planPanels.dispose();
      model.dispose();
    },
  });
}
