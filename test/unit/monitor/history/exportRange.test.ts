import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { absent } from '../../../../src/base/absent.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';
import { PROCESS } from '../inventedSample.ts';
import { at, historyPath, NAME, reader, withGpu, writer } from './support.ts';

async function exported(path: string, from: number, to: number, format: 'csv' | 'json'): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of reader(path).exportRange({ host: NAME, from: at(from), to: at(to) }, format)) {
    pieces.push(piece);
  }
  return pieces.join('');
}

function kept(seconds: number): string {
  const path = historyPath();
  const history = writer(path);
  for (let second = 0; second < seconds; second++) {
    history.add({
      ...withGpu(second, { utilization: second === 30 ? absent('gone') : 0 }),
      processes: [{ ...PROCESS, command: ['=cmd', 'a,"b"\n'] }],
    });
  }
  history.flush();
  return path;
}

describe('an export', () => {
  it('is CSV with a row for each thing, empty where a value was absent and 0 where it was 0', async () => {
    const rows = parse<Record<string, string>>(await exported(kept(300), 20, 260, 'csv'), { columns: true });
    const gpu = rows.filter(({ kind }) => kind === 'gpu');
    expect(gpu.map(({ time }) => time)).toEqual(Array.from({ length: 240 }, (_, index) => new Date(at(20 + index)).toISOString()));
    expect(gpu[10]).toMatchObject({ utilization: '', power: '600', statistic: 'value', label: 'GPU 0: Simulated H100' });
    expect(gpu[11]).toMatchObject({ utilization: '0', memoryTemperature: '' });
    expect(rows.find(({ kind }) => kind === 'process')).toMatchObject({ label: 'lena: =cmd a,"b"\n', cpu: '101' });
  });

  it('is one JSON document of samples, absent values with their reasons', async () => {
    const { samples } = JSON.parse(await exported(kept(60), 0, 60, 'json')) as { samples: (SystemSample & { resolution: number })[] };
    expect(samples).toHaveLength(60);
    expect(samples[30]?.gpus[0]?.gpus[0]?.utilization).toEqual({ absent: 'gone' });
    expect(samples[30]).toMatchObject({ resolution: 1000, time: at(30), host: NAME });
  });

  it('of what is kept coarsely has mean, smallest and largest', async () => {
    const rows = parse<Record<string, string>>(await exported(kept(4000), 0, 100, 'csv'), { columns: true });
    const gpu = rows.filter(({ kind }) => kind === 'gpu');
    expect(gpu).toHaveLength(30);
    expect(gpu.slice(0, 3).map(({ statistic, seconds, samples }) => [statistic, seconds, samples])).toEqual([
      ['mean', '10', '10'],
      ['min', '10', '10'],
      ['max', '10', '10'],
    ]);
  });
});
