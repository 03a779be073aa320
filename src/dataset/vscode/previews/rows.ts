import * as v from 'valibot';
import { commands } from 'vscode';
import { checked } from '../../../platform/webviewHost.ts';
import type { RowsApi } from '../../rows/rowsApi.ts';
import type { ThumbnailsApi } from '../../thumbnails/thumbnailsApi.ts';
import type { RowsHost, RowsPageEvents } from '../../webview/rows/protocol.ts';
import { uriOfPlace } from '../placeUri.ts';
import type { Preview } from '../preview.ts';
import type { ThreadShare } from '../sharedThread.ts';

const WHOLE = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 50));
const NAMES = v.pipe(v.array(v.pipe(v.string(), v.maxLength(1_048_576))), v.maxLength(500));
const ROWS = v.strictObject({ from: WHOLE, count: v.pipe(WHOLE, v.maxValue(200)), columns: NAMES });
const DETAILS = v.strictObject({ index: WHOLE });
const MEDIUM = v.strictObject({ index: WHOLE, nth: v.pipe(WHOLE, v.maxValue(1000)) });
const FIND = v.strictObject({ text: v.pipe(v.string(), v.maxLength(4096)), from: WHOLE, backwards: v.boolean(), matchCase: v.boolean() });
const SUMMARY = v.strictObject({ columns: NAMES });
const SUM_ALL = v.strictObject({ columns: NAMES, stop: v.boolean() });

export const rowsPreview: Preview<RowsHost, RowsPageEvents> = {
  page: 'datasetRows',
  open({ uri, place, face, page, onDidChangeFile }) {
    const thread = face.share<RowsApi>('rows');
    let drawing: ThreadShare<ThumbnailsApi> | undefined;
    let isOpen = false;
    const changes = onDidChangeFile((what) => {
      // The thread looks at the file before the page asks for its rows anew.
      void thread.request('refresh', { place }).then(
        () => page().notify('changed', what),
        () => page().notify('changed', 'gone'),
      );
    });
    return {
      handlers: {
        async open(_, signal) {
          if (isOpen) {
            // The page was shown anew.
            await thread.request('close', { place });
          }
          const opened = await thread.requestUntil(signal, 'open', { place });
          isOpen = true;
          return opened;
        },
        state: (_, signal) => thread.requestUntil(signal, 'state', { place }),
        columns: (_, signal) => thread.requestUntil(signal, 'columns', { place }),
        rows: checked(ROWS, (params, signal) => thread.requestUntil(signal, 'rows', { place, ...params })),
        details: checked(DETAILS, (params, signal) => thread.requestUntil(signal, 'details', { place, ...params })),
        find: checked(FIND, (params, signal) => thread.requestUntil(signal, 'find', { place, ...params })),
        summary: checked(SUMMARY, (params, signal) => thread.requestUntil(signal, 'summary', { place, ...params })),
        sumAll: checked(SUM_ALL, (params) => thread.request('sumAll', { place, ...params })),
        thumbnail: checked(MEDIUM, async (params, signal) => {
          const medium = await thread.requestUntil(signal, 'medium', { place, ...params });
          if (medium.member !== undefined) {
            return thread.requestUntil(signal, 'thumbnail', { place, ...params });
          }
          drawing ??= face.share<ThumbnailsApi>('thumbnails');
          return drawing.requestUntil(signal, 'thumbnail', { place: medium, px: 256 });
        }),
        openMedium: checked(MEDIUM, async (params) => {
          await commands.executeCommand('vscode.open', uriOfPlace(await thread.request('medium', { place, ...params })));
        }),
        openAsText: async () => void (await commands.executeCommand('vscode.openWith', uri, 'default')),
      },
      onReady: () => undefined,
      dispose() {
        changes.dispose();
        if (isOpen) {
          void thread.request('close', { place }).catch(() => undefined);
        }
        drawing?.dispose();
        thread.dispose();
      },
    };
  },
};
