import { aacs, wavs } from './convert/audio.ts';
import { manyFiles } from './convert/manyFiles.ts';
import { jpegs } from './convert/pictures.ts';
import { videos } from './convert/videos.ts';
import { filtering } from './dataset/filter.ts';
import { gallery } from './dataset/gallery.ts';
import { probing } from './dataset/probe.ts';
import { rowsBench } from './dataset/rows.ts';
import { sound } from './dataset/sound.ts';
import { thumbnails } from './dataset/thumbnails.ts';
import { walking } from './dataset/walk.ts';
import { activation } from './house/activation.ts';
import { sizes } from './house/sizes.ts';
import { history } from './monitor/history.ts';
import { status } from './monitor/status.ts';
import { windows } from './monitor/windows.ts';
import type { Bench } from './row.ts';

export const BENCHES: readonly Bench[] = [wavs, jpegs, videos, aacs, manyFiles, walking, probing, filtering, rowsBench, sound, thumbnails, gallery, history, activation, sizes, status, windows];
