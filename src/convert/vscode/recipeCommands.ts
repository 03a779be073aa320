import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { printable } from '../../base/printable.ts';
import type { Services } from '../../platform/services.ts';
import { RECIPE_NAME } from '../../recipe/recipe.ts';
import type { JobStatus, PlanItem, RecipeRequest } from '../job.ts';
import type { Jobs } from '../jobs.ts';
import type { RecipeSettings } from '../recipe/recipeRequest.ts';
import { RequestError } from '../requestError.ts';
import { filesToDo } from '../view/planLine.ts';
import { plainLabel } from './pick.ts';

export interface RecipeParts {
  readonly services: Pick<Services, 'trust' | 'notify' | 'command'>;
  readonly jobs: Jobs;
  readonly settings: () => Promise<RecipeSettings>;
  /** Begins a planned job. */
  readonly run: (jobId: string) => Promise<void>;
  /** Opens a plan as a page. */
  readonly showPlan: (jobId: string) => void;
  /** Absolute path of a folder of our own, for what a sample comes to. */
  readonly samples: string;
}

/** Inputs that one may choose the sample from. */
const OFFERED = 200;

/**
 * `Run Recipe`, `Show Plan of Recipe` and `Run One Sample of Recipe`. Each takes the recipe's file: from the Explorer, from a code lens,
 * or the one that is open. Nothing of a recipe is run in a workspace that is not trusted.
 */
export function registerRecipeCommands(parts: RecipeParts): Disposable {
  const { services } = parts;
  const owned = new DisposableStore();
  owned.add(services.command('trainyard.recipe.run', (target) => onRecipe(parts, target, runRecipe)));
  owned.add(services.command('trainyard.recipe.dryRun', (target) => onRecipe(parts, target, showRecipePlan)));
  owned.add(services.command('trainyard.recipe.sample', (target) => onRecipe(parts, target, runSample)));
  return owned;
}

type Act = (parts: RecipeParts, recipe: RecipeRequest) => Promise<void>;

async function onRecipe(parts: RecipeParts, target: unknown, act: Act): Promise<void> {
  const { notify, trust } = parts.services;
  if (!(await trust.check())) {
    return;
  }
  const file = recipeFile(target);
  if (file === undefined) {
    await notify.info('Open a recipe first: a file whose name ends with .recipe.yaml.');
    return;
  }
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === file);
  if (open?.isDirty === true && !(await open.save())) {
    return;
  }
  try {
    await act(parts, { file, text: readFileSync(file, 'utf8') });
  } catch (error) {
    if (!RequestError.is(error)) {
      throw error;
    }
    // The Problems panel has them all.
    await notify.error(printable(error.message.split('\n', 1)[0] ?? error.message));
  }
}

function recipeFile(target: unknown): string | undefined {
  const uri = target instanceof vscode.Uri ? target : typeof target === 'string' ? vscode.Uri.parse(target) : vscode.window.activeTextEditor?.document.uri;
  return uri?.scheme === 'file' && RECIPE_NAME.test(uri.fsPath) ? uri.fsPath : undefined;
}

async function planned(parts: RecipeParts, recipe: RecipeRequest, title: string): Promise<JobStatus | undefined> {
  const { recipeRequest } = await import('../recipe/recipeRequest.ts');
  const request = recipeRequest(recipe, await parts.settings());
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (_, cancelled) => {
    let id: string | undefined;
    const cancel = (): void => void (id !== undefined && cancelled.isCancellationRequested && parts.jobs.cancel(id));
    const listening = cancelled.onCancellationRequested(cancel);
    try {
      const status = await parts.jobs.plan(request, {
        onStatus(told) {
          id = told.id;
          cancel();
        },
      });
      if (status.state === 'planned') {
        return status;
      }
      await parts.jobs.store.remove(status.id);
      if (status.state === 'cancelled') {
        return undefined;
      }
      throw new RequestError('recipe', status.problem ?? 'The recipe could not be planned.');
    } finally {
      listening.dispose();
    }
  });
}

async function runRecipe(parts: RecipeParts, recipe: RecipeRequest): Promise<void> {
  const status = await planned(parts, recipe, `Planning ${basename(recipe.file)}`);
  if (status === undefined) {
    return;
  }
  if (filesToDo(status.counts) === 0 && status.counts.refuse > 0) {
    // What keeps every file from being made stands in the plan.
    parts.showPlan(status.id);
    return;
  }
  await parts.run(status.id);
  if (filesToDo(status.counts) === 0) {
    await parts.services.notify.info(`${basename(recipe.file)}: nothing to do, ${status.counts.skip} up to date.`);
  }
}

async function showRecipePlan(parts: RecipeParts, recipe: RecipeRequest): Promise<void> {
  const status = await planned(parts, recipe, `Planning ${basename(recipe.file)}`);
  if (status !== undefined) {
    parts.showPlan(status.id);
  }
}

/** Makes one input into its output in a folder of our own, and shows both side by side. Neither outputs nor lock are touched. */
async function runSample(parts: RecipeParts, recipe: RecipeRequest): Promise<void> {
  const { jobs, samples } = parts;
  rmSync(samples, { recursive: true, force: true });
  const trial = join(samples, String(Date.now()));
  mkdirSync(trial, { recursive: true, mode: 0o700 });
  const all = await planned(parts, { ...recipe, trial }, 'Looking for a sample');
  if (all === undefined) {
    return;
  }
  const { items } = await jobs.store.plan(all.id, 0, OFFERED, { actions: ['write'] });
  await jobs.store.remove(all.id);
  const item = items.length > 1 ? await pickSample(items, all.base) : items[0];
  if (item === undefined) {
    if (items.length === 0) {
      await parts.services.notify.warn('None of the recipe’s inputs can be made into an output. Its plan says why of each.');
    }
    return;
  }
  const one = await planned(parts, { ...recipe, trial, only: [item.input] }, `Running ${basename(recipe.file)} on ${basename(item.input)}`);
  if (one === undefined) {
    return;
  }
  const ended = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Running on ${printable(basename(item.input))}` }, () => jobs.run(one.id));
  const [failure] = ended.failures;
  const output = (await jobs.store.plan(one.id, 0, 1)).items[0]?.output;
  if (failure !== undefined || output === undefined || !existsSync(output)) {
    const why = failure?.reason ?? ended.problem ?? ended.notes[0]?.text ?? 'nothing came out';
    await parts.services.notify.error(`${printable(basename(item.input))}: ${printable(why)}`);
    return;
  }
  await jobs.store.remove(one.id);
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(item.input), { viewColumn: vscode.ViewColumn.One, preview: true });
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(output), { viewColumn: vscode.ViewColumn.Beside, preview: true });
}

async function pickSample(items: readonly PlanItem[], base: string): Promise<PlanItem | undefined> {
  const offered = items.map((item) => ({ label: plainLabel(printable(item.input.slice(base.length + 1))), item }));
  return (await vscode.window.showQuickPick(offered, { placeHolder: 'Run the recipe on which input?', matchOnDescription: true }))?.item;
}
