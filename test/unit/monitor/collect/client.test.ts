import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DisposableStore, toDisposable } from '../../../../src/base/disposable.ts';
import { SocketClient, type SocketClientOptions } from '../../../../src/monitor/collect/client.ts';
import { Leadership } from '../../../../src/monitor/collect/leadership.ts';
import { PROTOCOL } from '../../../../src/monitor/collect/protocol.ts';
import type { CollectorState } from '../../../../src/monitor/collectorClient.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';
import { PROCESS } from '../inventedSample.ts';
import { INVENTORY, inventedMachine, leadHere } from './inventedMachine.ts';
import { temporaryFolder } from './support.ts';

const FAST = { interval: 250, detail: 'full' } as const;

let owned = new DisposableStore();
afterEach(() => {
  owned.dispose();
  owned = new DisposableStore();
});

function face(folder: string, options: Partial<SocketClientOptions> = {}): SocketClient {
  return owned.add(new SocketClient({ folder, ...options }));
}

function leading(folder: string, machine = inventedMachine()): SocketClient {
  return face(folder, { startCollector: leadHere(folder, machine) });
}

function nextSample(client: SocketClient): Promise<SystemSample> {
  return new Promise((resolve) => {
    const listening = client.onSample((sample) => {
      listening.dispose();
      resolve(sample);
    });
  });
}

function nextState(client: SocketClient, kind: CollectorState['kind']): Promise<CollectorState> {
  return new Promise((resolve) => {
    const listening = client.onDidChangeState((state) => {
      if (state.kind === kind) {
        listening.dispose();
        resolve(state);
      }
    });
  });
}

function socketOf(folder: string): string {
  return new Leadership(folder).current()?.socket ?? '';
}

async function connected(folder: string): Promise<Socket> {
  const socket = connect(socketOf(folder));
  owned.add(toDisposable(() => socket.destroy()));
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

describe('a face', () => {
  it('starts a collector where none answers, and is told its samples', async () => {
    const client = leading(temporaryFolder());
    client.wish(FAST);
    const sample = await nextSample(client);
    expect([sample.host, sample.processes, client.state, client.latest]).toEqual(['hgx-01', [PROCESS], { kind: 'live' }, sample]);
  });

  it('finds the collector of another', async () => {
    const folder = temporaryFolder();
    leading(folder);
    const second = leading(folder, inventedMachine('of the second'));
    second.wish(FAST);
    expect([(await nextSample(second)).host, second.leads]).toEqual(['hgx-01', false]);
  });

  it('is one of several that begin at once, of which one leads', async () => {
    const folder = temporaryFolder();
    const clients = Array.from({ length: 5 }, () => leading(folder));
    clients.forEach((client) => client.wish(FAST));
    await Promise.all(clients.map(nextSample));
    expect(clients.filter(({ leads }) => leads)).toHaveLength(1);
  });

  it('asks for what is there for good', async () => {
    const client = leading(temporaryFolder());
    client.wish(FAST);
    await nextSample(client);
    expect(await client.inventory()).toEqual(INVENTORY);
  });

  it('says whether a collector is there', async () => {
    const folder = temporaryFolder();
    const looking = face(folder);
    expect(await looking.isThere(50)).toBe(false);
    leading(folder);
    expect(await looking.isThere(10_000)).toBe(true);
    expect(await looking.isThere(0)).toBe(true);
  });

  it('says at once that no collector is there where there is no place to meet', async () => {
    expect(await face(join(temporaryFolder(), 'nowhere')).isThere(60_000)).toBe(false);
  });

  it('takes over from one that goes', async () => {
    const folder = temporaryFolder();
    const first = leading(folder);
    first.wish(FAST);
    await nextSample(first);
    const second = leading(folder, inventedMachine('of the second'));
    second.wish(FAST);
    await nextSample(second);
    first.dispose();
    await vi.waitFor(() => expect(second.latest?.host).toBe('of the second'), { timeout: 10_000, interval: 5 });
  });

  it('stops, and says why, where the folder is open to others', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    expect(await nextState(leading(folder), 'stopped')).toMatchObject({ reason: expect.stringContaining('open to other users') as unknown });
  });

  it('says why its collector failed', async () => {
    const client = face(temporaryFolder(), { startCollector: () => ({ ended: Promise.resolve('no memory'), dispose() {} }) });
    expect(await nextState(client, 'stopped')).toEqual({ kind: 'stopped', reason: 'no memory' });
  });

  it('leads again where the folder was removed under it', async () => {
    const folder = temporaryFolder();
    const first = leading(folder);
    first.wish(FAST);
    await nextSample(first);
    rmSync(folder, { recursive: true });
    const second = leading(folder, inventedMachine('of the second'));
    second.wish(FAST);
    expect((await nextSample(second)).host).toBe('of the second');
  });
});

describe('a collector', () => {
  it('reads nothing while nobody wishes', async () => {
    const folder = temporaryFolder();
    const machine = inventedMachine();
    const client = leading(folder, machine);
    client.wish(FAST);
    await nextSample(client);
    const other = face(folder);
    other.wish({ interval: 300, detail: 'gpus' });
    await nextSample(other);
    client.wish(undefined);
    other.wish(undefined);
    // Whatever was asked before the answer to this has been taken note of.
    await Promise.all([client.inventory(), other.inventory()]);
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const { reads } = machine;
    await vi.advanceTimersByTimeAsync(60_000);
    vi.useRealTimers();
    expect(machine.reads).toBe(reads);
  });

  it('tells each face no oftener than it wishes', async () => {
    const folder = temporaryFolder();
    const fast = leading(folder);
    fast.wish(FAST);
    const slow = face(folder);
    slow.wish({ interval: 1000, detail: 'gpus' });
    const told: number[] = [];
    slow.onSample(({ time }) => told.push(time));
    await vi.waitFor(() => expect(told.length).toBeGreaterThan(2), { timeout: 10_000, interval: 5 });
    expect(told.slice(1).map((time, index) => time - (told[index] ?? 0)).every((gap) => gap >= 750)).toBe(true);
  });

  it.each([
    ['bytes', Buffer.from([0, 255, 10, 128, 10])],
    ['no JSON', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['JSON that is no message', Buffer.from('null\n[]\n{"kind":"wish","box":null,"wish":{"interval":-1}}\n')],
    ['a line without an end', Buffer.alloc(70_000, 'a')],
  ])('hangs up on who sends %s, and serves the others', async (_, bytes) => {
    const folder = temporaryFolder();
    const client = leading(folder);
    client.wish(FAST);
    await nextSample(client);
    const socket = await connected(folder);
    socket.resume().write(bytes);
    await once(socket, 'close');
    await nextSample(client);
  });

  it('passes over what a face says that it does not know', async () => {
    const folder = temporaryFolder();
    const client = leading(folder);
    client.wish(FAST);
    await nextSample(client);
    const socket = await connected(folder);
    const lines = createInterface({ input: socket });
    const kinds: unknown[] = [];
    lines.on('line', (line) => kinds.push((JSON.parse(line) as { readonly kind: string }).kind));
    const said = [
      { kind: 'hello', protocol: PROTOCOL, and: 'more' },
      { kind: 'dance' },
      { kind: 'wish', box: null, wish: { interval: 'often', detail: 'full' } },
      { kind: 'wish', box: null, wish: { interval: 1, detail: 'everything' } },
      { kind: 'question', id: -1, question: { what: 'inventory' } },
      { kind: 'question', id: 1, question: { what: 'secrets' } },
      { kind: 'retire' },
      { kind: 'question', id: 2, question: { what: 'inventory' } },
    ];
    socket.write(said.map((message) => `${JSON.stringify(message)}\n`).join(''));
    await vi.waitFor(() => expect(kinds).toEqual(['hello', 'answer']), { timeout: 10_000, interval: 5 });
  });

  it('leaves samples out for who does not read, and goes on with what is then true', async () => {
    const folder = temporaryFolder();
    const many = Array.from({ length: 3000 }, (_, index) => ({ ...PROCESS, pid: index + 1 }));
    const machine = inventedMachine('hgx-01', many);
    // Nothing stays as it was, so that each sample is large.
    let round = 0;
    const client = leading(folder, { ...machine, collector: machine.collector });
    vi.spyOn(machine.collector['options'].processReader, 'read').mockImplementation(() => {
      round++;
      return many.map((process) => ({ ...process, cpu: round }));
    });
    client.wish(FAST);
    await nextSample(client);
    const socket = await connected(folder);
    socket.pause().write(`${JSON.stringify({ kind: 'hello', protocol: PROTOCOL })}\n${JSON.stringify({ kind: 'wish', box: null, wish: FAST })}\n`);
    const first = round;
    await vi.waitFor(() => expect(round).toBeGreaterThan(first + 8), { timeout: 20_000, interval: 5 });
    const ticks: { readonly tick: number; readonly since: number }[] = [];
    createInterface({ input: socket }).on('line', (line) => {
      const message = JSON.parse(line) as { readonly kind: string; readonly tick: number; readonly since: number };
      if (message.kind === 'sample') {
        ticks.push(message);
      }
    });
    await vi.waitFor(() => expect(ticks.length).toBeGreaterThan(3), { timeout: 20_000, interval: 5 });
    const leaps = ticks.slice(1).map(({ tick, since }, index) => [since === ticks[index]?.tick, tick - since]);
    expect(leaps.every(([follows]) => follows)).toBe(true);
    expect(Math.max(...leaps.map(([, leap]) => Number(leap)))).toBeGreaterThan(3);
  });
});

describe('two versions', () => {
  it('leave leading to the newer: the older says that its window is to be reloaded', async () => {
    const folder = temporaryFolder();
    const older = leading(folder);
    older.wish(FAST);
    await nextSample(older);
    const told = nextState(older, 'stopped');
    let turns = 0;
    face(folder, {
      protocol: PROTOCOL + 1,
      startCollector(turn) {
        turns++;
        const server = createServer((socket) => void socket.on('error', () => {}).write(`{"kind":"hello","protocol":${PROTOCOL + 1}}\n`)).listen(turn.socket);
        owned.add(toDisposable(() => server.close()));
        return { ended: new Promise(() => {}), dispose() {} };
      },
    });
    expect(await told).toMatchObject({ reason: expect.stringContaining('newer Trainyard') as unknown });
    expect([turns, older.leads]).toEqual([1, false]);
  });

  it('do not end one another on the word of an older or an equal one', async () => {
    const folder = temporaryFolder();
    const client = leading(folder);
    client.wish(FAST);
    await nextSample(client);
    const socket = await connected(folder);
    socket.resume().write(`{"kind":"hello","protocol":${PROTOCOL}}\n{"kind":"retire"}\n`);
    const { latest } = client;
    await nextSample(client);
    expect([client.leads, client.latest === latest]).toEqual([true, false]);
  });

  it('do not break a face with samples that it cannot read', async () => {
    const folder = temporaryFolder();
    const turn = new Leadership(folder).take();
    const frames = ['{"kind":"sample","box":null,"detail":"full","tick":1,"since":0,"time":1,"host":"h","parts":{},"processes":[null],"gonePids":[]}', '{"kind":"sample","box":null,"detail":"full","tick":1,"since":0,"time":1,"host":"h","parts":{},"processes":[],"gonePids":[]}', '{"kind":"sample","box":null,"detail":"full","tick":9,"since":8,"time":1,"host":"h","parts":{},"processes":[null],"gonePids":[null]}'];
    let connections = 0;
    const server = createServer((socket) => {
      socket.on('error', () => {}).write(`{"kind":"hello","protocol":${PROTOCOL}}\n${frames[connections++ % frames.length] ?? ''}\n`);
    }).listen(turn?.socket);
    owned.add(toDisposable(() => server.close()));
    await once(server, 'listening');
    const client = face(folder);
    client.wish(FAST);
    await vi.waitFor(() => expect(connections).toBeGreaterThan(3), { timeout: 10_000, interval: 5 });
    expect([client.latest, client.state.kind]).toEqual([undefined, 'connecting']);
  });
});
