import { describe, expect, it } from 'vitest';

import { absent } from '../../../../src/base/absent.ts';
import { PressureMeter } from '../../../../src/monitor/host/pressure.ts';
import { sentFiles } from './tree.ts';

const stall = (some: number, full: number): string =>
  `some avg10=22.31 avg60=5.32 avg300=2.44 total=${some}\nfull avg10=1.00 avg60=0.00 avg300=0.00 total=${full}\n`;

describe('pressure', () => {
  it('is the share of the time that was lost since the sample before', () => {
    const meter = new PressureMeter();
    const at = (some: number, full: number): ReturnType<typeof sentFiles> => {
      const text = stall(some, full);
      return sentFiles({ '/proc/pressure/cpu': text, '/proc/pressure/io': text, '/proc/pressure/memory': text });
    };
    const first = { some: absent('first sample'), full: absent('first sample'), someAverage10: 22.31 };
    expect(meter.next(at(5_000_000, 100), 10)).toMatchObject({ io: first, memory: first });
    const second = meter.next(at(5_500_000, 100_100), 12);
    expect(second.io).toEqual({ some: 25, full: 5, someAverage10: 22.31 });
    expect(second.cpu).toEqual({ some: 25, full: absent('not defined for the whole machine'), someAverage10: 22.31 });
    expect(meter.next(at(9_500_000, 100_100), 13).io).toMatchObject({ some: 100, full: 0 });
  });

  it('says why the kernel tells none', () => {
    const meter = new PressureMeter();
    expect(meter.next(sentFiles({ '/proc/pressure/io': absent('EOPNOTSUPP'), '/proc/pressure/memory': '' }), 0)).toEqual({
      cpu: absent('not told by this kernel'),
      io: absent('switched off; the boot option psi=1 turns it on'),
      memory: absent('not told'),
    });
  });
});
