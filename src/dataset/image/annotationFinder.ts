import { dirname } from 'node:path';
import type { MediaPlace } from '../../media/place.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Dataset, DatasetFormat } from '../format.ts';
import type { PictureAnnotations } from './imageApi.ts';

/** Folders above a picture's own in which a dataset is looked for: `images/train/2017` lies three deep. */
const LEVELS = 5;
/** Below it a format is a guess. */
const SURE = 0.5;
const KEPT = 4;

interface Found {
  readonly root: string;
  readonly format: DatasetFormat;
  readonly dataset: Dataset;
}

/** Looks for the dataset that says what is on a picture, in the folders around it. */
export class AnnotationFinder implements Disposable {
  /** By the picture's folder, the one last used at the end. */
  private readonly known = new Map<string, Promise<Found | undefined>>();

  /** Null where no dataset around the picture has annotations. */
  async of({ file, member }: MediaPlace, signal: AbortSignal): Promise<PictureAnnotations | null> {
    if (member !== undefined) {
      return null;
    }
    const folder = dirname(file);
    const finding = this.known.get(folder) ?? find(folder, signal);
    this.known.delete(folder);
    this.known.set(folder, finding);
    finding.catch(() => this.known.delete(folder));
    this.makeRoom();
    const found = await finding;
    const items = await found?.dataset.annotations?.(file);
    return found === undefined || items === undefined ? null : { format: found.format.title, file: found.root, items };
  }

  dispose(): void {
    for (const finding of this.known.values()) {
      close(finding);
    }
    this.known.clear();
  }

  private makeRoom(): void {
    for (const [folder, finding] of this.known) {
      if (this.known.size <= KEPT) {
        return;
      }
      this.known.delete(folder);
      close(finding);
    }
  }
}

async function find(folder: string, signal: AbortSignal): Promise<Found | undefined> {
  const [{ createFolderLook }, { recogniseFormats }] = await Promise.all([import('../folderLook.ts'), import('../formats/index.ts')]);
  let root = folder;
  for (let level = 0; level < LEVELS; level++) {
    signal.throwIfAborted();
    const [best] = recogniseFormats(createFolderLook(root));
    if (best !== undefined && best.score >= SURE) {
      const dataset = await best.format.open(root, { signal });
      if (dataset.annotations !== undefined) {
        return { root, format: best.format, dataset };
      }
      dataset.close();
    }
    if (dirname(root) === root) {
      return undefined;
    }
    root = dirname(root);
  }
  return undefined;
}

function close(finding: Promise<Found | undefined>): void {
  finding.then((found) => found?.dataset.close(), () => undefined);
}
