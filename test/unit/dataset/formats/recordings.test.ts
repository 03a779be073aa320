import { describe, expect, it } from 'vitest';
import { formatById } from '../../../../src/dataset/formats/index.ts';
import type { Problem } from '../../../../src/media/problem.ts';
import type { MadeMessage } from '../../media/sensors/mcapBytes.ts';
import { JSON_TOPIC, mcapBytes, regular } from '../../media/sensors/mcapBytes.ts';
import { madeFolder } from './support.ts';

async function checked(bytes: Buffer, full: boolean): Promise<Problem[]> {
  const dataset = await formatById('rosbag')?.open(madeFolder({ 'drive.mcap': bytes }));
  const problems: Problem[] = [];
  await dataset?.check((problem) => problems.push(problem), { full });
  dataset?.close();
  return problems;
}

function steady(missing?: (nth: number) => boolean): Generator<MadeMessage> {
  return regular(400, 50, (nth) => ({ x: nth }), missing);
}

describe('the check of a recording', () => {
  it('tells of a topic that stops for a while, and not of jitter', async () => {
    const bytes = await mcapBytes([JSON_TOPIC], steady((nth) => (nth >= 100 && nth < 175) || nth === 300));
    expect(await checked(bytes, false)).toMatchObject([{ code: 'sensor/topic-gap', key: '/imu', message: '/imu comes at 50 Hz and has a gap of 1.52 s from 1.98 s on.' }]);
  });

  it('takes a topic that comes by chance for what it is', async () => {
    const times = [0, 0.1, 2, 2.1, 4, 4.1, 9, 9.1, 9.2, 15, 15.1, 15.2, 15.3, 20, 20.1, 20.2, 25, 25.1, 26, 26.1, 31, 31.1, 31.2];
    const chance = times.map((time): MadeMessage => ({ topic: JSON_TOPIC.name, time, data: Buffer.from('{}') }));
    expect(await checked(await mcapBytes([JSON_TOPIC], chance), false)).toEqual([]);
  });

  it('holds chunks and data to their checksums where every byte is asked for', async () => {
    const bytes = await mcapBytes([JSON_TOPIC], steady());
    expect(await checked(bytes, true)).toEqual([]);
    const spoiled = Buffer.from(bytes);
    const at = spoiled.indexOf('"x":7}');
    spoiled.write('"x":9}', at);
    expect(await checked(spoiled, false)).toEqual([]);
    const found = await checked(spoiled, true);
    expect(found.map(({ code }) => code)).toContain('mcap/checksum');
    expect(found[0]?.message).toMatch(/^The chunk at byte \d+ has the checksum [0-9a-f]{8}, and [0-9a-f]{8} is stated\.$/);
  });

  it('always holds the summary to its checksum', async () => {
    const bytes = await mcapBytes([JSON_TOPIC], steady());
    const spoiled = Buffer.from(bytes);
    const at = spoiled.lastIndexOf('/imu');
    spoiled.write('/ima', at);
    expect(await checked(spoiled, false)).toMatchObject([{ code: 'mcap/checksum', message: expect.stringContaining('summary') as string }]);
  });
});
