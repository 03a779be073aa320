import type { MediaPlace } from '../../media/place.ts';
import { lazyAsync } from '../../base/lazy.ts';
import type { ToolRunner } from '../../process/toolRunner.ts';
import { DatasetError } from '../datasetError.ts';
import type { Service, ServiceContext } from '../service.ts';
import { AnnotationFinder } from './annotationFinder.ts';
import { glanceAt } from './glance.ts';
import { histogramOf } from './histogram.ts';
import type { ImageApi, PictureRef } from './imageApi.ts';
import { openPicture } from './openPicture.ts';
import type { OpenPicture } from './openPicture.ts';
import { headOf, pictureSource } from './pictureSource.ts';
import { cut } from './raster.ts';
import { readTags } from './tags.ts';

/** Bytes of pixels kept over all pictures. */
const MOST_BYTES = 240 * 2 ** 20;
const MOST_PIXELS_AT_ONCE = 1024;

interface Entry {
  readonly place: MediaPlace;
  readonly opening: Promise<OpenPicture>;
  bytes: number;
}

/** Pictures for their previews; the ones last looked at stay decoded. */
export function createImageService(context: ServiceContext): Service<ImageApi> {
  /** By place and page, the one last used at the end. */
  const open = new Map<string, Entry>();
  const finder = new AnnotationFinder();
  const runner = lazyAsync(() => createRunner(context));

  function picture(ref: PictureRef, signal: AbortSignal, fresh = false): Promise<OpenPicture> {
    const key = JSON.stringify([ref.place.file, ref.place.member ?? null, ref.page]);
    const existing = fresh ? undefined : open.get(key);
    open.delete(key);
    const entry = existing ?? { place: ref.place, opening: openPicture(ref, { runner: context.search && runner, signal }), bytes: 0 };
    open.set(key, entry);
    if (existing === undefined) {
      entry.opening.then(
        ({ decoded }) => {
          entry.bytes = decoded.bytes;
          makeRoom(entry);
        },
        () => open.get(key) === entry && open.delete(key),
      );
    }
    return entry.opening;
  }

  function makeRoom(newest: Entry): void {
    let total = [...open.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [key, entry] of open) {
      if (total <= MOST_BYTES) {
        return;
      }
      if (entry !== newest) {
        open.delete(key);
        total -= entry.bytes;
      }
    }
  }

  return {
    handlers: {
      glance: (params) => glanceAt((params as { readonly place: MediaPlace }).place),
      open: async (params, signal) => (await picture(params as PictureRef, signal, true)).facts,
      async tile(params, signal) {
        const { upright, level, column, row, ...ref } = params as Parameters<ImageApi['tile']>[0];
        const { upright: shown, stored } = await picture(ref, signal);
        return (upright ? shown : stored).tile(level, column, row);
      },
      async pixels(params, signal) {
        const { x, y, width, height, ...ref } = params as Parameters<ImageApi['pixels']>[0];
        if (!(width * height <= MOST_PIXELS_AT_ONCE)) {
          throw new DatasetError('unavailable', `At most ${MOST_PIXELS_AT_ONCE} pixels are told at once.`);
        }
        const { decoded } = await picture(ref, signal);
        if (decoded.stored !== undefined) {
          return cut(decoded.stored, x, y, width, height);
        }
        const left = Math.max(0, Math.min(decoded.width - 1, x));
        const top = Math.max(0, Math.min(decoded.height - 1, y));
        const region = { left, top, width: Math.max(1, Math.min(x + width, decoded.width) - left), height: Math.max(1, Math.min(y + height, decoded.height) - top) };
        const raster = await decoded.storedPart(region);
        return { ...cut(raster, 0, 0, raster.width, raster.height), x: left, y: top };
      },
      async histogram(params, signal) {
        const { decoded } = await picture(params as PictureRef, signal);
        const { stored, display, colours, ceiling } = decoded;
        if (stored !== undefined) {
          return histogramOf(stored, colours, ceiling);
        }
        // Of a picture that is not kept as stored, what is shown is counted.
        const shown = histogramOf(display.raster, Math.min(3, display.raster.channels), 255);
        return { ...shown, part: (shown.part * display.raster.width * display.raster.height) / (decoded.width * decoded.height) };
      },
      tags: async (params) => readTags(await headOf(await pictureSource((params as { readonly place: MediaPlace }).place))),
      annotations: (params, signal) => finder.of((params as { readonly place: MediaPlace }).place, signal),
      close(params) {
        const { file, member } = (params as { readonly place: MediaPlace }).place;
        for (const [key, { place }] of open) {
          if (place.file === file && place.member === member) {
            open.delete(key);
          }
        }
      },
    },
    dispose() {
      open.clear();
      finder.dispose();
    },
  };
}

async function createRunner({ search }: ServiceContext): Promise<ToolRunner | undefined> {
  if (search === undefined) {
    return undefined;
  }
  const [{ createToolFinder, toolboxOf }, { createToolRunner }] = await Promise.all([import('../../process/toolFinder.ts'), import('../../process/createToolRunner.ts')]);
  const tools = toolboxOf(await createToolFinder().find(search, ['ffmpeg']));
  return tools.has('ffmpeg') ? createToolRunner({ tools, env: search.env }) : undefined;
}
