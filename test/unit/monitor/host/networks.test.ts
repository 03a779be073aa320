import { describe, expect, it } from 'vitest';

import { absent } from '../../../../src/base/absent.ts';
import { InfinibandMeter, parsePortRate } from '../../../../src/monitor/host/infiniband.ts';
import { NetworkMeter, parseNetDev, parseSpeed } from '../../../../src/monitor/host/networks.ts';
import { createTree, sentFiles } from './tree.ts';

const HEAD = 'Inter-|   Receive                      |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets\n';
const card = (name: string, received: number, sent: number): string => `${name.padStart(6)}: ${received} 2 0 0 0 0 0 0 ${sent} 9 0 0 0 0 0 0\n`;

describe('networks', () => {
  it('are read whether or not a blank parts the name from its numbers', () => {
    expect(parseNetDev(`${HEAD}    lo: 5 1 0 0 0 0 0 0 5 1 0 0 0 0 0 0\n  eth0:1234567 2 0 0 0 0 0 0 89 9 0 0 0 0 0 0\n eth0:1: 7 0 0 0 0 0 0 0 8 0 0 0 0 0 0 0\n`)).toEqual([
      { name: 'eth0', received: 1234567, sent: 89 },
      { name: 'eth0:1', received: 7, sent: 8 },
    ]);
  });

  it('are the cards of the machine where it has any', () => {
    const tree = createTree({
      '/proc/net/dev': HEAD + ['lo', 'eno1', 'eno2', 'veth12ab', 'docker0', 'bond0', 'ib0', 'tailscale0', 'odd0'].map((name) => card(name, 10, 10)).join(''),
      '/sys/class/net/eno1/speed': '25000\n',
      '/sys/class/net/eno2/speed': '-1\n',
      '/sys/class/net/bond0/speed': '50000\n',
    });
    for (const name of ['eno1', 'eno2', 'ib0']) {
      tree.link(`/sys/class/net/${name}/device`, '../../../0000:00:03.0');
    }
    const meter = new NetworkMeter();
    const first = { received: absent('first sample'), sent: absent('first sample') };
    expect(meter.next(tree.files, 0)).toEqual([
      { name: 'eno1', ...first, speed: 25e9 },
      { name: 'eno2', ...first, speed: absent('not told') },
      { name: 'ib0', ...first, speed: absent('not told') },
    ]);
    tree.write('/proc/net/dev', HEAD + card('eno1', 1010, 4010));
    expect(meter.next(tree.files, 2)).toEqual([{ name: 'eno1', received: 500, sent: 2000, speed: 25e9 }]);
  });

  it('of a container are those that it has', () => {
    const files = sentFiles({ '/proc/net/dev': HEAD + card('lo', 5, 5) + card('eth0', 7, 7) + card('ifb0', 3, 3) + card('eth1', 0, 0) });
    expect(new NetworkMeter().next(files, 0)).toMatchObject([{ name: 'eth0' }]);
  });

  it('are none where only the loopback is', () => {
    expect(new NetworkMeter().next(sentFiles({ '/proc/net/dev': HEAD + card('lo', 5, 5) }), 0)).toEqual([]);
    expect(new NetworkMeter().next(sentFiles({ '/proc/net/dev': '' }), 0)).toEqual(absent('not told'));
  });

  it.each(['-1\n', '0\n', '65535\n', '4294967295\n', 'fast', ''])('do not take %j for a speed', (text) => {
    expect(parseSpeed(text)).toEqual(absent('not told'));
  });
});

describe('InfiniBand', () => {
  const port = '/sys/class/infiniband/mlx5_0/ports/1';
  const texts = {
    [`${port}/state`]: '4: ACTIVE\n',
    [`${port}/rate`]: '400 Gb/sec (4X NDR)\n',
    [`${port}/counters/port_rcv_data`]: '1000\n',
    [`${port}/counters/port_xmit_data`]: '500\n',
    [`${port}/counters/symbol_error`]: '2\n',
    [`${port}/counters/link_downed`]: '3\n',
    '/sys/class/infiniband/mlx5_1/ports/1/state': '1: DOWN\n',
  };

  it('counts in words of four bytes', () => {
    const tree = createTree(texts);
    const meter = new InfinibandMeter();
    const first = absent('first sample');
    expect(meter.next(tree.files, 0)).toEqual([
      { device: 'mlx5_0', port: 1, active: true, received: first, sent: first, speed: 400e9, errors: 5 },
      { device: 'mlx5_1', port: 1, active: false, received: absent('not there'), sent: absent('not there'), speed: absent('not told'), errors: absent('not told') },
    ]);
    tree.write(`${port}/counters/port_rcv_data`, '1750\n');
    expect(meter.next(tree.files, 1)).toMatchObject([{ received: 3000, sent: 0 }, {}]);
  });

  it('says of a counter that stays at its largest that it is full', () => {
    const tree = createTree({ ...texts, [`${port}/counters/port_rcv_data`]: '4294967295\n' });
    expect(new InfinibandMeter().next(tree.files, 0)).toMatchObject([{ received: absent('counter is full') }, {}]);
  });

  it('is none where there are no cards, and has the speeds that there are', () => {
    expect(new InfinibandMeter().next(sentFiles({}), 0)).toEqual([]);
    expect(parsePortRate('2.5 Gb/sec (1X SDR)\n')).toBe(2.5e9);
    expect(parsePortRate('fast')).toEqual(absent('not told'));
  });
});
