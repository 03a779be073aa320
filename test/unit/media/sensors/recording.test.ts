import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decoderOf } from '../../../../src/media/sensors/decoding/decoder.ts';
import type { Decode } from '../../../../src/media/sensors/decoding/decoder.ts';
import { numberAt, numericFields } from '../../../../src/media/sensors/fields.ts';
import { openRecording } from '../../../../src/media/sensors/openRecording.ts';
import type { Message, Recording } from '../../../../src/media/sensors/recording.ts';
import { SensorError } from '../../../../src/media/sensors/sensorError.ts';
import { SeriesColumns } from '../../../../src/media/sensors/series.ts';
import { RunningTimeline } from '../../../../src/media/sensors/timeline.ts';
import type { Timeline } from '../../../../src/media/sensors/timeline.ts';
import { damaged } from '../arrays/arrayBytes.ts';
import { fileOf } from '../arrays/madeFile.ts';
import { fixtures, hasFixtures } from '../support.ts';
import { JSON_TOPIC, START, json, mcapBytes, regular } from './mcapBytes.ts';

const ALL = { from: -Infinity, to: Infinity };
const silent = () => undefined;

async function all(recording: Recording, { from, to } = ALL): Promise<Message[]> {
  const found: Message[] = [];
  for await (const piece of recording.messages({ topics: new Set(recording.topics.map(({ id }) => id)), from: Math.max(from, -1e18), to: Math.min(to, 1e18) }, silent)) {
    found.push(...piece.map((message) => ({ ...message, data: Uint8Array.from(message.data) })));
  }
  return found;
}

async function timelineOf(recording: Recording, topic = recording.topics[0]?.id ?? 0): Promise<Timeline> {
  const running = new RunningTimeline(recording.duration);
  for await (const { times } of recording.times(new Set([topic]), silent)) {
    running.add(times);
  }
  return running.result();
}

const open = async (bytes: Uint8Array, extension = '.mcap') => openRecording(fileOf(bytes, extension));

describe('an MCAP file', () => {
  it('gives topics with their counts, and all messages in order', async () => {
    const recording = await open(await mcapBytes([JSON_TOPIC], regular(1000, 100, (nth) => ({ x: nth }))));
    expect(recording.topics).toMatchObject([{ name: '/imu', type: '', encoding: 'json', count: 1000 }]);
    expect([recording.start, recording.duration, recording.messageCount]).toEqual([START, 9.99e9, 1000]);
    expect(recording.problems).toEqual([]);
    const messages = await all(recording);
    expect(messages.map(({ data }) => (JSON.parse(Buffer.from(data).toString()) as { x: number }).x)).toEqual(Array.from({ length: 1000 }, (_, nth) => nth));
    expect((await all(recording, { from: 1e9, to: 1.5e9 })).map(({ time }) => time / 1e7)).toEqual(Array.from({ length: 51 }, (_, nth) => 100 + nth));
    recording.close();
  });

  it('tells the message at a time, and the next one, across its chunks', async () => {
    const recording = await open(await mcapBytes([JSON_TOPIC, { ...JSON_TOPIC, name: '/rare' }], [...regular(500, 100, (nth) => ({ x: nth })), { topic: '/rare', time: 1.5, data: json({}) }], { chunkSize: 1000 }));
    const [imu = 0, rare = 0] = recording.topics.map(({ id }) => id);
    expect((await recording.nearest(imu, 2.005e9, 'before'))?.time).toBe(2e9);
    expect((await recording.nearest(imu, 2e9, 'before'))?.time).toBe(2e9);
    expect((await recording.nearest(imu, 2e9, 'after'))?.time).toBe(2.01e9);
    expect((await recording.nearest(rare, 1.499e9, 'before'))?.time).toBeUndefined();
    expect((await recording.nearest(rare, 4e9, 'before'))?.time).toBe(1.5e9);
    expect((await recording.nearest(rare, 1e9, 'after'))?.time).toBe(1.5e9);
    expect(await recording.nearest(imu, 9e9, 'after')).toBeUndefined();
    recording.close();
  });

  it.each([
    ['whose writer crashed', { ended: false }, 'rebuilt from its chunks'],
    ['whose writer crashed and that has no message indexes', { ended: false, useMessageIndex: false }, 'rebuilt from its chunks'],
  ])('%s is read from its chunks, and says so', async (_, options, words) => {
    const recording = await open(await mcapBytes([JSON_TOPIC], regular(1000, 100, (nth) => ({ x: nth })), options));
    expect(recording.problems.join()).toContain(words);
    const messages = await all(recording);
    // The last chunk was not written.
    expect(messages.length).toBeGreaterThan(900);
    expect(recording.topics.map(({ name, count }) => [name, count])).toEqual([['/imu', messages.length]]);
    recording.close();
  });

  it('without chunks is read', async () => {
    const recording = await open(await mcapBytes([JSON_TOPIC], regular(100, 100, (nth) => ({ x: nth })), { useChunks: false }));
    expect(await all(recording)).toHaveLength(100);
    expect([recording.duration, recording.topics[0]?.count]).toEqual([9.9e8, 100]);
    recording.close();
  });

  it('that was cut short tells what is missing and gives what is there', async () => {
    const bytes = await mcapBytes([JSON_TOPIC], regular(1000, 100, (nth) => ({ x: nth })));
    const recording = await open(bytes.subarray(0, Math.floor(bytes.length / 2)));
    expect(recording.problems.join(' ')).toMatch(/no end.*cut off/);
    const messages = await all(recording);
    expect(messages.length).toBeGreaterThan(300);
    expect(messages.length).toBeLessThan(700);
    recording.close();
  });

  it('tells of a chunk that does not fit its checksum, and gives all others', async () => {
    const bytes = await mcapBytes([JSON_TOPIC], regular(1000, 100, (nth) => ({ x: nth })));
    bytes[bytes.indexOf('{"x":500}') + 5] = 0x39;
    const recording = await open(bytes);
    const messages = await all(recording);
    expect(recording.problems.join()).toContain('checksum');
    expect(messages.length).toBeGreaterThan(800);
    expect(messages.filter(({ data }) => Buffer.from(data).toString() === '{"x":900}')).toHaveLength(1);
    recording.close();
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'empty'],
    ['a pointer of Git LFS', Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:1\n'), 'git lfs pull'],
    ['something else', Buffer.from('hello, world'), 'no recording'],
  ])('that is %s says so', async (_, bytes, words) => {
    await expect(open(bytes)).rejects.toMatchObject({ name: 'SensorError', message: expect.stringContaining(words) });
  });

  it('never makes the reader throw anything but its own error, however it is damaged', async () => {
    const seed = await mcapBytes([JSON_TOPIC], regular(200, 100, (nth) => ({ x: nth })), { chunkSize: 1000 });
    for (let nth = 0; nth < 200; nth++) {
      try {
        const recording = await open(damaged(seed, nth, nth % 2 === 0 ? 300 : seed.length));
        await all(recording);
        await recording.nearest(recording.topics[0]?.id ?? 0, 1e9, 'before');
        recording.close();
      } catch (error) {
        expect(error, `damage ${nth}`).toBeInstanceOf(SensorError);
      }
    }
  });
});

describe('a timeline', () => {
  it('finds the rate, and gaps longer than three times the median', async () => {
    const recording = await open(await mcapBytes([JSON_TOPIC], regular(2000, 100, () => ({}), (nth) => (nth > 500 && nth < 680) || nth === 1500)));
    const { count, median = 0, p99 = 0, gaps, gapCount, outOfOrder, presence, first, last } = await timelineOf(recording);
    expect([count, first, last, outOfOrder, gapCount]).toEqual([1820, 0, 19.99e9, 0, 1]);
    expect(median / 1e7).toBeCloseTo(1, 1);
    expect(p99).toBeGreaterThanOrEqual(median);
    expect(gaps).toEqual([{ from: 5e9, to: 6.8e9 }]);
    expect(presence.reduce((sum, part) => sum + part, 0)).toBe(1820);
    expect(presence.filter((part) => part === 0).length).toBeGreaterThan(2);
    recording.close();
  });

  it('counts what was written down out of order', async () => {
    const times = [0, 1, 2, 1.5, 3, 2.9, 4];
    const recording = await open(await mcapBytes([JSON_TOPIC], times.map((time) => ({ topic: '/imu', time, data: json({}) }))));
    expect((await timelineOf(recording)).outOfOrder).toBe(2);
    recording.close();
  });

  it('of a single message has no rate', async () => {
    const recording = await open(await mcapBytes([JSON_TOPIC], regular(1, 1, () => ({}))));
    expect((await timelineOf(recording)).median).toBeUndefined();
    recording.close();
  });
});

describe('a series', () => {
  it('keeps single spikes when it is drawn in few columns, and breaks at gaps', () => {
    const columns = new SeriesColumns(0, 100_000, 50, 1);
    for (let time = 0; time < 100_000; time += 10) {
      if (time < 40_000 || time > 60_000) {
        columns.add(time, [time === 20_000 ? 99 : Math.sin(time / 1000)]);
      }
    }
    const { times, values } = columns.result(1000);
    expect(Math.max(...(values[0] ?? []).filter((value) => !Number.isNaN(value)))).toBe(99);
    const broken = (values[0] ?? []).findIndex((value) => Number.isNaN(value));
    expect(times[broken]).toBeGreaterThan(40_000);
    expect(times[broken]).toBeLessThan(60_010);
    expect([...times]).toEqual([...times].sort((one, other) => one - other));
    expect(times.length).toBeLessThanOrEqual(50 * 4 + 1);
  });

  it.each([200, 7])('of episodes is broken where one begins, drawn in %d columns', (count) => {
    const columns = new SeriesColumns(0, 2000, count, 1);
    for (let time = 0; time < 2000; time += 10) {
      columns.add(time, [time < 1000 ? 0 : 50]);
    }
    const { times, values: [line = new Float64Array()] } = columns.result(1e9, [1000]);
    const broken = [...line].flatMap((value, at) => (Number.isNaN(value) ? [at] : []));
    expect(broken).toHaveLength(1);
    expect([line[broken[0]! - 1], line[broken[0]! + 1]]).toEqual([0, 50]);
    expect([...times]).toEqual([...times].sort((one, other) => one - other));
  });

  it('is the messages themselves where there is room for them, in whatever order they come', () => {
    const columns = new SeriesColumns(0, 100, 50, 2);
    [70, 10, 30].forEach((time) => columns.add(time, [time, -time]));
    const { times, values } = columns.result(Infinity);
    expect([[...times], [...(values[0] ?? [])], [...(values[1] ?? [])]]).toEqual([[10, 30, 70], [10, 30, 70], [-10, -30, -70]]);
  });
});

describe('bags of ROS 1', () => {
  const { bags } = JSON.parse(readFileSync(new URL('./bags.json', import.meta.url), 'utf8')) as { bags: Record<string, string[]> };
  const bytesOf = (name: string) => inflateSync(Buffer.from((bags[name] ?? []).join(''), 'base64'));

  it.each(['none', 'bz2', 'lz4'])('packed by %s are read and decoded', async (compression) => {
    const recording = await open(bytesOf(compression), '.bag');
    expect(recording.topics.map(({ name, type, count }) => [name, type, count])).toEqual([['/joints', 'sensor_msgs/JointState', 100], ['/chat', 'std_msgs/String', 10]]);
    const joints = recording.topics[0]!;
    const decode = await decoderOf(joints);
    const messages = (await all(recording)).filter(({ topic }) => topic === joints.id);
    const message = decode(messages[42]?.data ?? new Uint8Array());
    expect(numericFields(message).map(({ label }) => label)).toEqual(['header.seq', 'header.stamp', 'position[0]', 'position[1]', 'velocity[0]', 'velocity[1]']);
    expect([numberAt(message, ['position', 0]), numberAt(message, ['position', 1]), message['name'], message['effort']]).toEqual([Math.sin(4.2), 42, ['a', 'b'], []]);
    const timeline = await timelineOf(recording, joints.id);
    expect(timeline.gaps).toEqual([{ from: 0.59e9, to: 1.1e9 }]);
    expect((await recording.nearest(joints.id, 0.8e9, 'before'))?.time).toBe(0.59e9);
    recording.close();
  });

  it('without their index are read from their chunks, and say so', async () => {
    const bytes = bytesOf('none');
    bytes.writeBigUInt64LE(0n, bytes.indexOf('index_pos=') + 10);
    const recording = await open(bytes, '.bag');
    expect(recording.problems.join()).toContain('reindex');
    expect(await all(recording)).toHaveLength(110);
    recording.close();
  });

  it('never make the reader throw anything but its own error, however they are damaged', async () => {
    const seeds = [bytesOf('none'), bytesOf('bz2'), bytesOf('lz4')];
    for (let nth = 0; nth < 200; nth++) {
      const seed = seeds[nth % 3]!;
      try {
        const recording = await open(damaged(seed, nth, nth % 2 === 0 ? 300 : seed.length), '.bag');
        await all(recording);
        recording.close();
      } catch (error) {
        expect(error, `damage ${nth}`).toBeInstanceOf(SensorError);
      }
    }
  });
});

describe.skipIf(!hasFixtures)('the real recordings', () => {
  const expected = new Map(
    readFileSync(join(fixtures, 'EXPECTED.tsv'), 'utf8')
      .split('\n')
      .map((line) => line.split('\t'))
      .filter(([file]) => file?.startsWith('mcap/'))
      .map(([file = '', count, topics, facts]) => [file, { count: Number(count), topics: topics ?? '', facts: facts ?? '' }]),
  );

  it.each([...expected])('%s has the messages and topics that the format’s library finds', async (file, { count, topics, facts }) => {
    const recording = await openRecording(join(fixtures, file));
    expect(recording.messageCount).toBe(count);
    expect(await all(recording)).toHaveLength(count);
    const [first = ''] = topics.split(' (');
    expect(recording.topics.map(({ name }) => name)).toContain(first);
    expect(recording.facts.find(({ name }) => name === 'Compression')?.value).toBe(/comp=(.*)$/.exec(facts)?.[1] || 'none');
    expect(recording.problems).toEqual([]);
    recording.close();
  });

  it('are decoded, every message of every topic that has a definition', async () => {
    let decoded = 0;
    for (const file of expected.keys()) {
      const recording = await openRecording(join(fixtures, file));
      const decoders = new Map(await Promise.all(recording.topics.map(async (topic) => [topic.id, await decoderOf(topic).catch((error: unknown) => error)] as const)));
      for (const { topic, data } of await all(recording)) {
        const decode = decoders.get(topic);
        if (typeof decode === 'function') {
          expect((decode as Decode)(data)).toBeTypeOf('object');
          decoded++;
        } else {
          expect(decode).toBeInstanceOf(SensorError);
        }
      }
      recording.close();
    }
    expect(decoded).toBeGreaterThan(5000);
  });

  it.each([
    ['multiple_files_0.db3', '/chatter', 'std_msgs/msg/String'],
    ['talker.db3', '/rosout', 'rcl_interfaces/msg/Log'],
    ['topics_and_services.db3', '/events/write_split', 'rosbag2_interfaces/msg/WriteSplitEvent'],
    ['rewriter_a_0.db3', 'a_empty', 'test_msgs/msg/Empty'],
  ])('%s is read', async (file, name, type) => {
    const recording = await openRecording(join(fixtures, 'rosbag2_db3', file));
    expect(recording.topics.map((topic) => [topic.name, topic.type])).toContainEqual([name, type]);
    const messages = await all(recording);
    expect(messages).toHaveLength(recording.messageCount as number);
    const timelines = await Promise.all(recording.topics.map(({ id }) => timelineOf(recording, id)));
    expect(timelines.reduce((sum, { count }) => sum + count, 0)).toBe(messages.length);
    const last = messages.at(-1);
    expect((await recording.nearest(last?.topic ?? 0, recording.duration, 'before'))?.time).toBe(last?.time);
    recording.close();
  });

  it('tell what metadata.yaml says beside a database', async () => {
    const recording = await openRecording(join(fixtures, 'rosbag2_db3/talker.db3'));
    expect(recording.facts.map(({ name }) => name)).toContain('Messages by metadata.yaml');
    recording.close();
  });
});
