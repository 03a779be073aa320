import { describe, expect, it } from 'vitest';

import { absent } from '../../../../src/base/absent.ts';
import { memoryOf } from '../../../../src/monitor/host/memory.ts';

const MEMINFO = `MemTotal:       1000 kB
MemFree:         100 kB
MemAvailable:    600 kB
Buffers:          10 kB
Cached:          200 kB
SwapCached:        1 kB
SwapTotal:       500 kB
SwapFree:        450 kB
SReclaimable:     40 kB
`;
const NO_SHM = absent('not told');

describe('memory', () => {
  it('is told in bytes, its cache as free has it', () => {
    expect(memoryOf(MEMINFO, { total: 64, used: 5, available: 59 })).toEqual({
      total: 1_024_000,
      available: 614_400,
      used: 409_600,
      cached: 256_000,
      swapTotal: 512_000,
      swapUsed: 51_200,
      sharedTotal: 64,
      sharedUsed: 5,
    });
  });

  it('of a kernel that does not know what is available is not guessed', () => {
    const memory = memoryOf(MEMINFO.replace(/MemAvailable.*\n/, ''), NO_SHM);
    expect(memory).toMatchObject({ total: 1_024_000, available: absent('not told by this kernel'), used: absent('not told by this kernel') });
  });

  it.each(['MemAvailable:    1001 kB', 'MemAvailable:  many kB', 'MemAvailable: 99999999999999999999999 kB', 'MemAvailable:'])('is not made of %j', (line) => {
    expect(memoryOf(MEMINFO.replace(/MemAvailable.*/, line), NO_SHM).used).toEqual(absent('not told'));
  });

  it('is absent as its file is', () => {
    expect(memoryOf(absent('not there'), NO_SHM)).toMatchObject({ total: absent('not there'), cached: absent('not there'), sharedUsed: NO_SHM });
  });
});
