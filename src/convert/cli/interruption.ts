import type { Disposable } from '../../base/disposable.ts';
import type { Jobs } from '../jobs.ts';
import type { CliIo } from '../../base/cliIo.ts';
import type { ProgressLine } from './progressLine.ts';

/** The first Ctrl-C cancels the job, which then ends by itself; the second one ends this process. */
export class Interruption implements Disposable {
  private readonly listening: Disposable;
  private id: string | undefined;
  private cancelling: Promise<void> | undefined;
  isRaised = false;

  constructor(
    private readonly io: CliIo,
    private readonly jobs: Pick<Jobs, 'cancel'>,
    private readonly line: ProgressLine,
  ) {
    this.listening = io.onInterrupt(() => this.raise());
  }

  /** The job that is under way. */
  follow(id: string): void {
    this.id = id;
    this.cancelIfRaised();
  }

  /** Resolves when the job is cancelled, where it was to be. */
  async settle(): Promise<void> {
    await this.cancelling;
  }

  dispose(): void {
    this.listening.dispose();
  }

  private raise(): void {
    this.listening.dispose();
    this.isRaised = true;
    this.line.clear();
    this.io.err('Cancelling. Ctrl-C again to stop waiting.\n');
    this.cancelIfRaised();
  }

  private cancelIfRaised(): void {
    if (this.isRaised && this.id !== undefined) {
      this.cancelling ??= this.jobs.cancel(this.id);
      // Whoever settles is told; until then a failure is not to end the process.
      this.cancelling.catch(() => {});
    }
  }
}
