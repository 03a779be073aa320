import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Survey } from '../survey.ts';
import type { ConvertCore } from './convertCore.ts';

/** One look at the chosen files, which goes on while the person chooses. */
export class SurveyRun implements Disposable {
  private readonly changes = new Emitter<Survey | undefined>();
  private readonly stop = new AbortController();
  latest: Survey | undefined;
  /** Whether nothing more will be looked at. */
  isOver = false;
  /** Why it could not go on. */
  problem: string | undefined;

  readonly onDidChange = this.changes.event;

  constructor(core: ConvertCore, inputs: readonly string[], onError: (error: unknown) => void) {
    const { signal } = this.stop;
    core
      .survey(inputs, {
        signal,
        onSurvey: (survey) => {
          this.latest = survey;
          this.changes.fire(survey);
        },
      })
      .catch((error: unknown) => {
        if (!signal.aborted) {
          this.problem = error instanceof Error ? error.message : String(error);
          onError(error);
        }
      })
      .finally(() => {
        this.isOver = true;
        this.changes.fire(this.latest);
      });
  }

  dispose(): void {
    this.stop.abort();
    this.changes.dispose();
  }
}
