import type { TreeView } from './treeView.ts';
import type { Workbench } from './workbench.ts';

/** What a person does with Trainyard, step by step. */
export class Trainyard {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** From selected files to the first step, which lists the presets that fit. Leaves the pick open. */
  async convertSelected(folder: string, files: readonly string[]): Promise<void> {
    const { explorer, quickPick } = this.#workbench;
    await this.#workbench.show('Explorer', explorer.root);
    await explorer.expand(folder);
    await explorer.select(...files);
    const [first = ''] = files;
    await (await explorer.contextMenu(first)).choose('Convert…');
    await quickPick.title.filter({ hasText: `${files.length} file` }).waitFor();
  }

  /** From the list of presets to the plan in one line, with the options as they are. Leaves the pick open. */
  async choosePreset(title: string): Promise<void> {
    const { quickPick } = this.#workbench;
    await quickPick.choose(title);
    const goOn = quickPick.row(/Show the plan$/);
    const start = quickPick.row(/Start \d/);
    await goOn.or(start).first().waitFor();
    if (await goOn.isVisible()) {
      await goOn.click();
      await start.waitFor();
    }
  }

  async startPlan(): Promise<void> {
    await this.#workbench.quickPick.choose(/Start \d/);
    await this.#workbench.quickPick.root.waitFor({ state: 'hidden' });
  }

  /** Opens the view of jobs, and waits until this one is done or has failed. @returns the job's row as text */
  async waitForJob(preset: string): Promise<string> {
    await this.#workbench.show('Trainyard', this.jobs.root);
    const row = this.jobs.rows.filter({ hasText: preset }).filter({ hasText: /\bdone\b|failed|stopped/ }).filter({ hasNotText: '%' }).first();
    await row.waitFor({ timeout: 120_000 });
    const parts = await row.locator('.label-name, .label-description').allInnerTexts();
    return parts.join(' · ');
  }

  get jobs(): TreeView {
    return this.#workbench.treeView('Jobs');
  }
}
