import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { bmp, wav } from '../catalogue/harness.ts';

interface Item {
  readonly label: string;
  readonly description: string;
}

const { shown, copied, answer } = vi.hoisted(() => ({ shown: [] as { title: string; items: readonly Item[] }[], copied: [] as string[], answer: { label: '' } }));
vi.mock('vscode', () => ({
  window: {
    showQuickPick: async (items: readonly Item[], { title }: { title: string }) => {
      shown.push({ title, items });
      return items.find(({ label }) => label === answer.label);
    },
  },
  env: { clipboard: { writeText: async (text: string) => void copied.push(text) } },
}));

const { showFacts } = await import('../../../../src/dataset/vscode/factsPick.ts');

const folder = mkdtempSync(join(tmpdir(), 'trainyard-facts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  shown.length = copied.length = 0;
  answer.label = '';
});

function made(name: string, bytes: Uint8Array | string): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

async function factsOf(...files: readonly string[]): Promise<Record<string, string>> {
  await showFacts(files.map((fsPath) => ({ scheme: 'file', fsPath })) as never);
  return Object.fromEntries((shown.at(-1)?.items ?? []).map(({ label, description }) => [label, description]));
}

describe('the facts of files', () => {
  it('tell of a recording what its header says', async () => {
    const file = made('a.wav', wav(2.5));
    expect(await factsOf(file)).toMatchObject({ Kind: 'audio, wav by its content', Length: '2.500 s', Sound: expect.stringMatching(/^pcm_s16le, 8,000 Hz, 1 channel$/), Path: file });
    expect(shown[0]?.title).toBe('Facts of a.wav');
  });

  it('tell of a picture its pixels, and by its content what its name hides', async () => {
    expect(await factsOf(made('picture.wav', bmp(40, 30)))).toMatchObject({ Kind: 'image, bmp by its content', Pixels: '40 × 30' });
  });

  it('copy the value that is chosen, and nothing where none is', async () => {
    const file = made('a.wav', wav(1));
    await factsOf(file);
    expect(copied).toEqual([]);
    answer.label = 'Length';
    await factsOf(file);
    expect(copied).toEqual(['1.000 s']);
  });

  it('of several files are sums, with those that cannot be read counted', async () => {
    const facts = await factsOf(made('a.wav', wav(2)), made('b.wav', wav(3)), made('c.bmp', bmp(8, 8)), join(folder, 'gone.wav'));
    expect(facts).toMatchObject({ 'With problems': '1 file', Kinds: '2 audio, 1 image', Length: '5.000 s, of 2 files' });
    expect(shown[0]?.title).toBe('Facts of 4 files');
  });

  it('say why a file cannot be read, without what a name could do to the window', async () => {
    const facts = await factsOf(join(folder, 'no\u202Ewav.exe'));
    expect(Object.keys(facts)).toEqual(['Cannot be read']);
    expect(`${facts['Cannot be read']}${shown[0]?.title}`).not.toContain('\u202E');
  });

  it('are not asked of what is no file', async () => {
    await showFacts([{ scheme: 'untitled', fsPath: '/x' }] as never);
    expect(shown).toEqual([]);
  });
});
