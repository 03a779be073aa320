import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';

import { absent, isAbsent, type Measured } from '../../../../src/base/absent.ts';
import { createHostReader } from '../../../../src/monitor/host/hostReader.ts';
import { createMoments } from '../../../../src/monitor/host/moments.ts';
import { createLocalSpaces } from '../../../../src/monitor/host/spaces.ts';
import type { HostSample } from '../../../../src/monitor/hostSample.ts';
import { createLocalFiles } from '../../../../src/monitor/localFiles.ts';
import { createTree, NO_SPACES, numbersIn, sentFiles } from './tree.ts';

const local = createLocalFiles();
afterEach(() => local.dispose());

/** All files that a reading of this machine asks for, as they are. */
function captured(): Record<string, string> {
  const texts: Record<string, string> = {};
  const files = {
    ...local,
    text(path: string) {
      const text = local.text(path);
      if (!isAbsent(text)) {
        texts[path] = text;
      }
      return text;
    },
  };
  createHostReader(files, { spaces: NO_SPACES }).read(0);
  return texts;
}

describe('the reading of this machine', () => {
  it('agrees with what the system says of it', () => {
    const reader = createHostReader(local, { spaces: createLocalSpaces() });
    reader.read(0);
    const spent = process.cpuUsage();
    while (process.cpuUsage(spent).user < 200_000) {
      // Something is to be seen.
    }
    const { cpu, memory, fileSystems, uptime } = reader.read(1000);
    const [, total, , , , cached, available] = execFileSync('free', ['-b'], { encoding: 'utf8' }).split('\n')[1]?.split(/\s+/).map(Number) ?? [];
    expect(memory.total).toBe(totalmem());
    expect(memory.total).toBe(total);
    // Others use memory meanwhile.
    expect(Math.abs((memory.available as number) - (available ?? NaN))).toBeLessThan(totalmem() / 10);
    expect(Math.abs((memory.cached as number) - (cached ?? NaN))).toBeLessThan(totalmem() / 10);
    expect(memory.sharedTotal).toBe(statfsSync('/dev/shm').blocks * statfsSync('/dev/shm').bsize);
    expect(cpu.cores).toHaveLength(cpus().length);
    expect(cpu.utilization).toBeGreaterThan(0);
    expect(fileSystems).toContainEqual(expect.objectContaining({ mountPoint: '/', total: statfsSync('/').blocks * statfsSync('/').bsize }));
    expect(uptime).toBeGreaterThan(0);
  });

  it('asks again for nothing that is not there, and does for what is sent', () => {
    const asked: string[] = [];
    const count = (files: typeof local | ReturnType<typeof sentFiles>): number => {
      const reader = createHostReader({ ...files, text: (path: string) => (asked.push(path), absent('not there')) }, { spaces: NO_SPACES });
      reader.read(0);
      const first = asked.length;
      reader.read(1000);
      return asked.splice(0).length - first;
    };
    expect(count(createLocalFiles())).toBe(0);
    expect(count(sentFiles({}))).toBeGreaterThan(5);
  });
});

describe('a reading', () => {
  it('of a machine that tells nothing is absent in every part', () => {
    const sample = createHostReader(sentFiles({}), { spaces: NO_SPACES }).read(0);
    expect(numbersIn(sample)).toEqual([]);
    expect(sample.cpu.utilization).toEqual(absent('not there'));
    expect(sample.infiniband).toEqual([]);
    expect(sample.uptime).toEqual(absent('not there'));
  });

  it('reads a tree as it reads a machine', () => {
    const sample = createHostReader(createTree(captured()).files, { spaces: NO_SPACES }).read(0);
    expect(sample.memory.total).toBe(totalmem());
    expect(sample.cpu.cores).toHaveLength(cpus().length);
  });

  it('of any texts throws nothing and has no number that cannot be', () => {
    const real = captured();
    const paths = Object.keys(real);
    const text = (path: string): fc.Arbitrary<Measured<string>> => {
      const whole = real[path] ?? '';
      const cut = fc.nat(whole.length);
      const absurd = fc.constantFrom('-1', '99999999999999999999', '18446744073709551615', '1e99', 'NaN', '0', '4294967295');
      return fc.oneof(
        fc.constant(whole),
        cut.map((end) => whole.slice(0, end)),
        fc.tuple(cut, cut, fc.string()).map(([from, to, middle]) => whole.slice(0, from) + middle + whole.slice(to)),
        fc.tuple(fc.nat(200), absurd).map(([skip, number]) => {
          let index = 0;
          return whole.replace(/\d+/g, (digits) => (index++ % 200 === skip ? number : digits));
        }),
        fc.constant(whole.replaceAll('\n', '\r\n')),
        fc.constant(`\uFEFF${whole}`),
        fc.string(),
        fc.constantFrom('not there', 'EOPNOTSUPP').map(absent),
      );
    };
    const machine = fc.record(Object.fromEntries(paths.map((path) => [path, text(path)])));
    fc.assert(
      fc.property(fc.array(machine, { minLength: 2, maxLength: 4 }), fc.array(fc.integer({ min: -2000, max: 100_000 }), { minLength: 4, maxLength: 4 }), (machines, steps) => {
        let current: Record<string, Measured<string>> = {};
        const files = { ...sentFiles({}), text: (path: string) => current[path] ?? absent('not there') };
        const reader = createHostReader(files, { spaces: NO_SPACES });
        let now = 1_700_000_000_000;
        machines.forEach((texts, index) => {
          current = texts;
          now += steps[index] ?? 0;
          expectPossible(reader.read(now));
        });
      }),
      { numRuns: 300 },
    );
  });
});

function expectPossible(sample: HostSample): void {
  for (const [path, value] of numbersIn(sample)) {
    expect(Number.isFinite(value), path).toBe(true);
    expect(value, path).toBeGreaterThanOrEqual(path.startsWith('.temperatures') ? -55 : 0);
    if (/^\.cpu\.(?:utilization|cores|ioWait|user|system|steal)|^\.pressure|busy$|throttled$/.test(path)) {
      expect(value, path).toBeLessThanOrEqual(100);
    }
  }
}

describe('the time between readings', () => {
  it('is ours where the kernel’s clock agrees, and the kernel’s where ours was set or was late', () => {
    const tree = createTree();
    const moments = createMoments(tree.files);
    const at = (now: number, uptime: string): number => {
      tree.write('/proc/uptime', `${uptime} 1.00\n`);
      return Number(moments.at(now).toFixed(3));
    };
    expect(at(5000, '100.00')).toBe(0);
    expect(at(6004, '101.00')).toBe(1.004);
    expect(at(3_600_000, '102.00')).toBe(2.004);
    expect(at(3_599_000, '103.00')).toBe(3.004);
    expect(at(3_600_300, '104.00')).toBe(4.004);
  });

  it('does not go back where the machine began anew', () => {
    const tree = createTree({ '/proc/uptime': '500.00 1.00\n' });
    const moments = createMoments(tree.files);
    moments.at(0);
    tree.write('/proc/uptime', '3.00 1.00\n');
    expect(moments.at(1000)).toBe(0);
    tree.write('/proc/uptime', '4.00 1.00\n');
    expect(moments.at(2000)).toBe(1);
  });

  it('is ours where the kernel tells none, and never less than nothing', () => {
    const moments = createMoments(sentFiles({}));
    expect([moments.at(1000), moments.at(2500), moments.at(1000), moments.at(2000)]).toEqual([0, 1.5, 1.5, 2.5]);
    expect(moments.uptime).toEqual(absent('not there'));
  });
});
