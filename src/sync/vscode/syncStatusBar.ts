import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { formatCountOf, formatPercent } from '../../base/format.ts';
import { createThrottle } from '../../base/throttle.ts';
import type { BoxLine } from '../webview/planProtocol.ts';
import type { SyncModel } from './syncModel.ts';

/** Milliseconds between changes of its text. */
const INTERVAL = 500;

/** There only while something moves or waits for an answer. */
export class SyncStatusBar implements Disposable {
  private readonly own = new DisposableStore();
  private readonly item: vscode.StatusBarItem;

  constructor(private readonly model: SyncModel) {
    this.item = this.own.add(vscode.window.createStatusBarItem('trainyard.sync', vscode.StatusBarAlignment.Left, 40));
    this.item.name = 'Trainyard Sync';
    this.item.command = 'trainyard.sync.showRunning';
    const show = this.own.add(createThrottle(INTERVAL, () => this.show()));
    this.own.add(model.onDidChange(() => show.request()));
  }

  dispose(): void {
    this.own.dispose();
  }

  private show(): void {
    const moving = this.model.allFacts.flatMap(({ name, boxes }) => boxes.filter(isMoving).map((line) => ({ name, line })));
    const [first] = moving;
    if (first === undefined) {
      this.item.hide();
      return;
    }
    const { name, line } = first;
    const more = moving.length > 1 ? ` and ${formatCountOf(moving.length - 1, 'more box', 'more boxes')}` : '';
    this.item.text = line.phase === 'waiting' ? `$(warning) ${name} → ${line.box}: no answer` : `$(sync~spin) ${name} → ${line.box}${line.fraction === undefined ? '' : ` ${formatPercent(line.fraction)}`}${more}`;
    this.item.tooltip = moving.map((one) => `${one.name} → ${one.line.box}: ${one.line.words}${one.line.pace ? ` · ${one.line.pace}` : ''}`).join('\n');
    this.item.show();
  }
}

function isMoving({ phase }: BoxLine): boolean {
  return phase === 'running' || phase === 'waiting';
}
