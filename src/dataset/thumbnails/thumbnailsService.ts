import { join } from 'node:path';
import * as v from 'valibot';
import { lazyAsync } from '../../base/lazy.ts';
import { loadSharp } from '../../media/sharpLibrary.ts';
import { availableCpus } from '../../process/cpus.ts';
import { createToolRunner } from '../../process/createToolRunner.ts';
import { createToolFinder, toolboxOf } from '../../process/toolFinder.ts';
import type { ToolRunner } from '../../process/toolRunner.ts';
import type { ToolSearch } from '../../process/toolSearch.ts';
import { findWrappers } from '../../process/wrappers.ts';
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
  const store = lazyAsync(() => createPackedStore({ folder: cacheFolder(context.storage), budget: context.cacheBytes }));
  const { search } = context;
  const ffmpeg = lazyAsync(async () => (search === undefined ? undefined : ffmpegRunner(search)));
  const maker = new ThumbnailMaker({
    sharp: lazyAsync(loadSharp),
    ffmpeg,
    store,
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
    dispose: () => void store().then((opened) => opened.dispose()),
  };
};

/** Looks for ffmpeg; undefined where it is not there. */
async function ffmpegRunner(search: ToolSearch): Promise<ToolRunner | undefined> {
  const wrappers = await findWrappers();
  const tools = toolboxOf(await createToolFinder({ wrappers }).find(search, ['ffmpeg']));
  return tools.has('ffmpeg') ? createToolRunner({ tools, wrappers, env: search.env }) : undefined;
}
