import type { ToolOutput } from '../../../process/toolPlan.ts';
import type { Call } from '../../engine.ts';
import { refusedBySox } from '../../engines/soxInputs.ts';
import type { FfmpegCall, SoxCall } from '../../mediaWork.ts';
import { Unmet, type Method, type Outcome, type Task } from '../../preset.ts';
import { refusedByFfmpeg, soundOf } from './sound.ts';

/** The fields of a call that do not follow from the task. */
type SoxWork = Pick<SoxCall, 'format' | 'effects' | 'output' | 'groupable'>;
type FfmpegWork = Pick<FfmpegCall, 'outputOptions' | 'output' | 'groupable' | 'filtersSpeak'>;

export function soxCall<O>({ input, media }: Task<O>, work: SoxWork): SoxCall {
  const { seconds } = soundOf(media);
  return {
    engine: 'sox',
    source: { path: input, container: media.container },
    isWhole: media.problems.length === 0,
    ...(seconds !== undefined && { seconds }),
    ...work,
  };
}

export function ffmpegCall<O>({ input, media, threads }: Task<O>, work: FfmpegWork): FfmpegCall {
  const { seconds } = soundOf(media);
  return {
    engine: 'ffmpeg',
    source: { path: input, container: media.container },
    ...(seconds !== undefined && { seconds }),
    map: ['a:0'],
    threads,
    ...work,
  };
}

type Convert<O> = (task: Task<O>) => Generator<Call, Outcome, ToolOutput>;

/**
 * A method of one of the two audio engines, with what holds for all of them: files that the engine does not read rightly are refused,
 * and in a strict run those that are damaged by their own headers, of which neither engine always complains.
 */
export function soundMethod<O>(engine: 'sox' | 'ffmpeg', convert: Convert<O>, more: Pick<Method<O>, 'needs' | 'refuse'> = {}): Method<O> {
  const refusedByEngine = engine === 'sox' ? refusedBySox : refusedByFfmpeg;
  return {
    engine,
    // Which formats a build has cannot be asked file by file; these come with sox wherever it is packaged.
    needs: (options) => [...(engine === 'sox' ? ['flac', 'vorbis'] : []), ...(more.needs?.(options) ?? [])],
    refuse: (media, options) => refusedByEngine(media) ?? more.refuse?.(media, options),
    *convert(task) {
      const [problem] = task.media.problems;
      if (problem !== undefined && !task.salvage) {
        throw new Unmet(`the input is damaged · ${problem}`);
      }
      return yield* convert(task);
    },
  };
}
