import * as v from 'valibot';
import { commands } from 'vscode';
import { checked } from '../../../platform/webviewHost.ts';
import type { ImageApi } from '../../image/imageApi.ts';
import type { ImageHost, ImagePage } from '../../webview/image/protocol.ts';
import { uriOfPlace } from '../placeUri.ts';
import type { Preview } from '../preview.ts';

const WHOLE = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31));
const PAGE = v.strictObject({ page: WHOLE });
const TILE_REQUEST = v.strictObject({ page: WHOLE, upright: v.boolean(), level: v.pipe(WHOLE, v.maxValue(32)), column: WHOLE, row: WHOLE });
const COORDINATE = v.pipe(v.number(), v.integer(), v.minValue(-4096), v.maxValue(2 ** 31));
const PIXELS_REQUEST = v.strictObject({ page: WHOLE, x: COORDINATE, y: COORDINATE, width: v.pipe(WHOLE, v.maxValue(64)), height: v.pipe(WHOLE, v.maxValue(64)) });

export const imagePreview: Preview<ImageHost, ImagePage> = {
  page: 'datasetImage',
  open({ place, face, page, onDidChangeFile }) {
    const thread = face.share<ImageApi>('image');
    const changes = onDidChangeFile((what) => page().notify('changed', what));
    return {
      handlers: {
        glance: (_, signal) => thread.requestUntil(signal, 'glance', { place }),
        open: checked(PAGE, (params, signal) => thread.requestUntil(signal, 'open', { place, ...params })),
        tile: checked(TILE_REQUEST, (params, signal) => thread.requestUntil(signal, 'tile', { place, ...params })),
        pixels: checked(PIXELS_REQUEST, (params, signal) => thread.requestUntil(signal, 'pixels', { place, ...params })),
        histogram: checked(PAGE, (params, signal) => thread.requestUntil(signal, 'histogram', { place, ...params })),
        tags: (_, signal) => thread.requestUntil(signal, 'tags', { place }),
        shapes: (_, signal) => thread.requestUntil(signal, 'annotations', { place }),
        async openSource() {
          const found = await thread.request('annotations', { place });
          if (found !== null) {
            await commands.executeCommand('revealInExplorer', uriOfPlace({ file: found.file }));
          }
        },
      },
      onReady: () => undefined,
      dispose() {
        changes.dispose();
        void thread.request('close', { place }).catch(() => undefined);
        thread.dispose();
      },
    };
  },
};
