import { absent, isAbsent, known } from '../../base/absent.ts';
import { lazyAsync } from '../../base/lazy.ts';
import type { PlaceFile } from '../../media/archives/memberFiles.ts';
import type { MediaPlace } from '../../media/place.ts';
import { ffprobeRunner } from '../../process/ffprobeRunner.ts';
import { mediaRunner } from '../audio/mediaRunner.ts';
import { memberFiles } from '../memberFiles.ts';
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
  readonly bytes: Promise<PlaceFile>;
  readonly film: Promise<OpenFilm>;
  packets?: Promise<PacketTable>;
  readonly stop: AbortController;
}

/** Films for their previews: what is in them, and their pictures where the window does not decode them. */
export const createVideoService: CreateService<VideoApi, object> = (context) => {
  const { search } = context;
  const files = memberFiles(context);
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
    forget(key);
    const bytes = files.open({ file, ...(member !== undefined && { member }) }, signal);
    const made: Entry = { bytes, film: bytes.then((part) => openFilm(part, tools, signal)), stop: new AbortController() };
    entries.set(key, made);
    made.film.catch(() => (entries.get(key) === made ? forget(key) : release(made)));
    return made;
  }

  function forget(key: string): void {
    const old = entries.get(key);
    entries.delete(key);
    if (old !== undefined) {
      release(old);
    }
  }

  async function tableOf(opened: Entry): Promise<PacketTable> {
    const { part, container } = await opened.film;
    const { length } = await opened.bytes;
    const { signal } = opened.stop;
    const probe = length <= PROBED_WHOLE ? await tools.ffprobe?.() : undefined;
    const plan = packetsPlan(part, container);
    const probed = probe && plan ? await probe(plan).catch(() => undefined) : undefined;
    if (probed !== undefined && probed.packets.length > 0) {
      return probed;
    }
    const found = await withInput(part, container, async (input) => {
      const [track] = await input.getVideoTracks();
      return track && packetsOfTrack(track, signal);
    });
    if (found === undefined) {
      throw new DatasetError('unavailable', `The packets of ${container} are told by ffprobe alone, of files up to 256 MB.`);
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
        forget(JSON.stringify([place.file, place.member ?? null]));
      },
    } as ReturnType<CreateService<VideoApi, object>>['handlers'],
    dispose() {
      entries.forEach(release);
      entries.clear();
      files.dispose();
    },
  };
};

function release({ stop, bytes }: Entry): void {
  stop.abort();
  bytes.then((part) => part.dispose(), () => undefined);
}
