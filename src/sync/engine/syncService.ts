import { join } from 'node:path';
import { isAbsent } from '../../base/absent.ts';
import { shownPath } from '../../base/bytePath.ts';
import { singleQuoted } from '../../base/shellWords.ts';
import { systemTimers } from '../../process/timers.ts';
import type { CreateService } from '../services.ts';
import type { SessionHost, SyncApi, SyncEvents } from '../syncApi.ts';
import type { RunPlace } from '../runs/runReport.ts';
import { SyncError } from '../syncError.ts';
import type { Target } from '../target.ts';
import { findLocalRsync } from '../transfer/localRsync.ts';
import { rsyncArgs } from '../transfer/rsyncArgs.ts';
import { onPage } from './onPage.ts';
import { createRuns } from './runs.ts';
import { PlanSession } from './planSession.ts';
import { createSyncWork } from './syncWork.ts';
import { createWatches } from './watches.ts';

/** Milliseconds in which what changes of a session is told at once. */
const TOGETHER = 100;
/** Seconds. */
const READ_TIME = 30;

/** Plans, runs and puts back, for one window: in a thread of its own. Messages come from the window, which has checked the pages'. */
export const createSyncService: CreateService<SyncApi, SyncEvents> = (context, window) => {
  const sessions = new Map<string, PlanSession>();
  const telling = new Map<string, NodeJS.Timeout>();
  const work = createSyncWork({
    ...context,
    timers: systemTimers,
    answer: async (question) => window.ask('answer', question),
    others: () => [...sessions.values()].map(({ target }) => target),
  });

  const watches = createWatches(work, systemTimers, (watched) => window.tell('watched', watched));

  const runs = createRuns(work, systemTimers, (report) => window.tell('run', report));

  function tell(id: string): void {
    if (!telling.has(id)) {
      telling.set(
        id,
        setTimeout(() => {
          telling.delete(id);
          const session = sessions.get(id);
          if (session !== undefined) {
            window.tell('facts', session.facts(Date.now()));
          }
        }, TOGETHER),
      );
    }
  }

  function sessionOf(id: string): PlanSession {
    const session = sessions.get(id);
    if (session === undefined) {
      throw new SyncError('stale', 'This plan is no more. Plan again.');
    }
    return session;
  }

  /** Long work is answered at once, and tells of itself by the session's facts. */
  function onLegs(params: unknown, act: (session: PlanSession, box: string | undefined) => Promise<void>): void {
    const { session, box } = params as { readonly session: string; readonly box?: string };
    void act(sessionOf(session), box);
  }

  async function open(id: string, session: PlanSession): Promise<void> {
    await session.makePlans();
    // Another may have its name by now.
    if (session.target.runsUnasked && sessions.get(id) === session) {
      if (session.needsLook) {
        window.tell('look', { session: id });
      } else {
        await session.run();
      }
    }
  }

  function close(id: string): void {
    sessions.get(id)?.cancel();
    sessions.delete(id);
    clearTimeout(telling.get(id));
    telling.delete(id);
  }

  /** The rsync of what is sent in one go; names are read from stdin, and are what is ticked. */
  async function command(id: string): Promise<readonly string[] | undefined> {
    const { plan } = sessionOf(id).current ?? {};
    const local = await findLocalRsync(context.env, context.never);
    const remote = plan && (await work.facts(plan.box)).rsync;
    if (plan === undefined || local === undefined || remote === undefined || isAbsent(remote)) {
      return undefined;
    }
    const { target, direction } = plan;
    const [here, there] = [target.local, shownPath(plan.remoteRoot)];
    const { words } = await work.link(plan.box).transport(false);
    const args = rsyncArgs({
      direction,
      host: plan.box,
      from: direction === 'push' ? here : there,
      to: direction === 'push' ? there : here,
      transport: words,
      local: local.facts,
      remote,
      delta: false,
      compress: false,
      format: '%i|%l|%b|%n',
      timeout: READ_TIME,
      ...(target.bandwidth !== undefined && { bandwidth: target.bandwidth }),
      ...(target.rsyncPath !== undefined && { rsyncPath: target.rsyncPath }),
    });
    return ['rsync', ...args];
  }

  return {
    handlers: {
      async probe(params) {
        const { box } = params as { readonly box: string };
        const state = await work.probe(box);
        window.tell('box', { box, state });
        return state;
      },
      open(params) {
        const { session: id, target } = params as { readonly session: string; readonly target: Target };
        close(id);
        const session = new PlanSession(id, target, work, () => tell(id));
        sessions.set(id, session);
        void open(id, session);
      },
      close: (params) => close((params as { readonly session: string }).session),
      page(params) {
        const { session, method, params: sent } = params as { readonly session: string; readonly method: keyof SessionHost; readonly params: never };
        return onPage(sessionOf(session), method, sent);
      },
      run: (params) => onLegs(params, (session, box) => session.run(box)),
      replan: (params) => onLegs(params, (session, box) => session.makePlans(box)),
      cancel(params) {
        const { session, box } = params as { readonly session: string; readonly box?: string };
        sessions.get(session)?.cancel(box);
      },
      async undo(params, signal) {
        const { target, box } = params as { readonly target: Target; readonly box: string };
        const holder = [...sessions.values()].find((session) => session.target.name === target.name && session.target.local === target.local);
        if (holder === undefined) {
          return work.undo(target, box, signal);
        }
        await holder.undo(box);
        return undefined;
      },
      compared(params) {
        const { session, id } = params as { readonly session: string; readonly id: number };
        const current = sessionOf(session).current;
        const item = current?.tree.item(id);
        return current === undefined || item === undefined
          ? undefined
          : { box: current.plan.box, local: join(current.plan.target.local, item.path), remote: `${current.plan.remoteRoot}/${item.path}` };
      },
      command: async (params) => command((params as { readonly session: string }).session),
      async readFile(params, signal) {
        const { box, path, most } = params as { readonly box: string; readonly path: string; readonly most: number };
        // The path is of bytes, and so is the command.
        const { exitCode, stdout, stderr } = await work.link(box).run(`head -c ${most + 1} -- ${singleQuoted(path)}`, { signal, wallSeconds: READ_TIME, keep: most + 1 });
        if (exitCode !== 0) {
          throw new SyncError('failed', `${box}: ${stderr.trim()}`);
        }
        if (stdout.length > most) {
          throw new SyncError('failed', `${shownPath(path)} on ${box} is longer than what can be compared.`);
        }
        return stdout;
      },
      watch(params) {
        const { target, on } = params as { readonly target: Target; readonly on: boolean };
        watches.set(target, on);
      },
      releaseWatch: (params) => watches.release((params as { readonly target: string }).target),
      readRun: async (params) => runs.read((params as { readonly place: RunPlace }).place),
      pullCheckpoint(params) {
        const { place, name } = params as { readonly place: RunPlace; readonly name: string };
        // What goes wrong is told by the run's report.
        runs.pull(place, name).then(
          (path) => window.tell('pulled', { name, path }),
          () => undefined,
        );
      },
      async followRun(params) {
        const { place, on } = params as { readonly place: RunPlace; readonly on: boolean };
        await runs.follow(place, on);
      },
      history: (params) => work.history.list((params as { readonly most: number }).most),
    },
    dispose() {
      watches.dispose();
      runs.dispose();
      [...sessions.keys()].forEach(close);
      work.dispose();
    },
  };
};
