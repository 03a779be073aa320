import { describe, expect, it } from 'vitest';
import { isTable, openTable } from '../../../../src/media/sensors/tableRecording.ts';
import type { TableRecording } from '../../../../src/media/sensors/tableRecording.ts';
import { parquet } from '../../dataset/formats/writers.ts';
import { fileOf } from '../arrays/madeFile.ts';

async function opened(text: string | Uint8Array, extension = '.csv'): Promise<TableRecording> {
  return openTable({ file: fileOf(Buffer.from(text as string), extension) });
}

async function all(recording: TableRecording, topic: number): Promise<readonly { readonly time: number; readonly value: unknown }[]> {
  const found = [];
  for await (const piece of recording.messages({ topics: new Set([topic]), from: 0, to: Infinity }, () => undefined)) {
    found.push(...piece.map(({ time, data }) => ({ time, value: JSON.parse(Buffer.from(data).toString()) as unknown })));
  }
  return found;
}

describe('a table over time', () => {
  it('takes columns that belong together for one topic, and tells the unit of times by their name', async () => {
    const recording = await opened('time_ms,acc_x,acc_y,acc_z,note,speed\n0,1,2,3,a,10\n10,4,5,6,b,\n30,7,8,9,c,30\n');
    expect(recording.topics.map(({ name, type }) => [name, type])).toEqual([['acc', '3 numbers'], ['speed', 'number']]);
    expect(recording.duration).toBe(30e6);
    expect(await all(recording, 0)).toEqual([{ time: 0, value: { values: { x: 1, y: 2, z: 3 } } }, { time: 10e6, value: { values: { x: 4, y: 5, z: 6 } } }, { time: 30e6, value: { values: { x: 7, y: 8, z: 9 } } }]);
    expect(await all(recording, 1)).toMatchObject([{ value: { value: 10 } }, { value: { value: null } }, { value: { value: 30 } }]);
    expect((await recording.nearest(0, 29e6, 'before'))?.time).toBe(10e6);
    expect((await recording.nearest(0, 10e6, 'after'))?.time).toBe(30e6);
    expect(await recording.nearest(0, -1, 'before')).toBeUndefined();
  });

  it.each([
    ['timestamp,v\n1700000000,1\n1700000002,2\n', 2e9],
    ['timestamp,v\n1700000000000,1\n1700000002000,2\n', 2e9],
    ['timestamp,v\n1700000000000000,1\n1700000002000000,2\n', 2e9],
    ['stamp,v\n1700000000000000000,1\n1700000002000000000,2\n', 2e9],
    ['date,v\n2026-11-25T10:00:00Z,1\n2026-11-25T10:00:02Z,2\n', 2e9],
    ['v\n1\n2\n3\n', 2e9],
  ])('reads the times of %j', async (text, duration) => {
    const recording = await opened(text);
    expect(Math.abs(recording.duration - duration)).toBeLessThan(1000);
    expect(recording.topics.map(({ name }) => name)).toEqual(['v']);
  });

  it('puts rows into the order of time, and says how many were not', async () => {
    const recording = await opened('t\tv\n0\t1\n2\t3\n1\t2\nx\t9\n', '.tsv');
    expect((await all(recording, 0)).map(({ value }) => value)).toEqual([{ value: 1 }, { value: 2 }, { value: 3 }]);
    expect(recording.problems).toEqual(['1 row came before the row above it in time: they are drawn in the order of time.', '1 row without a time is left out.']);
  });

  it('lays episodes one behind the other, and counters last', async () => {
    const frames = [0, 0, 0, 1, 1].map((episode, row, all_) => ({ episode, within: all_.slice(0, row).filter((other) => other === episode).length }));
    const recording = await opened(
      parquet([
        { name: 'episode_index', data: frames.map(({ episode }) => BigInt(episode)), type: 'INT64' },
        { name: 'timestamp', data: frames.map(({ within }) => within * 0.1), type: 'DOUBLE' },
        { name: 'state', data: frames.map(({ within }) => [within, -within]), type: 'JSON' },
      ]),
      '.parquet',
    );
    expect(recording.topics.map(({ name }) => name)).toEqual(['state', 'episode_index']);
    expect(recording.episodes.map(({ index, start, end }) => [index, Math.round(start / 1e6), Math.round(end / 1e6)])).toEqual([[0, 0, 200], [1, 300, 400]]);
    expect((await all(recording, 0)).map(({ time }) => Math.round(time / 1e6))).toEqual([0, 100, 200, 300, 400]);
  });

  it('keeps a row that says no episode in the one that is going on', async () => {
    const recording = await opened('timestamp,episode_index,v\n0,0,1\n1,0,2\n2,,3\n3,?,4\n0,1,5\n1,1,6\n');
    expect(recording.episodes).toEqual([{ index: 0, start: 0, end: 3e9 }, { index: 1, start: 4e9, end: 5e9 }]);
  });

  it('draws as many rows of a very wide table as fit into memory', async () => {
    const columns = Array.from({ length: 400 }, (_, at) => ({ name: `layer${at}_w`, data: [0, 1, 2].map((row) => Array.from({ length: 64 }, () => row)), type: 'JSON' as const }));
    const recording = await opened(parquet([{ name: 'timestamp', data: [0, 1, 2], type: 'DOUBLE' }, ...columns]), '.parquet');
    expect(recording.messageCount).toBe(3);
    expect(recording.topics).toHaveLength(400);
  });

  it('says why there is nothing to be drawn', async () => {
    await expect(opened('name,text\na,b\n')).rejects.toThrow('None of its columns holds numbers in every row');
    await expect(opened('a,b\n')).rejects.toThrow(/no rows/);
    expect(isTable({ file: fileOf(Buffer.from('PAR1xxxx'), '.bin') })).toBe(true);
    expect(isTable({ file: fileOf(Buffer.from('\x89MCAP0', 'latin1'), '.mcap') })).toBe(false);
  });
});
