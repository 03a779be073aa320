import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Result } from '../../base/endpoint.ts';
import type { HealthApi, HealthEvents, HealthSummary } from '../health/healthApi.ts';
import type { ServiceThread } from '../serviceThread.ts';
import type { DatasetFace } from './datasetFace.ts';

/** The health of the window's datasets, asked of its one thread. */
export class HealthModel implements Disposable {
  private readonly changes = new Emitter<HealthSummary>();
  private readonly thread: ServiceThread<HealthApi, HealthEvents>;
  readonly onDidChange = this.changes.event;

  constructor(face: DatasetFace) {
    this.thread = face.thread<HealthApi, HealthEvents>('health', { changed: (summary) => this.changes.fire(summary as HealthSummary) });
  }

  summary(root: string): Promise<HealthSummary> {
    return this.thread.request('summary', { root });
  }

  groups(root: string): Promise<Result<HealthApi, 'groups'>> {
    return this.thread.request('groups', { root });
  }

  problems(params: Parameters<HealthApi['problems']>[0], signal?: AbortSignal): Promise<Result<HealthApi, 'problems'>> {
    return this.thread.requestUntil(signal, 'problems', params);
  }

  pairs(params: Parameters<HealthApi['pairs']>[0], signal?: AbortSignal): Promise<Result<HealthApi, 'pairs'>> {
    return this.thread.requestUntil(signal, 'pairs', params);
  }

  /** Begins, or goes on where it was stopped. */
  async start(root: string, full: boolean): Promise<void> {
    this.changes.fire(await this.thread.request('start', { root, level: full ? 'full' : 'header' }));
  }

  async stop(root: string): Promise<void> {
    await this.thread.request('stop', { root });
  }

  /** Writes a report to a file that does not exist yet. */
  async saveReport(root: string, form: 'markdown' | 'json' | 'sarif', file: string): Promise<void> {
    await this.thread.request('saveReport', { root, form, file });
  }

  dispose(): void {
    this.thread.dispose();
    this.changes.dispose();
  }
}
