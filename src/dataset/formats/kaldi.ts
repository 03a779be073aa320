import { dirname, join, resolve } from 'node:path';
import { createTextHash } from '../../base/hash.ts';
import { checkText } from '../../media/rules/row.ts';
import { checkKaldiLine, checkKaldiSegment, checkStatedDuration } from '../../media/rules/speech.ts';
import { DatasetError } from '../datasetError.ts';
import { createFolderLook } from '../folderLook.ts';
import type { DatasetFormat, FolderLook } from '../format.ts';
import { CheckRun } from './support/checkRun.ts';
import { createDataset, distinct } from './support/createDataset.ts';
import type { Draft, Part } from './support/createDataset.ts';
import type { KeyedLine } from './support/keyedLines.ts';
import { KeyedLines } from './support/keyedLines.ts';
import { findFiles } from './support/manifests.ts';
import { splitOfPath } from '../../media/names.ts';
import { PresenceByListing } from '../../media/presence.ts';

const NAMES = ['segments', 'wav.scp', 'text', 'utt2spk', 'utt2dur', 'feats.scp', 'reco2dur', 'utt2num_frames', 'utt2lang', 'spk2utt', 'spk2gender'] as const;
type Name = (typeof NAMES)[number];
/** Files of which each line is an utterance, the one that leads first. */
const LEADING: readonly Name[] = ['segments', 'wav.scp', 'text', 'utt2spk', 'utt2dur', 'feats.scp', 'utt2num_frames'];
const BY_UTTERANCE: readonly Name[] = ['text', 'utt2spk', 'utt2dur', 'feats.scp', 'utt2num_frames'];

/** A data folder of Kaldi's recipes. */
export const kaldi: DatasetFormat = {
  id: 'kaldi',
  title: 'Kaldi data folder',
  recognise(look) {
    const [folder, ...others] = foldersOf(look);
    if (folder === undefined) {
      return undefined;
    }
    const names = namesIn(look, folder);
    const score = names.includes('wav.scp') ? 0.95 : names.includes('spk2utt') || names.includes('feats.scp') ? 0.9 : 0.6;
    return { score, reasons: [`${names.join(', ')}${folder === '' ? '' : ` in ${folder}`}`, ...(others.length > 0 ? [`${others.length} more such folders`] : [])] };
  },
  async open(root, { signal } = {}) {
    const look = createFolderLook(root);
    const folders = foldersOf(look);
    if (folders.length === 0) {
      throw new DatasetError('unknown', `${root} holds no Kaldi data folder`);
    }
    const hash = await createTextHash();
    const opened = await Promise.all(
      folders.map(async (folder) => {
        const files = new Map<Name, KeyedLines>();
        for (const name of namesIn(look, folder)) {
          files.set(name, await KeyedLines.open(join(root, folder, name), hash, signal));
        }
        return { files, split: splitOfPath(`${folder}/x`), prefix: folders.length > 1 ? `${folder}: ` : '' };
      }),
    );
    return createDataset({
      format: kaldi.id,
      parts: opened.map(({ files, split, prefix }) => partOf(files, split, prefix)),
      splits: distinct(opened.map(({ split }) => split)),
      async check(tell, checkSignal) {
        const run = await CheckRun.start(tell, checkSignal);
        for (const { files } of opened) {
          await checkFolder(run, files);
        }
      },
      close: () => opened.forEach(({ files }) => files.forEach((file) => file.close())),
    });
  },
};

function foldersOf(look: FolderLook): string[] {
  const marks = findFiles(look, /(?:^|\/)(?:wav\.scp|segments|utt2spk|utt2dur|feats\.scp)$/, 3);
  const folders = [...new Set(marks.map((path) => (dirname(path) === '.' ? '' : dirname(path))))];
  return look.isFile ? [] : folders.filter((folder) => namesIn(look, folder).length >= 2);
}

function namesIn(look: FolderLook, folder: string): Name[] {
  const { files } = look.list(folder);
  return NAMES.filter((name) => files.includes(name));
}

type Files = ReadonlyMap<Name, KeyedLines>;

function leaderOf(files: Files): KeyedLines | undefined {
  return LEADING.map((name) => files.get(name)).find((file) => file !== undefined);
}

function partOf(files: Files, split: string | undefined, prefix: string): Part {
  const leader = leaderOf(files);
  const paths = new ScpPaths();
  const draftOf = (line: KeyedLine): Draft => ({ ...utterance(files, line, paths), id: `${prefix}${line.id}`, ...(split !== undefined && { split }), source: { file: leader?.file ?? '', row: line.row } });
  return {
    count: leader?.count ?? 0,
    async at(index) {
      const line = leader?.at(index);
      return line && draftOf(line);
    },
    async *read(from, signal) {
      for (const line of leader?.from(from) ?? []) {
        signal?.throwIfAborted();
        yield draftOf(line);
      }
    },
  };
}

function utterance(files: Files, line: KeyedLine, paths: ScpPaths): Omit<Draft, 'id'> {
  const segments = files.get('segments');
  const scp = files.get('wav.scp');
  const [recording = line.id, start, end] = segments === undefined ? [line.id] : line.rest.split(/\s+/);
  const entry = scp?.of(recording);
  const file = entry && scp && paths.of(scp.file, entry.rest);
  const text = files.get('text')?.of(line.id)?.rest;
  const speaker = files.get('utt2spk')?.of(line.id)?.rest;
  const length = start === undefined || end === undefined ? Number(files.get('utt2dur')?.of(line.id)?.rest ?? NaN) : Number(end) - Number(start);
  const segment = segments === undefined || start === undefined ? undefined : { start: Number(start), duration: Number.isFinite(length) ? length : { absent: 'the end is no number' } };
  return {
    media: file === undefined ? [] : [{ role: 'wav.scp', kind: 'audio', place: { file }, ...(segment && { segment }) }],
    labels: [],
    ...(text !== undefined && { text }),
    ...(speaker !== undefined && { speaker }),
    ...(Number.isFinite(length) && { statedDuration: length }),
  };
}

/** Recipes write paths relative to their own folder, some levels above the data folder. */
class ScpPaths {
  private readonly presence = new PresenceByListing();

  /** The file that an entry of wav.scp names; none where it is a command. */
  of(scp: string, entry: string): string | undefined {
    const path = entry.replace(/:\d+$/, '');
    if (entry.endsWith('|') || path === '') {
      return undefined;
    }
    const folder = dirname(scp);
    const bases = [folder, dirname(folder), dirname(dirname(folder)), dirname(dirname(dirname(folder)))];
    return bases.map((base) => resolve(base, path)).find((candidate) => this.presence.isFile(candidate)) ?? resolve(folder, path);
  }
}

async function checkFolder(run: CheckRun, files: Files): Promise<void> {
  for (const file of files.values()) {
    await checkOrder(run, file);
  }
  const leader = leaderOf(files);
  if (leader === undefined) {
    return;
  }
  const speakers = files.get('spk2utt');
  for (const name of BY_UTTERANCE) {
    const file = files.get(name);
    if (file !== undefined && file !== leader) {
      await compareIds(run, leader, file);
      await compareIds(run, file, leader);
    }
  }
  await checkSegments(run, files);
  await checkRecordings(run, files);
  for (const { rest, row, id } of speakers?.from() ?? []) {
    await run.breathe();
    for (const utterance of rest.split(/\s+/).filter((word) => word !== '' && !leader.has(word))) {
      run.say({ file: speakers?.file ?? '', row }, { code: 'kaldi/id-missing', message: `${utterance} of speaker ${id} is not in ${nameOf(leader)}.`, related: leader.file });
    }
  }
  for (const { rest, row } of files.get('text')?.from() ?? []) {
    run.say({ file: files.get('text')?.file ?? '', row }, ...checkText(rest, 'text', false));
  }
}

async function checkOrder(run: CheckRun, file: KeyedLines): Promise<void> {
  let before: string | undefined;
  for (const line of file.from()) {
    await run.breathe();
    run.say({ file: file.file, row: line.row }, ...checkKaldiLine(line, before));
    before = line.id;
  }
}

async function compareIds(run: CheckRun, file: KeyedLines, other: KeyedLines): Promise<void> {
  for (const { id, row } of file.from()) {
    await run.breathe();
    if (!other.has(id)) {
      run.say({ file: file.file, row }, { code: 'kaldi/id-missing', message: `${id} is in ${nameOf(file)} and not in ${nameOf(other)}.`, related: other.file });
    }
  }
}

async function checkSegments(run: CheckRun, files: Files): Promise<void> {
  const segments = files.get('segments');
  const scp = files.get('wav.scp');
  const paths = new ScpPaths();
  for (const { rest, row } of segments?.from() ?? []) {
    await run.breathe();
    const at = { file: segments?.file ?? '', row };
    const [recording = ''] = rest.split(/\s+/);
    const entry = scp?.of(recording);
    if (scp !== undefined && entry === undefined) {
      run.say(at, { code: 'kaldi/id-missing', message: `The recording ${recording} is not in wav.scp.`, related: scp.file });
    }
    const file = entry && scp && paths.of(scp.file, entry.rest);
    const stated = Number(files.get('reco2dur')?.of(recording)?.rest ?? NaN);
    const length = file !== undefined && run.presence.isFile(file) ? await run.duration(file) : Number.isFinite(stated) ? stated : undefined;
    run.say(at, ...checkKaldiSegment(rest, length));
  }
}

async function checkRecordings(run: CheckRun, files: Files): Promise<void> {
  const scp = files.get('wav.scp');
  const paths = new ScpPaths();
  for (const { id, rest, row } of scp?.from() ?? []) {
    await run.breathe();
    const at = { file: scp?.file ?? '', row };
    const file = paths.of(at.file, rest);
    if (file === undefined) {
      continue;
    }
    if (!run.presence.isFile(file)) {
      const command = /\s/.test(rest);
      run.say(at, command ? { code: 'kaldi/pipe-missing', message: `${rest.split(/\s+/)[0]} … is a command without | at its end.` } : { code: 'row/path-missing', message: `${rest} is not there.`, related: file });
      continue;
    }
    const [name, stated] = [files.get('utt2dur'), files.get('reco2dur')].flatMap((table) => (table?.has(id) === true ? [[nameOf(table), Number(table.of(id)?.rest)] as const] : []))[0] ?? [];
    if (name !== undefined && stated !== undefined && (!files.has('segments') || name === 'reco2dur')) {
      run.say(at, ...checkStatedDuration(stated, await run.duration(file), `${name} of ${id}`));
    }
  }
}

function nameOf({ file }: KeyedLines): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
