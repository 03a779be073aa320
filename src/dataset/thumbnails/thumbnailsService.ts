import { join } from 'node:path';
import * as v from 'valibot';
import { lazyAsync } from '../../base/lazy.ts';
import { loadSharp } from '../../media/sharpLibrary.ts';
import { availableCpus } from '../../process/cpus.ts';
import { mediaRunner } from '../audio/mediaRunner.ts';
import { memberFiles } from '../memberFiles.ts';
import type { CreateService } from '../service.ts';
import { createPackedStore } from './packedStore.ts';
import { ThumbnailMaker } from './thumbnailMaker.ts';
import { THUMBNAIL_SIZES } from './thumbnailsApi.ts';
import type { ThumbnailsApi } from './thumbnailsApi.ts';

/** Of the four threads in which Node lets libvips (and every file read of the window) work, one stays free. */
const MOST_PICTURES = 3;

const REQUEST = v.object({ place: v.object({ file: v.string(), member: v.optional(v.string()) }), px: v.picklist(THUMBNAIL_SIZES) });

/** The store's folder, which thumbnails and peaks share. */
export function cacheFolder(storage: string): string {
  return join(storage, 'cache');
}

export const createThumbnailsService: CreateService<ThumbnailsApi, object> = (context) => {
  const cpus = availableCpus();
  const store = lazyAsync(() => createPackedStore({ folder: cacheFolder(context.storage), budget: context.cacheBytes, ...(context.log && { log: context.log }) }));
  const { search } = context;
  const ffmpeg = lazyAsync(async () => (search === undefined ? undefined : mediaRunner(search)));
  const maker = new ThumbnailMaker({
    sharp: lazyAsync(loadSharp),
    ffmpeg,
    store,
    files: memberFiles(context),
    trusted: search !== undefined,
    pictures: Math.min(MOST_PICTURES, Math.max(2, cpus)),
    processes: Math.max(1, Math.floor(cpus / 2)),
  });
  return {
    handlers: {
      thumbnail(params, signal) {
        const { place, px } = v.parse(REQUEST, params);
        return maker.make({ file: place.file, ...(place.member !== undefined && { member: place.member }) }, px, signal);
      },
    },
    dispose() {
      maker.dispose();
      void store().then((opened) => opened.dispose());
    },
  };
};
