import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import type { Notify } from '../../platform/notify.ts';
import type { RunPlace, RunRow } from '../runs/runReport.ts';
import type { SyncEvents } from '../syncApi.ts';
import { SyncError } from '../syncError.ts';
import { remoteRoot } from '../targets/roots.ts';
import type { SyncNode } from '../view/syncNodes.ts';
import { askRemoteFolder, pickBox } from './pickTarget.ts';
import type { RunsOfWindow } from './runsOfWindow.ts';
import type { SyncModel, SyncThread } from './syncModel.ts';

type Run = (row?: unknown) => Promise<unknown>;

export interface RunCommands {
  readonly addRun: Run;
  readonly removeRun: Run;
  readonly readRun: Run;
  readonly pullCheckpoint: Run;
  readonly pullBest: Run;
  readonly pullLast: Run;
  readonly followRun: Run;
  readonly unfollowRun: Run;
  readonly openCheckpoint: Run;
}

export interface RunCommandServices {
  readonly thread: SyncThread;
  readonly model: SyncModel;
  readonly runs: RunsOfWindow;
  readonly boxes: () => readonly string[];
}

/** Says that a checkpoint is here; it may have taken an hour. */
export async function tellPulled(notify: Notify, { name, path }: Parameters<SyncEvents['pulled']>[0]): Promise<void> {
  if ((await notify.info(`${name} is here, whole and checked.`, 'Open')) === 'Open') {
    await vscode.commands.executeCommand('trainyard.checkpoint.open', { place: path });
  }
}

/** What a person does with runs on boxes. */
export function createRunCommands({ thread, model, runs, boxes }: RunCommandServices): RunCommands {
  const runOf = async (row: unknown): Promise<RunPlace | undefined> => {
    const { run } = (row ?? {}) as Partial<SyncNode>;
    if (run !== undefined) {
      return runs.all.find(({ box, path }) => box === run.box && path === run.path);
    }
    const items = runs.all.map((place) => ({ label: basename(place.path), description: `${place.box}:${place.path}`, place }));
    return items.length < 2 ? items[0]?.place : (await vscode.window.showQuickPick(items, { placeHolder: 'Which run' }))?.place;
  };

  /** Where its checkpoints come to lie; asked for once. */
  async function withLocal(place: RunPlace): Promise<RunPlace | undefined> {
    if (place.local !== undefined) {
      return place;
    }
    const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
    const picked = await vscode.window.showOpenDialog({ title: `Folder for checkpoints of ${basename(place.path)}`, canSelectFolders: true, canSelectFiles: false, openLabel: 'Put Checkpoints Here', ...(folder && { defaultUri: folder }) });
    const path = picked?.[0]?.fsPath;
    if (path === undefined) {
      return undefined;
    }
    const complete = { ...place, local: join(path, basename(place.path)) };
    await runs.put(complete);
    return complete;
  }

  async function pull(place: RunPlace, name: string | undefined): Promise<void> {
    if (name === undefined) {
      throw new SyncError('target', `No checkpoint of ${basename(place.path)} is known to be complete.`);
    }
    const complete = await withLocal(place);
    if (complete !== undefined) {
      await thread.request('pullCheckpoint', { place: complete, name });
    }
  }

  const pullOne = (choose: (rows: readonly RunRow[]) => RunRow | undefined): Run => async (row) => {
    const place = await runOf(row);
    if (place !== undefined) {
      if (model.report(place)?.rows === undefined) {
        await thread.request('readRun', { place });
      }
      await pull(place, choose(model.report(place)?.rows ?? [])?.name);
    }
  };
  const follow = (on: boolean): Run => async (row) => {
    const place = await runOf(row);
    const complete = place && (on ? await withLocal(place) : place);
    return complete && thread.request('followRun', { place: complete, on });
  };

  return {
    async addRun() {
      const box = await pickBox('Add Run Folder', boxes());
      const typed = box && (await askRemoteFolder('Add Run Folder', '~/'));
      if (box === undefined || typed === undefined) {
        return;
      }
      const state = await model.probe(box);
      if (!('facts' in state)) {
        throw new SyncError('unreachable', `${box} does not answer: ${'said' in state ? state.said : ''}`);
      }
      const place = { box, path: remoteRoot(typed.trim(), state.facts.home) };
      await runs.put(place);
      await thread.request('readRun', { place });
    },
    async removeRun(row) {
      const place = await runOf(row);
      if (place !== undefined) {
        await thread.request('followRun', { place, on: false });
        await runs.remove(place);
      }
    },
    async readRun(row) {
      const place = await runOf(row);
      return place && thread.request('readRun', { place });
    },
    async pullCheckpoint(row) {
      const place = await runOf(row);
      return place && pull(place, ((row ?? {}) as Partial<SyncNode>).checkpoint);
    },
    pullBest: pullOne((rows) => rows.find(({ isBest }) => isBest)),
    pullLast: pullOne((rows) => rows.find(({ isLast }) => isLast)),
    followRun: follow(true),
    unfollowRun: follow(false),
    async openCheckpoint(row) {
      const { run, checkpoint } = (row ?? {}) as Partial<SyncNode>;
      if (run !== undefined && checkpoint !== undefined) {
        await vscode.commands.executeCommand('trainyard.checkpoint.open', { place: `${run.box}:${run.path}/${checkpoint}` });
      }
    },
  };
}
