import { describe, expect, it } from 'vitest';
import { absent } from '../../../../../src/base/absent.ts';
import { parseRocmSmi } from '../../../../../src/monitor/gpu/amd/rocmSmi.ts';
import { syntheticText } from '../../../../fakes/simulateAccelerators.ts';
import { fixture, hasFixtures } from '../fixtures.ts';

const GIB32 = 34342961152;
const NAVI = {
  index: 0,
  uniqueId: absent('N/A'),
  busId: '0000:07:00.0',
  driverVersion: '6.3.6',
  utilization: 0,
  memoryUtilization: 0,
  memoryTotal: 12868124672,
  power: 6,
  powerLimit: 211,
  temperature: 47,
  memoryTemperature: 46,
  fan: absent('not told'),
  memoryClock: 96,
  pcieGeneration: 4,
  pcieWidth: 16,
};

describe.skipIf(!hasFixtures)('rocm-smi, as it was captured', () => {
  it.each([
    ['rx6700xt_rocm430', { ...NAVI, name: absent('0x1002'), memoryUsed: 1622728704, clock: 500 }],
    ['rx6700xt_rocm571', { ...NAVI, name: 'Navi 22 [Radeon RX 6700/6700 XT / 6800M]', memoryUsed: 1564491776, clock: 500 }],
    ['rx6700xt_rocm612', { ...NAVI, name: 'Navi 22 [Radeon RX 6700/6700 XT / 6800M]', memoryUsed: 1572745216, clock: 0 }],
  ])('reads %s', (name, expected) => {
    const cards = parseRocmSmi(fixture(`amd/rocm-smi/telegraf-${name}.json`));
    expect(cards).toHaveLength(1);
    expect(cards?.[0]).toMatchObject(expected);
  });

  it('reads a machine of MI100s', () => {
    const cards = parseRocmSmi(fixture('amd/rocm-smi/telegraf-mi100_rocm602.json')) ?? [];
    expect(cards[0]).toMatchObject({
      name: 'Arcturus GL-XL [Instinct MI100]',
      uniqueId: '79ccd55167a2124a',
      utilization: 0,
      memoryUsed: 6750208,
      memoryTotal: GIB32,
      power: 36,
      powerLimit: 290,
      temperature: 55,
      memoryTemperature: 53,
      fan: absent('not told'),
      clock: 300,
      memoryClock: 1200,
    });
    // Fifteen digits: the first is a zero.
    expect(cards[1]?.uniqueId).toBe('04edfb117a17a07d');
  });

  it('reads a machine of MI50s', () => {
    const cards = parseRocmSmi(fixture('amd/rocm-smi/telegraf-vega-20-WKS-GL-XE.json')) ?? [];
    expect(cards[0]).toMatchObject({
      name: 'Radeon Instinct MI50 32GB',
      uniqueId: '02f048617326b1ea',
      busId: '0000:63:00.0',
      driverVersion: '5.9.17',
      memoryUsed: 10850304,
      memoryTotal: GIB32,
      power: 26,
      powerLimit: 225,
      temperature: 38,
      fan: 0,
      clock: 1725,
      memoryClock: 1000,
    });
  });
});

describe('rocm-smi', () => {
  const cards = parseRocmSmi(syntheticText('synthetic-rocm-smi.json')) ?? [];

  it('passes over the warning before, and takes what MI300 calls its power', () => {
    expect(cards[0]).toMatchObject({ power: 298, temperature: 71, memoryUtilization: 33, memoryUsed: 54962159616, fan: 38 });
  });

  it('does not take the share of memory that is in use for how busy it is', () => {
    expect(parseRocmSmi('{"card0": {"GPU Memory Allocated (VRAM%)": "80"}}')?.[0]?.memoryUtilization).toEqual(absent('not told'));
  });

  it('gives the tool’s own words where the second die has no power of its own', () => {
    expect(cards[1]).toMatchObject({ power: absent('N/A (Secondary die)'), memoryTemperature: absent('not told'), clock: absent('not told') });
  });

  it.each(['', 'ERROR: GPU not found', '{"system": {"Driver version": "6.3.6"}}', '{"card0": {"GPU use (%)": "1"'])('finds no card in %j', (text) => {
    expect(parseRocmSmi(text)).toBeUndefined();
  });
});
