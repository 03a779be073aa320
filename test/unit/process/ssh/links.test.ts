import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { controlFolder, controlPath } from '../../../../src/process/ssh/controlFolder.ts';
import { SshFailed } from '../../../../src/process/ssh/link.ts';
import type { SshQuestion } from '../../../../src/process/ssh/link.ts';
import { boxCommand, createSshLinks } from '../../../../src/process/ssh/links.ts';
import type { SshLinks, SshLinksOptions } from '../../../../src/process/ssh/links.ts';
import { answerFor, questionOf } from '../../../../src/process/ssh/questions.ts';
import { systemTimers } from '../../../../src/process/timers.ts';
import { startLab } from '../../../lab/lab.ts';
import type { Lab } from '../../../lab/lab.ts';
import { startLoopbackBox } from '../../../lab/loopback.ts';
import type { LoopbackBox } from '../../../lab/loopback.ts';
import { temporaryFolder } from '../support.ts';

let lab: Lab;
let box: LoopbackBox;
let links: SshLinks;
beforeAll(async () => {
  lab = await startLab();
  box = await startLoopbackBox();
});
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  await box.stop();
});
afterEach(() => links.dispose());

function linkTo(host: string, options: Partial<SshLinksOptions> = {}) {
  links = createSshLinks({ env: process.env, timers: systemTimers, config: lab.config, ...options });
  return links.link(host);
}

function gate(): { readonly isOpen: Promise<void>; open(this: void): void } {
  let open = (): void => {};
  const isOpen = new Promise<void>((resolve) => (open = resolve));
  return { isOpen, open };
}

describe('a link', () => {
  it('runs commands of a POSIX shell to their end, with any bytes in and out and their exit code', async () => {
    const script = `printf '%s\\n' "it's!" '\\0' "$1"; cat; echo said >&2; exit 7`;
    const { exitCode, stdout, stderr } = await linkTo('box1').run(script, { stdin: Buffer.from('in\xff\0', 'latin1') });
    expect({ exitCode, stdout: stdout.toString('latin1'), stderr }).toEqual({ exitCode: 7, stdout: "it's!\n\\0\n\nin\xff\0", stderr: 'said\n' });
  });

  it('keeps one connection for all that is done, which outlives it', async () => {
    const link = linkTo('box1');
    await link.open();
    const port = async (): Promise<string> => (await link.run('echo $SSH_CONNECTION')).stdout.toString();
    const first = await port();
    expect(await port()).toBe(first);
    links.dispose();
    expect((await linkTo('box1').run('echo $SSH_CONNECTION')).stdout.toString()).toBe(first);
  });

  it('lends its connection to a local program, or the way to one of its own', async () => {
    const link = linkTo('box1');
    const shared = (await link.run('echo $SSH_CONNECTION')).stdout.toString();
    const over = async (own: boolean): Promise<string> => {
      const { words: [program = '', ...words], env } = await link.transport(own); // prettier-ignore
      return spawnSync(program, [...words, 'box1', 'echo $SSH_CONNECTION'], { env, encoding: 'utf8' }).stdout;
    };
    expect(await over(false)).toBe(shared);
    expect(await over(true)).not.toBe(shared);
  });

  it.each([
    ['closed', 'unreachable', /refused/],
    ['unknown', 'signIn', /Host key verification failed/],
    ['stranger', 'signIn', /Permission denied/],
  ])('to %s fails as %s, in ssh’s own words, and asks nobody', async (host, problem, said) => {
    const error = await linkTo(host, { config: box.config }).run('true').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SshFailed);
    expect(error).toMatchObject({ problem, said: expect.stringMatching(said) });
  });

  it('that is cut ends what runs over it, and is there again when it is healed', async () => {
    const link = linkTo('box1');
    await link.run('true');
    const running = link.run('sleep 60').catch((error: unknown) => error);
    await lab.boxes[0]?.link.cut();
    expect(await running).toMatchObject({ problem: 'unreachable' });
    await lab.boxes[0]?.link.heal();
    expect((await link.run('echo back')).stdout.toString()).toBe('back\n');
  });

  it('ends a command when it is told to, and one that says too much', async () => {
    const link = linkTo('box1');
    const ending = new AbortController();
    const running = link.run('echo on; sleep 60', { signal: ending.signal, onStdout: () => ending.abort(new Error('enough')) });
    await expect(running).rejects.toThrow('enough');
    await expect(link.run('cat /dev/zero', { keep: 1000 })).rejects.toThrow('more than 1000 bytes');
  });

  it('refuses what could be an option', () => {
    expect(() => linkTo('-oProxyCommand=x')).toThrow(RangeError);
  });
});

describe('signing in', () => {
  /** A key with a passphrase that the box knows. */
  function lockedConfig(): string {
    const folder = temporaryFolder();
    const key = join(folder, 'key');
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'open sesame', '-f', key]);
    const home = join(lab.config, '..');
    spawnSync('sh', ['-c', `cat ${key}.pub >> ${home}/id.pub`]);
    const config = join(folder, 'config');
    const port = lab.boxes[0]?.server.port ?? 0;
    writeFileSync(config, `Host *\n  HostName 127.0.0.1\n  Port ${port}\n  User ${process.env['USER'] ?? 'root'}\n  IdentityFile ${key}\n  IdentitiesOnly yes\n  IdentityAgent none\n  UserKnownHostsFile ${folder}/known\n  GlobalKnownHostsFile /dev/null\n`);
    return config;
  }
  const answering = (answers: Partial<Record<SshQuestion['kind'], string>>, asked: SshQuestion[]) => async (question: SshQuestion) => {
    asked.push(question);
    return answers[question.kind];
  };

  it('asks for the host’s key and the passphrase, once, and leaves nothing behind', async () => {
    const asked: SshQuestion[] = [];
    const config = lockedConfig();
    const link = linkTo('locked', { config, answer: answering({ hostKey: 'yes', passphrase: 'open sesame' }, asked) });
    await link.open();
    expect(asked.map(({ kind, secret }) => [kind, secret])).toEqual([['hostKey', false], ['passphrase', true]]); // prettier-ignore
    expect((await link.run('echo in')).stdout.toString()).toBe('in\n');
    expect(readdirSync(controlFolder()).filter((name) => name.startsWith('trainyard-'))).toEqual([]);
  });

  it('is gone through once for all who wait for it, and one who gives up fails no other', async () => {
    const asked: SshQuestion[] = [];
    const [asking, answered] = [gate(), gate()];
    const answer = answering({ hostKey: 'yes', passphrase: 'open sesame' }, asked);
    const link = linkTo('locked', {
      config: lockedConfig(),
      async answer(question) {
        asking.open();
        await answered.isOpen;
        return answer(question);
      },
    });
    const [one, other] = [new AbortController(), new AbortController()];
    const [first, second, third] = [link.open(one.signal), link.open(), link.open(other.signal)];
    await asking.isOpen;
    one.abort(new Error('the first gives up'));
    other.abort(new Error('the third gives up'));
    await expect(first).rejects.toThrow('the first gives up');
    await expect(third).rejects.toThrow('the third gives up');
    answered.open();
    await second;
    expect(asked.map(({ kind }) => kind)).toEqual(['hostKey', 'passphrase']);
    expect((await link.run('echo in')).stdout.toString()).toBe('in\n');
  });

  it('ends where nobody waits for it any more', async () => {
    const ended = gate();
    const giveUp = new AbortController();
    const link = linkTo('locked', {
      config: lockedConfig(),
      answer: (_, signal) => new Promise((resolve) => {
        signal.addEventListener('abort', () => (ended.open(), resolve(undefined)));
        giveUp.abort(new Error('enough'));
      }),
    });
    await expect(link.open(giveUp.signal)).rejects.toThrow('enough');
    await ended.isOpen;
  });

  it('ends after three wrong answers, and after a no to the host’s key', async () => {
    const asked: SshQuestion[] = [];
    const config = lockedConfig();
    await expect(linkTo('locked', { config, answer: answering({ hostKey: 'yes', passphrase: 'wrong' }, asked) }).open()).rejects.toMatchObject({ problem: 'signIn' });
    expect(asked.length).toBe(3);
    asked.length = 0;
    await expect(linkTo('locked', { config: lockedConfig(), answer: answering({ hostKey: 'maybe' }, asked) }).open()).rejects.toMatchObject({ problem: 'signIn' });
    expect(asked.map(({ kind }) => kind)).toEqual(['hostKey']);
  });

  it.each([
    ["The authenticity of host 'box (10.0.0.1)' can't be established.\nAre you sure you want to continue connecting (yes/no/[fingerprint])? ", 'hostKey', false],
    ["Enter passphrase for key '/home/me/.ssh/id': ", 'passphrase', true],
    ["me@box's password: ", 'password', true],
    ['(me@box) Verification code: ', 'code', true],
    ['Allow use of key id?', 'other', false],
    ['Say friend: ', 'other', true],
  ])('takes %j for a %s', (prompt, kind, secret) => {
    expect(questionOf('box', prompt)).toMatchObject({ kind, secret });
  });

  it('tells ssh nothing but yes or no about a host’s key', () => {
    const question = questionOf('box', 'Are you sure (yes/no)?');
    expect([undefined, 'Yes ', 'SHA256:x', 'yes'].map((answer) => answerFor(question, answer))).toEqual(['no', 'no', 'no', 'yes']);
  });
});

describe('the folder of connections', () => {
  it('is ours alone', () => {
    const parent = temporaryFolder();
    const folder = controlFolder(parent);
    expect(lstatSync(folder).mode & 0o777).toBe(0o700);
    chmodSync(folder, 0o750);
    expect(() => controlFolder(parent)).toThrow(SshFailed);
    rmSync(folder, { recursive: true });
    mkdirSync(join(parent, 'real'), { mode: 0o700 });
    symlinkSync(join(parent, 'real'), folder);
    expect(() => controlFolder(parent)).toThrow(SshFailed);
  });

  it('is short enough for ssh, which adds 17 bytes for a while', () => {
    const parent = temporaryFolder();
    expect(controlPath('/tmp/ty-1000', undefined)).toBe('/tmp/ty-1000/%C');
    expect(() => controlPath(join(parent, 'x'.repeat(60)), undefined)).toThrow(SshFailed);
    expect(existsSync(parent)).toBe(true);
  });
});

it('a command is quoted the same for every shell', () => {
  expect(boxCommand(`a 'b' \\!`)).toBe(`exec sh -c 'a '\\''b'\\'' '\\\\\\!`);
});
