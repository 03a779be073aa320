import type { Disposable } from '../../base/disposable.ts';
import type { Config } from '../../platform/config.ts';
import type { Notice } from '../notices/notice.ts';
import type { StatusBarChoice } from '../view/statusBar.ts';

const STATUS_BAR_CHOICES = ['counts', 'mine', 'busiest', 'average', 'bars', 'off'] as const satisfies readonly (StatusBarChoice | 'off')[];

const STANDING_NOTICES = ['idleHeld', 'throttling', 'memory'] as const satisfies readonly Notice['kind'][];

export type StandingNotice = (typeof STANDING_NOTICES)[number];

const MEMORY_WARNING_PERCENT = 98;

const HISTORY_MEGABYTES = 200;

/** The monitor's settings, each read at the border into its own type. */
export class MonitorConfig {
  constructor(private readonly config: Config) {}

  get statusBar(): StatusBarChoice | 'off' {
    const value = this.config.merged('monitor.statusBar');
    return STATUS_BAR_CHOICES.find((choice) => choice === value) ?? 'counts';
  }

  /** Percent of a GPU's memory from which on the status bar warns. */
  get memoryWarning(): number {
    const value = this.config.merged('monitor.memoryWarning');
    return typeof value === 'number' && value >= 50 && value <= 100 ? value : MEMORY_WARNING_PERCENT;
  }

  /** One collector serves all windows, so no workspace has a say. */
  get history(): boolean {
    return this.config.ofUser('monitor.history') !== false;
  }

  /** Bytes that the history may take on disk. */
  get historyBound(): number {
    const value = this.config.ofUser('monitor.historySize');
    return (typeof value === 'number' && value >= 10 && value <= 100_000 ? value : HISTORY_MEGABYTES) * 1_000_000;
  }

  /** What to be told of without asking each time. */
  get notices(): readonly StandingNotice[] {
    const value = this.config.merged('monitor.notices');
    return Array.isArray(value) ? STANDING_NOTICES.filter((kind) => value.includes(kind)) : [];
  }

  /** As it stands in the user's settings. A workspace would have us sign in where it likes. */
  get boxes(): unknown {
    return this.config.ofUser('monitor.boxes');
  }

  onDidChange(listener: () => void): Disposable {
    return this.config.onDidChange('monitor', listener);
  }
}
