import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LinkReply, LinkRequest } from './linkProcess.ts';
import { makeFolder, startLoopbackBox } from './loopback.ts';
import type { LoopbackBox, LoopbackOptions } from './loopback.ts';
import type { LinkOptions } from './slowLink.ts';

const HERE = dirname(fileURLToPath(import.meta.url));

export interface LabOptions extends LinkOptions {
  readonly boxes?: number;
  /** Of every box's server: a PATH in front of its own, lines of sshd_config. */
  readonly server?: Pick<LoopbackOptions, 'path' | 'lines'>;
}

/** Of an answered request: what was asked has happened when it resolves. */
export interface LabLink {
  /** From now on nothing passes and nobody is told. */
  cut(): Promise<void>;
  /** What is on its way passes again. */
  heal(): Promise<void>;
  /** All its connections end with an RST. */
  reset(): Promise<void>;
  /** Cuts it when so many more bytes have come in. */
  cutAfter(bytes: number): Promise<void>;
  set(options: LinkOptions): Promise<void>;
}

export interface LabBox {
  /** `box1`, `box2`, …: its alias in the lab's configuration. */
  readonly name: string;
  /** `$HOME` there; a folder of this machine. */
  readonly home: string;
  readonly link: LabLink;
  readonly server: LoopbackBox;
}

export interface Lab extends AsyncDisposable {
  /** For `ssh -F`. Beside each `boxN` there is a `fastN` that does not go over its link. */
  readonly config: string;
  readonly boxes: readonly LabBox[];
}

/**
 * Boxes of this machine's own: an sshd each with a home of its own, for the user who runs the test, behind a link of its own with
 * delay and rate that can be cut. All share one file system and one user; a session starts in that user's real home.
 */
export async function startLab({ boxes: count = 1, server: serverOptions = {}, ...link }: LabOptions = {}): Promise<Lab> {
  const folder = makeFolder();
  const links = startLinks();
  const boxes: LabBox[] = [];
  const aliases: string[] = [];
  for (let index = 1; index <= count; index++) {
    const home = join(folder, `home${index}`);
    mkdirSync(home);
    const server = await startLoopbackBox({ ...serverOptions, folder, home });
    const { port, handle } = await links.open(index, server.port, link);
    boxes.push({ name: `box${index}`, home, link: handle, server });
    aliases.push(`Host box${index}`, `  Port ${port}`, `Host fast${index}`, `  Port ${server.port}`);
  }
  const config = join(folder, 'lab_config');
  writeFileSync(config, [...aliases, ...common(folder), ''].join('\n'));
  return {
    config,
    boxes,
    async [Symbol.asyncDispose]() {
      links.end();
      await Promise.all(boxes.map(({ server }) => server.stop()));
    },
  };
}

function common(folder: string): readonly string[] {
  return [
    'Host *',
    '  HostName 127.0.0.1',
    `  User ${userInfo().username}`,
    `  IdentityFile ${folder}/id`,
    '  IdentitiesOnly yes',
    '  IdentityAgent none',
    '  HostKeyAlias loopback',
    `  UserKnownHostsFile ${folder}/known_hosts`,
    '  GlobalKnownHostsFile /dev/null',
    '  StrictHostKeyChecking yes',
  ];
}

/** The links run in a process of their own: what is measured beside them shares no thread with them. */
function startLinks(): { open(link: number, target: number, options: LinkOptions): Promise<{ port: number; handle: LabLink }>; end(): void } {
  const child: ChildProcess = fork(join(HERE, 'linkProcess.ts'), { execArgv: ['--import', join(HERE, '../setup/typescript.mjs')], env: { PATH: process.env['PATH'] } });
  const waiting = new Map<number, (reply: LinkReply) => void>();
  child.on('message', (reply: LinkReply) => {
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  let last = 0;
  const ask = (request: Omit<LinkRequest, 'id'>): Promise<LinkReply> =>
    new Promise((resolve) => {
      const id = ++last;
      waiting.set(id, resolve);
      child.send({ ...request, id });
    });
  return {
    async open(link, target, options) {
      const { port = 0 } = await ask({ link, do: 'open', value: target, options });
      const order = async (verb: LinkRequest['do'], more: Partial<LinkRequest> = {}): Promise<void> => void (await ask({ link, do: verb, ...more }));
      return {
        port,
        handle: {
          cut: () => order('cut'),
          heal: () => order('heal'),
          reset: () => order('reset'),
          cutAfter: (bytes) => order('cutAfter', { value: bytes }),
          set: (changed) => order('set', { options: changed }),
        },
      };
    },
    end: () => child.disconnect(),
  };
}
