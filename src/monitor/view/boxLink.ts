import { printable } from '../../base/printable.ts';
import { shellLine } from '../../base/shellWords.ts';
import type { BoxState } from '../boxes/boxState.ts';
import type { Head, Trouble } from '../webview/protocol.ts';
import { age } from '../webview/quantity.ts';

/** What a person has to know of the way to a box; undefined while there is nothing to say. */
export function linkTrouble(alias: string, state: BoxState, now: number): Trouble | undefined {
  const name = printable(alias);
  switch (state.kind) {
    case 'live':
      return undefined;
    case 'connecting':
      return { level: 'info', title: `Connecting to ${name}…`, text: 'Over your own ssh and its configuration, without a question. Nothing is installed there.', facts: [], said: null, way: null };
    case 'stale':
      return {
        level: 'warning',
        title: `The link to ${name} is cut`,
        text: `Its values are those of ${age(now - state.since)} ago. ${retryWords(state.retryAt, now)}`,
        facts: [],
        said: null,
        way: 'retryBox',
      };
    case 'signIn':
      return {
        level: 'warning',
        title: `${name} needs signing in`,
        text: 'ssh would have to ask you something first, so nothing is read until you sign in once in a terminal; who holds what and what is free are not known.',
        facts: [['In a terminal', printable(shellLine(state.command))]],
        said: said(state.said),
        way: 'signIn',
      };
    case 'unreachable':
      return {
        level: 'error',
        title: `${name} does not answer`,
        text: `Not for ${age(now - state.since)}. ${retryWords(state.retryAt, now)}`,
        facts: [],
        said: said(state.said),
        way: 'retryBox',
      };
    case 'noShell':
      return { level: 'warning', title: `${name} has no shell that can be read from`, text: 'It lets us in, and what answers is no POSIX shell on Linux.', facts: [], said: said(state.said), way: 'retryBox' };
  }
}

/** As the dot in front of its name says it. */
const STATES: Readonly<Record<BoxState['kind'], Head['state']>> = { live: 'starting', connecting: 'starting', stale: 'stale', signIn: 'off', unreachable: 'silent', noShell: 'off' };

/** Of a box of which no sample has come. */
export function emptyHead(alias: string, state: BoxState, troubles: readonly Trouble[]): Head {
  return {
    key: alias,
    host: printable(alias),
    line: '',
    machine: '',
    state: STATES[state.kind],
    troubles,
    counts: '',
    sums: '',
    hasGpus: false,
    grouped: false,
    noProcesses: null,
    hiddenProcesses: null,
  };
}

/** When a box is tried again, in a sentence. */
export function retryWords(retryAt: number | undefined, now: number): string {
  return retryAt === undefined || retryAt <= now ? 'It is tried again by itself.' : `It is tried again in ${age(retryAt - now)}.`;
}

function said(text: string): string | null {
  const lines = text.split('\n').map((line) => printable(line).trim()).filter((line) => line !== '');
  return lines.length === 0 ? null : lines.join('\n');
}
