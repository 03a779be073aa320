import * as v from 'valibot';
import { checked } from '../../../platform/webviewHost.ts';
import type { AudioApi } from '../../audio/audioApi.ts';
import type { AudioHost, AudioPage } from '../../webview/audio/protocol.ts';
import { MOST_BYTES } from '../../webview/audio/protocol.ts';
import type { Preview, PreviewInput } from '../preview.ts';
import type { ThreadShare } from '../sharedThread.ts';

const WHOLE = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const CHANNEL = v.pipe(WHOLE, v.maxValue(255));
const PEAKS = v.strictObject({ channels: v.pipe(v.array(CHANNEL), v.maxLength(64)), from: WHOLE, to: WHOLE, columns: v.pipe(WHOLE, v.minValue(1), v.maxValue(8192)) });
const TILE = v.strictObject({ channel: CHANNEL, level: v.pipe(WHOLE, v.maxValue(24)), index: WHOLE });
const BYTES = v.strictObject({ start: WHOLE, length: v.pipe(WHOLE, v.maxValue(MOST_BYTES)) });
const SAMPLES = v.strictObject({ from: WHOLE, count: v.pipe(WHOLE, v.maxValue(2 ** 24)) });

/** What every page that plays sound may ask of the one place that it shows. */
export function soundHandlers(place: PreviewInput<never, never>['place'], thread: ThreadShare<AudioApi>) {
  return {
    peaks: checked(PEAKS, (params, signal) => thread.requestUntil(signal, 'peaks', { place, ...params })),
    bytes: checked(BYTES, (params, signal) => thread.requestUntil(signal, 'bytes', { place, ...params })),
    samples: checked(SAMPLES, (params, signal) => thread.requestUntil(signal, 'samples', { place, ...params })),
    progress: (_: unknown, signal: AbortSignal) => thread.requestUntil(signal, 'progress', { place }),
  };
}

/** Whether the person has asked for the host to decode, whatever the window can. */
export function decodeSetting({ services }: PreviewInput<never, never>['face']): 'auto' | 'host' {
  return services.config.ofUser('dataset.decodeOnHost') === true ? 'host' : 'auto';
}

export const audioPreview: Preview<AudioHost, AudioPage> = {
  page: 'datasetAudio',
  open({ place, face, page, onDidChangeFile }) {
    const thread = face.share<AudioApi>('audio');
    const changes = onDidChangeFile((what) => page().notify('changed', what));
    return {
      handlers: {
        ...soundHandlers(place, thread),
        open: async (_, signal) => ({ facts: await thread.requestUntil(signal, 'open', { place }), decode: decodeSetting(face) }),
        scale: (_, signal) => thread.requestUntil(signal, 'scale', { place }),
        tile: checked(TILE, (params, signal) => thread.requestUntil(signal, 'tile', { place, ...params })),
        transcript: (_, signal) => thread.requestUntil(signal, 'transcript', { place }),
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
