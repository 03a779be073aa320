import { basename } from 'node:path';
import { absent, isAbsent, known } from '../../base/absent.ts';
import type { FfprobeJson } from '../../media/ffprobe.ts';
import type { PlaceFile } from '../../media/archives/memberFiles.ts';
import type { Media } from '../../media/media.ts';
import { probe } from '../../media/probe.ts';
import type { ToolPlan } from '../../process/toolPlan.ts';
import type { ToolRunner } from '../../process/toolRunner.ts';
import { DatasetError } from '../datasetError.ts';
import type { StreamFacts, VideoFacts } from '../webview/video/protocol.ts';
import { withInput } from './filmInput.ts';
import type { FilmFile } from './frames.ts';
import { streamsPlan } from './streams.ts';
import type { ProbedFilm } from './streams.ts';

export type RunFfprobe = <T>(plan: ToolPlan<T>) => Promise<T>;

export interface FilmTools {
  /** Undefined where it is not found; left out where no tool may be run. */
  readonly ffmpeg?: () => Promise<ToolRunner | undefined>;
  readonly ffprobe?: () => Promise<RunFfprobe | undefined>;
}

export interface OpenFilm extends FilmFile {
  readonly facts: VideoFacts;
  /** Seconds of whatever is first in the file: what ffmpeg counts from. */
  readonly origin: number;
}

interface Times {
  readonly picture: number;
  readonly sound: number;
  readonly origin: number;
  readonly shown?: { readonly width: number; readonly height: number };
  readonly streams: readonly StreamFacts[];
}

/** Rejects with a `MediaError` or `DatasetError` in words where there is no film to be shown. */
export async function openFilm(part: PlaceFile, tools: FilmTools, signal: AbortSignal): Promise<OpenFilm> {
  const ffprobe = await tools.ffprobe?.();
  const media = await probe(part, { signal, ...(ffprobe && { ffprobe: (plan: ToolPlan<FfprobeJson>) => ffprobe(plan) }) });
  const { video, container, problems } = media;
  const width = known(video?.width);
  const height = known(video?.height);
  if (video === undefined || width === undefined || height === undefined) {
    throw new DatasetError('malformed', `${part.name}: ${problems[0] ?? (video === undefined ? whyNone(media, 'there are no pictures in it') : 'the size of its pictures is not known')}`);
  }
  const plan = streamsPlan(part, container);
  const probed = ffprobe && plan ? await ffprobe(plan).catch(() => undefined) : undefined;
  const times = await timesOf(part, media, probed);
  const rotation = known(video.rotation) ?? 0;
  const turned = rotation % 180 === 0 ? { width, height } : { width: height, height: width };
  const runner = await tools.ffmpeg?.();
  const facts: VideoFacts = {
    name: basename(part.name),
    size: media.size,
    modified: Math.round(part.mtimeMs),
    container,
    codec: video.codec,
    width,
    height,
    shownWidth: times.shown?.width ?? turned.width,
    shownHeight: times.shown?.height ?? turned.height,
    rotation,
    duration: media.duration ?? absent('not stated in the file'),
    frameRate: video.frameRate,
    start: times.picture,
    soundAfter: times.sound - times.picture,
    streams: times.streams,
    ...(probed === undefined && { streamsNote: 'Subtitles and data are told by ffprobe, which was not asked.' }),
    host: runner ? true : absent(tools.ffmpeg ? 'ffmpeg was not found on this machine' : 'no tool is run in a workspace that is not trusted'),
    problems,
  };
  return { part, container, facts, origin: times.origin };
}

/** Of a container that nothing here reads without ffprobe it is not known what is in it. */
function whyNone({ duration, audio, video }: Media, otherwise: string): string {
  return isAbsent(duration) && audio === undefined && video === undefined ? duration.absent : otherwise;
}

/** When the tracks begin, by mediabunny where it reads the container, since the page counts by it. */
async function timesOf(part: PlaceFile, media: Media, probed: ProbedFilm | undefined): Promise<Times> {
  const found = await withInput(part, media.container, async (input) => {
    const [video] = await input.getVideoTracks();
    const [audio] = await input.getAudioTracks();
    if (video === undefined) {
      return undefined;
    }
    const picture = await video.getFirstTimestamp();
    // Samples before the clock begins are the encoder's own.
    const sound = audio ? Math.max(0, await audio.getFirstTimestamp()) : picture;
    const codec = (value: unknown) => (typeof value === 'string' ? value : 'unknown codec');
    const streams: StreamFacts[] = [
      { index: 0, kind: 'video', codec: codec(known(media.video?.codec)), facts: [['Pixels', `${await video.getCodedWidth()}×${await video.getCodedHeight()}`]] },
      ...(audio ? [{ index: 1, kind: 'audio' as const, codec: codec(known(media.audio?.codec)), facts: [['Rate', `${await audio.getSampleRate()} Hz, ${await audio.getNumberOfChannels()} channels`]] as const }] : []),
    ];
    return { picture, sound, streams, shown: { width: await video.getDisplayWidth(), height: await video.getDisplayHeight() } };
  }).catch(() => undefined);
  const picture = found?.picture ?? probed?.picture ?? 0;
  const sound = found?.sound ?? probed?.sound ?? picture;
  const origin = probed?.start ?? Math.max(0, Math.min(picture, sound));
  return { picture, sound, origin, streams: probed?.streams ?? found?.streams ?? [], ...(found && { shown: found.shown }) };
}
