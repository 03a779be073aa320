import { basename } from 'node:path';
import * as vscode from 'vscode';
import { formatCountOf } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import type { OptionSpec, OptionValue } from '../../recipe/option.ts';
import { parseOption } from '../optionValues.ts';
import { cliLine } from '../view/cliLine.ts';
import { changedOptions, choiceEntries, inputFault, inputPrompt, optionEntries } from '../view/optionPick.ts';
import type { Draft } from './draft.ts';
import { Pick, askLine, plainLabel, separator } from './pick.ts';

type Act = 'plan' | 'output' | 'damaged' | 'atOnce' | 'copy';

interface OptionItem extends vscode.QuickPickItem {
  readonly act?: Act;
  /** The option that it stands for. */
  readonly option?: string;
}

export type OptionAnswer = { readonly type: 'plan'; readonly draft: Draft } | { readonly type: 'back' | 'closed' };

const RESET: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('discard'), tooltip: 'Reset to Default' };
const PLACEHOLDER = 'Choose an option to change it, or go on to the plan';
const MOST_AT_ONCE = 1024;

export interface OptionFacts {
  /** How many files the preset applies to, where known. */
  readonly files: number | undefined;
  /** Where outputs go by default; undefined where that cannot be told. */
  readonly folder: Promise<string | undefined>;
}

/** The second step: the preset's options and where the outputs go. */
export async function chooseOptions(start: Draft, { files, folder }: OptionFacts): Promise<OptionAnswer> {
  let draft = start;
  let active: string | undefined;
  let known: string | undefined;
  let renew = (): void => undefined;
  void folder.then((path) => {
    known = path;
    renew();
  });
  for (;;) {
    const pick = new Pick<OptionItem>({
      title: `${printable(draft.preset.title)} · options`,
      placeholder: PLACEHOLDER,
      step: { current: 2, total: 3 },
      canGoBack: true,
    });
    renew = () => pick.setItems(itemsOf(draft, files, known), ({ label }) => label);
    renew();
    const again = pick.ui.items.filter(({ act, option }) => active !== undefined && (act === active || option === active));
    if (again.length > 0) {
      pick.ui.activeItems = again;
    }
    const event = await pick.next();
    renew = () => undefined;
    pick.dispose();
    if (event.type === 'hide' || event.type === 'back') {
      return { type: event.type === 'back' ? 'back' : 'closed' };
    }
    const { act, option } = event.item;
    active = act ?? option;
    if (act === 'plan') {
      return { type: 'plan', draft };
    }
    if (act === 'copy') {
      await vscode.env.clipboard.writeText(commandOf(draft));
      return { type: 'closed' };
    }
    draft = event.type === 'button' ? reset(draft, event.item) : await change(draft, event.item);
  }
}

function itemsOf(draft: Draft, files: number | undefined, folder: string | undefined): OptionItem[] {
  const { preset, values, output, jobs, salvage } = draft;
  const count = files === undefined ? [] : [formatCountOf(files, 'file')];
  const options = optionEntries(preset.options, values).map(({ name, label, description }): OptionItem => {
    const isChanged = values[name] !== preset.options[name]?.default;
    return { label: `$(settings) ${plainLabel(label)}`, description, option: name, ...(isChanged && { buttons: [RESET] }) };
  });
  return [
    { label: '$(arrow-right) Show the plan', description: ['nothing is written yet', ...count].join(' · '), act: 'plan' },
    ...(options.length > 0 ? [separator('options'), ...options] : []),
    separator('files'),
    {
      label: '$(folder) Write to',
      description: output === undefined ? newFolder(folder) : `${plainLabel(printable(output))} · changed`,
      act: 'output',
      ...(output !== undefined && { buttons: [RESET] }),
    },
    {
      label: '$(shield) Damaged files',
      description: salvage ? 'keep what can be decoded and say what is lost · changed' : 'count as failed',
      act: 'damaged',
    },
    separator('running'),
    {
      label: '$(server-process) At once',
      description: jobs === undefined ? 'as many as there are CPUs' : `${jobs} · changed`,
      act: 'atOnce',
      ...(jobs !== undefined && { buttons: [RESET] }),
    },
    separator('from the terminal'),
    { label: '$(terminal) Copy command', detail: plainLabel(commandOf(draft)), act: 'copy' },
  ];
}

function newFolder(folder: string | undefined): string {
  return folder === undefined ? 'a folder of its own beside the files' : `${plainLabel(printable(basename(folder)))} · beside the files`;
}

function commandOf({ preset, values, inputs, output, jobs, salvage }: Draft): string {
  return cliLine({
    preset: preset.id,
    options: changedOptions(preset.options, values),
    inputs,
    ...(output !== undefined && { output }),
    ...(jobs !== undefined && { jobs }),
    salvage,
  });
}

function reset(draft: Draft, { act, option }: OptionItem): Draft {
  const { output, jobs, ...rest } = draft;
  if (act === 'output') {
    return { ...rest, ...(jobs !== undefined && { jobs }) };
  }
  if (act === 'atOnce') {
    return { ...rest, ...(output !== undefined && { output }) };
  }
  const spec = option === undefined ? undefined : draft.preset.options[option];
  return option === undefined || spec === undefined ? draft : { ...draft, values: { ...draft.values, [option]: spec.default } };
}

async function change(draft: Draft, item: OptionItem): Promise<Draft> {
  switch (item.act) {
    case 'damaged':
      return { ...draft, salvage: !draft.salvage };
    case 'output': {
      const output = await askFolder(draft);
      return output === undefined ? draft : { ...draft, output };
    }
    case 'atOnce': {
      const jobs = await askJobs(draft.jobs);
      return jobs === undefined ? draft : { ...draft, jobs };
    }
    default: {
      const { option } = item;
      const spec = option === undefined ? undefined : draft.preset.options[option];
      const value = option === undefined || spec === undefined ? undefined : await askValue(option, spec, draft.values[option] ?? spec.default);
      return option === undefined || value === undefined ? draft : { ...draft, values: { ...draft.values, [option]: value } };
    }
  }
}

async function askValue(name: string, spec: OptionSpec, value: OptionValue): Promise<OptionValue | undefined> {
  const choices = choiceEntries(spec, value);
  if (choices === undefined) {
    const text = await askLine({
      title: spec.title,
      prompt: inputPrompt(spec),
      value: String(value),
      fault: (typed) => inputFault(name, spec, typed),
    });
    return text === undefined ? undefined : parseOption(name, spec, text);
  }
  const pick = new Pick<vscode.QuickPickItem & { readonly value: OptionValue }>({ title: spec.title, placeholder: spec.description, canGoBack: true });
  try {
    pick.ui.items = choices.map((choice) => ({ label: plainLabel(choice.label), description: choice.description, value: choice.value }));
    pick.ui.activeItems = pick.ui.items.filter((item) => item.value === value);
    const event = await pick.next();
    return event.type === 'accept' ? event.item.value : undefined;
  } finally {
    pick.dispose();
  }
}

async function askFolder({ inputs, output }: Draft): Promise<string | undefined> {
  const start = output ?? inputs[0];
  const uris = await vscode.window.showOpenDialog({
    title: 'Write to',
    openLabel: 'Write Here',
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
    ...(start !== undefined && { defaultUri: vscode.Uri.file(start) }),
  });
  const [uri] = uris ?? [];
  return uri?.scheme === 'file' ? uri.fsPath : undefined;
}

async function askJobs(jobs: number | undefined): Promise<number | undefined> {
  const spec: OptionSpec = { type: 'integer', title: 'At once', description: 'Conversions at once.', default: 1, min: 1, max: MOST_AT_ONCE };
  const text = await askLine({
    title: spec.title,
    prompt: `Conversions that run at once, 1 to ${MOST_AT_ONCE}`,
    value: String(jobs ?? ''),
    fault: (typed) => inputFault('At once', spec, typed),
  });
  return text === undefined ? undefined : Number(parseOption('At once', spec, text));
}
