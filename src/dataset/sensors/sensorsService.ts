import { basename } from 'node:path';
import { known } from '../../base/absent.ts';
import type { PlaceFile } from '../../media/archives/memberFiles.ts';
import { ReplyError } from '../../base/replyError.ts';
import type { Decode, Decoded } from '../../media/sensors/decoding/decoder.ts';
import { decoderOf } from '../../media/sensors/decoding/decoder.ts';
import { numberAt, numericFields, parseFieldPath } from '../../media/sensors/fields.ts';
import { openRecording } from '../../media/sensors/openRecording.ts';
import { isPictureType, pictureOf } from '../../media/sensors/picture.ts';
import type { Recording, Topic } from '../../media/sensors/recording.ts';
import { SeriesColumns } from '../../media/sensors/series.ts';
import { RunningTimeline } from '../../media/sensors/timeline.ts';
import { memberFiles } from '../memberFiles.ts';
import type { CreateService } from '../service.ts';
import type { FieldsView, MessageView, PictureView, SeriesRequest } from '../webview/sensor/protocol.ts';
import { MAX_COLUMNS, PART } from '../webview/sensor/protocol.ts';
import { messageTree } from './messageTree.ts';
import type { SensorsApi, SensorsEvents } from './sensorsApi.ts';

/** Milliseconds between two words on how far something is. */
const PROGRESS = 300;
const DEFAULT_GAP = 1e18;

interface Open {
  readonly recording: Recording;
  readonly bytes: PlaceFile;
  readonly decoders: Map<number, Promise<Decode>>;
  readonly jobs: Map<string, AbortController>;
  readonly pictures: Map<number, Uint8Array>;
  /** Problems that the window knows of. */
  told: number;
}

export const createSensorsService: CreateService<SensorsApi, SensorsEvents> = (context, tell) => {
  const files = memberFiles(context);
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
        let recording: Recording;
        try {
          recording = await openRecording(bytes);
        } catch (error) {
          bytes.dispose();
          throw error;
        }
        close();
        const opened: Open = { recording, bytes, decoders: new Map(), jobs: new Map(), pictures: new Map(), told: recording.problems.length };
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
          topics: topics.map((topic) => {
            const count = known(topic.count);
            const encoding = [topic.schemaEncoding, topic.encoding].filter(Boolean).join(' · ');
            return { id: topic.id, name: topic.name, type: topic.type, encoding, isPicture: isPictureType(topic.type), ...(count !== undefined && { count }) };
          }),
          ...(messages !== undefined && { messages }),
        };
      },
      async fields(params, signal): Promise<FieldsView> {
        const opened = current();
        const topic = topicOf(opened, (params as { readonly topic: number }).topic);
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
          const bytes = Uint8Array.from(picture.bytes);
          opened.pictures.set(id, bytes);
          return { time: found.time, picture: { kind: 'packed', type: `image/${picture.format}`, bytes: bytes.slice(0, PART), parts: Math.ceil(bytes.length / PART) } };
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
    const say = (done: number, problem?: string) => {
      if (!signal.aborted) {
        const { times, values } = gathered.result(gap ?? DEFAULT_GAP);
        tell('series', { key, topic: id, fields, from, to, times, values, done, ...(problem !== undefined && { problem }) });
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
