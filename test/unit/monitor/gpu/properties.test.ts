import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAmdSmi } from '../../../../src/monitor/gpu/amd/amdSmi.ts';
import { parseAmdSmiProcesses } from '../../../../src/monitor/gpu/amd/amdSmiProcesses.ts';
import { parseDpmClock, parseDpmPcie, parseErrorCount } from '../../../../src/monitor/gpu/amd/dpm.ts';
import { parseRocmSmi } from '../../../../src/monitor/gpu/amd/rocmSmi.ts';
import { parseNpuSmi } from '../../../../src/monitor/gpu/ascend/npuSmi.ts';
import { parseFdinfo } from '../../../../src/monitor/gpu/fdinfo.ts';
import { readGpuTop } from '../../../../src/monitor/gpu/intel/gpuTop.ts';
import { DumpReader, parseDiscovery } from '../../../../src/monitor/gpu/intel/xpuSmi.ts';
import { parseTegrastats } from '../../../../src/monitor/gpu/jetson/tegrastats.ts';
import { JsonPieces } from '../../../../src/monitor/gpu/jsonPieces.ts';
import { problemOf } from '../../../../src/monitor/gpu/toolProblem.ts';
import { parseTpuInfo } from '../../../../src/monitor/gpu/tpu/tpuInfo.ts';
import { syntheticText } from '../../../fakes/simulateAccelerators.ts';
import { fixture, hasFixtures } from './fixtures.ts';

type Parser = (text: string) => unknown;

const byLine =
  (make: () => (line: string) => unknown): Parser =>
  (text) => {
    const read = make();
    return text.split('\n').map((line) => read(line));
  };

const FDINFO = 'drm-driver:\txe\ndrm-client-id:\t9\ndrm-pdev:\t0000:03:00.0\ndrm-total-vram0:\t16 GiB\ndrm-cycles-rcs:\t28\ndrm-total-cycles-rcs:\t76\ndrm-engine-video:\t5 ns\ndrm-engine-capacity-video:\t2\n';
const CASES: readonly (readonly [string, Parser, string])[] = [
  ['rocm-smi', parseRocmSmi, syntheticText('synthetic-rocm-smi.json')],
  ['amd-smi metric', parseAmdSmi, syntheticText('synthetic-amd-smi-metric-rocm6.json')],
  ['amd-smi process', parseAmdSmiProcesses, syntheticText('synthetic-amd-smi-process.json')],
  ['amd-smi CSV', parseAmdSmi, 'gpu,gfx_activity,vcn_activity,socket_power,hotspot,total_vram,used_vram\n0,93,"[0, 7]",702,78,196592,283\n1,N/A,N/A,N/A,N/A,N/A,N/A\n'],
  ['xpu-smi dump', byLine(() => { const reader = new DumpReader(); return (line) => reader.read(line); }), syntheticText('synthetic-xpu-smi-dump.csv')],
  ['xpu-smi discovery', parseDiscovery, syntheticText('synthetic-xpu-smi-discovery.json')],
  ['intel_gpu_top', byLine(() => { const pieces = new JsonPieces(); return (line) => pieces.push(line).map(readGpuTop); }), syntheticText('synthetic-intel-gpu-top.json')],
  ['tpu-info', parseTpuInfo, syntheticText('synthetic-tpu-info-v6e.txt')],
  ['tegrastats', byLine(() => parseTegrastats), syntheticText('synthetic-tegrastats.txt')],
  ['npu-smi', parseNpuSmi, syntheticText('synthetic-npu-smi-910b.txt')],
  ['npu-smi of 310P', parseNpuSmi, syntheticText('synthetic-npu-smi-310p-container.txt')],
  ['fdinfo', parseFdinfo, FDINFO],
  ['pp_dpm_sclk', parseDpmClock, '0: 500Mhz\n1: 2725Mhz *\n'],
  ['pp_dpm_pcie', parseDpmPcie, '0: 2.5GT/s, x1 310Mhz\n1: 16.0GT/s, x16 619Mhz *\n'],
  ['umc_err_count', parseErrorCount, 'ue: 0\nce: 3\n'],
  ['what a tool says of its trouble', (text) => problemOf('a tool', text), 'Failed to initialize PMU! (Permission denied)'],
  ...(hasFixtures
    ? ([
        ['amd-smi, captured', parseAmdSmi, fixture('amd/amd-smi/virtualclient-metric-8xMI300X.csv')],
        ['amd-smi for people, captured', parseAmdSmi, fixture('amd/amd-smi/virtualclient-metric-mi300x-human.txt')],
        ['rocm-smi, captured', parseRocmSmi, fixture('amd/rocm-smi/telegraf-vega-20-WKS-GL-XE.json')],
      ] as const)
    : []),
];

/** Every number anywhere in it. */
function numbersIn(value: unknown): readonly number[] {
  if (typeof value === 'number') {
    return [value];
  }
  const members = value instanceof Map ? [...value.values()] : typeof value === 'object' && value !== null ? Object.values(value) : [];
  return members.flatMap(numbersIn);
}

const ABSURD = fc.constantFrom('-1', '-0', '1e999', 'NaN', 'Infinity', '-Infinity', '99999999999999999999999999', '0x7fffffff', '4294967295', '-256', '1.7976931348623157e308', '5e-324', '', '[N/A]', 'null', '%', '\u0000', '\u202e');

/** Spoils a text as pipes, editors, drivers and other tools do. */
function spoilt(text: string): fc.Arbitrary<string> {
  const place = fc.nat(text.length);
  return fc.oneof(
    place.map((at) => text.slice(0, at)),
    place.map((at) => text.slice(at)),
    fc.tuple(place, place).map(([a, b]) => text.slice(0, a) + text.slice(b)),
    fc.tuple(place, fc.string({ unit: 'binary', maxLength: 40 })).map(([at, foreign]) => `${text.slice(0, at)}\n${foreign}\n${text.slice(at)}`),
    fc.tuple(fc.nat(200), ABSURD).map(([which, absurd]) => {
      let count = 0;
      return text.replace(/-?\d+(?:\.\d+)?/g, (digits) => (count++ === which ? absurd : digits));
    }),
    ABSURD.map((absurd) => text.replace(/\d+(?:\.\d+)?/g, absurd.replaceAll('$', ''))),
    fc.string({ unit: 'binary', maxLength: 200 }),
  );
}

describe.each(CASES)('%s', (_name, parse, text) => {
  it('is read in any state without a throw, without a number that is none, and without one below zero', () => {
    fc.assert(
      fc.property(spoilt(text), (said) => {
        for (const number of numbersIn(parse(said))) {
          expect(Number.isFinite(number) && number >= 0).toBe(true);
          expect(Object.is(number, -0)).toBe(false);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('says the same with other line ends', () => {
    expect(JSON.stringify(parse(text.replaceAll('\n', '\r\n'))).replaceAll('\\r', '')).toBe(JSON.stringify(parse(text)));
  });
});

const WHOLE = CASES.filter(([name]) => /smi|tpu|tegrastats/.test(name));

describe.each(WHOLE)('%s', (_name, parse, text) => {
  it('says the same with a byte order mark, and in UTF-16 that was taken for UTF-8', () => {
    const ascii = text.replace(/[^\x00-\x7f]/g, '');
    const plain = JSON.stringify(parse(ascii));
    expect(JSON.stringify(parse(`\ufeff${ascii}`))).toBe(plain);
    expect(JSON.stringify(parse(Buffer.from(`\ufeff${ascii}`, 'utf16le').toString('utf8')))).toBe(plain);
  });
});
