import { randomBytes } from 'node:crypto';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter, type Event } from '../../base/emitter.ts';
import { LeavingProcesses, keepProcess } from '../../process/keptProcess.ts';
import type { SshClient } from '../../process/ssh/client.ts';
import type { StreamProcess } from '../../process/streamProcess.ts';
import { type Timers, systemTimers } from '../../process/timers.ts';
import type { GpuVendor } from '../gpu/vendor.ts';
import type { HostInventory } from '../hostSample.ts';
import type { SystemSample } from '../systemSample.ts';
import { BoxSession } from './boxSession.ts';
import { type BoxState, isHopeless, kindOfEnd } from './boxState.ts';
import { BoxVisit } from './boxVisit.ts';
import { SAMPLER_COMMAND, samplerLine } from './sampler.ts';

/** Another machine, read over ssh with nothing installed there. */
export interface Box extends Disposable {
  /** The name by which ssh knows it. */
  readonly alias: string;
  readonly state: BoxState;
  readonly onDidChangeState: Event<BoxState>;
  readonly onSample: Event<SystemSample>;
  /** The last sample, which may be old: compare its time. */
  readonly latest: SystemSample | undefined;
  /** Once it is live; undefined before. */
  readonly inventory: HostInventory | undefined;
  /** Who we are there, once it is live. */
  readonly uid: number | undefined;
  /** Milliseconds between samples from now on; undefined: the link is kept, and nothing is read. */
  setInterval(milliseconds: number | undefined): void;
  /** Tries at once, as after a person has signed in. */
  retry(): void;
}

export interface BoxOptions {
  readonly ssh: SshClient;
  readonly vendors: readonly GpuVendor[];
  /** As of `setInterval`. */
  readonly interval: number | undefined;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly timers?: Timers;
  readonly log?: (line: string) => void;
}

/** Milliseconds without a word after which a link is taken for cut; ours are in between. */
const SILENCE = 12_000;
/** The same for the way in, with a ProxyJump or two. */
const FIRST_SILENCE = 40_000;
const PING = 4000;
const FIRST_DELAY = 5000;
const LONGEST_DELAY = 5 * 60_000;

export function createBox(alias: string, { ssh, vendors, interval, now = Date.now, timers = systemTimers, log }: BoxOptions): Box {
  const states = new Emitter<BoxState>();
  const samples = new Emitter<SystemSample>();
  let state: BoxState = { kind: 'connecting' };
  let latest: SystemSample | undefined;
  let milliseconds = interval;
  let link: Link | undefined;
  let answered = false;
  let refused: string | undefined;
  let disposed = false;

  function become(next: BoxState): void {
    if (!disposed && JSON.stringify(next) !== JSON.stringify(state)) {
      state = next;
      states.fire(next);
    }
  }

  function stale(): void {
    if (state.kind === 'live') {
      become({ kind: 'stale', since: latest?.time ?? now() });
    }
  }

  const kept = keepProcess(
    {
      async find() {
        const mark = `@@TY${randomBytes(12).toString('hex')}@@`;
        const start = await ssh.session(alias, SAMPLER_COMMAND);
        return (onChunk) => {
          const process = start(onChunk, samplerLine(mark));
          link = openLink(mark, process);
          return process;
        };
      },
      silence: SILENCE,
      firstSilence: FIRST_SILENCE,
      firstDelay: FIRST_DELAY,
      longestDelay: LONGEST_DELAY,
      isHopeless: (end) => isHopeless({ end, answered, refused }),
    },
    {
      onChunk: (chunk, stream) => {
        if (stream === 'stdout') {
          link?.session.add(chunk);
        }
      },
      onSilent: stale,
      onEnd(end) {
        link?.dispose();
        link = undefined;
        const kind = kindOfEnd({ end, answered, refused });
        const said = refused ?? (end.said || (end.error instanceof Error ? end.error.message : 'it did not answer'));
        answered = false;
        refused = undefined;
        log?.(`${alias}: ${kind}: ${said}; again in ${end.retryIn} ms`);
        const since = 'since' in state ? state.since : (latest?.time ?? now());
        const retryAt = now() + end.retryIn;
        if (kind === 'cut') {
          become({ kind: 'stale', since, retryAt });
        } else if (kind === 'signIn') {
          become({ kind, since, said, command: ssh.signInWords(alias) });
        } else {
          become({ kind, since, said, retryAt });
        }
      },
    },
    new LeavingProcesses(),
    timers,
  );

  function openLink(mark: string, process: StreamProcess): Link {
    let visit: BoxVisit | undefined;
    let ping: Disposable | undefined;
    const session = new BoxSession(
      mark,
      (text) => process.write(text),
      timers,
      (system) => {
        if (visit !== undefined) {
          return;
        }
        if (system !== 'Linux') {
          refused = `it runs ${system || 'an unknown system'}, not Linux`;
          process.end();
          return;
        }
        answered = true;
        visit = new BoxVisit(
          alias,
          session,
          { vendors, interval: milliseconds, now, timers },
          (sample) => {
            latest = sample;
            become({ kind: 'live' });
            samples.fire(sample);
          },
          stale,
        );
        current.visit = visit;
        keepAwake();
      },
    );
    /** Something comes at least so often, however seldom samples are wanted. */
    function keepAwake(): void {
      ping = timers.after(PING, keepAwake);
      session.ask('p').catch(() => {});
    }
    const current: Link = {
      session,
      visit: undefined,
      dispose() {
        ping?.dispose();
        visit?.dispose();
        session.end();
      },
    };
    return current;
  }

  return {
    alias,
    get state() {
      return state;
    },
    get latest() {
      return latest;
    },
    get inventory() {
      return link?.visit?.inventory;
    },
    get uid() {
      return link?.visit?.uid;
    },
    onDidChangeState: states.event,
    onSample: samples.event,
    setInterval(value) {
      milliseconds = value;
      link?.visit?.setInterval(value);
    },
    retry: () => kept.retry(),
    dispose() {
      disposed = true;
      link?.dispose();
      kept.dispose();
      states.dispose();
      samples.dispose();
    },
  };
}

interface Link extends Disposable {
  readonly session: BoxSession;
  visit: BoxVisit | undefined;
}
