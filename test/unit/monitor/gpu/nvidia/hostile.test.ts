import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assembleSample } from '../../../../../src/monitor/gpu/nvidia/assemble.ts';
import { parseDeviceList } from '../../../../../src/monitor/gpu/nvidia/deviceList.ts';
import { chooseColumns, parseFieldHelp } from '../../../../../src/monitor/gpu/nvidia/fields.ts';
import { GpuRowReader } from '../../../../../src/monitor/gpu/nvidia/gpuRows.ts';
import { ProcessLoadReader } from '../../../../../src/monitor/gpu/nvidia/processLoad.ts';
import { parseProcessRow } from '../../../../../src/monitor/gpu/nvidia/processRows.ts';
import { parseReport } from '../../../../../src/monitor/gpu/nvidia/report.ts';
import { TickGrouper } from '../../../../../src/monitor/gpu/nvidia/ticks.ts';
import { NO_SURPLUS, numbersIn } from './support.ts';

const columns = chooseColumns(new Set(['index', 'uuid', 'name', 'pci.bus_id', 'count', 'utilization.gpu', 'memory.used', 'memory.total', 'power.draw', 'temperature.gpu', 'clocks.sm', 'clocks_event_reasons.active', 'mig.mode.current', 'fan.speed'])) ?? [];
const UUID = 'GPU-51a00000-0000-4000-8000-00000000000';

const word = fc.constantFrom('[N/A]', 'N/A', '', '[Unknown Error]', '[GPU is lost]', '[GPU requires reset]', 'ERR!', '[Insufficient Permissions]', 'Enabled', '[');
const number = fc.oneof(fc.integer().map(String), fc.double().map(String), fc.bigInt().map(String), fc.constantFrom('-1', '1e400', 'Infinity', 'NaN', '99999999999999999999999', '0x7fffffffffffffff', '-0.00', '4294967295.99'));
const cell = fc.oneof(number, word, fc.string({ unit: 'binary' }));
const row = fc.tuple(fc.integer({ min: -1, max: 20 }), fc.array(cell, { minLength: columns.length - 2, maxLength: columns.length - 2 }), fc.integer({ min: 0, max: 9 }))
  .map(([index, cells, last]) => [String(index), ...cells, `${UUID}${last}`].join(', '));
const process = fc.tuple(fc.integer({ min: 0, max: 9 }), number, fc.string(), cell).map(([last, pid, name, memory]) => `${UUID}${last}, ${pid}, ${name}, ${memory}`);
const foreign = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('NVRM: Xid (PCI:0000:1a:00): 79, GPU has fallen off the bus.', 'Failed to initialize NVML: Unknown Error', '# gpu pid type sm mem', '\uFEFF'));

/** Lines as a stream may bring them: cut, run into each other, with a carriage return or a byte order mark. */
const lines = fc.array(fc.tuple(fc.oneof(row, process, foreign), fc.nat(80), fc.constantFrom('whole', 'cut', 'spliced', 'crlf', 'bom')), { maxLength: 30 }).map((pieces) => {
  const text = pieces.map(([line, at, how]) => (how === 'cut' ? `${line.slice(0, at)}\n` : how === 'spliced' ? line.slice(at) : how === 'crlf' ? `${line}\r\n` : how === 'bom' ? `\uFEFF${line}\n` : `${line}\n`)).join('');
  return text.split('\n');
});

function expectPlausible(value: unknown): void {
  for (const each of numbersIn(value)) {
    expect(Number.isFinite(each) && each >= 0).toBe(true);
  }
}

describe('whatever a stream brings', () => {
  it('rows give no number that cannot be, and ticks in which each GPU is once', () => {
    const reader = new GpuRowReader(columns);
    fc.assert(
      fc.property(lines, (read) => {
        const grouper = new TickGrouper<{ readonly index: number }>((rows) => {
          expect(new Set(rows.map(({ index }) => index)).size).toBe(rows.length);
        });
        for (const line of read) {
          const found = reader.read(line);
          if (typeof found !== 'string') {
            const sample = assembleSample(found, reader, NO_SURPLUS, undefined);
            expectPlausible(sample);
            expect(sample.uuid).toMatch(/^(?:GPU-|nvidia-)/);
            for (const share of [sample.utilization, sample.fan]) {
              expect(typeof share !== 'number' || share <= 100).toBe(true);
            }
            grouper.push({ index: found.index ?? grouper.next }, Number(reader.cell(found, 'count') ?? NaN) || undefined);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('processes have a pid and no memory that cannot be', () => {
    const loads = new ProcessLoadReader();
    fc.assert(
      fc.property(lines, (read) => {
        for (const line of read) {
          const found = parseProcessRow(line);
          expectPlausible(found);
          expect(found === undefined || (Number.isInteger(found.pid) && found.pid > 0)).toBe(true);
          expectPlausible(loads.read(line));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('a report that is cut, spliced or foreign gives whole GPUs or none', () => {
    const gpu = `<gpu id="00000000:01:00.0"><uuid>${UUID}1</uuid><mig_devices><mig_device><index>0</index><gpu_instance_id>1</gpu_instance_id><compute_instance_id>0</compute_instance_id><fb_memory_usage><total>-5 MiB</total><used>1e9 MiB</used></fb_memory_usage></mig_device></mig_devices><processes><process_info><pid>7</pid><type>C+G</type><process_name>x</process_name><used_memory>3 MiB</used_memory></process_info></processes></gpu>`;
    const xml = `<?xml version="1.0" ?><!DOCTYPE nvidia_smi_log SYSTEM "x.dtd"><nvidia_smi_log>${gpu}${gpu}</nvidia_smi_log>`;
    fc.assert(
      fc.property(fc.nat(xml.length), fc.nat(xml.length), fc.string(), (from, to, other) => {
        const reports = parseReport(xml.slice(0, from) + other + xml.slice(to));
        expectPlausible(reports);
        expect(reports.every(({ uuid }) => uuid.startsWith('GPU-'))).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(parseReport(xml)).toHaveLength(2);
  });

  it('nothing else is taken for fields, slices or a report', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseFieldHelp(text)).toBeUndefined();
        expect(parseDeviceList(text)).toEqual([]);
        expect(parseReport(text)).toEqual([]);
      }),
    );
  });

  it('a report of a thousand levels and one that expands entities come to an end', () => {
    expect(parseReport('<a>'.repeat(100_000))).toEqual([]);
    expect(parseReport(`<!DOCTYPE x [<!ENTITY a "&b;&b;">]><nvidia_smi_log><gpu id="1"><uuid>GPU-&a;</uuid></gpu></nvidia_smi_log>`)).toMatchObject([{ uuid: 'GPU-&a;' }]);
  });
});
