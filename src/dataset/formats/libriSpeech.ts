import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatasetError } from '../datasetError.ts';
import type { DatasetFormat } from '../format.ts';
import { CheckRun } from './support/checkRun.ts';
import { createBreather } from '../../base/breather.ts';
import { createDataset, distinct } from './support/createDataset.ts';
import type { Draft } from './support/createDataset.ts';
import { FileTree } from './support/fileTree.ts';
import type { Group } from './support/groups.ts';
import { groupedPart } from './support/groups.ts';
import { findFiles } from './support/manifests.ts';
import { PresenceByListing } from '../../media/presence.ts';
import { checkText } from '../../media/rules/row.ts';

const TRANSCRIPT = /(?:^|\/)(\d+)-(\d+)\.trans\.txt$/;
const AUDIO = ['flac', 'wav', 'mp3', 'opus'];

/** LibriSpeech, LibriLight and the like: `speaker/chapter/speaker-chapter-utterance.flac` with a transcript a chapter. */
export const libriSpeech: DatasetFormat = {
  id: 'librispeech',
  title: 'LibriSpeech',
  recognise(look) {
    const [first] = look.isFile ? [] : findFiles(look, TRANSCRIPT, 4);
    return first === undefined ? undefined : { score: 0.95, reasons: [`${first} beside its recordings`] };
  },
  async open(root, { signal } = {}) {
    const tree = await FileTree.read(root, { takes: (path) => TRANSCRIPT.test(path), signal });
    if (tree.count === 0) {
      throw new DatasetError('unknown', `${root} holds no transcripts of the kind speaker-chapter.trans.txt`);
    }
    const breathe = createBreather(signal);
    const presence = new PresenceByListing();
    const groups: Group[] = [];
    for (const { path } of tree.from()) {
      await breathe();
      groups.push({ count: linesOf(join(root, path)).length, load: async () => draftsOf(root, path, presence) });
    }
    return createDataset({
      format: libriSpeech.id,
      parts: [groupedPart(groups)],
      splits: distinct(tree.folders.map(subsetOf)),
      async check(tell, checkSignal) {
        const run = await CheckRun.start(tell, checkSignal);
        for (const { path } of tree.from()) {
          await run.breathe();
          checkChapter(run, join(root, path));
        }
      },
    });
  },
};

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter((line) => line.trim() !== '');
  } catch {
    return [];
  }
}

/** `train-clean-100` of `LibriSpeech/train-clean-100/19/198`. */
function subsetOf(folder: string): string | undefined {
  return folder.split('/').find((name) => /^(?:train|dev|test)\b/.test(name));
}

function parse(line: string): { readonly id: string; readonly text: string } {
  const [, id = '', text = ''] = /^(\S+)\s*(.*?)\s*$/.exec(line) ?? [];
  return { id, text };
}

function draftsOf(root: string, path: string, presence: PresenceByListing): Draft[] {
  const file = join(root, path);
  const split = subsetOf(dirname(path));
  const speaker = TRANSCRIPT.exec(path)?.[1] ?? '';
  return linesOf(file).map((line, index) => {
    const { id, text } = parse(line);
    const audio = audioOf(dirname(file), id, presence) ?? join(dirname(file), `${id}.flac`);
    return { id, media: [{ role: 'flac', kind: 'audio', place: { file: audio } }], text, labels: [], speaker, ...(split !== undefined && { split }), source: { file, row: index + 1 } };
  });
}

function audioOf(folder: string, id: string, presence: PresenceByListing): string | undefined {
  return AUDIO.map((extension) => join(folder, `${id}.${extension}`)).find((file) => presence.isFile(file));
}

function checkChapter(run: CheckRun, file: string): void {
  const folder = dirname(file);
  const ids = new Set<string>();
  for (const [index, line] of linesOf(file).entries()) {
    const { id, text } = parse(line);
    const at = { file, row: index + 1 };
    if (ids.has(id)) {
      run.say(at, { code: 'row/duplicate-id', message: `${id} has two lines.` });
    }
    ids.add(id);
    if (audioOf(folder, id, run.presence) === undefined) {
      run.say(at, { code: 'librispeech/audio-missing', message: `${id} has a transcript and no recording.`, related: join(folder, `${id}.flac`) });
    }
    if (!id.startsWith(`${basename(file, '.trans.txt')}-`)) {
      run.say(at, { code: 'librispeech/name', message: `${id} stands in ${basename(file)}.` });
    }
    run.say(at, ...checkText(text, 'transcript'));
  }
  for (const name of run.presence.filesIn(folder)) {
    const id = name.replace(/\.\w+$/, '');
    if (AUDIO.includes(name.slice(id.length + 1)) && !ids.has(id)) {
      run.say({ file: join(folder, name) }, { code: 'librispeech/transcript-missing', message: `${name} has no line in ${basename(file)}.`, related: file });
    }
  }
}
