import type { Files } from './support.ts';
import { lines, png, wav } from './support.ts';

/** A small sound dataset of each format, as its own tools would write it. */
export interface Made {
  readonly files: Files;
  /** Ids of its samples, in order. */
  readonly ids: readonly string[];
  /** The file that is opened where it is not the folder. */
  readonly root?: string;
}

export const MADE: Readonly<Record<string, Made>> = {
  nemo: {
    files: {
      'audio/a.wav': wav(1),
      'audio/b.wav': wav(2, { seed: 2 }),
      'train_manifest.json': lines({ audio_filepath: 'audio/a.wav', duration: 1, text: 'one' }, { audio_filepath: 'audio/b.wav', duration: 1, offset: 1, text: 'two', speaker: 's2' }),
      'val_manifest.json': lines({ audio_filepath: 'audio/b.wav', duration: 2, text: 'three' }),
    },
    ids: ['audio/a.wav#1', 'audio/b.wav@1#2', 'audio/b.wav#1'],
  },
  imagefolder: {
    files: {
      'train/metadata.jsonl': lines({ file_name: 'a.png', text: 'a cat' }, { file_name: 'sub/b.png', text: 'a dog' }),
      'train/a.png': png(8, 6),
      'train/sub/b.png': png(8, 6, 2),
      'test/metadata.jsonl': lines({ file_name: 'c.png', text: 'a bird' }),
      'test/c.png': png(8, 6, 3),
    },
    ids: ['test/c.png', 'train/a.png', 'train/sub/b.png'],
  },
  audiofolder: {
    files: { 'metadata.csv': 'file_name,transcription\ndata/a.wav,"one, two"\ndata/b.wav,three\n', 'data/a.wav': wav(1), 'data/b.wav': wav(1, { seed: 2 }) },
    ids: ['data/a.wav', 'data/b.wav'],
  },
  table: {
    files: { 'clips/a.wav': wav(1), 'clips/b.wav': wav(1, { seed: 2 }), 'list.csv': 'id,path,label\nx,clips/a.wav,yes\ny,clips/b.wav,no\n' },
    ids: ['x', 'y'],
  },
  folders: {
    files: { 'mixed/a.wav': wav(1), 'mixed/b.png': png(4, 4), 'more/c.wav': wav(1, { seed: 2 }), 'more/notes.txt': 'x\n', 'd.wav': wav(1, { seed: 3 }) },
    ids: ['d.wav', 'mixed/a.wav', 'mixed/b.png', 'more/c.wav'],
  },
};
