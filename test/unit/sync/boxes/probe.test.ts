import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { cpus, homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSshLinks } from '../../../../src/process/ssh/links.ts';
import type { SshLinks } from '../../../../src/process/ssh/links.ts';
import { systemTimers } from '../../../../src/process/timers.ts';
import type { BoxFacts } from '../../../../src/sync/box.ts';
import { probeBox, stateOf } from '../../../../src/sync/boxes/probe.ts';
import { parseRsyncVersion } from '../../../../src/sync/boxes/rsyncFacts.ts';
import { startLab } from '../../../lab/lab.ts';
import type { Lab } from '../../../lab/lab.ts';
import { temporary } from '../temporary.ts';

let lab: Lab;
let links: SshLinks;
let home = '';
beforeAll(async () => {
  lab = await startLab();
  home = lab.boxes[0]?.home ?? '';
  links = createSshLinks({ env: process.env, timers: systemTimers, config: lab.config });
});
afterEach(() => rmSync(join(home, '.bashrc'), { force: true }));
afterAll(async () => {
  links.dispose();
  await lab[Symbol.asyncDispose]();
});

describe('a box', () => {
  it('tells in one go what it is and has', async () => {
    const state = await probeBox(links.link('box1'));
    expect(state).toEqual({
      kind: 'reachable',
      facts: {
        system: 'Linux', home, zstd: true, git: true, find: 'gnu', load: expect.any(Number), cpus: cpus().length, clockAhead: 0, installRsync: 'sudo apt-get install rsync',
        rsync: { kind: 'rsync', version: expect.stringMatching(/^3\./), protocol: expect.any(Number), zstd: true, mkpath: true, notes: [] },
      },
    }); // prettier-ignore
    expect(home).not.toBe(homedir());
  });

  it('without rsync says how to install it', async () => {
    expect(await probeBox(links.link('box1'), { rsyncPath: '/no/such' })).toMatchObject({ kind: 'noRsync', facts: { rsync: { absent: 'rsync was not found there' }, installRsync: expect.stringContaining('install rsync') } });
  });

  it('whose shell talks is told from one that does not', async () => {
    writeFileSync(join(home, '.bashrc'), 'echo "Welcome to box 1"\n');
    expect(await probeBox(links.link('box1'))).toMatchObject({ kind: 'noisyShell', said: 'Welcome to box 1' });
  });

  it('that cannot be reached says why, in ssh’s words', async () => {
    const config = join(temporary(), 'config');
    writeFileSync(config, 'Host gone\n  HostName 127.0.0.1\n  Port 1\n');
    const other = createSshLinks({ env: process.env, timers: systemTimers, config });
    expect(await probeBox(other.link('gone'))).toMatchObject({ kind: 'unreachable', said: expect.stringContaining('refused') });
    other.dispose();
  });

  it('that runs a rsync of a person’s choice has the facts of that one', async () => {
    const bin = join(temporary(), 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'old rsync'), '#!/bin/sh\nprintf "rsync  version 3.1.3  protocol version 31\\n"\n');
    chmodSync(join(bin, 'old rsync'), 0o755);
    symlinkSync('old rsync', join(bin, 'link'));
    const state = await probeBox(links.link('box1'), { rsyncPath: `'${bin}/old rsync'` });
    expect((state as { facts: BoxFacts }).facts.rsync).toMatchObject({ version: '3.1.3', mkpath: false, notes: [expect.stringContaining('known holes')] });
  });

  it('whose clock is off tells by how much', () => {
    const at = (seconds: number): string => `trainyard-probe\ntime ${seconds}.5\nrsync\ntrainyard-probe\n`;
    const clock = (seconds: number): number => (stateOf(at(seconds), '', 1_000_000, 1_000_200) as { facts: BoxFacts }).facts.clockAhead;
    expect([clock(1000), clock(4600), clock(400)]).toEqual([0, 3_600_400, -599_600]);
  });
});

it.each([
  ['rsync  version 3.2.7  protocol version 31\nCompress list:\n    zstd lz4 zlibx zlib none\n', { kind: 'rsync', version: '3.2.7', protocol: 31, zstd: true, mkpath: true, notes: [expect.stringContaining('CVE-2024-12084')] }],
  ['rsync  version 3.4.1  protocol version 32\n', { kind: 'rsync', version: '3.4.1', protocol: 32, zstd: false, mkpath: true, notes: [expect.stringContaining('43618')] }],
  ['rsync  version v3.1.1  protocol version 31', { kind: 'rsync', version: '3.1.1', protocol: 31, zstd: false, mkpath: false, notes: [expect.any(String)] }],
  ['openrsync: protocol version 29\nrsync version 2.6.9 compatible\n', { kind: 'openrsync', version: '2.6.9', protocol: 29, zstd: false, mkpath: false, notes: [expect.stringContaining('openrsync')] }],
  ['sh: rsync: not found', undefined],
])('%j is read', (text, facts) => {
  expect(parseRsyncVersion(text)).toEqual(facts);
});
