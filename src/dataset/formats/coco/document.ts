import { basename, dirname, join } from 'node:path';
import type { TextHash } from '../../../base/hash.ts';
import { createTextHash } from '../../../base/hash.ts';
import { NumberMap } from '../../../base/numberMap.ts';
import type { Annotation } from '../../sample.ts';
import { createBreather } from '../../../base/breather.ts';
import type { Draft, Part } from '../support/createDataset.ts';
import type { JsonArrays } from '../support/jsonElements.ts';
import { indexJsonArrays } from '../support/jsonElements.ts';
import { idOf, text, word } from '../support/manifests.ts';
import type { OpenBytes } from '../support/openBytes.ts';
import { openBytes } from '../support/openBytes.ts';
import { PresenceByListing } from '../../../media/presence.ts';
import type { RowValue } from '../support/rows.ts';
import { drawnAnnotation } from './annotation.ts';

export interface CocoCategory {
  readonly name: string;
  readonly keypoints: readonly string[];
}

export interface CocoOptions {
  readonly split?: string | undefined;
  readonly prefix?: string;
  readonly signal?: AbortSignal | undefined;
}

/** A COCO document of any size: where its images and annotations lie, which belong together, and either of them by number. */
export class CocoDocument {
  readonly presence = new PresenceByListing();
  readonly imageIds = new NumberMap();
  private readonly pictures = new NumberMap();
  readonly categories = new Map<string, CocoCategory>();
  /** Numbers of annotations in the order of their images, and where those of an image begin. */
  private order = new Uint32Array(0);
  private begins = new Uint32Array(1);
  folder = '';

  private constructor(
    readonly file: string,
    private readonly bytes: OpenBytes,
    readonly arrays: JsonArrays,
    readonly hash: TextHash,
    private readonly options: CocoOptions,
  ) {}

  static async open(file: string, options: CocoOptions): Promise<CocoDocument> {
    const bytes = await openBytes(file, options.signal);
    try {
      const arrays = await indexJsonArrays(bytes.source, options.signal);
      const document = new CocoDocument(file, bytes, arrays, await createTextHash(), options);
      await document.join();
      return document;
    } catch (error) {
      bytes.close();
      throw error;
    }
  }

  get split(): string | undefined {
    return this.options.split;
  }

  get imageCount(): number {
    return this.arrays.arrays.get('images')?.count ?? 0;
  }

  get annotationCount(): number {
    return this.arrays.arrays.get('annotations')?.count ?? 0;
  }

  image(index: number): RowValue | undefined {
    return this.element('images', index);
  }

  annotation(index: number): RowValue | undefined {
    return this.element('annotations', index);
  }

  /** An element that is an object; undefined where it is none. */
  element(key: string, index: number): RowValue | undefined {
    try {
      const value = this.arrays.arrays.get(key)?.at(index);
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as RowValue) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Absolute path of an image's file. */
  fileOf(image: RowValue): string | undefined {
    const name = text(image.file_name);
    return name === undefined || name === '' || name.includes('\0') ? undefined : join(this.folder, name);
  }

  part(): Part {
    const draftOf = (index: number): Draft => this.draft(index);
    const { imageCount } = this;
    return {
      count: imageCount,
      at: async (index) => (index < imageCount ? draftOf(index) : undefined),
      async *read(from, signal) {
        for (let index = from; index < imageCount; index++) {
          signal?.throwIfAborted();
          yield draftOf(index);
        }
      },
    };
  }

  annotationsOf(file: string): readonly Annotation[] {
    const index = this.pictures.get(this.hash(file));
    return index === undefined ? [] : this.annotationsAt(index).flatMap((annotation) => drawnAnnotation(annotation, this.categories.get(idOf(annotation.category_id))) ?? []);
  }

  private annotationsAt(image: number): RowValue[] {
    const numbers = [...this.order.subarray(this.begins[image] ?? 0, this.begins[image + 1] ?? 0)];
    return numbers.map((number) => this.annotation(number)).filter((annotation) => annotation !== undefined);
  }

  private draft(index: number): Draft {
    const { split, prefix = '' } = this.options;
    const image = this.image(index) ?? {};
    const annotations = this.annotationsAt(index);
    const labels = annotations.flatMap(({ category_id: id }) => (id === undefined ? [] : (this.categories.get(idOf(id))?.name ?? [])));
    const caption = annotations.map((annotation) => text(annotation.caption)).find((words) => words !== undefined);
    const file = this.fileOf(image);
    return {
      id: `${prefix}${word(image.id) ?? `image ${index + 1}`}`,
      media: file === undefined ? [] : [{ role: 'image', kind: 'image', place: { file } }],
      labels: [...new Set(labels)],
      ...(caption !== undefined && { text: caption }),
      ...(split !== undefined && { split }),
      source: { file: this.file, row: index + 1 },
    };
  }

  /** Joins annotations to images, in 12 bytes an annotation. */
  private async join(): Promise<void> {
    const breathe = createBreather(this.options.signal);
    for (let index = 0; index < (this.arrays.arrays.get('categories')?.count ?? 0); index++) {
      const category = this.element('categories', index);
      if (category?.id !== undefined) {
        this.categories.set(idOf(category.id), { name: word(category.name) ?? idOf(category.id), keypoints: Array.isArray(category.keypoints) ? category.keypoints.map(String) : [] });
      }
    }
    this.folder = this.findFolder();
    for (let index = 0; index < this.imageCount; index++) {
      await breathe();
      const image = this.image(index);
      const file = image && this.fileOf(image);
      if (image?.id !== undefined) {
        this.imageIds.set(this.hash(idOf(image.id)), index);
      }
      if (file !== undefined) {
        this.pictures.set(this.hash(file), index);
      }
    }
    const images = new Int32Array(this.annotationCount).fill(-1);
    this.begins = new Uint32Array(this.imageCount + 1);
    for (let number = 0; number < this.annotationCount; number++) {
      await breathe();
      const id = this.annotation(number)?.image_id;
      const image = id === undefined ? undefined : this.imageIds.get(this.hash(idOf(id)));
      if (image !== undefined) {
        images[number] = image;
        this.begins[image + 1] = (this.begins[image + 1] ?? 0) + 1;
      }
    }
    for (let image = 0; image < this.imageCount; image++) {
      this.begins[image + 1] = (this.begins[image + 1] ?? 0) + (this.begins[image] ?? 0);
    }
    const next = this.begins.slice();
    this.order = new Uint32Array(this.begins[this.imageCount] ?? 0);
    for (const [number, image] of images.entries()) {
      if (image >= 0) {
        const at = next[image] ?? 0;
        this.order[at] = number;
        next[image] = at + 1;
      }
    }
  }

  /** The folder of the pictures: where the first ones are, of the places where people put them. */
  private findFolder(): string {
    const folder = dirname(this.file);
    const stem = basename(this.file).replace(/\.json$/i, '');
    const names = ['', 'images', 'JPEGImages', 'img', 'data', stem, stem.replace(/^[a-z]+_/i, ''), `images/${stem.replace(/^[a-z]+_/i, '')}`, this.split ?? '', `images/${this.split ?? ''}`];
    const candidates = [...new Set([folder, dirname(folder)].flatMap((base) => names.map((name) => join(base, name))))];
    for (let index = 0; index < Math.min(this.imageCount, 20); index++) {
      const name = text(this.image(index)?.file_name);
      const found = name === undefined || name === '' ? undefined : candidates.find((candidate) => this.presence.isFile(join(candidate, name)));
      if (found !== undefined) {
        return found;
      }
    }
    return candidates.find((candidate) => candidate !== folder && candidate !== dirname(folder) && this.presence.filesIn(candidate).length > 0) ?? folder;
  }

  close(): void {
    this.bytes.close();
  }
}
