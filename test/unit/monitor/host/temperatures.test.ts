import { describe, expect, it } from 'vitest';

import { absent } from '../../../../src/base/absent.ts';
import { parseMillidegrees, TemperatureMeter } from '../../../../src/monitor/host/temperatures.ts';
import { createTree } from './tree.ts';

describe('temperatures', () => {
  const chips = {
    '/sys/class/hwmon/hwmon10/name': 'nvme\n',
    '/sys/class/hwmon/hwmon10/temp1_input': '38850\n',
    '/sys/class/hwmon/hwmon10/temp1_label': 'Composite\n',
    '/sys/class/hwmon/hwmon10/temp1_crit': '84850\n',
    '/sys/class/hwmon/hwmon2/name': 'coretemp\n',
    '/sys/class/hwmon/hwmon2/temp1_input': '61000\n',
    '/sys/class/hwmon/hwmon2/temp1_label': 'Package id 0\n',
    '/sys/class/hwmon/hwmon2/temp1_crit': '100000\n',
    '/sys/class/hwmon/hwmon2/temp2_input': '60000\n',
    '/sys/class/hwmon/hwmon2/temp2_label': 'Core 0\n',
    '/sys/class/hwmon/hwmon3/name': 'amdgpu\n',
    '/sys/class/hwmon/hwmon3/temp1_input': '50000\n',
    '/sys/class/hwmon/hwmon4/name': 'acpitz\n',
    '/sys/class/hwmon/hwmon4/temp1_input': '27800\n',
    '/sys/class/hwmon/hwmon4/temp2_input': '-128000\n',
    '/sys/class/thermal/thermal_zone0/type': 'x86_pkg_temp\n',
    '/sys/class/thermal/thermal_zone0/temp': '61000\n',
  };

  it('are those of chips, without what is read elsewhere or would wake it', () => {
    expect(new TemperatureMeter().next(createTree(chips).files, 0)).toEqual([
      { sensor: 'coretemp: Package id 0', temperature: 61, critical: 100 },
      { sensor: 'acpitz', temperature: 27.8, critical: absent('not there') },
      { sensor: 'nvme: Composite', temperature: 38.85, critical: 84.85 },
    ]);
  });

  it('are those of zones where there are no chips', () => {
    const { files } = createTree({ '/sys/class/thermal/thermal_zone0/type': 'cpu-thermal\n', '/sys/class/thermal/thermal_zone0/temp': '45000\n' });
    expect(new TemperatureMeter().next(files, 0)).toEqual([{ sensor: 'cpu-thermal', temperature: 45, critical: absent('not told') }]);
  });

  it('are absent in a machine without sensors', () => {
    expect(new TemperatureMeter().next(createTree().files, 0)).toEqual(absent('no sensors here'));
  });

  it('are read every 5 seconds', () => {
    const tree = createTree(chips);
    const meter = new TemperatureMeter();
    const first = meter.next(tree.files, 0);
    tree.write('/sys/class/hwmon/hwmon2/temp1_input', '70000\n');
    expect(meter.next(tree.files, 1)).toBe(first);
    expect(meter.next(tree.files, 5)).toMatchObject([{ temperature: 70 }, {}, {}]);
  });

  it.each(['-128000', '0', '127500', '65261850', 'x', ''])('are not %j', (text) => {
    expect(parseMillidegrees(text)).toEqual(absent('not told'));
  });
});
