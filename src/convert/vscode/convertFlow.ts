import * as vscode from 'vscode';
import type { Services } from '../../platform/services.ts';
import type { ConvertRequest } from '../job.ts';
import type { Preset } from '../preset.ts';
import type { ConvertMemory } from '../view/convertMemory.ts';
import { changedOptions } from '../view/optionPick.ts';
import { resolveOptions } from '../optionValues.ts';
import { RequestError } from '../requestError.ts';
import type { ConvertConfig } from './convertConfig.ts';
import type { ConvertCore } from './convertCore.ts';
import type { Draft } from './draft.ts';
import { inputPaths } from './inputs.ts';
import type { OptionFacts } from './optionStep.ts';
import { chooseOptions } from './optionStep.ts';
import { confirmPlan } from './planStep.ts';
import { choosePreset } from './presetStep.ts';
import { SurveyRun } from './surveyRun.ts';

export interface FlowParts {
  readonly services: Pick<Services, 'trust' | 'notify' | 'log'>;
  readonly core: ConvertCore;
  readonly config: ConvertConfig;
  readonly memory: ConvertMemory;
  /** Begins a planned job. */
  readonly run: (jobId: string) => Promise<void>;
  /** Opens a plan as a page. */
  readonly showPlan: (jobId: string) => void;
}

/** “Convert…”: from files to a running batch in at most three steps. Nothing is written before “Start”. */
export class ConvertFlow {
  constructor(private readonly parts: FlowParts) {}

  /** `args`: what VS Code hands to the command. */
  async start(args: readonly unknown[]): Promise<void> {
    const { services, core, memory } = this.parts;
    if (!(await services.trust.check())) {
      return;
    }
    const inputs = await inputPaths(args, services.notify);
    if (inputs === undefined) {
      return;
    }
    const survey = new SurveyRun(core, inputs, (error) => services.log.error('The chosen files could not be looked at', error));
    try {
      for (;;) {
        const { faults } = await core.presets();
        const id = await choosePreset(survey, { recent: memory.recent(), faults });
        const preset = id === undefined ? undefined : await this.presetOf(id);
        if (preset === undefined) {
          return;
        }
        const draft = this.draftOf(preset, inputs);
        const files = survey.latest?.complete === true ? survey.latest.fits.find((fit) => fit.preset.id === id)?.files : undefined;
        if ((await this.goOn(draft, Object.keys(preset.options).length > 0, files)) !== 'back') {
          return;
        }
      }
    } finally {
      survey.dispose();
    }
  }

  /** Puts a job together anew from where it was, in place of its plan. */
  async editOptions(jobId: string): Promise<void> {
    const { services, core } = this.parts;
    if (!(await services.trust.check())) {
      return;
    }
    const request = await core.jobs.store.request(jobId);
    if (request.recipe !== undefined) {
      await vscode.window.showTextDocument(vscode.Uri.file(request.recipe.file));
      return;
    }
    const preset = await this.presetOf(request.preset);
    const { inputs, output, jobs, salvage, only } = request;
    const draft: Draft = {
      inputs,
      preset,
      values: resolveOptions(preset.options, request.options),
      salvage,
      ...(output !== undefined && { output }),
      ...(jobs !== undefined && { jobs }),
      ...(only !== undefined && { only }),
    };
    if ((await this.goOn(draft, true, undefined)) === 'done' && (await core.jobs.store.status(jobId))?.state === 'planned') {
      await core.jobs.store.remove(jobId);
    }
  }

  /** The request as the settings stand now. */
  private async requestOf({ inputs, preset, values, output, jobs, salvage, only }: Draft): Promise<ConvertRequest> {
    const { config } = this.parts;
    return {
      preset: preset.id,
      options: changedOptions(preset.options, values),
      inputs,
      salvage,
      customPresets: config.customPresets,
      ...(await config.toolSettings()),
      ...(output !== undefined && { output }),
      ...(jobs !== undefined && { jobs }),
      ...(only !== undefined && { only }),
    };
  }

  private async goOn(start: Draft, asksOptions: boolean, files: number | undefined): Promise<'done' | 'back' | 'closed'> {
    const stop = new AbortController();
    try {
      return await this.converse(start, asksOptions, { files, folder: this.folderOf(start, stop.signal) });
    } finally {
      stop.abort();
    }
  }

  private async converse(start: Draft, asksOptions: boolean, facts: OptionFacts): Promise<'done' | 'back' | 'closed'> {
    const { core, memory, run, showPlan } = this.parts;
    let draft = start;
    let asks = asksOptions;
    for (;;) {
      if (asks) {
        const answer = await chooseOptions(draft, facts);
        if (answer.type !== 'plan') {
          return answer.type;
        }
        draft = answer.draft;
      }
      const answer = await confirmPlan(core.jobs, await this.requestOf(draft), draft.preset.title);
      if (answer.type === 'closed') {
        return 'closed';
      }
      if (answer.type !== 'options') {
        await memory.remember(draft.preset, draft.values);
        await (answer.type === 'start' ? run(answer.id) : showPlan(answer.id));
        return 'done';
      }
      asks = true;
    }
  }

  private async folderOf({ inputs, preset }: Draft, signal: AbortSignal): Promise<string | undefined> {
    try {
      return await this.parts.core.outputFolder(inputs, preset, signal);
    } catch (error) {
      if (!signal.aborted) {
        this.parts.services.log.info(`No default output folder: ${error instanceof Error ? error.message : String(error)}`);
      }
      return undefined;
    }
  }

  private draftOf(preset: Preset, inputs: readonly string[]): Draft {
    const { config, memory } = this.parts;
    const { jobs } = config;
    return { inputs, preset, values: memory.options(preset), salvage: false, ...(jobs !== undefined && { jobs }) };
  }

  private async presetOf(id: string): Promise<Preset> {
    const preset = (await this.parts.core.presets()).presets.find((known) => known.id === id);
    if (preset === undefined) {
      throw new RequestError('preset', `The preset “${id}” is not there any more.`);
    }
    return preset;
  }
}
