import { closeSync, fstatSync, openSync } from 'node:fs';
import { basename } from 'node:path';
import { absent, isAbsent, known } from '../../base/absent.ts';
import type { Measured } from '../../base/absent.ts';
import { FileBytes } from '../../media/byteSource.ts';
import type { FilePart } from '../../media/filePart.ts';
import { nameOfPart } from '../../media/filePart.ts';
import { aiffSamples } from '../../media/headers/aiff.ts';
import { auSamples } from '../../media/headers/au.ts';
import type { PcmSamples } from '../../media/headers/pcmSamples.ts';
import { wavSamples } from '../../media/headers/wav.ts';
import type { FfprobeJson } from '../../media/ffprobe.ts';
import type { Container, Media } from '../../media/media.ts';
import { MediaError } from '../../media/mediaError.ts';
import { probe } from '../../media/probe.ts';
import type { ToolPlan } from '../../process/toolPlan.ts';
import type { ToolRunner } from '../../process/toolRunner.ts';
import { DatasetError } from '../datasetError.ts';
import type { AudioFacts } from '../webview/audio/protocol.ts';
import { FfmpegReader } from './ffmpegReader.ts';
import { createPcmReader } from './pcmReader.ts';
import type { SampleReader } from './sampleReader.ts';

export interface OpenSound {
  readonly facts: AudioFacts;
  /** Undefined where nothing here decodes it; the facts say why. */
  readonly reader: SampleReader | undefined;
}

export interface OpenTools {
  /** Undefined where it is not found; left out where no tool may be run. */
  readonly ffmpeg?: () => Promise<ToolRunner | undefined>;
  readonly ffprobe?: () => Promise<((plan: ToolPlan<FfprobeJson>) => Promise<FfprobeJson>) | undefined>;
}

const SAMPLES_OF: Readonly<Partial<Record<Container, (source: FileBytes) => PcmSamples | undefined>>> = { wav: wavSamples, aiff: aiffSamples, au: auSamples };
const WINDOW = 65_536;
const MOST_CHANNELS = 256;

/** Rejects with a `MediaError` or `DatasetError` in words where there is no sound to be shown. */
export async function openSound(part: FilePart & { readonly mtimeMs?: number }, tools: OpenTools, signal: AbortSignal): Promise<OpenSound> {
  const ffprobe = await tools.ffprobe?.();
  const media = await probe(part, { signal, ...(ffprobe && { ffprobe }) });
  const { pcm, mtimeMs } = lookAt(part, media.container);
  const common = { name: basename(nameOfPart(part)), size: media.size, modified: Math.round(part.mtimeMs ?? mtimeMs), container: media.container, problems: media.problems };
  if (pcm !== undefined && pcm.channels <= MOST_CHANNELS) {
    const { start, frames, channels, sampleRate, width, coding, bigEndian } = pcm;
    const facts: AudioFacts = {
      ...common,
      codec: media.audio?.codec ?? absent('not stated in the file'),
      sampleRate,
      channels,
      frames,
      framesAreExact: true,
      bitDepth: media.audio?.bitDepth ?? width * 8,
      pcm: { start, frames, channels, width, coding, bigEndian },
      host: true,
    };
    return { facts, reader: createPcmReader(part, pcm) };
  }
  return compressed(part, media, common, tools);
}

async function compressed(part: FilePart, media: Media, common: Pick<AudioFacts, 'name' | 'size' | 'modified' | 'container' | 'problems'>, tools: OpenTools): Promise<OpenSound> {
  const { audio, problems, container } = media;
  const sampleRate = known(audio?.sampleRate);
  const channels = known(audio?.channels);
  const duration = known(media.duration);
  if (audio === undefined || sampleRate === undefined || channels === undefined || channels > MOST_CHANNELS) {
    throw new DatasetError('malformed', `${nameOfPart(part)}: ${problems[0] ?? (audio === undefined ? (isAbsent(media.duration) && media.video === undefined ? media.duration.absent : 'there is no sound in it') : whyUnknown(audio))}`);
  }
  const runner = await tools.ffmpeg?.();
  const host: Measured<true> = runner ? true : absent(tools.ffmpeg ? 'ffmpeg was not found on this machine' : 'no tool is run in a workspace that is not trusted');
  const facts: AudioFacts = {
    ...common,
    codec: audio.codec,
    sampleRate,
    channels,
    frames: Math.round((duration ?? 0) * sampleRate),
    framesAreExact: false,
    bitDepth: audio.bitDepth,
    host,
  };
  return { facts, reader: runner && new FfmpegReader(runner, { part, container, sampleRate, channels, frames: facts.frames }) };
}

function whyUnknown({ sampleRate, channels }: NonNullable<Media['audio']>): string {
  return isAbsent(sampleRate) ? sampleRate.absent : isAbsent(channels) ? channels.absent : 'it has too many channels';
}

function lookAt(part: FilePart, container: Container): { readonly pcm: PcmSamples | undefined; readonly mtimeMs: number } {
  let fd: number | undefined;
  try {
    fd = openSync(part.file, 'r');
    const { size, mtimeMs } = fstatSync(fd);
    const { start = 0 } = part;
    return { pcm: SAMPLES_OF[container]?.(new FileBytes(fd, Math.min(part.size ?? Infinity, size - start), Buffer.allocUnsafe(WINDOW), start)), mtimeMs };
  } catch (error) {
    throw MediaError.from(error, nameOfPart(part));
  } finally {
    if (fd !== undefined) {
      closeSync(fd);
    }
  }
}
