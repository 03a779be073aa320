import { deepStrictEqual, strictEqual } from 'node:assert';
import { commands, Uri } from 'vscode';
import { activated } from '../extensionUnderTest.ts';

describe('Convert…', () => {
  it('says that a file that lies on no disk cannot be converted', async () => {
    const { notify } = await activated();
    notify.said.length = 0;
    await commands.executeCommand('trainyard.convert.start', Uri.parse('untitled:take.wav'));
    strictEqual(notify.said.length, 1);
    strictEqual(notify.said[0]?.severity, 'warn');
    strictEqual(notify.said[0].message.includes('untitled'), true);
  });
});

describe('a command on jobs', () => {
  for (const verb of ['cancel', 'resume', 'retryFailed', 'revealOutput', 'openLog']) {
    it(`tells that there is no job for ${verb}, and does nothing`, async () => {
      const { notify } = await activated();
      notify.said.length = 0;
      await commands.executeCommand(`trainyard.jobs.${verb}`);
      deepStrictEqual(
        notify.said.map(({ severity }) => severity),
        ['info'],
      );
    });
  }
});
