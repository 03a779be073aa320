import { describe, expect, it } from 'vitest';

import { absent } from '../../../../src/base/absent.ts';
import { DiskMeter, parseDiskstats } from '../../../../src/monitor/host/disks.ts';

const line = (name: string, read: number, written: number, inFlight = 0, busy = 0): string => ` 259 0 ${name} 9 0 ${read} 4 8 0 ${written} 3 ${inFlight} ${busy} 7 1 2 3 4 5 6\n`;
const names = (text: string, whole?: readonly string[]): readonly string[] =>
  parseDiskstats(text, whole === undefined ? absent('not there') : new Set(whole)).map(({ name }) => name);

describe('disks', () => {
  const all = ['sda', 'sda1', 'nvme0n1', 'nvme0n1p2', 'nvme0c0n1', 'dm-0', 'md127', 'loop3', 'ram0', 'zram0', 'sr0', 'mmcblk0', 'mmcblk0p1', 'mmcblk0boot0', 'zd0', 'vda', 'vda15', 'xvda1'];
  const used = all.map((name) => line(name, 8, 8)).join('');

  it('are devices of their own, whole and not laid over others', () => {
    expect(names(used, ['sda', 'nvme0n1', 'nvme0c0n1', 'dm-0', 'md127', 'loop3', 'zram0', 'sr0', 'mmcblk0', 'vda', 'zd0', 'xvda1'])).toEqual(['sda', 'nvme0n1', 'mmcblk0', 'vda', 'xvda1']);
  });

  it('are told from their parts by their names where the kernel lists none', () => {
    expect(names(used)).toEqual(['sda', 'nvme0n1', 'mmcblk0', 'vda']);
  });

  it('that were never used are left out', () => {
    expect(names(line('sda', 0, 0) + line('sdb', 0, 0, 1))).toEqual(['sdb']);
  });

  it('have rates in bytes, and are busy for a share of the time', () => {
    const meter = new DiskMeter();
    const first = absent('first sample');
    expect(meter.next(line('sda', 10, 20, 0, 500), absent('not there'), 0)).toEqual([{ name: 'sda', read: first, written: first, busy: first, inFlight: 0 }]);
    expect(meter.next(line('sda', 14, 30, 3, 1500), absent('not there'), 2)).toEqual([{ name: 'sda', read: 1024, written: 2560, busy: 50, inFlight: 3 }]);
  });

  it('say nothing for the once in which a counter is full and begins anew', () => {
    const meter = new DiskMeter();
    meter.next(line('sda', 10, 20, 0, 4_294_967_290), absent('not there'), 0);
    expect(meter.next(line('sda', 10, 22, 0, 400), absent('not there'), 1)).toEqual([
      { name: 'sda', read: 0, written: 1024, busy: absent('counter began anew'), inFlight: 0 },
    ]);
  });

  it('that went and came again begin anew', () => {
    const meter = new DiskMeter();
    meter.next(line('sda', 10, 20) + line('sdb', 1, 1), absent('not there'), 0);
    meter.next(line('sda', 10, 20), absent('not there'), 1);
    expect(meter.next(line('sda', 10, 20) + line('sdb', 500, 1), absent('not there'), 2)).toMatchObject([{ read: 0 }, { read: absent('first sample') }]);
  });

  it('are absent where the text tells of none', () => {
    expect(new DiskMeter().next('nothing of the kind\n', absent('not there'), 0)).toEqual(absent('not told'));
    expect(new DiskMeter().next(line('loop0', 1, 1), absent('not there'), 0)).toEqual([]);
    expect(new DiskMeter().next(absent('not permitted'), absent('not there'), 0)).toEqual(absent('not permitted'));
  });
});
