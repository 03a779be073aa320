import type { Preset } from '../preset.ts';
import { audioChunks } from './audio/chunks.ts';
import { audioFlac } from './audio/flac.ts';
import { audioLoudness } from './audio/loudness.ts';
import { audioOpus } from './audio/opus.ts';
import { audioPeak } from './audio/peak.ts';
import { audioResample } from './audio/resample.ts';
import { audioSpectrogram } from './audio/spectrogram.ts';
import { audioTrimSilence } from './audio/trimSilence.ts';
import { audioWav16kMono } from './audio/wav16kMono.ts';
import { imageFit } from './image/fit.ts';
import { imageJpeg } from './image/jpeg.ts';
import { imageOrient } from './image/orient.ts';
import { imagePng } from './image/png.ts';
import { imageSquare } from './image/square.ts';
import { imageStrip } from './image/strip.ts';
import { imageWebp } from './image/webp.ts';
import { videoAudio } from './video/audio.ts';
import { videoContactSheet } from './video/contactSheet.ts';
import { videoCut } from './video/cut.ts';
import { videoFrames } from './video/frames.ts';
import { videoH264 } from './video/h264.ts';
import { videoPoster } from './video/poster.ts';
import { videoResize } from './video/resize.ts';
import { videoVp9 } from './video/vp9.ts';

/** Every preset that is shipped, in the order in which a person reads them. */
export const PRESETS: readonly Preset[] = [
  audioWav16kMono,
  audioResample,
  audioFlac,
  audioOpus,
  audioLoudness,
  audioPeak,
  audioTrimSilence,
  audioChunks,
  audioSpectrogram,
  videoAudio,
  videoFrames,
  videoPoster,
  videoContactSheet,
  videoH264,
  videoVp9,
  videoResize,
  videoCut,
  imageFit,
  imageSquare,
  imageJpeg,
  imagePng,
  imageWebp,
  imageOrient,
  imageStrip,
];
