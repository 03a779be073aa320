import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Disposable } from '../../../../src/base/disposable.ts';
import { createBox } from '../../../../src/monitor/boxes/box.ts';
import type { Box, BoxOptions } from '../../../../src/monitor/boxes/box.ts';
import type { BoxState } from '../../../../src/monitor/boxes/boxState.ts';
import { nvidia } from '../../../../src/monitor/gpu/nvidia/nvidia.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';
import { createSshClient } from '../../../../src/process/ssh/client.ts';
import { systemTimers } from '../../../../src/process/timers.ts';
import { simulateGpus } from '../../../fakes/simulateGpus.ts';
import { manualTimers } from '../../process/streamSupport.ts';
import { runs, temporaryFolder } from '../../process/support.ts';
import { aliasAt, cuttableLink, startLoopbackBox } from '../../../lab/loopback.ts';
import type { LoopbackBox, LoopbackOptions } from '../../../lab/loopback.ts';

const ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) {
    await end();
  }
});

async function startBox(options: LoopbackOptions = {}): Promise<LoopbackBox> {
  const box = await startLoopbackBox(options);
  ends.push(() => box.stop());
  return box;
}

interface Watched {
  readonly box: Box;
  readonly states: BoxState[];
  /** The next sample, or the next that is as wanted. */
  sample(isWanted?: (sample: SystemSample) => boolean): Promise<SystemSample>;
  state<K extends BoxState['kind']>(kind: K): Promise<BoxState & { readonly kind: K }>;
}

function watch(alias: string, config: string, more: Partial<BoxOptions> = {}): Watched {
  const timers = more.timers ?? systemTimers;
  const ssh = createSshClient({ env: process.env, timers, config });
  const box = createBox(alias, { ssh, vendors: [], interval: 20, ...more });
  ends.push(() => box.dispose());
  const states: BoxState[] = [];
  box.onDidChangeState((state) => states.push(state));
  return {
    box,
    states,
    sample: (isWanted = () => true) =>
      new Promise((resolve) => {
        const listening: Disposable = box.onSample((sample) => {
          if (isWanted(sample)) {
            listening.dispose();
            resolve(sample);
          }
        });
      }),
    async state(kind) {
      return (await vi.waitFor(
        () => {
          expect(box.state.kind).toBe(kind);
          return box.state;
        },
        { timeout: 30_000, interval: 5 },
      )) as never;
    },
  };
}

interface Found {
  readonly pid: number;
  /** Its words, blanks between them. */
  readonly command: string;
}

function processesWhere(isWanted: (pid: string) => boolean): readonly Found[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return isWanted(pid) ? [{ pid: Number(pid), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') }] : [];
      } catch {
        return [];
      }
    });
}

/** What runs in sessions of a box. */
function ofBox(config: string): readonly Found[] {
  const home = `\0HOME=${join(config, '..')}\0`;
  return processesWhere((pid) => `\0${readFileSync(`/proc/${pid}/environ`, 'utf8')}`.includes(home));
}

/** The ssh that reads a configuration, without what starts it. */
function sshWith(config: string): readonly number[] {
  return processesWhere((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'ssh\n')
    .filter(({ command }) => command.includes(config))
    .map(({ pid }) => pid);
}

describe('a box that lets us in', () => {
  it('is read as this machine is: cores, memory, disks, processes with their commands', async () => {
    const { config } = await startBox();
    const { box, states, sample } = watch('box', config);
    const own = { pid: process.pid };
    const { system, processes, host, gpus, time } = await sample(
      (one) =>
        Array.isArray(one.processes) &&
        one.processes.some(({ pid, command }) => pid === own.pid && Array.isArray(command)) &&
        one.system.cpu.utilization !== undefined,
    );
    expect(states).toEqual([{ kind: 'live' }]);
    expect({ host, gpus }).toEqual({ host: 'box', gpus: [] });
    expect(Math.abs(Date.now() - time)).toBeLessThan(60_000);
    expect(system.cpu.cores).toHaveLength(cpus().length);
    expect(system.memory.total).toBe(totalmem());
    expect(system.fileSystems).toEqual(expect.arrayContaining([expect.objectContaining({ mountPoint: '/' })]));
    const process_ = (processes as readonly { pid: number; parent: number; command: readonly string[] }[]).find(
      ({ pid }) => pid === own.pid,
    );
    expect(process_).toMatchObject({ parent: process.ppid });
    const words = readFileSync('/proc/self/cmdline', 'utf8').split('\0').slice(0, -1);
    expect(process_?.command).toEqual(words);
    expect(box.inventory).toMatchObject({ hostname: readFileSync('/proc/sys/kernel/hostname', 'utf8').trim(), cores: cpus().length });
  });

  it('has rates from the second sample on, and nothing that was not told', async () => {
    const { config } = await startBox();
    const { sample } = watch('box', config);
    const { system } = await sample((one) => typeof one.system.cpu.utilization === 'number');
    expect(system.cpu.utilization).toBeGreaterThanOrEqual(0);
    expect(system.cpu.utilization).toBeLessThanOrEqual(100);
    expect(JSON.stringify(system)).not.toContain('not told yet');
  });

  it('streams its GPUs by the same readers, and ends its nvidia-smi with the link', async () => {
    const path = await simulateGpus(temporaryFolder(), 4);
    const { config } = await startBox({ path });
    const { box, sample } = watch('box', config, { vendors: [nvidia], interval: 50 });
    const { gpus } = await sample((one) => one.gpus[0]?.state.kind === 'answering');
    expect(gpus[0]?.gpus.map(({ name, uuid }) => [name, uuid.slice(0, 12)])).toEqual(
      [0, 1, 2, 3].map((index) => ['Simulated H100 80GB HBM3', `GPU-51a0000${index}`]),
    );
    const again = await sample((one) => (one.gpus[0]?.time ?? 0) > (gpus[0]?.time ?? 0));
    expect(again.gpus[0]?.gpus).toHaveLength(4);
    const streams = ofBox(config).filter(({ command }) => command.includes('--query-gpu') && command.includes('-lms'));
    expect(streams).toHaveLength(1);
    box.dispose();
    await vi.waitFor(() => expect(ofBox(config)).toEqual([]), { timeout: 20_000, interval: 5 });
  });

  it('is reached through another by ProxyJump, also in a configuration that forwards ports', async () => {
    const { config, port } = await startBox();
    const lines = [
      ...aliasAt('inner', port),
      '  ProxyJump box',
      `  LocalForward 127.0.0.1:${port} 127.0.0.1:1`,
      '  ExitOnForwardFailure yes',
      '  RemoteCommand tmux',
    ];
    writeFileSync(config, `${lines.join('\n')}\n${readFileSync(config, 'utf8')}`);
    const { sample, states } = watch('inner', config);
    expect((await sample()).host).toBe('inner');
    expect(states).toEqual([{ kind: 'live' }]);
  });

  it('is reached through the connection of a person who has signed in, and leaves that as it is', async () => {
    const { config, port } = await startBox();
    const socket = join(config, '../master');
    const lines = [...aliasAt('factor', port), `  ControlPath ${socket}`, '  ControlMaster auto', '  ControlPersist no'];
    writeFileSync(config, `${lines.join('\n')}\n${readFileSync(config, 'utf8')}`);
    const master = spawn('ssh', ['-F', config, '-M', '-N', 'factor'], { stdio: 'ignore' });
    ends.push(() => void master.kill());
    await vi.waitFor(() => expect(existsSync(socket)).toBe(true), { timeout: 20_000, interval: 5 });
    // From now on it would not be let in by itself.
    writeFileSync(
      config,
      readFileSync(config, 'utf8')
        .replace('  ControlPersist no', `  IdentityFile ${join(config, '../nothing')}`)
        .replace('Host * !stranger', 'Host * !stranger !factor'),
    );
    const { box, sample } = watch('factor', config);
    await sample();
    box.dispose();
    await vi.waitFor(() => expect(sshWith(config)).toEqual([master.pid]), { timeout: 20_000, interval: 5 });
    expect(existsSync(socket)).toBe(true);
  });

  it('leaves no connection behind that the user’s configuration would keep', async () => {
    const { config, port } = await startBox();
    const lines = [...aliasAt('kept', port), `  ControlPath ${join(config, '../kept')}`, '  ControlMaster auto', '  ControlPersist 600'];
    writeFileSync(config, `${lines.join('\n')}\n${readFileSync(config, 'utf8')}`);
    const { box, sample } = watch('kept', config);
    await sample();
    expect(existsSync(join(config, '../kept'))).toBe(false);
    box.dispose();
    await vi.waitFor(() => expect(sshWith(config)).toEqual([]), { timeout: 20_000, interval: 5 });
  });

  it('is understood through what its login shell prints', async () => {
    const folder = temporaryFolder();
    const { config } = await startBox({ lines: [`SetEnv HOME=${folder}`] });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '.bashrc'), 'printf "Welcome to box! 50%% off\\nno newline at the end"; echo complaint >&2\n');
    const { sample } = watch('box', config);
    expect((await sample()).system.memory.total).toBe(totalmem());
  });

  it('changes its pace without a new link', async () => {
    const { config } = await startBox();
    const { box, sample, states } = watch('box', config, { interval: 3_600_000 });
    await sample();
    box.setInterval(10);
    await sample();
    await sample();
    expect(states).toEqual([{ kind: 'live' }]);
  });
});

describe('a box that cannot be read', () => {
  it.each([
    ['stranger', /Permission denied/],
    ['unknown', /Host key verification failed/],
  ])('needs signing in where %s is refused, says how, and is not knocked at again', async (alias, said) => {
    const { config } = await startBox();
    const timers = manualTimers();
    const { state } = watch(alias, config, { timers });
    const { said: words, command } = await state('signIn');
    expect(words).toMatch(said);
    expect(command).toEqual(['ssh', '-F', config, alias]);
    expect(timers.waits).toEqual([300_000]);
  });

  it('is live as soon as a person has signed in', async () => {
    const box = await startBox();
    const { box: watched, state, sample } = watch('unknown', box.config, { timers: systemTimers });
    await state('signIn');
    const hosts = join(box.config, '../empty');
    appendFileSync(hosts, readFileSync(join(box.config, '../known_hosts')));
    watched.retry();
    await sample();
    expect(watched.state.kind).toBe('live');
  });

  it('is unreachable where nobody listens, and is tried again later each time', async () => {
    const { config } = await startBox();
    const timers = manualTimers();
    const log: string[] = [];
    const { state, box } = watch('closed', config, { timers, log: (line) => void log.push(line) });
    expect((await state('unreachable')).said).toMatch(/Connection refused/);
    for (let round = 1; round <= 8; round += 1) {
      await vi.waitFor(() => expect(log).toHaveLength(round), { timeout: 20_000, interval: 5 });
      timers.advance(300_000);
    }
    const waits = log.map((line) => Number(/again in (\d+) ms$/.exec(line)?.[1]) / 1000);
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
    expect(box.state.kind).toBe('unreachable');
  });

  it.each([
    ['turns everybody away', "echo 'This account is currently not available.' >&2; exit 1", /not available/],
    ['answers with something else', 'echo fatal: unrecognized command; exit 128', /fatal: unrecognized command/],
    ['is no Linux', 'uname() { echo Darwin; }; read -r s; eval "$s"', /Darwin, not Linux/],
  ])('has no shell for us where it %s', async (_title, command, said) => {
    const script = join(temporaryFolder(), 'shell');
    writeFileSync(script, `#!/bin/sh\n${command}\n`, { mode: 0o755 });
    const { config } = await startBox({ lines: [`ForceCommand ${script}`] });
    const timers = manualTimers();
    const { state } = watch('box', config, { timers });
    expect((await state('noShell')).said).toMatch(said);
    await vi.waitFor(() => expect(timers.waits).toEqual([300_000]), { interval: 5 });
  });
});

describe('a link that is cut', () => {
  it('makes the box stale and is made anew with one ssh and no more', async () => {
    const path = await simulateGpus(temporaryFolder(), 2);
    const { config, port } = await startBox({ path });
    const link = await cuttableLink(port);
    ends.push(() => link.close());
    writeFileSync(config, `${aliasAt('far', link.port).join('\n')}\n${readFileSync(config, 'utf8')}`);
    const timers = manualTimers();
    const { box, states, state, sample } = watch('far', config, { timers, vendors: [nvidia] });
    /** Time goes on by itself, a little at each turn. */
    const going = setInterval(() => timers.advance(20), 2);
    ends.push(() => clearInterval(going));
    const last = await sample((one) => one.gpus[0]?.state.kind === 'answering');
    const before = sshWith(config);
    expect(before).toHaveLength(1);

    clearInterval(going);
    link.cut();
    const { time } = box.latest ?? last;
    timers.advance(12_000);
    timers.advance(1);
    expect((await state('stale')).since).toBe(time);
    // The hour is spent knocking in vain, with never more than one ssh.
    for (let round = 0; round < 6; round += 1) {
      await vi.waitFor(() => expect(timers.waits.length).toBeGreaterThan(0), { interval: 5 });
      expect(sshWith(config).length).toBeLessThanOrEqual(1);
      timers.advance(60_000);
    }
    link.heal();
    const on = setInterval(() => timers.advance(500), 20);
    ends.push(() => clearInterval(on));
    await sample((one) => one.time > time);
    await state('live');
    const kinds = states.map(({ kind }) => kind).filter((kind, index, all) => kind !== 'unreachable' && kind !== all[index - 1]);
    expect(kinds).toEqual(['live', 'stale', 'live']);
    // When the silent link has ended, it is known when it is tried again.
    expect(states.filter((one) => one.kind === 'stale').map((one) => 'retryAt' in one)).toEqual([false, true]);
    expect(sshWith(config)).toHaveLength(1);
    expect(before.filter(runs)).toEqual([]);
  });

  it('ends what the sampler has started when the box notices, also what ignores SIGTERM', async () => {
    const mark = join(temporaryFolder(), 'pid');
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'nvidia-smi'), `#!/bin/sh\ntrap '' TERM HUP PIPE\necho $$ > ${mark}\nwhile :; do sleep 600; done\n`, {
      mode: 0o755,
    });
    const { config } = await startBox({ path: folder });
    const { sample, state } = watch('box', config, { vendors: [nvidia] });
    await sample(() => existsSync(mark) && readFileSync(mark, 'utf8') !== '');
    const pid = Number(readFileSync(mark, 'utf8'));
    expect(runs(pid)).toBe(true);
    const [ssh = 0] = sshWith(config);
    process.kill(ssh, 'SIGKILL');
    await vi.waitFor(() => expect(runs(pid)).toBe(false), { timeout: 20_000, interval: 5 });
    await state('stale');
  });
});
