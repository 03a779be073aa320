import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixtures, hasFixtures } from '../../media/support.ts';
import { opened, problemsOf, recognised, samplesOf } from './support.ts';

/** Real data of others: the format, samples in all, and codes of what is wrong with it. */
const REAL = [
  { folder: 'kaldi_mini_librispeech', format: 'kaldi', samples: 38, codes: [] },
  { folder: 'kaldi_mini_librispeech2', format: 'kaldi', samples: 3, codes: [] },
  { folder: 'lhotse/libri_cuts.json', format: 'lhotse', samples: 1, codes: ['row/path-missing'] },
  { folder: 'webdataset/tendata.tar', format: 'webdataset', samples: 100, codes: [] },
  { folder: 'webdataset/mpdata.tar', format: 'webdataset', samples: 100, codes: [] },
  { folder: 'mcap', format: 'rosbag', samples: 10, codes: [] },
  { folder: 'rosbag2_db3', format: 'rosbag', samples: 7, codes: ['rosbag/file-missing'] },
  { folder: 'img2dataset/test_1000.parquet', format: 'table', samples: 1000, codes: undefined },
] as const;

describe.skipIf(!hasFixtures)('real datasets', () => {
  it.each(REAL)('$folder is $format with $samples samples', async ({ folder, format, samples, codes }) => {
    const root = join(fixtures, folder);
    expect(recognised(root)[0]).toBe(format);
    expect(await samplesOf(root, format)).toHaveLength(samples);
    if (codes !== undefined) {
      expect([...new Set((await problemsOf(root, format)).map(({ code }) => code))]).toEqual(codes);
    }
  });

  it('reads an utterance of Kaldi with its words, speaker and length, and runs none of its commands', async () => {
    const dataset = await opened(join(fixtures, 'kaldi_mini_librispeech2'), 'kaldi');
    expect(await dataset.at(1)).toMatchObject({ id: 'lbi-6241-61943-0000', media: [], speaker: 'lbi-6241-61943', statedDuration: 6.95, text: expect.stringMatching(/^ON THE SECOND OF THE MONTH/) as string });
    dataset.close();
  });

  it('finds the media of Lhotse Shar in the tars beside the cuts', async () => {
    const dataset = await opened(join(fixtures, 'lhotse/cuts.000000.jsonl.gz'), 'lhotse');
    expect((await dataset.at(0))?.media).toEqual([{ role: 'features', kind: 'other', place: { file: join(fixtures, 'lhotse/features.000000.tar'), member: '24a97854-afcd-492f-85b7-0870994e9829.npy' } }]);
    dataset.close();
  });
});
