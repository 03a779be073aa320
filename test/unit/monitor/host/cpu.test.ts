import { describe, expect, it } from 'vitest';

import { absent } from '../../../../src/base/absent.ts';
import { CpuMeter, parseBootTime, parseLoad, populationOf } from '../../../../src/monitor/host/cpu.ts';

const stat = (...lines: string[]): string => `${lines.join('\n')}\nintr 1 2 3\nctxt 5\nbtime 1795568890\nprocesses 7\n`;

describe('the times of /proc/stat', () => {
  it('are shares of the time since the sample before', () => {
    const meter = new CpuMeter();
    expect(meter.next(stat('cpu  0 0 0 0 0 0 0 0 0 0', 'cpu0 0 0 0 0 0 0 0 0 0 0'))).toEqual({
      utilization: absent('first sample'),
      ioWait: absent('first sample'),
      user: absent('first sample'),
      system: absent('first sample'),
      steal: absent('first sample'),
      cores: [absent('first sample')],
    });
    // user nice system idle iowait irq softirq steal guest guest_nice; those of guests are in user already.
    expect(meter.next(stat('cpu  20 10 5 40 10 3 2 10 20 0', 'cpu0 20 0 0 60 20 0 0 0 0 0'))).toEqual({
      utilization: 50,
      ioWait: 10,
      user: 30,
      system: 10,
      steal: 10,
      cores: [20],
    });
  });

  it('name a core by its number, and one that is switched off as such', () => {
    const meter = new CpuMeter();
    meter.next(stat('cpu  0 0 0 0', 'cpu0 0 0 0 0', 'cpu1 0 0 0 0', 'cpu2 0 0 0 0'));
    const { cores } = meter.next(stat('cpu  5 0 0 15', 'cpu0 5 0 0 5', 'cpu2 0 0 0 10'));
    expect(cores).toEqual([50, absent('switched off'), 0]);
    expect(meter.next(stat('cpu  9 0 0 20', 'cpu0 5 0 0 15', 'cpu1 4 0 0 6', 'cpu2 0 0 0 20')).cores).toEqual([0, absent('first sample'), 0]);
  });

  it('stay shares where idleness is counted back', () => {
    const meter = new CpuMeter();
    meter.next(stat('cpu  100 0 0 1000 50 0 0 0'));
    expect(meter.next(stat('cpu  110 0 0 1090 40 0 0 0'))).toMatchObject({ utilization: 10, ioWait: 0 });
  });

  it('are not known where nothing was counted, as after a sleep or a boot', () => {
    const meter = new CpuMeter();
    meter.next(stat('cpu  100 0 0 1000 50 0 0 0'));
    expect(meter.next(stat('cpu  100 0 0 1000 50 0 0 0')).utilization).toEqual(absent('no time has passed'));
    expect(meter.next(stat('cpu  1 0 0 10 0 0 0 0')).utilization).toEqual(absent('no time has passed'));
    expect(meter.next(stat('cpu  2 0 0 19 0 0 0 0')).utilization).toBe(10);
  });

  it('are absent as the file is, or where it is none', () => {
    expect(new CpuMeter().next(absent('not permitted'))).toMatchObject({ utilization: absent('not permitted'), cores: absent('not permitted') });
    expect(new CpuMeter().next('')).toMatchObject({ utilization: absent('not told'), cores: absent('not told') });
    expect(new CpuMeter().next('cpu  1 2\ncpu99999999 1 2 3 4\ncpux 1 2 3 4\n')).toMatchObject({ utilization: absent('not told'), cores: absent('not told') });
  });
});

it('load is three numbers', () => {
  expect(parseLoad('0.54 10.65 100.49 1/92 25376\n')).toEqual([0.54, 10.65, 100.49]);
  expect(parseLoad('0.54 nan 0.1 1/92 3\n')).toEqual(absent('not told'));
});

it('the number of threads and the pid that was given last tell whether processes began or ended', () => {
  expect(populationOf('0.54 0.65 0.49 1/92 25376\n')).toBe('92 25376');
  expect(populationOf('0.54 0.65')).toBeUndefined();
});

it('the boot is told in seconds', () => {
  expect(parseBootTime(stat('cpu  1 2 3 4'))).toBe(1795568890000);
  expect(parseBootTime('btime never\n')).toBeUndefined();
});
