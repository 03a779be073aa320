import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { statusBarText } from '../view/statusBar.ts';
import { tooltipMarkdown } from '../view/tooltip.ts';
import type { MonitorConfig } from './monitorConfig.ts';
import type { Look } from './machineModel.ts';
import type { SystemModel } from './systemModel.ts';

/** Milliseconds between samples while only the status bar shows them, and between changes of its text. */
const INTERVAL = 5000;
const LINKS = [
  { title: 'Open System', command: 'trainyard.monitor.open' },
  { title: 'Fleet', command: 'trainyard.monitor.fleet' },
  { title: 'Copy CUDA_VISIBLE_DEVICES', command: 'trainyard.monitor.copyCudaDevices' },
] as const;
const BACKGROUNDS = { warning: 'statusBarItem.warningBackground', error: 'statusBarItem.errorBackground' } as const;

/** The one item in the status bar; it is there only where a GPU is, or was expected. */
export class StatusBarItem implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly item: vscode.StatusBarItem;
  private readonly look: Look;
  private shownAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly model: SystemModel,
    private readonly config: MonitorConfig,
  ) {
    this.look = this.owned.add(model.look());
    this.item = this.owned.add(vscode.window.createStatusBarItem('trainyard.system', vscode.StatusBarAlignment.Right, 101));
    this.item.name = 'Trainyard System';
    this.item.command = 'trainyard.monitor.open';
    this.owned.add(model.onDidChange(() => this.schedule()));
    this.owned.add(config.onDidChange(() => this.renew()));
    this.renew();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.owned.dispose();
  }

  private renew(): void {
    this.look.wish(this.config.statusBar === 'off' ? undefined : { interval: INTERVAL, detail: 'gpus' });
    this.show();
  }

  /** At most every five seconds, whoever else looks: a text that changes each second draws the eye. */
  private schedule(): void {
    const wait = this.shownAt + INTERVAL - performance.now();
    if (wait <= 0) {
      this.show();
    } else {
      this.timer ??= setTimeout(() => this.show(), wait);
    }
  }

  private show(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { holdings, collector, watch } = this.model;
    const choice = this.config.statusBar;
    const now = Date.now();
    const { memoryWarning } = this.config;
    const shown = choice === 'off' ? undefined : statusBarText(holdings, { choice, memoryWarning, now, collector, watch });
    if (shown === undefined) {
      this.item.hide();
      return;
    }
    this.shownAt = performance.now();
    this.item.text = shown.text;
    this.item.accessibilityInformation = { label: shown.spoken, role: 'button' };
    this.item.backgroundColor = shown.background && new vscode.ThemeColor(BACKGROUNDS[shown.background]);
    if (holdings === undefined) {
      this.item.tooltip = shown.spoken;
    } else {
      const tooltip = new vscode.MarkdownString(tooltipMarkdown(holdings, { now, memoryWarning, watch, links: LINKS }), true);
      tooltip.isTrusted = { enabledCommands: LINKS.map(({ command }) => command) };
      this.item.tooltip = tooltip;
    }
    this.item.show();
  }
}
