import { describe, expect, it } from 'vitest';
import { absent } from '../../../../../src/base/absent.ts';
import { cellQuantity } from '../../../../../src/monitor/gpu/nvidia/cell.ts';
import { parseClockLimits } from '../../../../../src/monitor/gpu/nvidia/clockLimits.ts';
import { chooseColumns, parseRefusedField } from '../../../../../src/monitor/gpu/nvidia/fields.ts';
import { GpuRowReader } from '../../../../../src/monitor/gpu/nvidia/gpuRows.ts';
import { parseProcessRow } from '../../../../../src/monitor/gpu/nvidia/processRows.ts';
import { parseReport } from '../../../../../src/monitor/gpu/nvidia/report.ts';
import { MEBIBYTES, PERCENT } from '../../../../../src/monitor/gpu/quantity.ts';
import { TickGrouper } from '../../../../../src/monitor/gpu/nvidia/ticks.ts';
import { heldOf, joinUses, useKey } from '../../../../../src/monitor/gpu/nvidia/uses.ts';
import { samplesOfTable } from './support.ts';

const UUID = 'GPU-00000000-0000-0000-0000-00000000000a';

describe('a cell', () => {
  it.each([
    ['0', 0],
    ['-0', 0],
    ['97', 97],
    ['38 %', 38],
    ['[N/A]', absent('not reported by this GPU')],
    ['N/A', absent('not reported by this GPU')],
    ['[Not Supported]', absent('not reported by this GPU')],
    ['', absent('not told')],
    ['[Insufficient Permissions]', absent('not permitted')],
    ['[Requested functionality has been deprecated]', absent('no longer told by this driver')],
    ['Requested functionality has been deprecated', absent('no longer told by this driver')],
    ['[Unknown Error]', absent('Unknown Error')],
    ['ERR!', absent('not a number: ERR!')],
    ['0x10', absent('not a number: 0x10')],
    ['1e3', absent('not a number: 1e3')],
    ['101', absent('cannot be: 101')],
    ['-5', absent('cannot be: -5')],
    [undefined, absent('not told by this driver')],
  ])('of a share reads %j as %j', (cell, expected) => {
    expect(cellQuantity(cell, PERCENT)).toEqual(expected);
  });

  it('of memory counts in powers of two', () => {
    expect(cellQuantity('81559', MEBIBYTES)).toBe(81559 * 1024 * 1024);
  });

  it.each([
    ['0x0000000000000000', []],
    ['0x0000000000000001', ['idle']],
    ['0x0000000000000024', ['powerCap', 'softwareThermal']],
    ['0x00000000000001c8', ['hardwareSlowdown', 'hardwareThermal', 'powerBrake', 'displayClocks']],
    ['0xf000000000000012', ['applicationClocks', 'syncBoost']],
    ['[N/A]', absent('not reported by this GPU')],
    ['4', absent('not a mask: 4')],
  ])('of clock limits reads %s as %j', (cell, expected) => {
    expect(parseClockLimits(cell)).toEqual(expected);
  });
});

describe('a row', () => {
  const columns = chooseColumns(undefined) ?? [];
  const reader = new GpuRowReader(columns);
  const cells: readonly string[] = columns.map(({ field }) => (field === 'index' ? '3' : field === 'uuid' ? UUID : '7'));
  const whole = cells.join(', ');

  it('is read with a byte order mark, with CRLF and without blanks', () => {
    for (const line of [whole, `\uFEFF${whole}`, `${whole}\r`, whole.replaceAll(', ', ',')]) {
      expect(reader.read(line)).toMatchObject({ index: 3, uuid: UUID });
    }
  });

  it('is none wherever it breaks off', () => {
    const broken = Array.from({ length: whole.length }, (_, length) => reader.read(whole.slice(0, length)));
    expect(broken.filter((line) => typeof line !== 'string')).toEqual([]);
  });

  it('of another shape is told from what is no row at all', () => {
    expect(reader.read(cells.with(-1, 'GPU-9').join(', '))).toBe('foreign');
    expect(reader.read(cells.with(0, 'x').join(', '))).toBe('foreign');
    expect(reader.read(cells.filter((_, place) => place !== 5).join(', '))).toBe('broken');
    expect(reader.read('NVRM: Xid (PCI:0000:1a:00): 63, pid=1234, Row remapping event')).toBe('foreign');
  });
});

describe('rows of a tick', () => {
  const grouped = (indices: readonly number[], count?: number): string[] => {
    const ticks: string[] = [];
    const grouper = new TickGrouper<{ readonly index: number }>((rows) => ticks.push(rows.map(({ index }) => index).join('')));
    for (const index of indices) {
      grouper.push({ index }, count);
    }
    return ticks;
  };

  it('are told with the last of them where the driver says how many there are', () => {
    expect(grouped([0, 1, 2], 3)).toEqual(['012']);
    expect(grouped([0], 1)).toEqual(['0']);
  });

  it('are told when the next tick begins, and from then on with the last of them, where it does not', () => {
    expect(grouped([0, 1, 2])).toEqual([]);
    expect(grouped([0, 1, 2, 0])).toEqual(['012']);
    expect(grouped([0, 1, 2, 0, 1, 2])).toEqual(['012', '012']);
  });

  it('stay apart from those of the next where one was lost', () => {
    expect(grouped([0, 2, 0, 1, 0, 1, 2, 1, 2], 3)).toEqual(['02', '01', '012', '12']);
  });

  it('end with the highest that is left after a GPU has gone', () => {
    expect(grouped([0, 1, 2, 0, 1, 0, 1, 0, 1, 0, 1], 3)).toEqual(['012', '01', '01', '01', '01']);
  });
});

describe('the row of a process', () => {
  it.each([
    [`${UUID}, 4711, /usr/bin/python3, 1024`, { pid: 4711, name: '/usr/bin/python3', memoryUsed: 1024 * 2 ** 20 }],
    [`${UUID}, 4711, /opt/my, tools/train, 1024`, { pid: 4711, name: '/opt/my, tools/train' }],
    [`${UUID}, 4711, a, 5, 1024`, { pid: 4711, name: 'a, 5' }],
    [`${UUID}, 4711, [Not Found], [N/A]`, { name: absent('Not Found'), memoryUsed: absent('not reported by this GPU') }],
    [`${UUID}, 4711, [Insufficient Permissions], [Insufficient Permissions]\r`, { name: absent('not permitted'), memoryUsed: absent('not permitted') }],
    [`${UUID}, 4711, , 12`, { name: absent('not told') }],
  ])('%s', (line, expected) => {
    expect(parseProcessRow(line)).toMatchObject(expected);
  });

  it.each([`${UUID}, 4711, python3`, `${UUID}, 4711, python3, `, `${UUID}, 0, x, 1`, `${UUID}, 99999999, x, 1`, 'No running processes found', '', `4711, ${UUID}, x, 1`])('is not %j', (line) => {
    expect(parseProcessRow(line)).toBeUndefined();
  });
});

describe('a GPU that does not answer', () => {
  const header = 'index, name, pci.bus_id, utilization.gpu, memory.used, temperature.gpu, power.draw, uuid';

  it.each([
    ['[GPU is lost]', 'lost', 'GPU is lost'],
    ['[GPU requires reset]', 'resetRequired', 'GPU requires reset'],
    ['[Unknown Error]', 'lost', 'Unknown Error'],
  ])('saying %s is %s', (word, state, stateText) => {
    const [sample] = samplesOfTable(`${header}\n1, NVIDIA A100, 00000000:1B:00.0, ${[word, word, word, word].join(', ')}, ${UUID}`);
    expect(sample).toMatchObject({ index: 1, uuid: UUID, state, stateText, utilization: absent(stateText), memoryUsed: absent(stateText) });
  });

  it('is not one that answers with a single unknown value', () => {
    const [sample] = samplesOfTable(`${header}\n1, NVIDIA A100, 00000000:1B:00.0, 50, 7, [Unknown Error], 90, ${UUID}`);
    expect(sample).toMatchObject({ state: 'ok', utilization: 50, temperature: absent('Unknown Error') });
  });
});

describe('memory that is the host’s own', () => {
  const header = 'index, name, pci.bus_id, utilization.gpu, memory.used, memory.total, power.draw, temperature.gpu, uuid';

  it('is the host’s, and what processes hold of it is used', () => {
    const surplus = { report: undefined, listed: [], hostMemory: () => 128 * 2 ** 30, held: () => 5 * 2 ** 30 };
    // As a GB10 printed it: `[N/A], [N/A], [N/A], 0 %, 11.17 W, 35`.
    const [sample] = samplesOfTable(`${header}\n0, NVIDIA GB10, 0000000F:01:00.0, 0, [N/A], [N/A], 11.17, 35, ${UUID}`, surplus);
    expect(sample).toMatchObject({ unifiedMemory: true, memoryTotal: 128 * 2 ** 30, memoryUsed: 5 * 2 ** 30, utilization: 0, power: 11.17, busId: '000f:01:00.0' });
  });

  it('is not what nobody may see', () => {
    const [sample] = samplesOfTable(`${header}\n0, NVIDIA A100, 0000000F:01:00.0, 0, [Insufficient Permissions], [Insufficient Permissions], 11.17, 35, ${UUID}`);
    expect(sample).toMatchObject({ unifiedMemory: false, memoryTotal: absent('not permitted') });
  });
});

describe('who uses a GPU', () => {
  const report = parseReport(`<nvidia_smi_log><gpu id="00000000:01:00.0"><uuid>${UUID}</uuid><processes>
    <process_info><gpu_instance_id>3</gpu_instance_id><compute_instance_id>0</compute_instance_id><pid>10</pid><type>C</type><process_name>train</process_name><used_memory>7 MiB</used_memory></process_info>
    <process_info><gpu_instance_id>N/A</gpu_instance_id><pid>20</pid><type>G</type><process_name>a &lt;b&gt; &amp;lt;</process_name><used_memory>N/A</used_memory></process_info>
    <process_info><pid>30</pid><type>C</type><process_name>ended</process_name><used_memory>1 MiB</used_memory></process_info>
    </processes></gpu></nvidia_smi_log>`);
  const row = { gpuUuid: UUID, pid: 10, name: 'train', memoryUsed: 8 * 2 ** 20 };

  it('is told by those that compute now and those that drew in the last report', () => {
    expect(joinUses([row], report, new Map([[useKey(UUID, 10), 55]]))).toEqual([
      { gpuUuid: UUID, pid: 10, kind: 'compute', name: 'train', memoryUsed: 8 * 2 ** 20, utilization: 55, gpuInstance: 3, computeInstance: 0 },
      { gpuUuid: UUID, pid: 20, kind: 'graphics', name: 'a <b> &lt;', memoryUsed: absent('not reported by this GPU'), utilization: absent('not told yet') },
    ]);
  });

  it('holds a sum of memory only where each of them tells its own', () => {
    expect(heldOf(joinUses([row], [], new Map()), UUID)).toBe(8 * 2 ** 20);
    expect(heldOf([], UUID)).toBe(0);
    expect(heldOf(joinUses([row], report, new Map()), UUID)).toEqual(absent('the memory of a process on it is not told'));
    expect(heldOf(absent('not told yet'), UUID)).toEqual(absent('not told yet'));
  });
});

describe('the fields to ask for', () => {
  it('are the safe ones where the driver does not tell its own', () => {
    const names = chooseColumns(undefined)?.map(({ name }) => name) ?? [];
    expect(names).not.toContain('gpu_recovery_action');
    expect(names).not.toContain('count');
    expect(names.at(-1)).toBe('uuid');
  });

  it('leave out what was turned down, and take another name where there is one', () => {
    const known = new Set(['index', 'uuid', 'clocks_event_reasons.active', 'clocks_throttle_reasons.active', 'pstate']);
    expect(chooseColumns(known, new Set(['clocks_event_reasons.active', 'pstate']))?.map(({ name }) => name)).toEqual(['index', 'clocks_throttle_reasons.active', 'uuid']);
    expect(chooseColumns(known, new Set(['uuid']))).toBeUndefined();
  });

  it('are turned down by name', () => {
    expect(parseRefusedField('Field "utilization.jpeg" is not a valid field to query.\n\n')).toBe('utilization.jpeg');
    expect(parseRefusedField('No devices were found')).toBeUndefined();
  });
});
