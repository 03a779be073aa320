import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createBox } from '../../../../src/monitor/boxes/box.ts';
import type { Box } from '../../../../src/monitor/boxes/box.ts';
import type { BoxState } from '../../../../src/monitor/boxes/boxState.ts';
import { wallClock } from '../../../../src/monitor/collect/clock.ts';
import { WatchedBoxes } from '../../../../src/monitor/collect/watchedBoxes.ts';
import { nvidia } from '../../../../src/monitor/gpu/nvidia/nvidia.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';
import { createSshClient } from '../../../../src/process/ssh/client.ts';
import { systemTimers } from '../../../../src/process/timers.ts';
import { simulateGpus } from '../../../fakes/simulateGpus.ts';
import { temporaryFolder } from '../../process/support.ts';
import { hasSshd, startLoopbackBox } from '../../../lab/loopback.ts';
import { canMakeNetworks, makeNetwork } from './networks.ts';
import type { Network } from './networks.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) {
    await end();
  }
});

function network(from?: Network): Network {
  const made = makeNetwork(from);
  ends.push(() => made[Symbol.dispose]());
  return made;
}

async function boxIn({ address, within }: Network, path?: string): Promise<string> {
  const { config, stop } = await startLoopbackBox({ address, within, port: 2222, ...(path !== undefined && { path }) });
  ends.push(stop);
  return config;
}

/** The ssh of this machine that goes by a configuration, without what starts it. */
function sshWith(config: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/comm`, 'utf8') === 'ssh\n' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(config);
      } catch {
        return false;
      }
    });
}

interface Watched {
  readonly boxes: WatchedBoxes;
  readonly opened: Box[];
  readonly states: BoxState['kind'][];
  readonly samples: SystemSample[];
}

/** As the collector watches it, for several windows at once. */
function watch(alias: string, config: string): Watched {
  const ssh = createSshClient({ env: process.env, timers: systemTimers, config });
  const opened: Box[] = [];
  const boxes = new WatchedBoxes({
    clock: wallClock,
    open(name, interval) {
      const box = createBox(name, { ssh, vendors: [nvidia], interval });
      opened.push(box);
      return box;
    },
  });
  ends.push(() => boxes.dispose());
  const states: BoxState['kind'][] = [];
  const samples: SystemSample[] = [];
  boxes.onReport(({ report }) => report && states.push(report.state.kind));
  boxes.onSample(({ sample }) => samples.push(sample));
  boxes.setInterval(alias, 250);
  return { boxes, opened, states, samples };
}

const soon = (check: () => void, timeout = 30_000) => vi.waitFor(check, { timeout, interval: 20 });

describe.skipIf(!canMakeNetworks || !hasSshd)('a box in a network of its own (needs root)', () => {
  it('is stale within 15 s of a cut cable, is read again when it is mended, and leaves one ssh here and one session there', async () => {
    const lab = network();
    const config = await boxIn(lab, await simulateGpus(temporaryFolder(), 2));
    const { opened, states, samples } = watch('box', config);
    await soon(() => expect(samples.at(-1)?.gpus[0]?.gpus.length).toBe(2));
    const [box] = opened as [Box];
    const there = lab.pids.length;

    lab.cut();
    const cut = Date.now();
    await soon(() => expect(box.state.kind).toBe('stale'), 15_000);
    const last = samples.at(-1)!;
    expect(box.state).toMatchObject({ kind: 'stale', since: last.time });
    expect(last.time - cut).toBeLessThan(1000);
    // Tried in vain meanwhile, one at a time.
    await soon(() => expect(box.state).toHaveProperty('retryAt'));
    expect(sshWith(config).length).toBeLessThanOrEqual(1);

    lab.heal();
    box.retry();
    await soon(() => expect(samples.at(-1)?.time).toBeGreaterThan(last.time), 60_000);
    expect(box.state.kind).toBe('live');
    expect(states.filter((kind) => kind !== 'unreachable').filter((kind, index, all) => kind !== all[index - 1])).toEqual(['connecting', 'live', 'stale', 'live']);
    expect([opened.length, sshWith(config).length]).toEqual([1, 1]);
    // What served the old link learns of its end when it has something to say.
    await soon(() => expect(lab.pids.length).toBeLessThanOrEqual(there), 60_000);
  }, 180_000);

  it('is a compute node that the login node alone can reach, as far as the login node can be reached', async () => {
    const login = network();
    const compute = network(login);
    const [loginFolder, nodeFolder] = [dirname(await boxIn(login)), dirname(await boxIn(compute))];
    const config = join(temporaryFolder(), 'ssh_config');
    const host = (alias: string, { address }: Network, folder: string) => [`Host ${alias}`, `  HostName ${address}`, `  IdentityFile ${folder}/id`, `  UserKnownHostsFile ${folder}/known_hosts`];
    const all = ['Host *', '  Port 2222', `  User ${userInfo().username}`, '  IdentitiesOnly yes', '  IdentityAgent none', '  HostKeyAlias loopback', '  GlobalKnownHostsFile /dev/null', '  StrictHostKeyChecking yes', ''];
    writeFileSync(config, [...host('login', login, loginFolder), ...host('node', compute, nodeFolder), '  ProxyJump login', ...all].join('\n'));
    const { opened, samples } = watch('node', config);
    await soon(() => expect(samples.length).toBeGreaterThan(1));
    const before = samples.length;
    login.cut();
    await soon(() => expect(opened[0]?.state.kind).toBe('stale'), 15_000);
    login.heal();
    opened[0]?.retry();
    await soon(() => expect(samples.length).toBeGreaterThan(before + 1), 60_000);
    expect(opened[0]?.state.kind).toBe('live');
  }, 180_000);
});
