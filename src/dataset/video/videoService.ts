import { statSync } from 'node:fs';
import { absent, isAbsent, known } from '../../base/absent.ts';
import { lazyAsync } from '../../base/lazy.ts';
import type { MediaPlace } from '../../media/place.ts';
import { ffprobeRunner } from '../../process/ffprobeRunner.ts';
import { mediaRunner } from '../audio/mediaRunner.ts';
import { DatasetError } from '../datasetError.ts';
import type { CreateService } from '../service.ts';
import { withInput } from './filmInput.ts';
import { decodeFrames } from './frames.ts';
import type { Wanted } from './frames.ts';
import { openFilm } from './openFilm.ts';
import type { FilmTools, OpenFilm } from './openFilm.ts';
import { packed, packetsOfTrack, packetsPlan } from './packetTable.ts';
import type { PacketTable } from './packetTable.ts';
import type { VideoApi } from './videoApi.ts';

/** Bytes up to which ffprobe, which reads a film whole for it, lists the packets. */
const PROBED_WHOLE = 256 * 10 ** 6;
/** Runs of ffmpeg at the same time, over all films. */
const AT_ONCE = 2;

interface Entry {
  readonly film: Promise<OpenFilm>;
  packets?: Promise<PacketTable>;
  readonly stop: AbortController;
}

/** Films for their previews: what is in them, and their pictures where the window does not decode them. */
export const createVideoService: CreateService<VideoApi, object> = ({ search }) => {
  const tools: FilmTools = { ...(search && { ffmpeg: lazyAsync(() => mediaRunner(search)), ffprobe: lazyAsync(() => ffprobeRunner(search)) }) };
  const entries = new Map<string, Entry>();
  const lanes: Promise<unknown>[] = Array.from({ length: AT_ONCE }, () => Promise.resolve());
  let turn = 0;

  function entry({ file, member }: MediaPlace, signal: AbortSignal, fresh = false): Entry {
    const key = JSON.stringify([file, member ?? null]);
    const existing = fresh ? undefined : entries.get(key);
    if (existing !== undefined) {
      return existing;
    }
    entries.get(key)?.stop.abort();
    const made: Entry = { film: openFilm({ file, ...(member !== undefined && { member }) }, tools, signal), stop: new AbortController() };
    entries.set(key, made);
    made.film.catch(() => entries.get(key) === made && entries.delete(key));
    return made;
  }

  async function tableOf(opened: Entry): Promise<PacketTable> {
    const film = await opened.film;
    const { signal } = opened.stop;
    const probe = statSync(film.file).size <= PROBED_WHOLE ? await tools.ffprobe?.() : undefined;
    const plan = packetsPlan(film.file, film.container);
    const probed = probe && plan ? await probe(plan).catch(() => undefined) : undefined;
    if (probed !== undefined && probed.packets.length > 0) {
      return probed;
    }
    const found = await withInput(film.file, film.container, async (input) => {
      const [track] = await input.getVideoTracks();
      return track && packetsOfTrack(track, signal);
    });
    if (found === undefined) {
      throw new DatasetError('unavailable', `The packets of ${film.container} are told by ffprobe alone, of files up to 256 MB.`);
    }
    return found;
  }

  /** One after the other on each lane; whoever has given up by then costs nothing. */
  function inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const lane = turn++ % AT_ONCE;
    const done = (lanes[lane] as Promise<unknown>).then(() => {
      signal.throwIfAborted();
      return work();
    });
    lanes[lane] = done.catch(() => undefined);
    return done;
  }

  async function pictures(place: MediaPlace, time: number, width: number, what: Wanted, signal: AbortSignal): Promise<readonly Uint8Array[]> {
    const film = await entry(place, signal).film;
    const runner = await tools.ffmpeg?.();
    if (runner === undefined) {
      const { host } = film.facts;
      throw new DatasetError('unavailable', `No picture is decoded here: ${isAbsent(host) ? host.absent : absent('no ffmpeg').absent}.`);
    }
    return inTurn(signal, () => decodeFrames(runner, film, Math.max(0, time - film.origin), width, what, signal));
  }

  type P<K extends keyof VideoApi> = Parameters<VideoApi[K]>[0];
  return {
    handlers: {
      open: async (params, signal) => (await entry((params as P<'open'>).place, signal, true).film).facts,
      async packets(params, signal) {
        const { place, from } = params as P<'packets'>;
        const opened = entry(place, signal);
        opened.packets ??= tableOf(opened);
        return packed(await opened.packets, from);
      },
      async frame(params, signal) {
        const { place, time, width } = params as P<'frame'>;
        const { facts } = await entry(place, signal).film;
        // A hair before its time, since that is rounded on its way: the first one not before it is taken.
        const early = Math.min(0.004, 0.4 / (known(facts.frameRate) ?? 100));
        const [picture] = await pictures(place, time - early, width, { count: 1 }, signal);
        if (picture === undefined) {
          throw new DatasetError('malformed', 'There is no picture at this time.');
        }
        return picture;
      },
      async clip(params, signal) {
        const { place, time, width, rate } = params as P<'clip'>;
        return pictures(place, time, width, { seconds: 1, rate }, signal);
      },
      close({ place }: P<'close'>) {
        const key = JSON.stringify([place.file, place.member ?? null]);
        entries.get(key)?.stop.abort();
        entries.delete(key);
      },
    } as ReturnType<CreateService<VideoApi, object>>['handlers'],
    dispose() {
      entries.forEach(({ stop }) => stop.abort());
      entries.clear();
    },
  };
};
