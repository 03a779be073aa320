import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { commands, env, TabInputWebview, Uri, window, workspace } from 'vscode';
import { childProcesses } from '../childProcesses.ts';
import { activated } from '../extensionUnderTest.ts';

/** Milliseconds between two looks at what VS Code does in its own time. */
const LOOK_AGAIN_MS = 100;

const root = (): string => join(workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'pets');

function galleries(): readonly string[] {
  return window.tabGroups.all.flatMap(({ tabs }) => tabs).flatMap(({ input, label }) => (input instanceof TabInputWebview && input.viewType.includes('trainyard.gallery') ? [label] : []));
}

async function until(holds: () => boolean | Promise<boolean>, meanwhile: () => Promise<void> = async () => undefined): Promise<void> {
  while (!(await holds())) {
    await meanwhile();
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

/** A grey picture of 8 x 8 pixels, without its checksums, which nobody here looks at. */
function png(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, data, Buffer.alloc(4)]);
  };
  const header = Buffer.from([0, 0, 0, 8, 0, 0, 0, 8, 8, 0, 0, 0, 0]);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(72, 128))), chunk('IEND', Buffer.alloc(0))]);
}

describe('the datasets of a workspace', () => {
  before(async () => {
    await activated();
    for (const label of ['cat', 'dog']) {
      await mkdir(join(root(), label), { recursive: true });
      for (let number = 0; number < 3; number++) {
        await writeFile(join(root(), label, `${number}.png`), png());
        await writeFile(join(root(), label, `${number}.txt`), `A ${label}.`);
      }
    }
    await commands.executeCommand('trainyard.dataset.refresh');
  });

  after(async () => {
    await commands.executeCommand('workbench.action.closeAllEditors');
    await rm(root(), { recursive: true, force: true });
  });

  it('are found by what lies in its folders', async () => {
    await env.clipboard.writeText('');
    await commands.executeCommand('trainyard.dataset.copyPath');
    strictEqual(await env.clipboard.readText(), root());
  });

  it('are opened as one gallery each, however often', async () => {
    await commands.executeCommand('trainyard.dataset.open', Uri.file(root()));
    await until(() => galleries().length > 0);
    await commands.executeCommand('trainyard.dataset.openGallery', Uri.file(root()));
    deepStrictEqual(galleries(), ['pets']);
    await commands.executeCommand('workbench.action.closeAllEditors');
    await until(() => galleries().length === 0);
  });

  it('are in the view with their parts, a click on which shows these in the gallery', async () => {
    await commands.executeCommand('trainyard.datasets.focus');
    await until(
      () => galleries().length > 0,
      async () => {
        await commands.executeCommand('list.focusFirst');
        await commands.executeCommand('list.expand');
        await commands.executeCommand('list.focusDown');
        await commands.executeCommand('list.select');
      },
    );
    deepStrictEqual(galleries(), ['pets']);
    await commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('start no process of their own', async () => {
    const running = await childProcesses();
    ok(running.every((process) => !/ffmpeg|ffprobe/.test(JSON.stringify(process))), JSON.stringify(running));
  });

  it('leave the view when they are taken out, and come back', async () => {
    await commands.executeCommand('trainyard.dataset.exclude', Uri.file(root()));
    await commands.executeCommand('trainyard.dataset.add', Uri.file(root()));
    await env.clipboard.writeText('');
    await commands.executeCommand('trainyard.dataset.copyPath');
    strictEqual(await env.clipboard.readText(), root());
  });
});
