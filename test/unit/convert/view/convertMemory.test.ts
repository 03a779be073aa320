import { describe, expect, it } from 'vitest';
import type { OptionSpecs } from '../../../../src/recipe/option.ts';
import type { Memory } from '../../../../src/convert/view/convertMemory.ts';
import { ConvertMemory } from '../../../../src/convert/view/convertMemory.ts';
import { jobFlags } from '../../../../src/convert/view/jobKeys.ts';
import { aFailure, aStatus } from './statuses.ts';

const options: OptionSpecs = {
  edge: { type: 'integer', title: 'Long edge', description: 'Pixels.', default: 512, min: 1, max: 1000 },
  enlarge: { type: 'switch', title: 'Enlarge', description: 'Also smaller ones.', default: false },
};
const fit = { id: 'image.fit', options };
const square = { id: 'image.square', options };

function memoryOf(kept: Record<string, unknown> = {}): Memory & { readonly kept: Record<string, unknown> } {
  return {
    kept,
    get: (key) => kept[key],
    update: async (key, value) => {
      kept[key] = value;
    },
  };
}

describe('what a person chose before', () => {
  it('comes back for each preset by itself', async () => {
    const memory = new ConvertMemory(memoryOf());
    await memory.remember(fit, { edge: 640, enlarge: true });
    expect(memory.options(fit)).toEqual({ edge: 640, enlarge: true });
    expect(memory.options(square)).toEqual({ edge: 512, enlarge: false });
  });

  it('lists the presets last used first, five at most, each once', async () => {
    const memory = new ConvertMemory(memoryOf());
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'b']) {
      await memory.remember({ id, options }, { edge: 512, enlarge: false });
    }
    expect(memory.recent()).toEqual(['b', 'f', 'e', 'd', 'c']);
  });

  it('keeps nothing of a preset that was set back to its defaults', async () => {
    const memento = memoryOf();
    const memory = new ConvertMemory(memento);
    await memory.remember(fit, { edge: 640, enlarge: false });
    await memory.remember(fit, { edge: 512, enlarge: false });
    expect(memento.kept['convert.options']).toEqual({});
  });

  it('takes from an older version only what still fits', () => {
    const kept = { 'convert.options': { 'image.fit': { edge: 5_000, enlarge: true, gone: 1 } }, 'convert.recent': ['image.fit', 7] };
    const memory = new ConvertMemory(memoryOf(kept));
    expect(memory.options(fit)).toEqual({ edge: 512, enlarge: true });
    expect(memory.recent()).toEqual(['image.fit']);
    expect(new ConvertMemory(memoryOf({ 'convert.options': 'odd', 'convert.recent': {} })).options(fit)).toEqual({ edge: 512, enlarge: false });
  });
});

describe('what the palette is told of the jobs', () => {
  it('is what can be done with any of them', () => {
    expect(jobFlags([])).toEqual({ any: false, planned: false, running: false, interrupted: false, failed: false, ended: false });
    const failed = aStatus({ state: 'done', counts: { write: 1, failed: 1 }, failures: [aFailure()] });
    expect(jobFlags([failed, aStatus({ state: 'planning' })])).toEqual({
      any: true,
      planned: false,
      running: true,
      interrupted: false,
      failed: true,
      ended: true,
    });
    expect(jobFlags([aStatus({ counts: { failed: 3 } })]).failed).toBe(false);
  });
});
