import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSshClient, parseTarget } from '../../../../src/process/ssh/client.ts';
import { sshProblem } from '../../../../src/process/ssh/problem.ts';
import { systemTimers } from '../../../../src/process/timers.ts';
import { temporaryFolder } from '../support.ts';

function configOf(text: string): string {
  const path = join(temporaryFolder(), 'config');
  writeFileSync(path, text);
  return path;
}

/** An ssh that writes down what it is given. */
function recordingSsh(): { readonly folder: string; said(): readonly string[] } {
  const folder = temporaryFolder();
  const record = join(folder, 'record');
  writeFileSync(join(folder, 'ssh'), `#!/bin/sh\nprintf '%s\\n' "$@" > ${record}\nenv >> ${record}\n`);
  chmodSync(join(folder, 'ssh'), 0o755);
  return { folder, said: () => readFileSync(record, 'utf8').split('\n') };
}

describe('an ssh session', () => {
  it('asks nobody anything, forwards nothing, becomes no master, and takes the host for nothing but a host', async () => {
    const { folder, said } = recordingSsh();
    const env = {
      PATH: `${folder}:/usr/bin:/bin`,
      HOME: folder,
      DISPLAY: ':0',
      SSH_ASKPASS: '/x',
      SSH_AUTH_SOCK: '/agent',
      VSCODE_IPC_HOOK: 'x',
      LC_TIME: 'de_DE',
    };
    const start = await createSshClient({ env, timers: systemTimers }).session('box', 'exec sh');
    await start(() => {}, '').gone;
    const words = said();
    expect(words.slice(words.indexOf('--'), words.indexOf('--') + 3)).toEqual(['--', 'box', 'exec sh']);
    expect(words).toEqual(
      expect.arrayContaining([
        '-T',
        'BatchMode=yes',
        'ControlMaster=no',
        'ClearAllForwardings=yes',
        'ForwardAgent=no',
        'RemoteCommand=none',
      ]),
    );
    expect(words).toEqual(expect.arrayContaining(['SSH_AUTH_SOCK=/agent', 'SSH_ASKPASS_REQUIRE=never', 'LC_ALL=C', `HOME=${folder}`]));
    expect(
      words.filter((word) => /^(?:DISPLAY|SSH_ASKPASS|VSCODE|LC_TIME)=?/.test(word) && !word.startsWith('SSH_ASKPASS_REQUIRE')),
    ).toEqual([]);
  });

  it('refuses a host that could be an option, and an ssh of the workspace', async () => {
    const { folder } = recordingSsh();
    const client = createSshClient({ env: process.env, timers: systemTimers });
    await expect(client.session('-oProxyCommand=touch', 'x')).rejects.toThrow(RangeError);
    expect(() => client.signInWords('a b')).toThrow(RangeError);
    const start = await createSshClient({ env: { PATH: `${folder}:/usr/bin` }, never: [folder], timers: systemTimers }).session(
      'none.invalid',
      'x',
    );
    await start(() => {}, '').gone;
    expect(existsSync(join(folder, 'record'))).toBe(false);
  });
});

describe('what ssh makes of an alias', () => {
  it('is what its configuration says', async () => {
    const config = configOf('Host far\n  HostName 10.0.0.7\n  User me\n  Port 2222\n  ProxyJump login\n');
    const client = createSshClient({ env: process.env, timers: systemTimers, config });
    expect(await client.resolve('far')).toEqual({ hostname: '10.0.0.7', user: 'me', port: 2222, proxyJump: 'login' });
  });

  it('is the alias where nothing is told', () => {
    expect(parseTarget('proxyjump none\n', 'far')).toEqual({ hostname: 'far', user: '', port: 22 });
  });
});

it.each([
  ['me@box: Permission denied (publickey,password).', 'signIn'],
  ['Host key verification failed.', 'signIn'],
  ['@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n@@@', 'signIn'],
  ['Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures', 'signIn'],
  ['ssh: connect to host box port 22: Connection refused', 'unreachable'],
  ['ssh: Could not resolve hostname box: Name or service not known', 'unreachable'],
  ['Timeout, server box not responding.', 'unreachable'],
  ['kex_exchange_identification: Connection closed by remote host', 'unreachable'],
  ['', 'unreachable'],
])('%j means %s', (said, problem) => {
  expect(sshProblem(said)).toBe(problem);
});
