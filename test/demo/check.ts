import { AUDIO, measureOutputs, PICTURES, VIDEOS } from '../e2e/conversions.ts';
import type { Conversion } from '../e2e/conversions.ts';
import { fileHashes } from '../e2e/fileHashes.ts';
import { screenshot } from '../e2e/screenshot.ts';
import { Trainyard } from '../e2e/workbench/trainyard.ts';
import { Workbench } from '../e2e/workbench/workbench.ts';
import { openWindow, startBrowser } from '../vscode/browser.ts';
import type { VscodeServer } from '../vscode/server.ts';

/**
 * Does the main job as a person does it: selects files in the Explorer, runs the command, waits for the outputs and looks at them
 * with the tools themselves.
 *
 * @param folder absolute path of the sample data set
 * @returns the exit code: 0 where every output is as it has to be and every original is unchanged
 */
export async function check(server: VscodeServer, folder: string, say: (line: string) => void): Promise<number> {
  const browser = await startBrowser();
  try {
    const workbench = new Workbench(await openWindow(browser, server, { folder }));
    try {
      await workbench.ready();
      say('Opened the folder in Chromium');
      const before = await fileHashes(folder);
      let wrong = 0;
      for (const conversion of [AUDIO, PICTURES, VIDEOS]) {
        wrong += await convert(workbench, folder, conversion, say);
      }
      const after = await fileHashes(folder);
      const changed = [...before].filter(([path, hash]) => after.get(path) !== hash).map(([path]) => path);
      say(changed.length === 0 ? `\nAll ${before.size} originals are unchanged` : `\nOriginals were changed: ${changed.join(', ')}`);
      say(`A picture of the window: ${await screenshot(workbench.page, 'demo')}`);
      say(wrong + changed.length === 0 ? 'The check has passed' : 'The check has failed');
      return wrong + changed.length === 0 ? 0 : 1;
    } catch (error) {
      say(`The window as it was: ${await screenshot(workbench.page, 'failed-demo')}`);
      throw error;
    }
  } finally {
    await browser.close();
  }
}

/** @returns how many outputs are not as they have to be */
async function convert(workbench: Workbench, folder: string, conversion: Conversion, say: (line: string) => void): Promise<number> {
  const trainyard = new Trainyard(workbench);
  say(`\nSelected ${conversion.files.length} files in ${conversion.folder}, then: context menu → Convert… → ${conversion.preset} → Start`);
  await trainyard.convertSelected(conversion.folder, conversion.files);
  await trainyard.choosePreset(conversion.preset);
  await trainyard.startPlan();
  say(`  the view “Jobs” says: ${await trainyard.waitForJob(conversion.preset)}`);
  const measured = await measureOutputs(folder, conversion);
  for (const { output, facts, isAsExpected } of measured) {
    say(`  ${isAsExpected ? '✓' : '✗'} ${output}: ${facts}`);
  }
  return measured.filter(({ isAsExpected }) => !isAsExpected).length;
}
