import { statSync } from 'node:fs';
import type { BytePath } from '../../base/bytePath.ts';
import type { Disposable } from '../../base/disposable.ts';
import { formatCountOf } from '../../base/format.ts';
import type { Timers } from '../../process/timers.ts';
import { firstApproval } from '../plan.ts';
import { SyncError } from '../syncError.ts';
import type { Target } from '../target.ts';
import { watchFolders } from '../watch/folderWatcher.ts';
import { gitActivity } from '../watch/gitActivity.ts';
import { startWatch } from '../watch/watch.ts';
import type { Watch, WatchLeg, WatchState } from '../watch/watch.ts';
import type { SyncWork } from './syncWork.ts';

/** What a window is told of the watch of a target. */
export interface Watched {
  readonly target: string;
  readonly box: string;
  readonly words: string;
  /** A person has to say something: a branch was switched, or there are deletions or conflicts. */
  readonly asks: boolean;
}

export interface Watches extends Disposable {
  set(target: Target, on: boolean): void;
  /** Brings along what the switch of a branch held back. */
  release(name: string): void;
}

/** Targets whose changes are brought to their boxes as they are saved. Deletions and conflicts wait for a person. */
export function createWatches(work: Pick<SyncWork, 'plan' | 'run' | 'saved'>, timers: Timers, tell: (watched: Watched | { readonly target: string; readonly ended: true }) => void): Watches {
  const watches = new Map<string, Watch>();

  function leg(target: Target, box: string, waits: Map<string, string>): WatchLeg {
    async function reconcile(_reason: unknown, signal: AbortSignal): Promise<void> {
      const { plan } = await work.plan(target, box, signal);
      const stops = plan.guards.find(({ severity, code }) => severity === 'refused' || (severity === 'held' && code !== 'manyDeletions'));
      if (stops !== undefined) {
        throw new SyncError('guard', stops.message);
      }
      const left = plan.items.filter(({ action }) => action === 'delete' || action === 'conflict').length;
      waits.set(box, left === 0 ? '' : `${formatCountOf(left, 'deletion or conflict', 'deletions and conflicts')} to decide`);
      const approval = firstApproval(plan);
      if (approval.ticked.size > 0) {
        await work.run(plan, approval, () => undefined, signal);
      }
    }
    return {
      box,
      reconcile,
      async push(paths: ReadonlySet<BytePath>, signal) {
        if ((await work.saved(target, box, paths, signal)) === undefined) {
          await reconcile('again', signal);
        }
      },
    };
  }

  function stop(name: string): void {
    watches.get(name)?.dispose();
    if (watches.delete(name)) {
      tell({ target: name, ended: true });
    }
  }

  return {
    set(target, on) {
      stop(target.name);
      if (!on) {
        return;
      }
      if (target.direction !== 'push' || !statSync(target.local, { throwIfNoEntry: false })?.isDirectory()) {
        throw new SyncError('target', 'Only a folder that is here and is pushed can be watched.');
      }
      const waits = new Map<string, string>();
      watches.set(
        target.name,
        startWatch({
          timers,
          wall: Date.now,
          // Thousands of folders that installers write: the comparison now and then sees to them.
          watchTree: (listener) => watchFolders(target.local, listener, (folder) => folder.split('/').includes('node_modules')),
          git: () => gitActivity(target.local),
          onBranch: 'ask',
          legs: target.boxes.map((box) => leg(target, box, waits)),
          onState: (box, state) => tell({ target: target.name, box, ...stateWords(state, waits.get(box) ?? '') }),
        }),
      );
    },
    release: (name) => watches.get(name)?.release(),
    dispose() {
      watches.forEach((watch) => watch.dispose());
      watches.clear();
    },
  };
}

function stateWords(state: WatchState, waits: string): Pick<Watched, 'words' | 'asks'> {
  switch (state.kind) {
    case 'watching':
      return waits === '' ? { words: 'watching', asks: false } : { words: `watching · ${waits}`, asks: true };
    case 'sending':
      return { words: 'sending what was saved', asks: false };
    case 'comparing':
      return { words: 'comparing', asks: false };
    case 'held':
      return state.by === 'git' ? { words: 'waiting for git', asks: false } : { words: 'branch switched: nothing is sent before you say so', asks: true };
    case 'failed':
      return { words: `not sent: ${state.said}`, asks: false };
  }
}
