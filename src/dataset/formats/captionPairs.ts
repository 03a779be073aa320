import { basename, dirname, join } from 'node:path';
import { DatasetError } from '../datasetError.ts';
import { createFolderLook } from '../folderLook.ts';
import type { DatasetFormat, FolderLook } from '../format.ts';
import { checkText } from '../../media/rules/row.ts';
import { CheckRun } from './support/checkRun.ts';
import { createDataset } from './support/createDataset.ts';
import type { Draft } from './support/createDataset.ts';
import { FileTree } from './support/fileTree.ts';
import { splitsOf } from './support/folderLabels.ts';
import { findFiles, plural } from './support/manifests.ts';
import { extensionOf, isMedium, kindByName, splitOfPath, stemOf } from '../../media/names.ts';
import { PresenceByListing } from '../../media/presence.ts';
import { filledLines, readSmall } from './support/smallFiles.ts';

/** What holds a caption, the likelier first. */
const CAPTIONS = ['txt', 'caption', 'tags', 'lab', 'json'];
/** Files of this kind beside pictures belong to other formats. */
const NO_CAPTIONS = /(?:^|\/)(?:README|LICENSE|classes|labels|requirements)\.txt$/i;

/** Kohya's and diffusers' folders: a picture and a text of the same name. */
export const captionPairs: DatasetFormat = {
  id: 'pairs',
  title: 'Files with captions beside them',
  recognise(look) {
    const { media, paired, example } = countPairs(look);
    return media === 0 || paired * 2 < media ? undefined : { score: 0.6, reasons: [`${paired} of ${plural(media, 'file')} with a text beside it, as ${example}`] };
  },
  async open(root, { signal } = {}) {
    const look = createFolderLook(root);
    if (look.isFile || countPairs(look).paired === 0) {
      throw new DatasetError('unknown', `${root} holds no files with captions beside them`);
    }
    const tree = await FileTree.read(root, { takes: isMedium, signal });
    const presence = new PresenceByListing();
    const draftOf = (path: string): Draft => {
      const caption = captionOf(join(root, path), presence);
      const text = caption === undefined ? undefined : textOf(caption);
      const split = splitOfPath(path);
      const label = /^\d+_(.+)$/.exec(basename(dirname(path)))?.[1];
      return {
        id: path,
        media: [{ role: kindByName(path), kind: kindByName(path), place: { file: join(root, path) } }],
        labels: label === undefined ? [] : [label],
        ...(text !== undefined && { text }),
        ...(split !== undefined && { split }),
        ...(caption !== undefined && { source: { file: caption, row: 1 } }),
      };
    };
    return createDataset({
      format: captionPairs.id,
      parts: [
        {
          count: tree.count,
          async at(index) {
            const path = tree.at(index);
            return path === undefined ? undefined : draftOf(path);
          },
          async *read(from) {
            for (const { path } of tree.from(from)) {
              yield draftOf(path);
            }
          },
        },
      ],
      splits: splitsOf(tree),
      async check(tell, checkSignal) {
        const run = await CheckRun.start(tell, checkSignal);
        for (const { path } of tree.from()) {
          await run.breathe();
          const file = join(root, path);
          const caption = captionOf(file, run.presence);
          if (caption === undefined) {
            run.say({ file }, { code: 'pairs/caption-missing', message: `${path} has no text beside it.` });
            continue;
          }
          const text = textOf(caption) ?? '';
          run.say({ file: caption }, ...(text.trim() === '' ? [{ code: 'pairs/caption-empty' as const, message: `The caption of ${basename(path)} is empty.`, related: file }] : checkText(text, 'caption')));
        }
        await checkOrphans(run, root, tree);
      },
    });
  },
};

function countPairs(look: FolderLook): { readonly media: number; readonly paired: number; readonly example: string } {
  const files = look.isFile ? [] : findFiles(look, /\.\w+$/, 2).slice(0, 4000);
  const captions = new Set(files.filter((path) => CAPTIONS.includes(extensionOf(path)) && !NO_CAPTIONS.test(path)).map((path) => `${dirname(path)}/${stemOf(path)}`));
  const media = files.filter(isMedium);
  const paired = media.filter((path) => captions.has(`${dirname(path)}/${stemOf(path)}`));
  return { media: media.length, paired: paired.length, example: paired[0] ?? '' };
}

function captionOf(file: string, presence: PresenceByListing): string | undefined {
  return CAPTIONS.map((extension) => join(dirname(file), `${stemOf(file)}.${extension}`)).find((path) => presence.isFile(path));
}

/** The words of a text, or of a JSON's caption. */
function textOf(caption: string): string | undefined {
  const content = readSmall(caption);
  if (content === undefined || !caption.endsWith('.json')) {
    return content?.trim();
  }
  try {
    const { caption: words, text, tags } = JSON.parse(content) as Record<string, unknown>;
    return [words, text, tags].find((value) => typeof value === 'string');
  } catch {
    return filledLines(content)[0]?.line;
  }
}

async function checkOrphans(run: CheckRun, root: string, tree: FileTree): Promise<void> {
  for (const folder of tree.folders) {
    await run.breathe();
    const names = run.presence.filesIn(join(root, folder));
    const stems = new Set(names.filter(isMedium).map(stemOf));
    for (const name of names) {
      if (['txt', 'caption'].includes(extensionOf(name)) && !NO_CAPTIONS.test(name) && !stems.has(stemOf(name))) {
        run.say({ file: join(root, folder, name) }, { code: 'pairs/caption-orphan', message: `${name} has no picture or sound beside it.` });
      }
    }
  }
}
