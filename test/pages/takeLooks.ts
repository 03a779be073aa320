import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenPage, PageOptions } from './harness.ts';
import type { ThemeName } from './themes.ts';

const THEME_NAMES: readonly ThemeName[] = ['dark', 'light', 'contrastDark', 'contrastLight'];

export interface Look<Open> {
  readonly options?: PageOptions;
  readonly themes?: readonly ThemeName[];
  readonly open: (options: PageOptions) => Promise<Open>;
  /** Waits for what is to be seen, and does what leads to it. */
  readonly act: (open: Open) => Promise<void>;
}

/** Takes a picture of each look in its themes, of those whose file's name has `part` in it. */
export async function takeLooks<Open extends OpenPage & { dispose(): void }>(folder: string, part: string, looks: Readonly<Record<string, Look<Open>>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, { options, themes, open, act }] of Object.entries(looks)) {
    for (const theme of (themes ?? THEME_NAMES).filter((candidate) => `${name}.${candidate}.png`.includes(part))) {
      const target = `${name}.${theme}.png`;
      const opened = await open({ ...options, theme });
      const { page } = opened;
      await page.evaluate(() => (document.documentElement.style.background = 'var(--vscode-editor-background)'));
      await act(opened);
      await page.screenshot({ path: join(folder, target), animations: 'disabled' });
      opened.complaints.forEach((complaint) => process.stderr.write(`${target}: ${complaint}\n`));
      opened.dispose();
      await page.context().close();
    }
  }
}
