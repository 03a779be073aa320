/**
 * Why a sync could not be planned or run. `signIn`, `unreachable`, `noisyShell`, `noRsync`: the box; `target`: what was asked for;
 * `guard`: a guard stops it; `stale`: the plan no longer holds; `busy`: another window syncs this target; `space`, `permission`: the
 * system refuses.
 */
export type SyncReason = 'signIn' | 'unreachable' | 'noisyShell' | 'noRsync' | 'target' | 'guard' | 'stale' | 'busy' | 'space' | 'permission' | 'failed' | 'cancelled';

export class SyncError extends Error {
  override readonly name = 'SyncError';

  constructor(
    readonly reason: SyncReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
