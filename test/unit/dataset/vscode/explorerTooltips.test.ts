import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, it, vi } from 'vitest';

interface Provider {
  provideFileDecoration(uri: { readonly scheme: string; readonly fsPath: string }, token: { readonly isCancellationRequested: boolean }): Promise<{ readonly tooltip?: string } | undefined>;
}
const registered = vi.hoisted(() => ({ providers: [] as unknown[] }));
vi.mock('vscode', () => ({
  FileDecoration: class {
    constructor(
      readonly badge: string | undefined,
      readonly tooltip: string,
    ) {}
  },
  window: { registerFileDecorationProvider: (provider: unknown) => (registered.providers.push(provider), { dispose: () => undefined }) },
}));

const folder = mkdtempSync(join(tmpdir(), 'trainyard-tooltips-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('tells in the Explorer what a medium is by its header, what is wrong with it, and nothing of other files', async () => {
  const { registerExplorerTooltips } = await import('../../../../src/dataset/vscode/explorerTooltips.ts');
  registerExplorerTooltips();
  const [provider] = registered.providers as Provider[];
  const tooltip = async (name: string, scheme = 'file') => (await provider!.provideFileDecoration({ scheme, fsPath: join(folder, name) }, { isCancellationRequested: false }))?.tooltip;
  await sharp({ create: { width: 64, height: 48, channels: 3, background: 'red' } }).jpeg().toFile(join(folder, 'a.jpg'));
  writeFileSync(join(folder, 'empty.wav'), '');
  writeFileSync(join(folder, 'train.py'), 'x = 1\n');
  expect(await tooltip('a.jpg')).toMatch(/^image, jpeg by its content · .* · 64 × 48 · 8-bit/);
  expect(await tooltip('empty.wav')).toMatch(/empty/i);
  expect(await tooltip('train.py')).toBeUndefined();
  expect(await tooltip('a.jpg', 'git')).toBeUndefined();
});
