import { basename } from 'node:path';
import { known } from '../../base/absent.ts';
import { lazyAsync } from '../../base/lazy.ts';
import type { PlaceFile } from '../../media/archives/memberFiles.ts';
import { ReplyError } from '../../base/replyError.ts';
import type { Decode, Decoded } from '../../media/sensors/decoding/decoder.ts';
import { decoderOf } from '../../media/sensors/decoding/decoder.ts';
import { numberAt, numericFields, parseFieldPath } from '../../media/sensors/fields.ts';
import { isPictureType, pictureOf } from '../../media/sensors/picture.ts';
import type { Topic } from '../../media/sensors/recording.ts';
import { SeriesColumns } from '../../media/sensors/series.ts';
import { RunningTimeline } from '../../media/sensors/timeline.ts';
import { mediaRunner } from '../audio/mediaRunner.ts';
import { memberFiles } from '../memberFiles.ts';
import type { CreateService } from '../service.ts';
import type { FieldsView, MessageView, PictureView, SeriesRequest } from '../webview/sensor/protocol.ts';
import { MAX_BORDERS, MAX_COLUMNS, PART } from '../webview/sensor/protocol.ts';
import { messageTree } from './messageTree.ts';
import type { Opened } from './openSensors.ts';
import { FIRST_FILM, openSensors } from './openSensors.ts';
import type { SensorsApi, SensorsEvents } from './sensorsApi.ts';

/** Milliseconds between two words on how far something is. */
const PROGRESS = 300;
const DEFAULT_GAP = 1e18;

interface Open extends Opened {
  readonly bytes: PlaceFile;
  readonly decoders: Map<number, Promise<Decode>>;
  readonly jobs: Map<string, AbortController>;
  readonly pictures: Map<number, Uint8Array>;
  /** Problems that the window knows of. */
  told: number;
}

export const createSensorsService: CreateService<SensorsApi, SensorsEvents> = (context, tell) => {
  const files = memberFiles(context);
  const { search } = context;
  const ffmpeg = lazyAsync(async () => (search === undefined ? undefined : mediaRunner(search)));
  let open: Open | undefined;

  const current = (): Open => {
    if (open === undefined) {
      throw new ReplyError('failed', 'No recording is open.');
    }
    return open;
  };
  const topicOf = ({ recording }: Open, id: number): Topic => {
    const topic = recording.topics.find((other) => other.id === id);
    if (topic === undefined) {
      throw new ReplyError('failed', 'There is no such topic.');
    }
    return topic;
  };
  const decoder = (opened: Open, topic: Topic): Promise<Decode> => {
    const made = opened.decoders.get(topic.id) ?? decoderOf(topic);
    opened.decoders.set(topic.id, made);
    return made;
  };
  const close = () => {
    open?.jobs.forEach((job) => job.abort());
    open?.recording.close();
    open?.bytes.dispose();
    open = undefined;
  };
  /** A job by its name, in the place of an earlier one of the same. */
  const job = (opened: Open, key: string): AbortSignal => {
    opened.jobs.get(key)?.abort();
    const controller = new AbortController();
    opened.jobs.set(key, controller);
    return controller.signal;
  };
  const tellProblems = (opened: Open) => {
    const { problems } = opened.recording;
    if (problems.length > opened.told) {
      opened.told = problems.length;
      tell('problems', problems);
    }
  };

  return {
    handlers: {
      async open(params, signal) {
        const { place } = params as Parameters<SensorsApi['open']>[0];
        const bytes = await files.open(place, signal);
        let found: Opened;
        try {
          found = await openSensors(bytes, place, signal);
        } catch (error) {
          bytes.dispose();
          throw error;
        }
        close();
        const { recording, films } = found;
        const opened: Open = { ...found, bytes, decoders: new Map(), jobs: new Map(), pictures: new Map(), told: recording.problems.length };
        open = opened;
        void timelines(opened, job(opened, 'timelines'));
        const { format, start, duration, topics, facts, problems } = recording;
        const messages = known(recording.messageCount);
        return {
          name: basename(bytes.name),
          format,
          bytes: bytes.length,
          start: String(start),
          duration,
          facts,
          problems: [...problems],
          topics: [
            ...(films?.cameras.map((name, camera) => ({ id: FIRST_FILM + camera, name, type: 'film', encoding: 'from its own file', isPicture: true })) ?? []),
            ...topics.map((topic) => {
              const count = known(topic.count);
              const encoding = [topic.schemaEncoding, topic.encoding].filter(Boolean).join(' · ');
              return { id: topic.id, name: topic.name, type: topic.type, encoding, isPicture: isPictureType(topic.type), ...(count !== undefined && { count }) };
            }),
          ],
          ...(messages !== undefined && { messages }),
        };
      },
      async fields(params, signal): Promise<FieldsView> {
        const opened = current();
        const { topic: id } = params as { readonly topic: number };
        if (id >= FIRST_FILM) {
          return { fields: [] };
        }
        const topic = topicOf(opened, id);
        try {
          const decode = await decoder(opened, topic);
          const first = await opened.recording.nearest(topic.id, -1, 'after', signal);
          return first === undefined ? { fields: [], problem: 'It has no messages.' } : { fields: numericFields(decode(first.data)).map(({ label }) => label) };
        } catch (error) {
          return { fields: [], problem: wordsOf(error) };
        }
      },
      startSeries(params) {
        const opened = current();
        const request = params as SeriesRequest;
        void series(opened, request, job(opened, request.key));
      },
      stopSeries(params) {
        current().jobs.get((params as { readonly key: string }).key)?.abort();
      },
      async message(params, signal): Promise<MessageView> {
        const { topic: id, time, side } = params as Parameters<SensorsApi['message']>[0];
        const opened = current();
        if (id >= FIRST_FILM) {
          return { bytes: 0, nodes: [], problem: 'It is a film beside the table: its pictures are shown above.' };
        }
        const topic = topicOf(opened, id);
        const found = await opened.recording.nearest(id, time, side, signal);
        const next = (await opened.recording.nearest(id, found?.time ?? time, 'after', signal))?.time;
        tellProblems(opened);
        if (found === undefined) {
          return { bytes: 0, nodes: [], ...(next !== undefined && { next }) };
        }
        const facts = { time: found.time, bytes: found.data.length, ...(found.published !== undefined && { published: found.published }), ...(next !== undefined && { next }) };
        try {
          return { ...facts, nodes: messageTree((await decoder(opened, topic))(found.data)) };
        } catch (error) {
          return { ...facts, nodes: [{ depth: 0, name: 'bytes', value: hexOf(found.data), kind: 'text' }], problem: wordsOf(error) };
        }
      },
      async picture(params, signal): Promise<PictureView> {
        const { topic: id, time } = params as Parameters<SensorsApi['picture']>[0];
        const opened = current();
        if (id >= FIRST_FILM) {
          return filmPicture(opened, id, time, signal);
        }
        const topic = topicOf(opened, id);
        const found = await opened.recording.nearest(id, time, 'before', signal);
        if (found === undefined) {
          return {};
        }
        try {
          const picture = pictureOf(topic.type, (await decoder(opened, topic))(found.data));
          if (picture.kind === 'none') {
            return { time: found.time, problem: picture.reason };
          }
          if (picture.kind === 'pixels') {
            return { time: found.time, picture };
          }
          // A copy: the message's bytes are its chunk's.
          return { time: found.time, picture: inParts(opened, id, Uint8Array.from(picture.bytes), picture.format) };
        } catch (error) {
          return { time: found.time, problem: wordsOf(error) };
        }
      },
      picturePart(params) {
        const { topic, part } = params as Parameters<SensorsApi['picturePart']>[0];
        return current().pictures.get(topic)?.slice(part * PART, (part + 1) * PART) ?? new Uint8Array();
      },
    },
    dispose() {
      close();
      files.dispose();
    },
  };

  async function filmPicture(opened: Open, id: number, time: number, signal: AbortSignal): Promise<PictureView> {
    const camera = opened.films?.cameras[id - FIRST_FILM];
    if (opened.films === undefined || camera === undefined) {
      throw new ReplyError('failed', 'There is no such topic.');
    }
    try {
      const found = await opened.films.picture(camera, time, await ffmpeg(), search !== undefined, signal);
      return 'problem' in found ? found : { time: found.time, picture: inParts(opened, id, found.jpeg, 'jpeg') };
    } catch (error) {
      signal.throwIfAborted();
      return { problem: wordsOf(error) };
    }
  }

  async function timelines(opened: Open, signal: AbortSignal): Promise<void> {
    const { recording } = opened;
    const running = new Map(recording.topics.map(({ id }) => [id, new RunningTimeline(recording.duration)]));
    const say = (done: number) => tell('timelines', { done, timelines: [...running].map(([topic, timeline]) => ({ topic, ...timeline.result() })) });
    let said = Date.now();
    let done = 0;
    try {
      for await (const { topic, times } of recording.times(new Set(running.keys()), (part) => (done = part), signal)) {
        running.get(topic)?.add(times);
        if (Date.now() - said > PROGRESS * 3) {
          said = Date.now();
          say(done);
        }
      }
      say(1);
      tellProblems(opened);
    } catch (error) {
      if (!signal.aborted) {
        say(1);
        tell('problems', [...recording.problems, wordsOf(error)]);
      }
    }
  }

  async function series(opened: Open, { key, topic: id, fields, from, to, columns, gap }: SeriesRequest, signal: AbortSignal): Promise<void> {
    const paths = fields.map(parseFieldPath);
    const gathered = new SeriesColumns(from, to, Math.max(1, Math.min(columns, MAX_COLUMNS)), fields.length);
    const { episodes = [] } = opened.recording;
    const starts = episodes.slice(1).map(({ start }) => start);
    const borders = episodes.slice(1).filter(({ start }) => start >= from && start <= to);
    const say = (done: number, problem?: string) => {
      if (!signal.aborted) {
        const { times, values } = gathered.result(gap ?? DEFAULT_GAP, starts);
        tell('series', { key, topic: id, fields, from, to, times, values, done, ...(borders.length <= MAX_BORDERS && { borders: borders.map(({ index, start }) => ({ time: start, label: `episode ${index}` })) }), ...(problem !== undefined && { problem }) });
      }
    };
    try {
      const decode = await decoder(opened, topicOf(opened, id));
      // The messages on either side carry the line to the edges.
      for (const side of ['before', 'after'] as const) {
        const edge = await opened.recording.nearest(id, side === 'before' ? from - 1 : to, side, signal);
        if (edge) {
          gathered.outside(edge.time, numbersOf(decode(edge.data), paths));
        }
      }
      let said = Date.now();
      let done = 0;
      let broken = 0;
      for await (const messages of opened.recording.messages({ topics: new Set([id]), from, to }, (part) => (done = part), signal)) {
        for (const { time, data } of messages) {
          try {
            gathered.add(time, numbersOf(decode(data), paths));
          } catch {
            broken++;
          }
        }
        if (Date.now() - said > PROGRESS) {
          said = Date.now();
          say(done);
        }
      }
      say(1, broken > 0 ? `${broken} messages do not fit their schema.` : undefined);
      tellProblems(opened);
    } catch (error) {
      say(1, wordsOf(error));
    }
  }
};

/** The first part of a packed picture; the page asks for the others. */
function inParts(opened: Open, id: number, bytes: Uint8Array, format: string): NonNullable<PictureView['picture']> {
  opened.pictures.set(id, bytes);
  return { kind: 'packed', type: `image/${format}`, bytes: bytes.slice(0, PART), parts: Math.ceil(bytes.length / PART) };
}

function numbersOf(message: Decoded, paths: readonly (readonly (string | number)[])[]): readonly number[] {
  return paths.map((steps) => numberAt(message, steps));
}

function hexOf(data: Uint8Array): string {
  const hex = Buffer.from(data.subarray(0, 256)).toString('hex');
  return `${hex.replace(/(.{2})/g, '$1 ').trim()}${data.length > 256 ? ' …' : ''}`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
