import { dirname, join } from 'node:path';
import { checkConversation, MEDIA_NAMES, readConversation } from '../../media/rules/conversations.ts';
import { DatasetError } from '../datasetError.ts';
import { createFolderLook } from '../folderLook.ts';
import type { DatasetFormat, FolderLook } from '../format.ts';
import type { SampleMedium } from '../sample.ts';
import { CheckRun, Seen } from './support/checkRun.ts';
import { createDataset, distinct } from './support/createDataset.ts';
import type { Draft } from './support/createDataset.ts';
import { absolute, findFiles, firstRows, manifestPart, mediumAt, splitOfManifest, word } from './support/manifests.ts';
import { PresenceByListing } from '../../media/presence.ts';
import type { Rows, RowValue } from './support/rows.ts';
import { openRows } from './support/rows.ts';

/** Characters of a conversation that are kept as a sample's words. */
const MAX_TEXT = 8192;
/** Rows that are looked at to find the folder of the media. */
const SAMPLE = 50;

/** LLaVA's, ShareGPT's, LLaMA-Factory's and Qwen's conversations about pictures, films and sounds. */
export const conversations: DatasetFormat = {
  id: 'conversations',
  title: 'Conversations (LLaVA, ShareGPT)',
  recognise(look) {
    const [first, ...others] = manifestsOf(look);
    return first === undefined ? undefined : { score: 0.95, reasons: [`${first} with turns in its rows`, ...(others.length > 0 ? [`${others.length} more such files`] : [])] };
  },
  async open(root, { signal } = {}) {
    const look = createFolderLook(root);
    const paths = manifestsOf(look);
    if (paths.length === 0) {
      throw new DatasetError('unknown', `${root} holds no conversations`);
    }
    const tables = await Promise.all(
      paths.map(async (path) => {
        const rows = await openRows(absolute(look, path), { signal });
        return { rows, folder: await mediaFolder(rows), split: splitOfManifest(look, path), prefix: paths.length > 1 ? `${path}: ` : '' };
      }),
    );
    return createDataset({
      format: conversations.id,
      parts: tables.map(({ rows, folder, ...options }) => manifestPart(rows, (value, { row }) => draftOf(value, row, folder), options)),
      splits: distinct(tables.map(({ split }) => split)),
      async check(tell, checkSignal) {
        const run = await CheckRun.start(tell, checkSignal);
        for (const { rows, folder } of tables) {
          await checkTable(run, rows, folder);
        }
      },
    });
  },
};

function manifestsOf(look: FolderLook): string[] {
  return findFiles(look, /\.jsonl?(?:\.gz)?$/i).filter((path) => {
    const [row] = firstRows(look, path);
    const turns = row?.conversations ?? row?.messages ?? row?.conversation;
    return Array.isArray(turns) && turns.every((turn) => typeof turn === 'object' && turn !== null && ('from' in turn || 'role' in turn));
  });
}

/** Where the first media are found, of the places where people put them. */
async function mediaFolder(rows: Rows): Promise<string> {
  const folder = dirname(rows.file);
  const candidates = [folder, ...['images', 'image', 'data', 'videos', 'audio', 'media'].map((name) => join(folder, name)), dirname(folder), join(dirname(folder), 'images')];
  const presence = new PresenceByListing();
  let looked = 0;
  for await (const { value } of rows.read(0)) {
    const path = value === undefined ? undefined : pathsOf(value)[0]?.path;
    const found = path === undefined ? undefined : candidates.find((candidate) => presence.isFile(join(candidate, path)));
    if (found !== undefined) {
      return found;
    }
    if (++looked >= SAMPLE) {
      break;
    }
  }
  return folder;
}

function pathsOf(value: RowValue): { readonly kind: 'image' | 'video' | 'audio'; readonly path: string }[] {
  const { turns, paths } = readConversation(value);
  return [...MEDIA_NAMES.flatMap((kind) => paths[kind].map((path) => ({ kind, path }))), ...turns.flatMap(({ parts }) => parts.flatMap(({ kind, path }) => (path === undefined ? [] : [{ kind, path }])))];
}

function draftOf(value: RowValue, row: number, folder: string): Omit<Draft, 'source'> {
  const { turns } = readConversation(value);
  const media = pathsOf(value).flatMap(({ kind, path }): SampleMedium[] => (path.startsWith('data:') ? [] : mediumAt(kind, path, folder, kind)));
  return { id: word(value.id) ?? `row ${row}`, media, labels: [], text: turns.map(({ role, text }) => `${role}: ${text}`).join('\n').slice(0, MAX_TEXT) };
}

async function checkTable(run: CheckRun, rows: Rows, folder: string): Promise<void> {
  const seen = new Seen(run.hash);
  await run.rows(rows, ({ value, row }, at) => {
    run.say(at, ...checkConversation(value));
    for (const { kind, path } of pathsOf(value)) {
      if (!path.startsWith('data:')) {
        run.path(at, kind, path, folder);
      }
    }
    const id = word(value.id);
    const before = id === undefined ? undefined : seen.meet(id, row);
    if (before !== undefined) {
      run.say(at, { code: 'row/duplicate-id', key: 'id', message: `The id ${id} stands in row ${before} already.` });
    }
  });
}
