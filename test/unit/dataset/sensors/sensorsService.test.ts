import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SensorsApi, SensorsEvents } from '../../../../src/dataset/sensors/sensorsApi.ts';
import { loadSharp } from '../../../../src/media/sharpLibrary.ts';
import { createSensorsService } from '../../../../src/dataset/sensors/sensorsService.ts';
import type { SeriesView } from '../../../../src/dataset/webview/sensor/protocol.ts';
import { fileOf } from '../../media/arrays/madeFile.ts';
import { JSON_TOPIC, json, mcapBytes, regular } from '../../media/sensors/mcapBytes.ts';
import type { MadeTopic } from '../../media/sensors/mcapBytes.ts';
import { FPS, frameOf, LENGTH, madeEpisodes } from './madeEpisode.ts';

const never = new AbortController().signal;

function serve() {
  const told: (readonly [event: string, params: unknown])[] = [];
  const waiting: (() => void)[] = [];
  const service = createSensorsService({ storage: '/nonexistent', root: '/nonexistent', cacheBytes: 0, search: { paths: {}, env: process.env, never: [], sharpWorker: '' } }, (event, params) => {
    told.push([event, params]);
    waiting.splice(0).forEach((resolve) => resolve());
  });
  return {
    told,
    ask: <K extends keyof SensorsApi>(method: K, params: Parameters<SensorsApi[K]>[0]) => Promise.resolve(service.handlers[method](params, never)) as Promise<ReturnType<SensorsApi[K]>>,
    async hear<K extends keyof SensorsEvents>(event: K, fits: (params: Parameters<SensorsEvents[K]>[0]) => boolean): Promise<Parameters<SensorsEvents[K]>[0]> {
      for (;;) {
        const found = told.find(([name, params]) => name === event && fits(params as Parameters<SensorsEvents[K]>[0]));
        if (found) {
          return found[1] as Parameters<SensorsEvents[K]>[0];
        }
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    dispose: () => service.dispose(),
  };
}

const finished = (key: string) => (view: SeriesView) => view.key === key && view.done === 1;

describe('the service of recordings', () => {
  it('tells timelines by itself, and a series of fields when it is asked for one', async () => {
    const { ask, hear, dispose } = serve();
    const file = fileOf(await mcapBytes([JSON_TOPIC], regular(1000, 100, (nth) => ({ a: { x: nth }, list: [nth, -nth] }), (nth) => nth > 400 && nth < 500)), '.mcap');
    const { topics } = await ask('open', { place: { file } });
    const id = topics[0]?.id ?? 0;
    const { timelines } = await hear('timelines', ({ done }) => done === 1);
    expect(timelines[0]).toMatchObject({ count: 901, gapCount: 1, gaps: [{ from: 4e9, to: 5e9 }] });
    expect((await ask('fields', { topic: id })).fields).toEqual(['a.x', 'list[0]', 'list[1]']);
    await ask('startSeries', { key: 'k', topic: id, fields: ['a.x', 'list[1]'], from: 2e9, to: 6e9, columns: 100, gap: 3e7 });
    const { times, values } = await hear('series', finished('k'));
    const [x = [], list = []] = values.map((line) => [...line]);
    expect(Math.min(...x.filter((value) => !Number.isNaN(value)))).toBe(199);
    expect(Math.max(...x.filter((value) => !Number.isNaN(value)))).toBe(601);
    expect(list.filter((value) => !Number.isNaN(value)).every((value) => value <= 0)).toBe(true);
    // Broken once, in the gap.
    const broken = x.flatMap((value, nth) => (Number.isNaN(value) ? [times[nth] ?? 0] : []));
    expect(broken).toEqual([4.5e9]);
    dispose();
  });

  it('breaks a series where an episode begins, and tells which', async () => {
    const { ask, hear, dispose } = serve();
    const { topics, duration } = await ask('open', { place: { file: madeEpisodes().data } });
    await ask('startSeries', { key: 'e', topic: topics[1]?.id ?? 0, fields: ['values.gripper_pos'], from: 0, to: duration, columns: 400 });
    const { times, values: [line = new Float64Array()], borders } = await hear('series', finished('e'));
    const start = (LENGTH / FPS) * 1e9;
    expect(borders?.map(({ time, label }) => [Math.round(time / 1e6), label])).toEqual([[start / 1e6, 'episode 1']]);
    const broken = [...line].flatMap((value, at) => (Number.isNaN(value) ? [times[at] ?? 0] : []));
    expect(broken).toHaveLength(1);
    expect(start - broken[0]!).toBeGreaterThan(0);
    expect(start - broken[0]!).toBeLessThan(1e9 / FPS);
    dispose();
  });

  it('gives up a series when another one of the same plot is asked for', async () => {
    const { ask, hear, told, dispose } = serve();
    const file = fileOf(await mcapBytes([JSON_TOPIC], regular(5000, 100, (nth) => ({ x: nth }))), '.mcap');
    const { topics } = await ask('open', { place: { file } });
    const request = { key: 'k', topic: topics[0]?.id ?? 0, fields: ['x'], from: 0, columns: 100 };
    await ask('startSeries', { ...request, to: 49e9 });
    await ask('startSeries', { ...request, to: 1e9 });
    await hear('series', finished('k'));
    expect(told.filter(([event]) => event === 'series').every(([, view]) => (view as SeriesView).to === 1e9)).toBe(true);
    dispose();
  });

  it('tells the message at a time with its neighbours, and messages that do not fit as bytes', async () => {
    const { ask, dispose } = serve();
    const topic: MadeTopic = { ...JSON_TOPIC, name: '/odd' };
    const file = fileOf(await mcapBytes([JSON_TOPIC, topic], [...regular(10, 10, (nth) => ({ x: nth, name: `n${nth}`, list: [] })), { topic: '/odd', time: 0.3, data: Buffer.from([1, 2]) }]), '.mcap');
    const { topics } = await ask('open', { place: { file } });
    const [imu = 0, odd = 0] = topics.map(({ id }) => id);
    const message = await ask('message', { topic: imu, time: 3.5e8, side: 'before' });
    expect([message.time, message.next]).toEqual([3e8, 4e8]);
    expect(message.nodes.map(({ name, value, kind }) => [name, value, kind])).toEqual([['x', '3', 'number'], ['name', 'n3', 'text'], ['list', '[ ] empty', 'group']]);
    expect(await ask('message', { topic: odd, time: 1e9, side: 'before' })).toMatchObject({ time: 3e8, nodes: [{ value: '01 02' }], problem: expect.any(String) });
    expect(await ask('message', { topic: odd, time: 0, side: 'before' })).toMatchObject({ nodes: [], next: 3e8 });
    dispose();
  });

  it('gives a large packed picture in parts', async () => {
    const { ask, dispose } = serve();
    const topic: MadeTopic = { name: '/cam', type: 'sensor_msgs/msg/CompressedImage', encoding: 'cdr', schemaEncoding: 'ros2msg', schema: 'string format\nuint8[] data\n' };
    const jpeg = Buffer.alloc(2_000_000, 7);
    jpeg.set([0xff, 0xd8]);
    const head = Buffer.from([0, 1, 0, 0, 5, 0, 0, 0, ...Buffer.from('jpeg\0'), 0, 0, 0, 0, 0, 0, 0]);
    head.writeUInt32LE(jpeg.length, 16);
    const file = fileOf(await mcapBytes([topic], [{ topic: '/cam', time: 0, data: Buffer.concat([head, jpeg]) }]), '.mcap');
    const { topics } = await ask('open', { place: { file } });
    const id = topics[0]?.id ?? 0;
    const { picture } = await ask('picture', { topic: id, time: 1 });
    expect(picture).toMatchObject({ kind: 'packed', type: 'image/jpeg', parts: 3 });
    const parts = [picture?.bytes ?? new Uint8Array(), ...(await Promise.all([1, 2].map((part) => ask('picturePart', { topic: id, part }))))];
    expect(parts.every(({ length }) => length < 1_048_576)).toBe(true);
    expect(Buffer.concat(parts).equals(jpeg)).toBe(true);
    dispose();
  });

  it('says why a file is none', async () => {
    const { ask, dispose } = serve();
    await expect(ask('open', { place: { file: fileOf(json({}), '.mcap') } })).rejects.toThrow('no recording');
    await expect(ask('open', { place: { file: '/a.zip', member: 'b.mcap' } })).rejects.toThrow('is not there');
    dispose();
  });

  it('shows a table whose films cannot be told, and says why', async () => {
    const { ask, dispose } = serve();
    const { root, data } = madeEpisodes();
    writeFileSync(join(root, 'meta/episodes/chunk-000/file-000.parquet'), 'PAR1 and no more');
    const { topics, problems } = await ask('open', { place: { file: data } });
    expect(topics.map(({ name }) => name)).toEqual(['observation.state', 'action', 'episode_index', 'frame_index']);
    expect(problems).toEqual([expect.stringMatching(/^The films of its episodes are not shown: .*file-000\.parquet/)]);
    dispose();
  });

  it('shows the film of an episode at the frame of the cursor, also of one that begins within its file', async () => {
    const { ask, dispose } = serve();
    const { data, film } = madeEpisodes();
    const { topics, duration, format, facts } = await ask('open', { place: { file: data } });
    expect({ format, duration: Math.round(duration / 1e6) }).toEqual({ format: 'table', duration: ((2 * LENGTH - 1) / FPS) * 1000 });
    expect(topics.map(({ name, isPicture }) => [name, isPicture])).toEqual([['observation.images.top', true], ['observation.state', false], ['action', false], ['episode_index', false], ['frame_index', false]]);
    expect(facts).toContainEqual({ name: 'Episodes', value: '2, one behind the other' });
    expect((await ask('fields', { topic: topics[1]?.id ?? 0 })).fields).toEqual(['values.shoulder', 'values.elbow', 'values.gripper_pos']);
    const sharp = await loadSharp();
    for (const frame of [0, 1, 9, LENGTH, LENGTH + 13, 2 * LENGTH - 1]) {
      const view = await ask('picture', { topic: topics[0]?.id ?? 0, time: (frame / FPS) * 1e9 + 40e6 });
      expect(view.problem).toBeUndefined();
      expect(Math.round((view.time ?? 0) / 1e6)).toBe((frame / FPS) * 1000);
      const greyOf = async (jpeg: Uint8Array) => (await sharp(Buffer.from(jpeg)).stats()).channels[0]?.mean ?? NaN;
      expect(Math.abs((await greyOf(view.picture?.bytes ?? new Uint8Array())) - (await greyOf(frameOf(film, frame)))), `grey of frame ${frame}, of which the next differs by 5`).toBeLessThan(1);
    }
    dispose();
  });
});
