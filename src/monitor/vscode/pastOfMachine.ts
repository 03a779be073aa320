import * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import type { Disposable } from '../../base/disposable.ts';
import { formatBytes } from '../../base/format.ts';
import type { SocketClient } from '../collect/client.ts';
import { hostOfBox } from '../collect/protocol.ts';
import type { HistoryAnswers, HistoryQuery } from '../history/historyQuery.ts';
import type { SystemSample } from '../systemSample.ts';
import { chartHistory, chartQuery, scrubberEvents } from '../view/keptHistory.ts';
import { SeenHistory } from '../view/seenHistory.ts';
import type { DashboardHost, History } from '../webview/protocol.ts';
import type { MachineModel } from './machineModel.ts';

/** What was: as the collector keeps it, or, where nothing is kept, as this window has seen it. */
export class PastOfMachine implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly seen = new SeenHistory();

  constructor(
    private readonly client: SocketClient,
    private readonly model: MachineModel,
    private readonly isKept: () => boolean,
  ) {
    this.owned.add(model.onSample((sample) => !this.isKept() && this.seen.observe(sample)));
  }

  async charts(params: { readonly from: number; readonly to: number; readonly step: number }): Promise<History> {
    if (!this.isKept()) {
      return this.seen.history(params);
    }
    return chartHistory(await this.ask({ what: 'range', ...mutable(chartQuery(this.host, params)) }));
  }

  async kept(): Promise<ReturnType<DashboardHost['kept']>> {
    if (!this.isKept()) {
      return { reason: 'The history is off (trainyard.monitor.history): what this window saw is shown, and gone with it.', events: [] };
    }
    const kept = await this.ask({ what: 'kept', host: this.host });
    const labels = new Map(this.model.holdings?.gpus.map(({ gpu, label }) => [gpu.uuid, label]));
    return kept === null
      ? { reason: 'Nothing has been kept yet.', events: [] }
      : { from: kept.from, to: kept.to, events: scrubberEvents(kept.events, (uuid) => labels.get(uuid) ?? uuid) };
  }

  /** The machine at a time; undefined where nothing was collected near it. */
  async at(time: number): Promise<SystemSample | undefined> {
    const sample = this.isKept() ? (await this.ask({ what: 'at', host: this.host, time }))?.sample : undefined;
    return sample && this.model.alias !== undefined ? { ...sample, host: this.model.alias } : sample;
  }

  /** Writes a range to a file. @returns bytes */
  export(range: { readonly from: number; readonly to: number }, format: 'csv' | 'json', path: string): Promise<number> {
    if (!this.isKept()) {
      throw new Error('The history is off (trainyard.monitor.history), so there is nothing to export.');
    }
    return this.ask({ what: 'export', host: this.host, ...range, format, path });
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** As a file may be called. */
  get name(): string {
    return this.model.alias?.replaceAll(/[^\w.-]/g, '-') ?? 'system';
  }

  private get host(): string {
    return this.model.alias === undefined ? (this.model.holdings?.sample.host ?? '') : hostOfBox(this.model.alias);
  }

  private async ask<W extends HistoryQuery['what']>(query: HistoryQuery & { readonly what: W }): Promise<HistoryAnswers[W]> {
    return (await this.client.ask({ what: 'history', query })) as HistoryAnswers[W];
  }
}

function mutable({ series, ...query }: ReturnType<typeof chartQuery>): Omit<HistoryQuery & { readonly what: 'range' }, 'what'> {
  return { ...query, ...(series && { series: [...series] }) };
}

/** Asks for a file, whose ending says the format, and writes the range to it. */
export async function exportPast(past: PastOfMachine, from: number, to: number): Promise<void> {
  const name = `${past.name}-${new Date(from).toISOString().slice(0, 19).replaceAll(':', '')}.csv`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    title: 'Export History',
    filters: { CSV: ['csv'], JSON: ['json'] },
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
  if (uri !== undefined) {
    const bytes = await past.export({ from, to }, uri.path.endsWith('.json') ? 'json' : 'csv', uri.fsPath);
    vscode.window.setStatusBarMessage(`${formatBytes(bytes)} exported`, 5000);
  }
}
