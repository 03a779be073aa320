import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { shellLine } from '../../base/shellWords.ts';
import { toBytePath } from '../../base/bytePath.ts';
import type { WorkerThread } from '../../base/workerThread.ts';
import type { Services } from '../../platform/services.ts';
import { openSshTerminal } from '../../platform/sshHosts.ts';
import type { RunReport } from '../runs/runReport.ts';
import type { SyncApi, SyncEvents } from '../syncApi.ts';
import { SyncError } from '../syncError.ts';
import type { Direction, Target } from '../target.ts';
import type { SyncNode } from '../view/syncNodes.ts';
import type { PlanCommand, PlanFacts } from '../webview/planProtocol.ts';
import { addTarget, editTargets } from './addTarget.ts';
import { pickTarget, remotePathIn, targetOfPath } from './pickTarget.ts';
import { createPlanPanels } from './planPanels.ts';
import type { PlanPanels } from './planPanels.ts';
import { answerQuestion } from './questions.ts';
import { compareText, registerRemoteText } from './remoteText.ts';
import { createRunCommands, tellPulled } from './runCommands.ts';
import type { RunCommands } from './runCommands.ts';
import { RunsOfWindow } from './runsOfWindow.ts';
import { SyncModel } from './syncModel.ts';
import { SyncStatusBar } from './syncStatusBar.ts';
import { createSyncThread, sshConfig } from './syncThread.ts';
import { SyncTree } from './syncTree.ts';
import { TargetsOfWindow } from './targetsOfWindow.ts';

type Run = (row?: unknown) => Promise<unknown>;

export interface SyncFace extends RunCommands, Disposable {
  readonly addTarget: Run;
  readonly editTargets: Run;
  readonly refresh: Run;
  readonly plan: Run;
  readonly push: Run;
  readonly pull: Run;
  readonly cancel: Run;
  readonly undo: Run;
  readonly watch: Run;
  readonly unwatch: Run;
  /** Sends what the switch of a branch held back. */
  readonly releaseWatch: Run;
  readonly probe: Run;
  readonly terminal: Run;
  readonly showRunning: Run;
  readonly pushPath: Run;
  readonly pullPath: Run;
  readonly comparePath: Run;
}

/** Everything that a window shows and does of syncs. */
export function createSyncFace(services: Services): SyncFace {
  const own = new DisposableStore();
  const { config, notify, log, keys } = services;
  const targets = own.add(new TargetsOfWindow(config));
  const runs = own.add(new RunsOfWindow(services.memory));
  const thread: WorkerThread<SyncApi, SyncEvents> = own.add(
    createSyncThread<SyncApi, SyncEvents>(services, 'sync', {
      facts: (facts) => model.tellFacts(facts as PlanFacts),
      look: (params) => panels.show((params as Parameters<SyncEvents['look']>[0]).session),
      box(params) {
        const { box, state } = params as Parameters<SyncEvents['box']>[0];
        model.tellBox(box, state);
      },
      run: (report) => model.tellRun(report as RunReport),
      pulled: (params) => tellPulled(notify, params as Parameters<SyncEvents['pulled']>[0]),
      watched: (params) => model.tellWatched(params as Parameters<SyncEvents['watched']>[0]),
      answer: (question) => answerQuestion(question as Parameters<SyncEvents['answer']>[0]),
    }),
  );
  const model: SyncModel = own.add(new SyncModel(thread, runs, targets));
  own.add(registerRemoteText(thread));
  const panels: PlanPanels = own.add(createPlanPanels({ extensionUri: services.extensionUri, model, thread, act, compare, reopen }));
  own.add(new SyncTree(model, () => void model.readHistory().catch((error: unknown) => log.error('The history of syncs could not be read', error))));
  own.add(new SyncStatusBar(model));
  const tell = (): void => keys.set({ 'trainyard.sync.any': targets.targets.length > 0, 'trainyard.sync.runs': runs.all.length > 0, 'trainyard.sync.ready': true });
  own.add(targets.onDidChange(tell));
  own.add(runs.onDidChange(tell));
  tell();

  /** One that runs unasked shows itself where it needs a look. */
  async function start(target: Target): Promise<void> {
    const session = await model.open(target);
    if (!target.runsUnasked) {
      panels.show(session);
    }
  }

  async function act(session: string, command: PlanCommand, box: string | undefined): Promise<unknown> {
    const leg = { session, ...(box !== undefined && { box }) };
    switch (command) {
      case 'run':
        return thread.request('run', leg);
      case 'cancel':
        return thread.request('cancel', leg);
      case 'replan':
        return thread.request('replan', leg);
      case 'undo':
        return undoOf(model.target(session), box);
      case 'signIn':
      case 'retry':
        if (box !== undefined) {
          await model.probe(box);
        }
        return thread.request('replan', leg);
      case 'copyInstall': {
        const state = box === undefined ? undefined : await model.probe(box);
        return state !== undefined && 'facts' in state ? vscode.env.clipboard.writeText(state.facts.installRsync) : undefined;
      }
      case 'showCommand': {
        const words = await thread.request('command', { session });
        if (words === undefined) {
          throw new SyncError('noRsync', 'There is no rsync on both sides: files go by tar over ssh.');
        }
        const content = `# The names of what is ticked go to its standard input, each ended by NUL. What is overwritten goes to the trash\n# first, by options that are left out here. Files over 64 MiB go in parts, and deletions one by one, both over ssh.\n${shellLine(words)}\n`;
        return vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'shellscript', content }));
      }
    }
  }

  async function compare(session: string, id: number): Promise<void> {
    const found = await thread.request('compared', { session, id });
    if (found !== undefined) {
      await compareText(found.box, found.local, found.remote);
    }
  }

  /** A tab that VS Code brings back after a reload has its plan made anew; one of a path that was typed is gone. */
  async function reopen(session: string): Promise<string | undefined> {
    const [, direction, name] = /^(push|pull)\/(.+)$/.exec(session) ?? [];
    const target = name === undefined ? undefined : targets.named(name);
    return target === undefined || !services.trust.isGranted ? undefined : model.open({ ...target, direction: direction as Direction });
  }

  async function undoOf(target: Target | undefined, box: string | undefined): Promise<void> {
    const chosen = box ?? target?.boxes[0];
    if (target === undefined || chosen === undefined) {
      return;
    }
    const agreed = await notify.confirm(`Put back what the last sync of ${target.name} with ${chosen} changed?`, 'What it overwrote and deleted comes back from the trash; what it brought goes there. What has changed since is left as it is.', 'Undo');
    if (agreed) {
      const outcome = await thread.request('undo', { target, box: chosen });
      await model.readHistory();
      if (outcome !== undefined && outcome.state !== 'done') {
        await notify.warn(`Not all could be put back: ${outcome.left[0]?.reason ?? outcome.state}.`);
      }
    }
  }

  /** A target as a whole, whichever of its boxes was clicked. */
  const watch = ({ name }: Target, on: boolean): Promise<unknown> => {
    const target = targets.named(name);
    return target === undefined ? Promise.resolve() : thread.request('watch', { target: { ...target, direction: 'push' }, on });
  };
  const withTarget = (placeHolder: string, run: (target: Target) => Promise<unknown>): Run => async (row) => {
    if (targets.targets.length === 0) {
      await addTarget(boxNames());
    }
    const target = await pickTarget(row, targets.targets, placeHolder);
    return target && run(target);
  };
  const boxNames = (): readonly string[] => [...new Set(targets.targets.flatMap(({ boxes }) => boxes))];
  const boxOf = (row: unknown): string | undefined => (row as Partial<SyncNode> | undefined)?.box ?? targets.targets[0]?.boxes[0];
  const onPath = (direction: Direction, title: string, run: (target: Target, path: string) => Promise<unknown>): Run => async (uri) => {
    const path = (uri as Partial<vscode.Uri> | undefined)?.fsPath ?? vscode.window.activeTextEditor?.document.uri.fsPath;
    const target = path === undefined ? undefined : await targetOfPath(path, direction, targets.targets, title);
    return target && path !== undefined ? run(target, path) : undefined;
  };

  return {
    ...createRunCommands({ thread, model, runs, boxes: boxNames }),
    addTarget: async () => addTarget(boxNames()),
    editTargets: async () => editTargets(),
    refresh: async () => {
      await model.readHistory();
      await Promise.all(boxNames().map((box) => model.probe(box)));
    },
    plan: withTarget('Target to plan', (target) => start({ ...target, runsUnasked: false })),
    push: withTarget('Target to push', (target) => start({ ...target, direction: 'push' })),
    pull: withTarget('Target to pull', (target) => start({ ...target, direction: 'pull', boxes: target.boxes.slice(0, 1) })),
    cancel: withTarget('Target whose sync is cancelled', async (target) =>
      Promise.all(model.allFacts.filter(({ name }) => name === target.name).map(({ session }) => thread.request('cancel', { session, ...(target.boxes.length === 1 && { box: target.boxes[0]! }) }))),
    ),
    undo: withTarget('Target whose last sync is put back', (target) => undoOf(target, target.boxes[0])),
    watch: withTarget('Target whose changes are sent as they are saved', (target) => watch(target, true)),
    unwatch: withTarget('Target that is no longer watched', (target) => watch(target, false)),
    releaseWatch: withTarget('Target whose branch was switched', (target) => thread.request('releaseWatch', { target: target.name })),
    async probe(row) {
      const box = boxOf(row);
      return box && model.probe(box);
    },
    async terminal(row) {
      const box = boxOf(row);
      if (box !== undefined) {
        const config = sshConfig(services);
        openSshTerminal(box, ['ssh', ...(config === undefined ? [] : ['-F', config]), box]);
      }
    },
    async showRunning() {
      const moving = model.allFacts.find(({ boxes }) => boxes.some(({ phase }) => phase === 'running' || phase === 'waiting'));
      return moving && panels.show(moving.session);
    },
    pushPath: onPath('push', 'Push to Box', start),
    pullPath: onPath('pull', 'Pull from Box', start),
    comparePath: onPath('push', 'Compare with Box', async (target, path) => {
      const [box] = target.boxes;
      const state = box === undefined ? undefined : await model.probe(box);
      if (box === undefined || state === undefined || !('facts' in state)) {
        throw new SyncError('unreachable', `${box ?? 'The box'} does not answer.`);
      }
      const there = remotePathIn(target, path).replace(/^~(?=\/|$)/, state.facts.home);
      return compareText(box, toBytePath(path), toBytePath(there));
    }),
    dispose: () => own.dispose(),
  };
}
