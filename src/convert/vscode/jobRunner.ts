import type { Log } from '../../platform/log.ts';
import type { Notify } from '../../platform/notify.ts';
import type { Trust } from '../../platform/trust.ts';
import type { JobStatus } from '../job.ts';
import type { Jobs } from '../jobs.ts';
import type { JobsModel } from '../view/jobsModel.ts';
import type { ConvertConfig } from './convertConfig.ts';
import { filesToDo } from '../view/planLine.ts';

/** Starts jobs from this window. Their ends are told by `JobsWindow`; what keeps one from starting is told here. */
export class JobRunner {
  private readonly started = new Set<string>();

  constructor(
    private readonly jobs: Jobs,
    private readonly model: JobsModel,
    private readonly services: { readonly trust: Trust; readonly notify: Notify; readonly log: Log },
    private readonly config: Pick<ConvertConfig, 'toolSettings'>,
  ) {}

  hasStarted(id: string): boolean {
    return this.started.has(id);
  }

  /** Runs a planned or an interrupted job. Resolves once it runs, and rejects where it cannot. */
  async run(id: string): Promise<void> {
    if (!(await this.services.trust.check())) {
      return;
    }
    this.started.add(id);
    this.model.expect(id);
    await new Promise<void>((resolve, reject) => {
      this.jobs.run(id, { onStatus: () => resolve() }).then(
        () => resolve(),
        (error: unknown) => {
          this.services.log.error(`Job ${id} could not be run`, error);
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  /** Plans what failed again and runs it. */
  async retry(id: string, salvage: boolean): Promise<void> {
    if (!(await this.services.trust.check())) {
      return;
    }
    // Whatever was wrong with the tools may have been mended in the settings since.
    const request = { ...(await this.jobs.retryRequest(id, salvage)), ...(await this.config.toolSettings()) };
    const again = await this.jobs.plan(request);
    if (again.state === 'planned' && filesToDo(again.counts) > 0) {
      await this.run(again.id);
    } else {
      await this.jobs.store.remove(again.id);
      await this.services.notify.warn(whyNot(again));
    }
  }
}

function whyNot({ problem, counts }: JobStatus): string {
  return problem ?? (counts.refuse > 0 ? 'None of these files can be converted now.' : 'There is nothing left to do again.');
}
