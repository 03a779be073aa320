import { read } from 'node:fs';
import { promisify } from 'node:util';
import type { Input, InputAudioTrack, InputVideoTrack } from 'mediabunny';
import type { Measured } from '../base/absent.ts';
import { absent } from '../base/absent.ts';
import type { OpenFile } from './byteSource.ts';
import type { HeaderFacts } from './headers/facts.ts';
import { LOSSY, NOT_STATED } from './headers/facts.ts';
import type { AudioFacts, Container, VideoFacts } from './media.ts';

const readAt = promisify(read);

/** Containers that mediabunny reads, each by its own format alone: text never becomes a playlist here. */
export type TrackContainer = Extract<
  Container,
  'mp4' | 'mov' | 'matroska' | 'webm' | 'ogg' | 'mp3' | 'adts' | 'flac' | 'mpegts'
>;

const FORMATS = {
  mp4: 'MP4', mov: 'QTFF', matroska: 'MATROSKA', webm: 'WEBM', ogg: 'OGG', mp3: 'MP3', adts: 'ADTS', flac: 'FLAC', mpegts: 'MPEG_TS',
} as const;

export function isTrackContainer(container: Container): container is TrackContainer {
  return container in FORMATS;
}

/** Packets that are walked through to count frames: of longer videos the count is absent. */
const MOST_FRAMES = 200_000;

/**
 * The first video and the first audio track of an open file, by mediabunny. Rejects where the container cannot be
 * taken apart.
 */
export async function readTracks({ fd, origin, source: { size }, signal }: OpenFile, container: TrackContainer): Promise<HeaderFacts> {
  const mediabunny = await import('mediabunny');
  // It would write to the console, which is the command line's output.
  mediabunny.Logging.level = mediabunny.LogLevel.Silent;
  const input = new mediabunny.Input({
    formats: [mediabunny[FORMATS[container]]],
    source: new mediabunny.CustomSource({
      getSize: () => size,
      read: async (start, end) => {
        signal?.throwIfAborted();
        const buffer = Buffer.allocUnsafe(end - start);
        const { bytesRead } = await readAt(fd, buffer, 0, buffer.length, origin + start);
        if (bytesRead < buffer.length) {
          throw new RangeError(`the file ends at ${start + bytesRead}`);
        }
        return buffer;
      },
      handleUnhandledError: () => undefined,
      prefetchProfile: 'fileSystem',
    }),
  });
  try {
    return await readInput(input, container);
  } finally {
    input.dispose();
  }
}

async function readInput(input: Input, container: TrackContainer): Promise<HeaderFacts> {
  const video = (await input.getVideoTracks())[0];
  const audio = (await input.getAudioTracks())[0];
  if (video === undefined && audio === undefined) {
    throw new Error('there is no track that can be read');
  }
  const ends = await Promise.all([video, audio].filter((track) => track !== undefined).map((track) => durationOf(track, container)));
  const known = ends.filter((end) => typeof end === 'number');
  const duration = known.length > 0 ? Math.max(...known) : (ends[0] ?? NOT_STATED);
  return {
    duration,
    ...(audio && { audio: await audioOf(audio) }),
    ...(video && { video: await videoOf(video, duration) }),
    problems: [],
  };
}

async function durationOf(track: InputAudioTrack | InputVideoTrack, container: TrackContainer): Promise<Measured<number>> {
  const stated = container === 'mp3' || container === 'mpegts' ? null : await track.getDurationFromMetadata();
  if (stated !== null && stated > 0) {
    return stated;
  }
  const end = await track.computeDuration();
  // Transport streams begin at any time; the others' zero is the beginning of the file's own clock.
  const start = container === 'mpegts' ? await track.getFirstTimestamp() : 0;
  return end > start ? end - start : absent('no packet tells a time');
}

async function audioOf(track: InputAudioTrack): Promise<AudioFacts> {
  const codec = await track.getCodec();
  const spelled = codec === null ? await codecById(track) : (AUDIO_CODECS[codec] ?? codec);
  return {
    codec: spelled,
    sampleRate: await track.getSampleRate(),
    channels: await track.getNumberOfChannels(),
    bitDepth: typeof spelled === 'string' ? bitDepthOf(spelled) : NOT_STATED,
  };
}

function bitDepthOf(codec: string): Measured<number> {
  if (codec === 'flac' || codec === 'alac') {
    return NOT_STATED;
  }
  const bits = /^pcm_[suf](\d+)/.exec(codec)?.[1] ?? (/^pcm_(?:mu|a)law$/.test(codec) ? '8' : undefined);
  return bits === undefined ? LOSSY : Number(bits);
}

async function videoOf(track: InputVideoTrack, duration: Measured<number>): Promise<VideoFacts> {
  const codec = await track.getCodec();
  const frames = await framesOf(track, duration);
  const transfer = (await track.getColorSpace()).transfer as string | null | undefined;
  return {
    codec: codec === null ? await codecById(track) : (VIDEO_CODECS[codec] ?? codec),
    width: await track.getCodedWidth(),
    height: await track.getCodedHeight(),
    rotation: await track.getRotation(),
    ...frames,
    transfer: transfer === null || transfer === undefined ? NOT_STATED : (TRANSFERS[transfer] ?? transfer),
  };
}

async function framesOf(track: InputVideoTrack, duration: Measured<number>): Promise<Pick<VideoFacts, 'frames' | 'frameRate'>> {
  const { packetCount, averagePacketRate } = await track.computePacketStats(MOST_FRAMES);
  if (packetCount === 0) {
    return { frames: absent('there are no packets'), frameRate: absent('there are no packets') };
  }
  const isAll = packetCount < MOST_FRAMES;
  const frameRate = Number.isFinite(averagePacketRate) && averagePacketRate > 0 ? averagePacketRate : rateBy(packetCount, duration);
  return { frames: isAll ? packetCount : absent(`not counted: more than ${MOST_FRAMES}`), frameRate };
}

function rateBy(frames: number, duration: Measured<number>): Measured<number> {
  return typeof duration === 'number' && duration > 0 ? frames / duration : absent('the packets tell no time');
}

async function codecById(track: InputAudioTrack | InputVideoTrack): Promise<Measured<string>> {
  const id = await track.getInternalCodecId();
  const name = id instanceof Uint8Array ? Buffer.from(id).toString('latin1') : String(id);
  return CODECS_BY_ID[name] ?? absent(`codec ${JSON.stringify(name)} is not known`);
}

/** ffmpeg's names for sample entries of ISO media and codec ids of Matroska that mediabunny has no name for. */
const CODECS_BY_ID: Readonly<Record<string, string>> = {
  alac: 'alac', mp4v: 'mpeg4', jpeg: 'mjpeg', mjpa: 'mjpeg', samr: 'amr_nb', sawb: 'amr_wb', 's263': 'h263', 'png ': 'png',
  A_ALAC: 'alac', A_TRUEHD: 'truehd', A_TTA1: 'tta', A_WAVPACK4: 'wavpack', 'A_MPEG/L2': 'mp2',
  'V_MPEG4/ISO/ASP': 'mpeg4', V_MPEG2: 'mpeg2video', V_MPEG1: 'mpeg1video', V_FFV1: 'ffv1', V_THEORA: 'theora', V_MJPEG: 'mjpeg',
};

/** mediabunny's names in ffmpeg's spelling, where they differ. */
const AUDIO_CODECS: Readonly<Record<string, string>> = {
  'pcm-s16': 'pcm_s16le', 'pcm-s16be': 'pcm_s16be', 'pcm-s24': 'pcm_s24le', 'pcm-s24be': 'pcm_s24be',
  'pcm-s32': 'pcm_s32le', 'pcm-s32be': 'pcm_s32be', 'pcm-f32': 'pcm_f32le', 'pcm-f32be': 'pcm_f32be',
  'pcm-f64': 'pcm_f64le', 'pcm-f64be': 'pcm_f64be', 'pcm-u8': 'pcm_u8', 'pcm-s8': 'pcm_s8',
  ulaw: 'pcm_mulaw', alaw: 'pcm_alaw',
};
const VIDEO_CODECS: Readonly<Record<string, string>> = { avc: 'h264' };
const TRANSFERS: Readonly<Record<string, string>> = { pq: 'smpte2084', hlg: 'arib-std-b67' };
