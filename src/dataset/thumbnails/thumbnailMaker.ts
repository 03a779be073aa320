import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { known } from '../../base/absent.ts';
import type { Container, MediaKind } from '../../media/media.ts';
import type { MediaPlace } from '../../media/place.ts';
import { createProber } from '../../media/probe.ts';
import type { SharpLibrary } from '../../media/sharpLibrary.ts';
import { readableBySharp } from '../../media/sharpLoaders.ts';
import { HEAD, sniff } from '../../media/sniff.ts';
import type { ToolRunner } from '../../process/toolRunner.ts';
import type { NoThumbnail, Thumbnail } from '../webview/gallery/thumbnail.ts';
import type { FileStamp } from './contentKey.ts';
import { contentKey } from './contentKey.ts';
import { Lane } from './lanes.ts';
import { nothing, unreadable } from './nothing.ts';
import type { PackedStore } from './packedStore.ts';
import { makePicture } from './pictureMaker.ts';
import { canBePoster, makePoster } from './posterMaker.ts';
import { makeSeries } from './seriesMaker.ts';
import { makeText } from './textMaker.ts';
import { decodeThumbnail, encodeThumbnail } from './thumbnailCode.ts';
import type { ThumbnailSize } from './thumbnailsApi.ts';

export interface MakerOptions {
  /** Rejects where sharp does not fit this machine. */
  readonly sharp: () => Promise<SharpLibrary>;
  /** Undefined where there is no ffmpeg, or none may be run. */
  readonly ffmpeg: () => Promise<ToolRunner | undefined>;
  readonly store: () => Promise<PackedStore>;
  readonly trusted: boolean;
  /** Pictures that are made at once, and processes that run at once. */
  readonly pictures: number;
  readonly processes: number;
}

/** Raised when a thumbnail is made otherwise than before. */
const VERSION = 1;
const TEXT_HEAD = 256 * 1024;
/** A FIFO is opened without waiting for a writer. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

interface Source {
  readonly path: string;
  readonly size: number;
  readonly kind: MediaKind;
  readonly container: Container;
}

/** Makes thumbnails by what the bytes are, and keeps them. */
export class ThumbnailMaker {
  private readonly pictures: Lane;
  private readonly processes: Lane;
  private readonly prober = createProber();

  constructor(private readonly options: MakerOptions) {
    this.pictures = new Lane(options.pictures);
    this.processes = new Lane(options.processes);
  }

  async make(place: MediaPlace, px: ThumbnailSize, signal: AbortSignal): Promise<Thumbnail> {
    let stamp: FileStamp;
    let source: Source;
    try {
      ({ stamp, source } = look(place.file));
    } catch (error) {
      return unreadable(error, place.file);
    }
    const store = await this.options.store();
    const key = contentKey(place, stamp, `thumbnail ${VERSION} ${px}`);
    const kept = store.get(key);
    const thumbnail = kept && decodeThumbnail(kept);
    if (thumbnail !== undefined) {
      return thumbnail;
    }
    const made = await this.draw(source, px, signal);
    if (isLasting(made)) {
      store.put(key, encodeThumbnail(made));
    }
    return made;
  }

  private async draw(source: Source, px: number, signal: AbortSignal): Promise<Thumbnail> {
    const { kind, container, path, size } = source;
    switch (container) {
      case 'empty':
        return nothing('broken', 'the file is empty');
      case 'gitLfsPointer':
        return nothing('broken', 'a Git LFS pointer, not the file itself');
      case 'csv':
      case 'tsv':
        return withFile(path, (read) => makeSeries(read, size, container === 'csv' ? ',' : '\t') ?? makeText(read(0, TEXT_HEAD), size, container));
      default:
    }
    switch (kind) {
      case 'image':
        return readableBySharp(container) || !canBePoster(container) ? this.picture(source, px, signal) : this.poster(source, px, signal);
      case 'video':
        return this.poster(source, px, signal);
      case 'text':
        return withFile(path, (read) => makeText(read(0, TEXT_HEAD), size, container));
      default:
        return nothing('none', `no picture is drawn of ${container}`);
    }
  }

  private async picture({ path, container }: Source, px: number, signal: AbortSignal): Promise<Thumbnail> {
    let sharp: SharpLibrary;
    try {
      sharp = await this.options.sharp();
    } catch {
      return nothing('missing', 'sharp, which draws pictures small, does not run on this machine');
    }
    return this.pictures.run(signal, () => makePicture(sharp, path, container, px));
  }

  private async poster({ path, container }: Source, px: number, signal: AbortSignal): Promise<Thumbnail> {
    const runner = await this.options.ffmpeg();
    if (runner === undefined) {
      return nothing('missing', this.options.trusted ? 'ffmpeg, which decodes it, was not found' : 'not decoded: the workspace is not trusted');
    }
    return this.processes.run(signal, async () => {
      const media = await this.prober.probe(path, { signal });
      if (media.kind === 'video' && media.video === undefined) {
        return nothing('broken', media.problems[0] ?? 'there is no picture in it');
      }
      return makePoster(runner, { path, container, duration: known(media.duration) }, px, signal);
    });
  }
}

/** What is missing today may be there tomorrow, and costs nothing to find missing again. */
function isLasting(thumbnail: Thumbnail): boolean {
  return thumbnail.drawn !== 'nothing' || thumbnail.reason === 'broken';
}

function look(path: string): { readonly stamp: FileStamp; readonly source: Source } {
  const fd = openSync(path, OPEN_FLAGS);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) {
      throw Object.assign(new Error(), { code: stat.isDirectory() ? 'EISDIR' : 'ENXIO' });
    }
    const head = Buffer.alloc(HEAD);
    const sniffed = sniff(head.subarray(0, readSync(fd, head, 0, HEAD, 0)), stat.size);
    return { stamp: stat, source: { path, size: stat.size, ...sniffed } };
  } finally {
    closeSync(fd);
  }
}

function withFile<T extends Thumbnail>(path: string, draw: (read: (offset: number, length: number) => Buffer) => T): T | NoThumbnail {
  let fd: number;
  try {
    fd = openSync(path, OPEN_FLAGS);
  } catch (error) {
    return unreadable(error, path);
  }
  try {
    return draw((offset, length) => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(fd, bytes, 0, length, Math.max(0, offset)));
    });
  } finally {
    closeSync(fd);
  }
}
