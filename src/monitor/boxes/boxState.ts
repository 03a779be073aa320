import type { KeptProcessEnd } from '../../process/keptProcess.ts';
import type { HostInventory } from '../hostSample.ts';
import { SSH_FAILED, sshProblem } from '../../process/ssh/problem.ts';

/**
 * How a box answers. Times are milliseconds since the epoch; `said` is what ssh or the box says.
 *
 * `stale`: it was live, and the link is cut or nothing comes; it is tried again, `retryAt` says when. `signIn`: a person has to answer something first,
 * in a terminal, with `command`. `unreachable`: it is tried again by itself. `noShell`: it lets us in, and what answers is no POSIX
 * shell on Linux.
 */
export type BoxState =
  | { readonly kind: 'connecting' | 'live' }
  | { readonly kind: 'stale'; readonly since: number; readonly retryAt?: number }
  | { readonly kind: 'signIn'; readonly since: number; readonly said: string; readonly command: readonly string[] }
  | { readonly kind: 'unreachable' | 'noShell'; readonly since: number; readonly said: string; readonly retryAt?: number };

/** What everybody who looks at a box is told of it beside its samples. */
export interface BoxReport {
  readonly state: BoxState;
  /** Who we are there, once it is live. */
  readonly uid?: number;
  readonly inventory?: HostInventory;
}

export interface LinkEnd {
  readonly end: Omit<KeptProcessEnd, 'retryIn'>;
  /** The sampler had answered on this link. */
  readonly answered: boolean;
  /** Why we did not want what answered. */
  readonly refused?: string | undefined;
}

/** Trying again soon would lock the account, or wear down a machine that cannot serve us. */
export function isHopeless(link: LinkEnd): boolean {
  const kind = kindOfEnd(link);
  return kind === 'signIn' || kind === 'noShell';
}

/** `cut`: the link had been there. */
export function kindOfEnd({ end, answered, refused }: LinkEnd): 'cut' | 'signIn' | 'unreachable' | 'noShell' {
  if (answered) {
    return 'cut';
  }
  if (refused !== undefined) {
    return 'noShell';
  }
  if (end.exitCode === undefined || end.silent) {
    return 'unreachable';
  }
  return end.exitCode === SSH_FAILED ? sshProblem(end.said) : 'noShell';
}
