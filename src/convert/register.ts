import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import { DisposableStore } from '../base/disposable.ts';
import type { Log } from '../platform/log.ts';
import type { Services } from '../platform/services.ts';
import type { JobStatus } from './job.ts';
import { ConvertMemory } from './view/convertMemory.ts';
import { jobFlags } from './view/jobKeys.ts';
import { JobsModel } from './view/jobsModel.ts';
import { ConvertConfig } from './vscode/convertConfig.ts';
import { ConvertFlow } from './vscode/convertFlow.ts';
import { createConvertCore } from './vscode/createConvertCore.ts';
import { registerJobCommands } from './vscode/jobCommands.ts';
import { JobRunner } from './vscode/jobRunner.ts';
import { createJobsPage } from './vscode/jobsPage.ts';
import { JobsTree } from './vscode/jobsTree.ts';
import { JobsWindow } from './vscode/jobsWindow.ts';
import { createPlanPages } from './vscode/planPage.ts';
import { registerRecipeCommands } from './vscode/recipeCommands.ts';
import { TextDocuments } from './vscode/textDocuments.ts';
import { ToolsFace } from './vscode/toolsFace.ts';

/** `store`: absolute path of the folder of jobs. */
export function registerConvert(services: Services, store: string): Disposable {
  const owned = new DisposableStore();
  const { log, trust, notify, keys } = services;
  const config = new ConvertConfig(services.config, trust);
  const core = createConvertCore(services, config, store);
  const { jobs } = core;

  const documents = owned.add(new TextDocuments());
  const tools = new ToolsFace(services, () => core.tools(), documents);
  const model = owned.add(new JobsModel(jobs.store, (error) => log.error('The list of jobs could not be read', error)));
  const runner = new JobRunner(jobs, model, services, config);
  const tree = owned.add(new JobsTree(model, () => tools.lookOnce()));
  const pageServices = {
    extensionUri: services.extensionUri,
    jobs,
    executeCommand: (command: string, ...args: unknown[]) => vscode.commands.executeCommand(command, ...args),
  };
  const plans = owned.add(createPlanPages(pageServices));
  const jobsPage = owned.add(createJobsPage(pageServices));
  const flow = new ConvertFlow({
    services,
    core,
    config,
    memory: new ConvertMemory(services.memory),
    run: (id) => runner.run(id),
    showPlan: (id) => plans.open(id),
  });

  owned.add(vscode.window.registerWebviewViewProvider('trainyard.jobsPage', jobsPage));
  owned.add(
    new JobsWindow(model, notify, (status) => runner.hasStarted(status.id) || isOfThisWorkspace(status), {
      show: (id) => void tree.reveal(id),
      retryFailed: (id) => void vscode.commands.executeCommand('trainyard.jobs.retryFailed', id),
    }),
  );
  owned.add(services.command('trainyard.convert.start', (...args) => flow.start(args)));
  owned.add(
    registerRecipeCommands({
      services,
      jobs,
      settings: async () => ({ customPresets: config.customPresets, ...(await config.toolSettings()) }),
      run: (id) => runner.run(id),
      showPlan: (id) => plans.open(id),
      samples: join(services.storage, 'samples'),
    }),
  );
  owned.add(services.command('trainyard.tools.show', () => tools.show()));
  owned.add(
    registerJobCommands({
      services,
      jobs,
      model,
      runner,
      documents,
      showPlan: (id) => plans.open(id),
      editOptions: (id) => flow.editOptions(id),
    }),
  );
  owned.add(
    model.onDidChange(() => {
      const { any, planned, running, interrupted, failed, ended } = jobFlags(model.all);
      keys.set({
        'trainyard.jobs.ready': true,
        'trainyard.jobs.any': any,
        'trainyard.jobs.planned': planned,
        'trainyard.jobs.running': running,
        'trainyard.jobs.interrupted': interrupted,
        'trainyard.jobs.failed': failed,
        'trainyard.jobs.ended': ended,
      });
    }),
  );
  tree.setMessage(trust.isGranted ? '' : 'This workspace is not trusted: nothing is run in it.');
  owned.add(
    trust.onDidGrant(() => {
      tree.setMessage('');
      tools.lookOnce();
    }),
  );
  owned.add(config.onDidChange(() => void saveForTerminal(store, config, log)));
  void saveForTerminal(store, config, log);
  model.start();
  return owned;
}

/** The command line in a terminal goes by the same settings. */
async function saveForTerminal(store: string, config: ConvertConfig, log: Log): Promise<void> {
  try {
    const { saveSettings } = await import('./savedSettings.ts');
    saveSettings(store, config.forTerminal);
  } catch (error) {
    log.error('The settings could not be kept for the command line', error);
  }
}

function isOfThisWorkspace({ base }: JobStatus): boolean {
  return vscode.workspace.getWorkspaceFolder(vscode.Uri.file(base)) !== undefined;
}
