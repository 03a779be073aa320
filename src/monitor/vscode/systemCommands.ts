import * as vscode from 'vscode';
import { formatCountOf } from '../../base/format.ts';
import { isAbsent, known } from '../../base/absent.ts';
import { printable } from '../../base/printable.ts';
import { shellLine } from '../../base/shellWords.ts';
import type { Services } from '../../platform/services.ts';
import { SIGNALS, signalProcess } from '../../process/signalProcess.ts';
import type { Signal } from '../../process/signalProcess.ts';
import type { ProcessSample } from '../hostSample.ts';
import { commandOf, label, shortCommand } from '../view/commandWords.ts';
import { visibleDevicesLine } from '../view/cudaDevices.ts';
import type { Device } from '../view/cudaDevices.ts';
import { freeGpus, freeMemory } from '../view/free.ts';
import { heldBy } from '../view/gpuRow.ts';
import { processKey } from '../view/holders.ts';
import type { Holdings } from '../view/holders.ts';
import type { NodeSubject } from '../view/tree.ts';
import { memoryQuantity } from '../webview/quantity.ts';
import type { MachineModel } from './machineModel.ts';
import type { SystemModel } from './systemModel.ts';
import type { SystemNotices } from './systemNotices.ts';
import { terminalOf } from './terminalOf.ts';

/** What each signal asks for, in a person's words. */
const SIGNAL_WORDS: Readonly<Record<Signal, string>> = {
  SIGINT: 'Interrupt, as Ctrl+C does',
  SIGTERM: 'Ask to end',
  SIGKILL: 'End at once: nothing is saved',
  SIGSTOP: 'Pause: it keeps its memory',
  SIGCONT: 'Go on after a pause',
};

type Handler = (target?: unknown, selected?: unknown) => Promise<unknown>;

export interface SystemCommands {
  readonly copyCudaDevices: Handler;
  readonly copyPid: Handler;
  readonly copyCommand: Handler;
  readonly revealTerminal: Handler;
  readonly signal: Handler;
  readonly notifyEnd: Handler;
  readonly notifyFree: Handler;
}

/** What can be done with GPUs and processes; from the palette a person picks one of this machine. */
export function systemCommands(model: SystemModel, boxes: () => readonly MachineModel[], notices: () => SystemNotices, services: Services): SystemCommands {
  const { notify } = services;
  const onProcess =
    (run: (process: ProcessSample) => Promise<unknown>, onlyOwn: boolean, onlyHere: boolean): Handler =>
    async (target) => {
      const { machine = '' } = targetOf(target);
      if (machine !== '' && onlyHere) {
        throw new Error('This can be done to processes of this machine alone. On a box, use a terminal.');
      }
      const holdings = holdingsOf(machine === '' ? model : boxes().find(({ alias }) => alias === machine));
      const process = processOf(target, holdings) ?? (await pickProcess(holdings, model.viewer.uid, onlyOwn));
      return process && run(process);
    };
  return {
    copyCudaDevices: async (target, selected) => {
      const all = [model, ...boxes()].map(({ holdings }) => holdings).filter((holdings) => holdings !== undefined);
      const devices = devicesOf(all, target, selected) ?? (await pickDevices(holdingsOf(model)));
      if (devices !== undefined) {
        await copyDevices(devices, services);
      }
    },
    copyPid: onProcess(({ pid }) => copy(String(pid), `PID ${pid}`), false, false),
    copyCommand: onProcess((process) => copy(shellLine(commandOf(process)), 'The command'), false, false),
    revealTerminal: onProcess(async (process) => {
      const terminal = await terminalOf(process, known(holdingsOf(model).sample.processes) ?? []);
      if (terminal === undefined) {
        await notify.info(`Process ${process.pid} was not started in a terminal of this window.`);
      }
      terminal?.show();
    }, true, true),
    signal: onProcess((process) => signal(process, services), true, true),
    notifyEnd: onProcess((process) => notices().watchEnd(process), false, true),
    notifyFree: () => notices().watchFree(),
  };
}

async function signal(process: ProcessSample, { notify, log }: Services): Promise<void> {
  const picked = await vscode.window.showQuickPick(
    SIGNALS.map((name) => ({ label: name, description: SIGNAL_WORDS[name] })),
    { title: `Signal to ${label(process)} (${process.pid})`, placeHolder: 'Which signal' },
  );
  if (picked === undefined) {
    return;
  }
  const question = `Send ${picked.label} to process ${process.pid}?`;
  if (picked.label === 'SIGCONT' || (await notify.confirm(question, shortCommand(process), `Send ${picked.label}`))) {
    signalProcess(process.pid, process.startTicks, picked.label);
    log.info(`sent ${picked.label} to ${process.pid}`);
  }
}

async function copyDevices(devices: readonly Device[], { notify }: Services): Promise<void> {
  const line = visibleDevicesLine(devices);
  if (line === undefined) {
    await notify.warn('No variable names these devices: they are of several makers, or have no UUID that a shell can be given.');
    return;
  }
  await copy(line, line.slice(0, line.indexOf('=')));
}

async function copy(text: string, what: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(`${what} copied`, 3000);
}

function holdingsOf(model: MachineModel | undefined): Holdings {
  if (model?.holdings === undefined) {
    throw new Error(model?.collector.kind === 'stopped' ? `Nothing is known of this machine: ${model.collector.reason}` : 'This machine has not been read yet.');
  }
  return model.holdings;
}

/** What a command can be given: a row of the tree, or what a row of the dashboard says of itself. */
interface Target {
  readonly subject?: NodeSubject;
  /** A UUID. */
  readonly gpu?: string;
  /** `PID/STARTTICKS`. */
  readonly process?: string;
  /** A box by its name for ssh; empty: this machine. */
  readonly machine?: string;
}

function targetOf(value: unknown): Target {
  return typeof value === 'object' && value !== null ? value : {};
}

function processOf(target: unknown, { sample }: Holdings): ProcessSample | undefined {
  const { subject, process } = targetOf(target);
  if (subject?.kind === 'process') {
    return subject.process;
  }
  const found = process === undefined ? undefined : (known(sample.processes) ?? []).find((one) => processKey(one) === process);
  if (process !== undefined && found === undefined) {
    throw new Error('This process has ended.');
  }
  return found;
}

/** The GPUs of the rows that are selected, or of the one that was pointed at. */
function devicesOf(all: readonly Holdings[], target: unknown, selected: unknown): readonly Device[] | undefined {
  const gpus = all.flatMap((holdings) => holdings.gpus);
  const targets = (Array.isArray(selected) && selected.length > 0 ? (selected as unknown[]) : [target]).map(targetOf);
  const devices = targets.flatMap(({ subject, gpu }) => {
    const uuid = subject?.kind === 'gpu' ? subject.uuid : gpu;
    const held = gpus.find((one) => one.gpu.uuid === uuid);
    return held === undefined ? [] : [{ gpu: held.gpu, ...(subject?.kind === 'gpu' && subject.slice && { slice: subject.slice }) }];
  });
  return devices.length === 0 ? undefined : devices;
}

async function pickDevices(holdings: Holdings): Promise<readonly Device[] | undefined> {
  const free = new Set(freeGpus(holdings.gpus).map(({ gpu }) => gpu.uuid));
  const items = holdings.gpus.flatMap((held) => {
    const { gpu, label: number } = held;
    const memory = freeMemory(held);
    const { who, what } = heldBy(held);
    const words = [`${who} ${what}`.trim(), ...(memory === undefined ? [] : [`${memoryQuantity(memory).digits} ${memoryQuantity(memory).unit} unused`])].join(' · ');
    const slices = gpu.slices.map((slice) => ({
      label: `GPU ${number}: ${isAbsent(slice.profile) ? `slice ${slice.index}` : printable(slice.profile)}`,
      description: '',
      picked: false,
      device: { gpu, slice },
    }));
    return slices.length > 0 ? slices : [{ label: `GPU ${number}`, description: words, picked: free.has(gpu.uuid), device: { gpu } }];
  });
  const picked = await vscode.window.showQuickPick<(typeof items)[number]>(items, {
    canPickMany: true,
    title: 'GPUs for CUDA_VISIBLE_DEVICES',
    placeHolder: free.size === 0 ? 'No GPU is free' : `${formatCountOf(free.size, 'free GPU')} chosen`,
  });
  return picked === undefined || picked.length === 0 ? undefined : picked.map(({ device }) => device);
}

async function pickProcess(holdings: Holdings, uid: number, onlyOwn: boolean): Promise<ProcessSample | undefined> {
  const all = holdings.runs.flatMap(({ members }) => members.map(({ process }) => process)).filter((process) => !onlyOwn || process.uid === uid);
  const items = all.map((process) => ({ label: printable(shortCommand(process)), description: `${process.pid} · ${printable(process.user)}`, process }));
  if (items.length === 0) {
    throw new Error(onlyOwn ? 'No process of yours uses a GPU here.' : 'No process that can be seen uses a GPU here.');
  }
  return (await vscode.window.showQuickPick(items, { placeHolder: 'Which process', matchOnDescription: true }))?.process;
}
