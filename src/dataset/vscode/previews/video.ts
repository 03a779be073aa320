import * as v from 'valibot';
import { checked } from '../../../platform/webviewHost.ts';
import type { AudioApi } from '../../audio/audioApi.ts';
import type { VideoApi } from '../../video/videoApi.ts';
import type { AudioFacts } from '../../webview/audio/protocol.ts';
import type { VideoHost, VideoPage } from '../../webview/video/protocol.ts';
import type { Preview } from '../preview.ts';
import { decodeSetting, soundHandlers } from './audio.ts';

const PACKETS = v.strictObject({ from: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) });
const TIME = v.pipe(v.number(), v.finite(), v.minValue(-1e6), v.maxValue(1e9));
const WIDTH = v.pipe(v.number(), v.integer(), v.minValue(16), v.maxValue(4096));
const FRAME = v.strictObject({ time: TIME, width: WIDTH });
const CLIP = v.strictObject({ time: TIME, width: WIDTH, rate: v.pipe(v.number(), v.minValue(1), v.maxValue(30)) });

export const videoPreview: Preview<VideoHost, VideoPage> = {
  page: 'datasetVideo',
  open({ place, face, page, onDidChangeFile }) {
    const films = face.share<VideoApi>('video');
    const sounds = face.share<AudioApi>('audio');
    const changes = onDidChangeFile((what) => page().notify('changed', what));
    return {
      handlers: {
        ...soundHandlers(place, sounds),
        async open(_, signal) {
          const openSound = () => sounds.requestUntil(signal, 'open', { place }).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
          const openFilm = films.requestUntil(signal, 'open', { place });
          // What was copied out of an archive for the one is had by the other too.
          const [facts, sound] = await (place.member === undefined ? Promise.all([openFilm, openSound()]) : openFilm.then(async (film) => [film, await openSound()] as const));
          const found: AudioFacts | null = typeof sound === 'string' ? null : sound;
          return { facts, sound: found, decode: decodeSetting(face), ...(typeof sound === 'string' && { soundProblem: sound }) };
        },
        packets: checked(PACKETS, (params, signal) => films.requestUntil(signal, 'packets', { place, ...params })),
        frame: checked(FRAME, (params, signal) => films.requestUntil(signal, 'frame', { place, ...params })),
        clip: checked(CLIP, (params, signal) => films.requestUntil(signal, 'clip', { place, ...params })),
      },
      onReady: () => undefined,
      dispose() {
        changes.dispose();
        void films.request('close', { place }).catch(() => undefined);
        void sounds.request('close', { place }).catch(() => undefined);
        films.dispose();
        sounds.dispose();
      },
    };
  },
};
