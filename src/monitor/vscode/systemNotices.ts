import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Memento } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import type { Services } from '../../platform/services.ts';
import { isRunning, processStat } from '../../process/processIdentity.ts';
import type { ProcessSample } from '../hostSample.ts';
import { GpusFree, IdleHeld, Throttling } from '../notices/gpuRules.ts';
import { MemoryRunsOut } from '../notices/memoryRule.ts';
import type { Notice, NoticeRule } from '../notices/notice.ts';
import { ProcessEnd } from '../notices/processEnd.ts';
import type { WatchedProcess } from '../notices/processEnd.ts';
import type { SystemSample } from '../systemSample.ts';
import { label } from '../view/commandWords.ts';
import { freeGpus, freeMemory } from '../view/free.ts';
import { isMine } from '../view/viewer.ts';
import { parseWantedGpus } from '../wantedGpus.ts';
import type { MonitorConfig, StandingNotice } from './monitorConfig.ts';
import type { Look } from './machineModel.ts';
import type { SystemModel } from './systemModel.ts';

const INTERVAL = 5000;
const WATCHED_KEY = 'monitor.watched';
const WATCHED = v.array(v.object({ pid: v.number(), startTicks: v.string(), title: v.string() }));
/** A run that ends and the next that begins leave a GPU free for a moment. */
const FREE_SECONDS = 60;
const OPEN = 'Open System';
const COPY = 'Copy CUDA_VISIBLE_DEVICES';

/** Tells what a person asked for, and nothing before they did. What was asked of processes outlives a reload. */
export class SystemNotices implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly look: Look;
  private readonly ends = new ProcessEnd(lives);
  private standing: readonly NoticeRule[] = [];
  private free: readonly GpusFree[] = [];

  constructor(
    private readonly model: SystemModel,
    private readonly config: MonitorConfig,
    private readonly services: Pick<Services, 'notify' | 'log'> & { readonly memory: Memento },
    private readonly copyDevices: (uuids: readonly string[]) => Promise<unknown>,
  ) {
    this.look = this.owned.add(model.look());
    const kept = v.safeParse(WATCHED, services.memory.get(WATCHED_KEY));
    (kept.success ? kept.output : []).forEach((process) => this.ends.watch(process));
    this.owned.add(model.onSample((sample) => this.observe(sample)));
    this.owned.add(config.onDidChange(() => this.renew()));
    this.renew();
  }

  async watchEnd(process: ProcessSample): Promise<void> {
    this.ends.watch({ pid: process.pid, startTicks: process.startTicks, title: label(process) });
    await this.remember();
    vscode.window.setStatusBarMessage(`You will be told when process ${process.pid} ends`, 5000);
  }

  /** Asks for how many GPUs with how much memory, and tells once when they are free. */
  async watchFree(): Promise<void> {
    const text = await vscode.window.showInputBox({
      title: 'Notify When GPUs Are Free',
      prompt: 'How many GPUs, and how much memory of each',
      value: '1x40G',
      validateInput: (value) => (parseWantedGpus(value.trim()) === undefined ? 'Such as 2x40G: two GPUs with 40 GiB free each' : undefined),
    });
    const wish = text === undefined ? undefined : parseWantedGpus(text.trim());
    if (wish !== undefined) {
      this.free = [...this.free, new GpusFree({ count: wish.count, bytes: wish.memory, seconds: FREE_SECONDS }, () => this.freeOf())];
      this.sendWish();
    }
  }

  dispose(): void {
    this.owned.dispose();
  }

  private renew(): void {
    const rules: Readonly<Record<StandingNotice, () => NoticeRule>> = {
      idleHeld: () => new IdleHeld((_sample, uuid) => this.isMine(uuid)),
      throttling: () => new Throttling(),
      memory: () => new MemoryRunsOut(),
    };
    this.standing = this.config.notices.map((kind) => rules[kind]());
    this.sendWish();
  }

  private sendWish(): void {
    const asked = this.standing.length > 0 || this.free.length > 0 || this.ends.all.length > 0;
    this.look.wish(asked ? { interval: INTERVAL, detail: this.ends.all.length > 0 ? 'full' : 'gpus' } : undefined);
  }

  private observe(sample: SystemSample): void {
    const rules: readonly NoticeRule[] = [...(this.ends.all.length > 0 ? [this.ends] : []), ...this.standing, ...this.free];
    const notices = rules.flatMap((rule) => rule.observe(sample));
    if (notices.length === 0) {
      return;
    }
    this.free = this.free.filter(({ isDone }) => !isDone);
    this.sendWish();
    void this.remember();
    notices.forEach((notice) => void this.tell(notice));
  }

  private async tell({ kind, message, gpus = [] }: Notice): Promise<void> {
    const { notify, log } = this.services;
    log.info(message);
    const actions = kind === 'gpusFree' ? [COPY, OPEN] : [OPEN];
    const action = await (kind === 'processEnded' || kind === 'gpusFree' ? notify.info(message, ...actions) : notify.warn(message, ...actions));
    if (action === OPEN) {
      await vscode.commands.executeCommand('trainyard.monitor.open');
    } else if (action === COPY) {
      await this.copyDevices(gpus);
    }
  }

  private async remember(): Promise<void> {
    await this.services.memory.update(WATCHED_KEY, this.ends.all.length === 0 ? undefined : this.ends.all);
  }

  private freeOf(): readonly { readonly uuid: string; readonly free: number }[] {
    return freeGpus(this.model.holdings?.gpus ?? []).map((held) => ({ uuid: held.gpu.uuid, free: freeMemory(held) ?? 0 }));
  }

  private isMine(uuid: string): boolean {
    return (this.model.holdings?.gpus ?? []).some(({ gpu, owner }) => gpu.uuid === uuid && isMine(owner));
  }
}

function lives({ pid, startTicks }: WatchedProcess): boolean {
  const stat = processStat(pid);
  return stat?.startTicks === startTicks && isRunning(stat);
}
