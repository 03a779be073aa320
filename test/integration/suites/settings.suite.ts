import { deepStrictEqual, strictEqual } from 'node:assert';
import { workspace } from 'vscode';
import { PRESUMPTUOUS_SETTINGS } from '../presumptuousSettings.ts';

describe('settings', () => {
  for (const name of Object.keys(PRESUMPTUOUS_SETTINGS)) {
    it(`do not let a workspace decide ${name}`, () => {
      const value = workspace.getConfiguration().inspect(name);
      deepStrictEqual(workspace.getConfiguration().get(name), value?.defaultValue);
    });
  }

  it('let a workspace decide what runs nothing', async () => {
    const settings = workspace.getConfiguration('trainyard.menus');
    await settings.update('explorer', false, false);
    strictEqual(workspace.getConfiguration('trainyard.menus').get('explorer'), false);
    await settings.update('explorer', undefined, false);
  });
});
