import { DatasetError } from '../../datasetError.ts';
import { createFolderLook } from '../../folderLook.ts';
import type { DatasetFormat, FolderLook } from '../../format.ts';
import { checkCoco } from './check.ts';
import { CocoDocument } from './document.ts';
import { CheckRun } from '../support/checkRun.ts';
import { createDataset, distinct } from '../support/createDataset.ts';
import { absolute, findFiles, splitOfManifest } from '../support/manifests.ts';

/** Several documents may be about the same pictures: which of them gives the samples. */
const PREFERRED = [/instances/i, /keypoints/i, /captions/i];

export const coco: DatasetFormat = {
  id: 'coco',
  title: 'COCO',
  recognise(look) {
    const [first, ...others] = documentsOf(look);
    return first === undefined ? undefined : { score: 0.95, reasons: [`${first} with images and annotations`, ...(others.length > 0 ? [`${others.length} more such files`] : [])] };
  },
  async open(root, { signal } = {}) {
    const look = createFolderLook(root);
    const paths = documentsOf(look);
    if (paths.length === 0) {
      throw new DatasetError('unknown', `${root} holds no COCO document`);
    }
    const leading = leadersOf(look, paths);
    const documents: CocoDocument[] = [];
    for (const path of leading) {
      documents.push(await CocoDocument.open(absolute(look, path), { split: splitOfManifest(look, path), prefix: leading.length > 1 ? `${path}: ` : '', signal }));
    }
    return createDataset({
      format: coco.id,
      parts: documents.map((document) => document.part()),
      splits: distinct(documents.map(({ split }) => split)),
      async annotations(file) {
        return documents.flatMap((document) => document.annotationsOf(file));
      },
      async check(tell, checkSignal) {
        const run = await CheckRun.start(tell, checkSignal);
        for (const document of documents) {
          await checkCoco(run, document);
        }
        for (const path of paths.filter((other) => !leading.includes(other))) {
          const document = await CocoDocument.open(absolute(look, path), { signal: checkSignal });
          try {
            await checkCoco(run, document);
          } finally {
            document.close();
          }
        }
      },
      close: () => documents.forEach((document) => document.close()),
    });
  },
};

function documentsOf(look: FolderLook): string[] {
  return findFiles(look, /\.json$/i, 2)
    .slice(0, 200)
    .filter((path) => {
      const head = look.head(path, 65_536)?.toString('utf8') ?? '';
      return /^\s*\{/.test(head) && ((/"images"\s*:\s*\[/.test(head) && /"file_name"\s*:|"images"\s*:\s*\[\s*\]/.test(head)) || (/"annotations"\s*:\s*\[/.test(head) && /"image_id"\s*:/.test(head)));
    });
}

/** One document a split. */
function leadersOf(look: FolderLook, paths: readonly string[]): string[] {
  const rank = (path: string): number => {
    const at = PREFERRED.findIndex((pattern) => pattern.test(path));
    return at < 0 ? -1 : at;
  };
  const bySplit = new Map<string, string>();
  for (const path of [...paths].sort((a, b) => rank(a) - rank(b))) {
    const split = splitOfManifest(look, path) ?? path;
    if (!bySplit.has(split)) {
      bySplit.set(split, path);
    }
  }
  return paths.filter((path) => [...bySplit.values()].includes(path));
}
