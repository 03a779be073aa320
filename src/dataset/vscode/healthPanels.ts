import { basename, join, relative } from 'node:path';
import * as v from 'valibot';
import { commands, Range, Uri, ViewColumn, window } from 'vscode';
import type { WebviewPanel } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { formatBytes, formatCountOf } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import { checked, WebviewHost } from '../../platform/webviewHost.ts';
import type { Problem } from '../../media/problem.ts';
import { lineOf } from '../../media/problem.ts';
import type { HealthItem, HealthPair as StoredPair, HealthSummary } from '../health/healthApi.ts';
import type { ThumbnailsApi } from '../thumbnails/thumbnailsApi.ts';
import { HEALTH_REPORTS } from '../webview/health/protocol.ts';
import type { HealthGroup, HealthHost, HealthPage, HealthPair, HealthReport, HealthRow, PairSide } from '../webview/health/protocol.ts';
import type { DatasetFace } from './datasetFace.ts';
import type { HealthModel } from './healthModel.ts';

const VIEW_TYPE = 'trainyard.health';

const CODE = v.pipe(v.string(), v.regex(/^[a-z0-9-]+\/[a-z0-9-]+$/), v.maxLength(80));
const WHOLE = v.pipe(v.number(), v.integer(), v.minValue(0));
const SIDE = v.picklist([0, 1]);
const PAGE = v.strictObject({ code: CODE, offset: WHOLE, count: v.pipe(WHOLE, v.maxValue(1000)) });
const PICTURE = v.strictObject({ code: CODE, index: WHOLE, side: SIDE });
const START = v.strictObject({ full: v.boolean() });
const SAVE = v.strictObject({ report: v.picklist(HEALTH_REPORTS) });
const OPEN = v.strictObject({ code: CODE, index: WHOLE, side: v.optional(SIDE) });

/** Rules whose problems are of two files that can be laid side by side. */
const PAIR_CODES = new Set(['split/same-content', 'split/near-duplicate', 'duplicate/content', 'duplicate/near']);
const CONSEQUENCES = { error: 'stops', warning: 'biases', info: 'look' } as const;
const STATES = { never: 'never', running: 'running', complete: 'done', cancelled: 'stopped', failed: 'stopped' } as const;
const EXTENSIONS: Readonly<Record<HealthReport, string>> = { markdown: 'md', json: 'json', sarif: 'sarif' };
const PICTURE_SIZE = 512;

export interface HealthPanels extends Disposable {
  /** Shows a dataset's health in an editor tab; there is one for each dataset. */
  open(root: string): void;
}

export function createHealthPanels(face: DatasetFace, model: HealthModel): HealthPanels {
  const shown = new Map<string, { readonly panel: WebviewPanel; readonly session: Disposable }>();
  return {
    open(root) {
      const there = shown.get(root);
      if (there !== undefined) {
        there.panel.reveal();
        return;
      }
      const panel = window.createWebviewPanel(VIEW_TYPE, `Health: ${printable(basename(root) || root)}`, { viewColumn: ViewColumn.Active });
      const session = new HealthSession(face, model, root, panel);
      shown.set(root, { panel, session });
      panel.onDidDispose(() => {
        session.dispose();
        shown.delete(root);
      });
    },
    dispose() {
      for (const { panel, session } of [...shown.values()]) {
        session.dispose();
        panel.dispose();
      }
      shown.clear();
    },
  };
}

class HealthSession implements Disposable {
  private readonly own = new DisposableStore();
  private readonly host: WebviewHost<HealthHost, HealthPage>;
  private readonly thumbnails;
  private ready = false;

  constructor(
    face: DatasetFace,
    private readonly model: HealthModel,
    private readonly root: string,
    private readonly panel: WebviewPanel,
  ) {
    this.thumbnails = this.own.add(face.share<ThumbnailsApi>('thumbnails'));
    this.host = this.own.add(
      new WebviewHost<HealthHost, HealthPage>({
        webview: panel.webview,
        extensionUri: face.services.extensionUri,
        page: 'datasetHealth',
        title: 'Health',
        showsMedia: true,
        onReady: () => {
          this.ready = true;
          void this.show();
        },
        handlers: {
          rows: checked(PAGE, ({ code, offset, count }, signal) => this.rows(code, offset, count, signal)),
          pairs: checked(PAGE, ({ code, offset, count }, signal) => this.pairs(code, offset, count, signal)),
          picture: checked(PICTURE, ({ code, index, side }, signal) => this.picture(code, index, side, signal)),
          start: checked(START, async ({ full }) => void (await model.start(root, full))),
          stop: () => model.stop(root),
          save: checked(SAVE, ({ report }) => this.save(report)),
          open: checked(OPEN, ({ code, index, side }) => this.open(code, index, side)),
        },
      }),
    );
    this.own.add(model.onDidChange((summary) => summary.root === root && void this.show()));
  }

  dispose(): void {
    this.own.dispose();
  }

  private async show(): Promise<void> {
    if (!this.ready || !this.panel.visible) {
      return;
    }
    try {
      const [summary, groups] = await Promise.all([this.model.summary(this.root), this.model.groups(this.root)]);
      this.host.notify('show', { head: headOf(summary), groups: groups.map(({ code, severity, title, count, files, example }): HealthGroup => ({ code, title, count, consequence: CONSEQUENCES[severity], form: PAIR_CODES.has(code) ? 'pairs' : 'rows', detail: count === 1 ? example : `${formatCountOf(files, 'file')} · ${example}` })) });
    } catch (error) {
      this.host.notify('problem', error instanceof Error ? error.message : String(error));
    }
  }

  private async rows(code: string, offset: number, count: number, signal: AbortSignal) {
    const { problems, total } = await this.model.problems({ root: this.root, code, offset, count }, signal);
    return { total, items: problems.map(({ file, row, message }, index): HealthRow => ({ index: offset + index, path: this.within(file), row: row ?? null, message })) };
  }

  private async pairs(code: string, offset: number, count: number, signal: AbortSignal) {
    const { pairs, total } = await this.model.pairs({ root: this.root, code, offset, count }, signal);
    return { total, items: pairs.map((pair, index): HealthPair => ({ index: offset + index, likeness: likenessOf(pair), sides: [this.sideOf(pair.a), this.sideOf(pair.b)] })) };
  }

  private async picture(code: string, index: number, side: 0 | 1, signal: AbortSignal) {
    const { pairs } = await this.model.pairs({ root: this.root, code, offset: index, count: 1 }, signal);
    const item = side === 0 ? pairs[0]?.a : pairs[0]?.b;
    const drawn = item && (await this.thumbnails.requestUntil(signal, 'thumbnail', { place: { file: item.file }, px: PICTURE_SIZE }));
    return drawn?.drawn === 'picture' ? { type: drawn.type, bytes: drawn.bytes } : null;
  }

  private async save(report: HealthReport): Promise<void> {
    const name = `${basename(this.root)}-health.${EXTENSIONS[report]}`;
    const target = await window.showSaveDialog({ title: 'Save Health Report', defaultUri: Uri.file(join(this.root, '..', name)) });
    if (target !== undefined) {
      await this.model.saveReport(this.root, report, target.fsPath);
      await commands.executeCommand('vscode.open', target);
    }
  }

  private async open(code: string, index: number, side: 0 | 1 | undefined): Promise<void> {
    if (side !== undefined) {
      const { pairs } = await this.model.pairs({ root: this.root, code, offset: index, count: 1 });
      const item = side === 0 ? pairs[0]?.a : pairs[0]?.b;
      if (item !== undefined) {
        await commands.executeCommand('vscode.open', Uri.file(item.file), { preview: true });
      }
      return;
    }
    const { problems } = await this.model.problems({ root: this.root, code, offset: index, count: 1 });
    if (problems[0] !== undefined) {
      await openProblem(problems[0]);
    }
  }

  private within(file: string): string {
    const path = relative(this.root, file);
    return path === '' ? basename(file) : path.startsWith('..') ? file : path;
  }

  private sideOf({ file, split, label, size, width, height, duration }: HealthItem): PairSide {
    return {
      path: this.within(file),
      split: split ?? null,
      facts: [
        ...(width !== undefined && height !== undefined ? [{ name: 'Pixels', value: `${width}×${height}` }] : []),
        ...(duration === undefined ? [] : [{ name: 'Length', value: `${duration.toFixed(2)} s` }]),
        { name: 'Size', value: formatBytes(size) },
        ...(label === undefined ? [] : [{ name: 'Label', value: label }]),
      ],
    };
  }
}

function headOf({ root, checked: done, files, state, level, notes, at }: HealthSummary) {
  return { name: basename(root) || root, checked: done, total: files, when: state === 'never' ? null : at, state: STATES[state], full: level === 'full', notes };
}

function likenessOf({ kind, distance }: StoredPair): string {
  return kind === 'identical' ? 'same bytes' : `dHash distance ${distance}`;
}

async function openProblem(problem: Problem): Promise<void> {
  const line = lineOf(problem);
  const selection = line === undefined ? undefined : new Range(line - 1, 0, line - 1, 0);
  await commands.executeCommand('vscode.open', Uri.file(problem.file), { preview: true, ...(selection && { selection }) });
}
