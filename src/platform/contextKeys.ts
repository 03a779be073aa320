import * as vscode from 'vscode';

/** Every context key that Trainyard sets. The `when`s in package.json ask for these. */
export interface ContextKeyValues {
  /** The list of jobs was read. */
  'trainyard.jobs.ready': boolean;
  'trainyard.jobs.any': boolean;
  'trainyard.jobs.planned': boolean;
  'trainyard.jobs.running': boolean;
  'trainyard.jobs.interrupted': boolean;
  /** Some job has failed files that can be tried again. */
  'trainyard.jobs.failed': boolean;
  'trainyard.jobs.ended': boolean;
  /** ffmpeg, sox or ImageMagick was looked for and not found. */
  'trainyard.tools.missing': boolean;
  /** A GPU is known here. */
  'trainyard.system.gpus': boolean;
  /** The processes of this machine are known. */
  'trainyard.system.processes': boolean;
  /** Some other machine is shown. */
  'trainyard.system.boxes': boolean;
  /** Datasets were looked for. */
  'trainyard.datasets.ready': boolean;
  /** Some dataset is in the view. */
  'trainyard.datasets.any': boolean;
  /** Some dataset was taken out of the view. */
  'trainyard.datasets.excluded': boolean;
  /** Targets of syncs were looked for. */
  'trainyard.sync.ready': boolean;
  /** Some folder is kept in step with a box. */
  'trainyard.sync.any': boolean;
  /** Some folder of a run on a box is looked at. */
  'trainyard.sync.runs': boolean;
}

/** The one place that sets context keys; a value that stays the same is not sent again. */
export class ContextKeys {
  private readonly sent = new Map<string, boolean>();

  set(values: Partial<ContextKeyValues>): void {
    for (const [key, value] of Object.entries(values)) {
      if (this.sent.get(key) !== value) {
        this.sent.set(key, value);
        void vscode.commands.executeCommand('setContext', key, value);
      }
    }
  }
}
