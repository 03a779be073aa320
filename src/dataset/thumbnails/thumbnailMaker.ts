import { statSync } from 'node:fs';
import { known } from '../../base/absent.ts';
import type { Disposable } from '../../base/disposable.ts';
import { ArchiveError } from '../../media/archives/archiveError.ts';
import type { MemberFiles } from '../../media/archives/memberFiles.ts';
import type { MediaPlace } from '../../media/place.ts';
import { createProber } from '../../media/probe.ts';
import type { SharpLibrary } from '../../media/sharpLibrary.ts';
import { readableBySharp } from '../../media/sharpLoaders.ts';
import type { ToolRunner } from '../../process/toolRunner.ts';
import type { OpenTools } from '../audio/openSound.ts';
import type { Thumbnail } from '../webview/gallery/thumbnail.ts';
import { contentKey } from './contentKey.ts';
import { Lane } from './lanes.ts';
import { nothing, unreadable } from './nothing.ts';
import type { PackedStore } from './packedStore.ts';
import { makePicture } from './pictureMaker.ts';
import { canBePoster, makePoster } from './posterMaker.ts';
import { makeSeries } from './seriesMaker.ts';
import { makeText } from './textMaker.ts';
import { decodeThumbnail, encodeThumbnail } from './thumbnailCode.ts';
import { openThumbnailSource } from './thumbnailSource.ts';
import type { ThumbnailSource } from './thumbnailSource.ts';
import type { ThumbnailSize } from './thumbnailsApi.ts';
import { makeWave } from './waveMaker.ts';

export interface MakerOptions {
  /** Rejects where sharp does not fit this machine. */
  readonly sharp: () => Promise<SharpLibrary>;
  /** Undefined where there is no ffmpeg, or none may be run. */
  readonly ffmpeg: () => Promise<ToolRunner | undefined>;
  readonly store: () => Promise<PackedStore>;
  /** Ended with the maker. */
  readonly files: MemberFiles;
  readonly trusted: boolean;
  /** Pictures that are made at once, and processes that run at once. */
  readonly pictures: number;
  readonly processes: number;
}

/** Raised when a thumbnail is made otherwise than before. */
const VERSION = 1;
const TEXT_HEAD = 256 * 1024;
/** Makes thumbnails by what the bytes are, and keeps them. */
export class ThumbnailMaker implements Disposable {
  private readonly pictures: Lane;
  private readonly processes: Lane;
  private readonly prober = createProber();

  constructor(private readonly options: MakerOptions) {
    this.pictures = new Lane(options.pictures);
    this.processes = new Lane(options.processes);
  }

  async make(place: MediaPlace, px: ThumbnailSize, signal: AbortSignal): Promise<Thumbnail> {
    const store = await this.options.store();
    let key: string;
    let source: ThumbnailSource;
    try {
      key = contentKey(place, statSync(place.file), `thumbnail ${VERSION} ${px}`);
      const kept = store.get(key);
      const thumbnail = kept && decodeThumbnail(kept);
      if (thumbnail !== undefined) {
        return thumbnail;
      }
      source = await openThumbnailSource(place, this.options.files, signal);
    } catch (error) {
      signal.throwIfAborted();
      return error instanceof ArchiveError ? nothing(error.reason === 'gone' ? 'vanished' : 'refused', error.message.slice(0, 120)) : unreadable(error, place.file);
    }
    try {
      const made = await this.draw(source, px, signal);
      if (isLasting(made)) {
        store.put(key, encodeThumbnail(made));
      }
      return made;
    } finally {
      source.dispose();
    }
  }

  dispose(): void {
    this.options.files.dispose();
  }

  private async draw(source: ThumbnailSource, px: number, signal: AbortSignal): Promise<Thumbnail> {
    const { kind, container, size } = source;
    switch (container) {
      case 'empty':
        return nothing('broken', 'the file is empty');
      case 'gitLfsPointer':
        return nothing('broken', 'a Git LFS pointer, not the file itself');
      case 'csv':
      case 'tsv':
        return makeSeries((offset, length) => source.read(offset, length), size, container === 'csv' ? ',' : '\t') ?? makeText(source.read(0, TEXT_HEAD), size, container);
      default:
    }
    switch (kind) {
      case 'image':
        return readableBySharp(container) || !canBePoster(container) ? this.picture(source, px, signal) : this.poster(source, px, signal);
      case 'video':
        return this.poster(source, px, signal);
      case 'audio':
        return this.wave(source, signal);
      case 'text':
        return makeText(source.read(0, TEXT_HEAD), size, container);
      default:
        return nothing('none', `no picture is drawn of ${container}`);
    }
  }

  private async picture(source: ThumbnailSource, px: number, signal: AbortSignal): Promise<Thumbnail> {
    let sharp: SharpLibrary;
    try {
      sharp = await this.options.sharp();
    } catch {
      return nothing('missing', 'sharp, which draws pictures small, does not run on this machine');
    }
    return this.pictures.run(signal, () => makePicture(sharp, source.input(), source.container, px));
  }

  private async poster(source: ThumbnailSource, px: number, signal: AbortSignal): Promise<Thumbnail> {
    const runner = await this.options.ffmpeg();
    if (runner === undefined) {
      return nothing('missing', this.options.trusted ? 'ffmpeg, which decodes it, was not found' : 'not decoded: the workspace is not trusted');
    }
    return this.processes.run(signal, async () => {
      const { part, container } = source;
      const media = await this.prober.probe(part, { signal });
      // Sound in a container of films.
      if (media.kind === 'audio') {
        return makeWave(part, this.tools, signal);
      }
      return makePoster(runner, { part, container, duration: known(media.duration) }, px, signal);
    });
  }

  private wave(source: ThumbnailSource, signal: AbortSignal): Promise<Thumbnail> {
    return this.processes.run(signal, () => makeWave(source.part, this.tools, signal));
  }

  private get tools(): OpenTools {
    return this.options.trusted ? { ffmpeg: this.options.ffmpeg } : {};
  }
}

/** What is missing today may be there tomorrow, and costs nothing to find missing again. */
function isLasting(thumbnail: Thumbnail): boolean {
  return thumbnail.drawn !== 'nothing' || thumbnail.reason === 'broken';
}
