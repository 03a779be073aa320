import { known } from '../../../base/absent.ts';
import type { Media } from '../../../media/media.ts';
import type { FfmpegCall } from '../../mediaWork.ts';
import { definePreset, exactly, type Task } from '../../preset.ts';
import { BITEXACT, CROP_EVEN, frameTiming, hdrNeeds, IN_STEP, isHdr, metadataArgs, OPUS_LAYOUTS, opusEncoder, refuseHdr, toneMap } from './filters.ts';
import { hdr, metadata, type HdrChoice } from './options.ts';
import { evenSize, FIRST_AUDIO, FIRST_VIDEO, knownSize, refuseVideo, shownFrames, sourceOf, wholeDuration } from './source.ts';

interface Vp9Options {
  readonly crf: number;
  readonly speed: number;
  readonly audio: 'opus' | 'copy' | 'none';
  readonly audioBitrate: number;
  readonly hdr: HdrChoice;
  readonly metadata: 'strip' | 'keep';
}

const IN_WEBM = new Set(['opus', 'vorbis']);

function refuse(media: Media, options: Vp9Options): string | undefined {
  const refusal = refuseVideo(media) ?? refuseHdr(media, options.hdr);
  if (refusal !== undefined) {
    return refusal;
  }
  const codec = known(media.audio?.codec);
  return options.audio === 'copy' && media.audio !== undefined && !IN_WEBM.has(codec ?? '')
    ? `its audio (${codec ?? 'of an unknown codec'}) is not copied into WebM: choose Opus with the option “audio”`
    : undefined;
}

function hasAudio(media: Media, options: Vp9Options): boolean {
  return media.audio !== undefined && options.audio !== 'none';
}

function call({ media, options, output, threads, tool }: Task<Vp9Options>): FfmpegCall {
  const seconds = known(media.duration);
  const frames = known(media.video?.frames);
  const pixels = isHdr(media) && options.hdr === 'keep' ? 'yuv420p10le' : 'yuv420p';
  const withAudio = hasAudio(media, options);
  const opus = ['-af', `${IN_STEP},${OPUS_LAYOUTS}`, ...opusEncoder(options.audioBitrate)];
  const sound = options.audio === 'copy' ? ['-c:a', 'copy'] : opus;
  return {
    engine: 'ffmpeg',
    groupable: false,
    ...(seconds !== undefined && { seconds }),
    ...(frames !== undefined && { frames }),
    source: sourceOf(media),
    map: [FIRST_VIDEO, ...(withAudio ? [FIRST_AUDIO] : [])],
    outputOptions: [
      '-vf', [...toneMap(media, options.hdr), CROP_EVEN, `format=${pixels}`].join(','),
      ...frameTiming(tool, 'vfr'),
      '-c:v', 'libvpx-vp9', '-b:v', '0', '-crf', String(options.crf), '-deadline', 'good', '-cpu-used', String(options.speed),
      '-row-mt', threads > 1 ? '1' : '0',
      ...(withAudio ? sound : []),
      ...metadataArgs(options.metadata), ...BITEXACT, '-f', 'webm',
    ],
    output,
    threads,
  };
}

export const videoVp9 = definePreset({
  id: 'video.vp9',
  title: 'Transcode to VP9',
  summary: 'WebM with VP9 and Opus: free codecs, smaller than H.264 at the same quality, slower to make.',
  kinds: ['video'],
  options: {
    crf: {
      type: 'integer',
      title: 'Quality (CRF)',
      description: 'Constant quality of libvpx: lower is larger and closer to the original.',
      default: 32,
      min: 0,
      max: 63,
    },
    speed: {
      type: 'integer',
      title: 'Speed',
      description: "libvpx's cpu-used: higher is faster and larger.",
      default: 3,
      min: 0,
      max: 8,
    },
    audio: {
      type: 'choice',
      title: 'Audio',
      description: 'The first audio track. Others, subtitles and data are left out. Opus is always 48 kHz.',
      default: 'opus',
      choices: [
        { value: 'opus', title: 'Encode to Opus' },
        { value: 'copy', title: 'Copy' },
        { value: 'none', title: 'Leave out' },
      ],
    },
    audioBitrate: {
      type: 'integer',
      title: 'Audio bit rate',
      description: 'Where audio is encoded.',
      default: 96,
      min: 12,
      max: 512,
      unit: 'kbit/s',
    },
    hdr,
    metadata,
  },
  revision: 1,
  refuse,
  methods: [
    {
      engine: 'ffmpeg',
      needs: (options) => ['libvpx', ...(options.audio === 'opus' ? ['libopus'] : []), ...hdrNeeds(options.hdr)],
      *convert(task) {
        yield call(task);
        return {};
      },
    },
  ],
  output: () => ({ kind: 'file', extension: 'webm' }),
  expect: (media, options) => {
    const size = evenSize(knownSize(media));
    const duration = wholeDuration(media, options.audio !== 'none');
    const frames = shownFrames(media);
    const codec = options.audio === 'copy' ? known(media.audio?.codec) : 'opus';
    return {
      container: ['webm'],
      ...(duration && { duration }),
      video: { codec: 'vp9', width: exactly(size.width), height: exactly(size.height), ...(frames && { frames }) },
      ...(hasAudio(media, options) && codec !== undefined && { audio: { codec } }),
    };
  },
});
