import { describe, expect, it } from 'vitest';
import { absent } from '../../../../src/base/absent.ts';
import type { Summary } from '../../../../src/dataset/catalogue/catalogueApi.ts';
import { datasetCard } from '../../../../src/dataset/stats/datasetCard.ts';
import type { CardInput } from '../../../../src/dataset/stats/datasetCard.ts';

const SUMMARY: Summary = {
  root: '/data/birds', formats: [{ id: 'audiofolder', title: 'Hugging Face AudioFolder', score: 0.9, reasons: [] }], format: 'audiofolder', state: 'complete',
  files: 1200, bytes: 4_200_000_000, samples: 1200, kinds: { audio: 1190, text: 10 }, probed: 1200, members: { count: 0, probed: 0 }, seconds: 9000, splits: { train: 1000, test: 200 },
  problems: { error: 2, warning: 0, info: 5 }, skipped: {}, generation: 1,
};
const group = (value: string | null, items: number, seconds = 0) => ({ value, items, seconds, bytes: 0 });
const INPUT: CardInput = {
  name: 'birds', summary: SUMMARY, splits: [group('train', 1000, 7500), group('test', 200, 1500)], labels: [group('owl', 900), group('wren', 300)], speakers: [],
  facets: [{ column: 'duration', kind: 'histogram', edges: [0, 5, 10], counts: [900, 290], applies: 1200, known: 1190 }],
};

describe('the card of a dataset', () => {
  it('tells what there is, in tables', () => {
    const card = datasetCard(INPUT);
    expect(card).toContain('---\npretty_name: "birds"\nsize_categories:\n  - 1K<n<10K\n---\n');
    expect(card).toContain('| Format | Hugging Face AudioFolder |');
    expect(card).toContain('| Files | 1,200 (1,190 audio, 10 text) |');
    expect(card).toContain('| Length | 2.5 h |');
    expect(card).toContain('| train | 1,000 | 83\u202f% | 2.08 h | ████████████████████████ |');
    expect(card).toContain('2 classes, the largest 3 times the smallest.');
    expect(card).toContain('| 5 – 10 s | 290 | ███████▊ |');
    expect(card).toContain('*Of 1,190 of 1,200 items; the others are not known.*');
    expect(card).toContain('2 errors, as far as it was checked.');
  });

  it('says that it is of a part while the rest is not looked into', () => {
    expect(datasetCard({ ...INPUT, summary: { ...SUMMARY, state: 'filling', probed: 400, bytes: absent('not counted') } })).toContain('400 of 1,200 files were looked into');
    expect(datasetCard({ ...INPUT, summary: { ...SUMMARY, members: { count: 800, probed: 100 } } })).toContain('1,300 of 2,000 items');
  });

  it('leaves out what a dataset does not have', () => {
    const card = datasetCard({ ...INPUT, splits: [group(null, 1200)], labels: [], facets: [], summary: { ...SUMMARY, seconds: 0, problems: { error: 0, warning: 0, info: 0 } } });
    expect(card).not.toMatch(/## |Length/);
  });

  it('keeps names from becoming Markdown or HTML', () => {
    const card = datasetCard({ ...INPUT, name: 'a | b', labels: [group('<img src=x>|`x`\n# y', 3), group('z', 1)] });
    expect(card).toContain('# a \\| b');
    expect(card).toContain('| &lt;img src=x&gt;\\|\\`x\\` \\# y |');
  });

  it('takes speakers together', () => {
    expect(datasetCard({ ...INPUT, speakers: [group('p1', 5, 60), group('p2', 9, 7200), group('p3', 5, 600)] })).toContain('3 speakers: 1 min to 2 h each, 10 min in the middle.');
  });
});
