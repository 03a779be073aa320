import { definePreset } from '../../preset.ts';
import { expectMovie, movieCall, movieNeeds, movieSize, refuseMovie } from './movie.ts';
import { audio, audioBitrate, crf, hdr, metadata, speed } from './options.ts';

export const videoH264 = definePreset({
  id: 'video.h264',
  title: 'Transcode to H.264',
  summary: 'MP4 that everything plays: H.264 in 4:2:0 with every frame at its own time, upright, with the index in front.',
  kinds: ['video'],
  options: { crf, speed, audio, audioBitrate, hdr, metadata },
  revision: 1,
  refuse: refuseMovie,
  methods: [
    {
      engine: 'ffmpeg',
      needs: movieNeeds,
      *convert(task) {
        yield movieCall(task);
        return {};
      },
    },
  ],
  output: () => ({ kind: 'file', extension: 'mp4' }),
  expect: (media, options) => expectMovie(media, options, movieSize(media, undefined)),
});
