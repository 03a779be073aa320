import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { atEnd } from './atEnd.ts';

const SSHD = '/usr/sbin/sshd';

export interface LoopbackBox {
  /** For `ssh -F`; knows the box by the aliases below. */
  readonly config: string;
  readonly port: number;
  /** Ends the server, and with it what it serves. */
  stop(): Promise<void>;
}

export interface LoopbackOptions {
  /** Before anything else on the PATH of its sessions. */
  readonly path?: string;
  /** Lines of sshd_config. */
  readonly lines?: readonly string[];
  readonly port?: number;
  /** Where it listens, in place of the loopback's own. */
  readonly address?: string;
  /** Words that start its server elsewhere: in a network of its own. */
  readonly within?: readonly string[];
  /** The folder of an earlier box, to be the same one again. */
  readonly folder?: string;
  /** The home of its sessions; `folder` where left out. */
  readonly home?: string;
}

const base = mkdtempSync(join(tmpdir(), 'trainyard-boxes-'));
await atEnd(() => rmSync(base, { recursive: true, force: true }));

/**
 * An sshd on a loopback port with keys of its own, for the user who runs the test. `box` is signed in to by a key; `unknown` has a
 * host key that nobody has seen, `stranger` a key that the box does not know, `closed` a port that nobody listens at. Further
 * ports are told to `aliasAt`.
 */
export async function startLoopbackBox({ path, lines = [], port, address = '127.0.0.1', within = [], folder = makeFolder(), home = folder }: LoopbackOptions = {}): Promise<LoopbackBox> {
  const listening = port ?? (await freePort());
  const config = join(folder, 'ssh_config');
  if (process.getuid?.() === 0) {
    mkdirSync('/run/sshd', { recursive: true });
  }
  writeFileSync(
    join(folder, 'sshd_config'),
    [
      `ListenAddress ${address}:${listening}`,
      `HostKey ${folder}/hostkey`,
      'PidFile none',
      `AuthorizedKeysFile ${folder}/id.pub`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin yes',
      `SetEnv HOME=${home} PATH=${path === undefined ? '' : `${path}:`}/usr/bin:/bin`,
      ...lines,
      '',
    ].join('\n'),
  );
  writeFileSync(
    config,
    [
      ...aliasAt('box', listening),
      ...aliasAt('unknown', listening),
      `  UserKnownHostsFile ${folder}/empty`,
      ...aliasAt('stranger', listening),
      `  IdentityFile ${folder}/other`,
      ...aliasAt('closed', await freePort()),
      'Host * !stranger',
      `  IdentityFile ${folder}/id`,
      'Host *',
      `  User ${userInfo().username}`,
      '  IdentitiesOnly yes',
      '  IdentityAgent none',
      `  HostName ${address}`,
      '  HostKeyAlias loopback',
      `  UserKnownHostsFile ${folder}/known_hosts`,
      '  GlobalKnownHostsFile /dev/null',
      '  StrictHostKeyChecking yes',
      '',
    ].join('\n'),
  );
  const [program = SSHD, ...words] = [...within, SSHD, '-D', '-e', '-f', join(folder, 'sshd_config')];
  const server = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(server, 'exit');
  let said = '';
  await new Promise<void>((resolve, reject) => {
    server.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Server listening on')) {
        resolve();
      }
    });
    server.once('exit', () => reject(new Error(said)));
  });
  return {
    config,
    port: listening,
    async stop() {
      server.kill();
      await ended;
    },
  };
}

/** Lines of an ssh_config. */
export function aliasAt(alias: string, port: number): readonly string[] {
  return [`Host ${alias}`, `  Port ${port}`];
}

export function makeFolder(): string {
  const folder = mkdtempSync(join(base, 'box-'));
  for (const name of ['id', 'other', 'hostkey']) {
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  }
  writeFileSync(join(folder, 'known_hosts'), `loopback ${readFileSync(join(folder, 'hostkey.pub'), 'utf8')}`);
  writeFileSync(join(folder, 'empty'), '');
  return folder;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export interface CuttableLink {
  readonly port: number;
  /** From now on nothing passes, and nobody is told: a cable pulled, a VPN gone. New connections hang. */
  cut(): void;
  /** New connections pass; those that were cut stay so. */
  heal(): void;
  readonly connections: number;
  close(): void;
}

/** A way to a port of this machine that can be cut. */
export async function cuttableLink(target: number): Promise<CuttableLink> {
  const sockets = new Set<Socket>();
  let isCut = false;
  let connections = 0;
  const server: Server = createServer((near) => {
    connections += 1;
    sockets.add(near);
    near.on('error', () => {});
    if (isCut) {
      near.pause();
      return;
    }
    const far = connect(target, '127.0.0.1');
    sockets.add(far);
    far.on('error', () => near.destroy());
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true;
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
        socket.removeAllListeners('close');
      }
    },
    heal() {
      isCut = false;
    },
    get connections() {
      return connections;
    },
    close() {
      server.close();
      sockets.forEach((socket) => socket.destroy());
    },
  };
}

export const hasSshd = existsSync(SSHD);
