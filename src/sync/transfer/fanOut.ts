import type { SyncOutcome, SyncProgress } from '../run.ts';
import { SyncError } from '../syncError.ts';

/** What is to be done to one box. */
export interface Leg {
  readonly box: string;
  run(this: void, onProgress: (progress: SyncProgress) => void, signal: AbortSignal): Promise<SyncOutcome>;
}

export type LegResult = { readonly box: string; readonly outcome: SyncOutcome } | { readonly box: string; readonly error: SyncError };

export interface FanOutListener {
  onProgress(box: string, progress: SyncProgress): void;
  onEnd(result: LegResult): void;
}

/** All boxes at once, each told of by itself: one that is slow or dead holds up no other. Never rejects. */
export function runFanOut(legs: readonly Leg[], listener: FanOutListener, signal: AbortSignal): Promise<readonly LegResult[]> {
  return Promise.all(
    legs.map(async ({ box, run }): Promise<LegResult> => {
      const result = await run((progress) => listener.onProgress(box, progress), signal).then(
        (outcome) => ({ box, outcome }),
        (error: unknown) => ({ box, error: error instanceof SyncError ? error : new SyncError('failed', error instanceof Error ? error.message : String(error), { cause: error }) }),
      );
      listener.onEnd(result);
      return result;
    }),
  );
}
