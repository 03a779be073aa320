import type { Measured } from '../base/absent.ts';
import { absent } from '../base/absent.ts';
import { ToolError } from '../process/toolError.ts';
import type { ToolPlan } from '../process/toolPlan.ts';
import { demuxerArgs, MEDIA_DEMUXERS } from './demuxers.ts';
import type { FilePart } from './filePart.ts';
import { inputUrl, protocolsOf } from './filePart.ts';
import type { HeaderFacts } from './headers/facts.ts';
import { LOSSY, NOT_STATED } from './headers/facts.ts';
import type { AudioFacts, Container, VideoFacts } from './media.ts';

/** A stream as `ffprobe -of json` prints it; every key may be missing. */
export interface FfprobeStream {
  readonly codec_type?: string;
  readonly codec_name?: string;
  readonly sample_rate?: string;
  readonly channels?: number;
  readonly bits_per_sample?: number;
  readonly bits_per_raw_sample?: string;
  readonly width?: number;
  readonly height?: number;
  readonly nb_frames?: string;
  readonly avg_frame_rate?: string;
  readonly color_transfer?: string;
  readonly duration?: string;
  readonly disposition?: { readonly attached_pic?: number };
  readonly side_data_list?: readonly { readonly rotation?: number }[];
}

export interface FfprobeJson {
  readonly streams?: readonly FfprobeStream[];
  readonly format?: { readonly duration?: string };
}

const ENTRIES =
  'format=duration:stream=codec_type,codec_name,sample_rate,channels,bits_per_sample,bits_per_raw_sample,width,height,' +
  'nb_frames,avg_frame_rate,color_transfer,duration:stream_disposition=attached_pic:stream_side_data=rotation';

/**
 * The run of ffprobe that describes a file; undefined for containers that it must not be shown. The demuxer is
 * forced and only local files may be opened, so that nothing in the file chooses either.
 */
export function ffprobePlan(part: FilePart, container: Container): ToolPlan<FfprobeJson> | undefined {
  const demuxer = MEDIA_DEMUXERS[container];
  if (demuxer === undefined) {
    return undefined;
  }
  return {
    tool: 'ffprobe',
    args: [
      '-hide_banner', '-v', 'error', '-protocol_whitelist', protocolsOf(part), ...demuxerArgs(demuxer), '-max_streams', '64',
      '-show_entries', ENTRIES, '-of', 'json', '-i', inputUrl(part),
    ],
    limits: { wallSeconds: 30, cpuSeconds: 30, memory: 4_000_000_000 },
    parse: ({ stdout }) => parseFfprobe(stdout),
  };
}

export function parseFfprobe(stdout: string): FfprobeJson {
  try {
    return JSON.parse(stdout) as FfprobeJson;
  } catch (error) {
    throw new ToolError('parse', 'ffprobe', `ffprobe's answer is not JSON: ${String(error)}`);
  }
}

/** What ffprobe or ffmpeg said first of a file, or of a part of it, that it could not read, without the demuxer's address and the path. */
export function complaintOf(error: unknown, path: string): string {
  const said = ToolError.is(error, 'exit') ? error.stderrTail.split('\n') : [];
  const words = said.map((line) => withoutPath(line.replace(/^\[[^[\]]+ @ 0x[0-9a-f]+\] /, ''), path).trim());
  return words.find((line) => line !== '') ?? (error as Error).message;
}

function withoutPath(line: string, path: string): string {
  const url = `file:${path}: `;
  const at = line.indexOf(url);
  return at < 0 ? line : line.slice(at + url.length);
}

/** ffprobe's answer in our terms: the first audio stream and the first video stream that is no cover picture. */
export function factsOfFfprobe(json: FfprobeJson): HeaderFacts {
  const streams = json.streams ?? [];
  const audio = streams.find((stream) => stream.codec_type === 'audio');
  const video = streams.find((stream) => stream.codec_type === 'video' && stream.disposition?.attached_pic !== 1);
  const duration = number(json.format?.duration ?? video?.duration ?? audio?.duration);
  return {
    duration,
    ...(audio && { audio: audioOf(audio) }),
    ...(video && { video: videoOf(video) }),
    problems: audio || video ? [] : ['there is neither a video nor an audio track'],
  };
}

function audioOf(stream: FfprobeStream): AudioFacts {
  const bits = Number(stream.bits_per_raw_sample) || stream.bits_per_sample || 0;
  return {
    codec: codecOf(stream),
    sampleRate: number(stream.sample_rate),
    channels: number(stream.channels),
    bitDepth: bits > 0 ? bits : LOSSY,
  };
}

function videoOf(stream: FfprobeStream): VideoFacts {
  const turn = stream.side_data_list?.find((data) => data.rotation !== undefined)?.rotation ?? 0;
  return {
    codec: codecOf(stream),
    width: number(stream.width),
    height: number(stream.height),
    // ffprobe counts anticlockwise.
    rotation: (((-turn % 360) + 360) % 360) || 0,
    frames: number(stream.nb_frames),
    frameRate: rational(stream.avg_frame_rate),
    transfer: stream.color_transfer && stream.color_transfer !== 'unknown' ? stream.color_transfer : NOT_STATED,
  };
}

function codecOf(stream: FfprobeStream): Measured<string> {
  return stream.codec_name && stream.codec_name !== 'unknown' ? stream.codec_name : absent('ffprobe does not know the codec');
}

function number(text: string | number | undefined): Measured<number> {
  const value = Number(text ?? NaN);
  return value > 0 ? value : absent('ffprobe does not tell');
}

function rational(text = ''): Measured<number> {
  const [over = NaN, under = NaN] = text.split('/').map(Number);
  return over > 0 && under > 0 ? over / under : absent('ffprobe does not tell');
}
