import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { known } from '../../../../src/base/absent.ts';
import { BoxFiles, splitFiles } from '../../../../src/monitor/boxes/boxFiles.ts';
import { BoxSession, LinkEnded } from '../../../../src/monitor/boxes/boxSession.ts';
import { createBoxStreams } from '../../../../src/monitor/boxes/boxStreams.ts';
import { SAMPLER_COMMAND, samplerLine } from '../../../../src/monitor/boxes/sampler.ts';
import type { StreamProcess } from '../../../../src/process/streamProcess.ts';
import { startStreamProcess } from '../../../../src/process/streamProcess.ts';
import { systemTimers } from '../../../../src/process/timers.ts';
import { manualTimers, recorder } from '../../process/streamSupport.ts';
import { failureOf, runs, temporaryFolder } from '../../process/support.ts';

const MARK = '@@TY4711@@';
const SHELLS = ['/bin/dash', '/bin/bash', '/bin/busybox']
  .filter((path) => existsSync(path))
  .map((path) => (path.endsWith('busybox') ? [path, 'sh'] : [path]));

const ends: (() => void | Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) {
    await end();
  }
});

interface Local {
  readonly session: BoxSession;
  readonly process: StreamProcess;
}

/** A sampler in a shell of this machine, as sshd starts it. */
async function local(path: readonly string[] = [], timers = systemTimers, shell: readonly string[] = ['/bin/sh']): Promise<Local> {
  let session: BoxSession | undefined;
  const process = startStreamProcess(
    {
      words: [...shell, '-c', SAMPLER_COMMAND],
      folder: '/',
      env: { PATH: [...path, '/usr/bin', '/bin'].join(':') },
      stdin: samplerLine(MARK),
    },
    (chunk, stream) => stream === 'stdout' && session?.add(chunk),
    { timers: systemTimers },
  );
  ends.push(() => {
    session?.end();
    process.end();
    return process.gone;
  });
  await new Promise<string>((resolve) => {
    session = new BoxSession(MARK, (text) => process.write(text), timers, resolve);
  });
  return { session: session as unknown as BoxSession, process };
}

function script(folder: string, name: string, body: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

describe.each(SHELLS)('a sampler in %s', (...shell) => {
  it('answers in the order in which it is asked, and keeps what it reads apart', async () => {
    const { session } = await local([], systemTimers, shell);
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a'), 'one\ntwo');
    writeFileSync(join(folder, 'b'), '');
    writeFileSync(join(folder, 'c'), 'three\n');
    const paths = ['a', 'missing', 'b', 'c'].map((name) => join(folder, name));
    const [files, names] = await Promise.all([session.ask('f', paths), session.ask('l', [folder, '/nowhere'])]);
    const texts = splitFiles(files.toString(), () => true);
    expect(Object.fromEntries([...texts].map(([path, text]) => [path.slice(folder.length + 1), text]))).toEqual({
      a: 'one\ntwo',
      b: '',
      c: 'three\n',
    });
    expect(names.toString().split('\n')).toEqual([`==> ${folder}`, 'a', 'b', 'c', '==> /nowhere', '*', '']);
  });

  it('takes no word for a command or a pattern', async () => {
    const { session } = await local([], systemTimers, shell);
    const folder = temporaryFolder();
    await session.ask('f', [`$(touch${'\t'}${folder}/x)`, `;touch`, '`id`', `/etc/*`]);
    const said: string[] = [];
    const hostile = ["it's", '$(id)', 'a  b', '*', '\\n', '"', ';', '%s', '', '-n'];
    const { exitCode } = await session.run(['printf', '<%s>\\n', ...hostile], (chunk) => said.push(chunk.toString())).gone;
    expect(exitCode).toBe(0);
    expect(said.join('')).toBe(hostile.map((word) => `<${word}>\n`).join(''));
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });

  it('tells stdout and stderr of a program apart, its exit code after both, and what is not there', async () => {
    const { session } = await local([], systemTimers, shell);
    const said: string[] = [];
    const end = await session.run(['sh', '-c', 'echo out; echo err >&2; exit 9'], (chunk, stream) =>
      said.push(`${stream} ${chunk.toString()}`),
    ).gone;
    expect(end).toEqual({ exitCode: 9 });
    expect(said.sort()).toEqual(['stderr err\n', 'stdout out\n']);
    expect((await session.run(['nowhere-to-be-found'], () => {}).gone).exitCode).toBe(127);
  });

  it('does not wait for what a program left behind with its streams', async () => {
    const { session } = await local([], systemTimers, shell);
    const [said, end] = await new Promise<readonly [string, unknown]>((resolve) => {
      let text = '';
      const run = session.run(['sh', '-c', 'sleep 600 & echo $!; exit 4'], (chunk) => (text += chunk.toString()));
      void run.gone.then((ended) => resolve([text, ended]));
    });
    expect(end).toEqual({ exitCode: 4 });
    expect(runs(Number(said))).toBe(true);
  });

  it('lists every process without being asked', async () => {
    const { session } = await local([], systemTimers, shell);
    const files = new BoxFiles(session, () => Date.now());
    await files.tick(true);
    const names = files.list('/proc');
    expect(names).toContain(String(process.pid));
    expect(files.text(`/proc/${process.pid}/stat`)).toMatch(new RegExp(`^${process.pid} \\(`));
  });
});

describe.each(SHELLS)('a sampler in %s that is not told that its link has ended', (...shell) => {
  /** A minute of it is a twentieth of a second; each is counted in a file. */
  function hurry(): { readonly path: string; readonly minutes: () => number } {
    const path = temporaryFolder();
    const counted = join(path, 'minutes');
    writeFileSync(counted, '');
    script(path, 'sleep', `printf . >> ${counted}; exec /bin/sleep 0.05`);
    return { path, minutes: () => readFileSync(counted, 'utf8').length };
  }

  it('ends by itself with all that it started, and not before it was long alone', async () => {
    const { path, minutes } = hurry();
    const { session, process: sampler } = await local([path], systemTimers, shell);
    const pid = await new Promise<number>((resolve) => session.run(['sh', '-c', 'trap "" TERM; echo $$; exec tail -f /dev/null'], (chunk) => resolve(Number(chunk))));
    await sampler.gone;
    expect(minutes()).toBeGreaterThanOrEqual(4);
    await vi.waitFor(() => expect(runs(pid)).toBe(false), { timeout: 10_000, interval: 5 });
  });

  it('goes on for as long as it is asked', async () => {
    const { path, minutes } = hurry();
    const { session, process: sampler } = await local([path], systemTimers, shell);
    let isOver = false;
    void sampler.gone.then(() => (isOver = true));
    while (minutes() < 12) {
      await session.ask('p');
    }
    expect(isOver).toBe(false);
  });
});

describe('what a box is asked', () => {
  it('is not answered any more when the link ends', async () => {
    const { session } = await local();
    session.setFiles('s', []);
    const answer = session.ask('t');
    session.end();
    await expect(answer).rejects.toBeInstanceOf(LinkEnded);
    await expect(session.ask('p')).rejects.toBeInstanceOf(LinkEnded);
    expect((await session.run(['true'], () => {}).gone).error).toBeInstanceOf(LinkEnded);
  });
});

describe('the files of a box', () => {
  async function boxFiles(): Promise<BoxFiles> {
    const { session } = await local();
    return new BoxFiles(session, () => Date.now());
  }

  it('are there at the tick after they were asked for, and fresh at each tick', async () => {
    const files = await boxFiles();
    const path = join(temporaryFolder(), 'value');
    writeFileSync(path, '1\n');
    expect(files.text(path)).toEqual({ absent: 'not told yet' });
    await files.tick(false);
    expect(files.text(path)).toBe('1\n');
    writeFileSync(path, '2\n');
    await files.tick(false);
    expect(files.text(path)).toBe('2\n');
  });

  it('are absent with their reason', async () => {
    const files = await boxFiles();
    const paths = ['/proc/nowhere', '/sys/class/nowhere', '/has blank'];
    paths.forEach((path) => files.text(path));
    files.list('/sys/class/nowhere');
    files.link('/proc/nowhere');
    await files.tick(false);
    expect(paths.map((path) => files.text(path))).toEqual([
      { absent: 'not there' },
      { absent: 'not there' },
      { absent: 'not asked for: a blank in its name' },
    ]);
    expect([files.list('/sys/class/nowhere'), files.link('/proc/nowhere')]).toEqual([{ absent: 'not there' }, { absent: 'not there' }]);
  });

  it('are folders and links too', async () => {
    const files = await boxFiles();
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'one'));
    symlinkSync('../where it -> leads', join(folder, 'two'));
    const ask = (): readonly unknown[] => [
      files.list(folder),
      files.link(join(folder, 'two')),
      files.link(join(folder, 'one')),
      files.link('/proc/self/ns/pid'),
    ];
    ask();
    await files.tick(false);
    const [names, link, none, namespace] = ask();
    expect(names).toEqual(['one', 'two']);
    expect(link).toBe('../where it -> leads');
    expect(none).toEqual({ absent: 'not there' });
    expect(namespace).toMatch(/^pid:\[\d+\]$/);
  });

  it('cannot be made up by who names his words as files', async () => {
    const files = await boxFiles();
    const fake = '\n==> /proc/meminfo <==\nMemTotal: 1 kB\n';
    const child = spawn('sh', ['-c', 'read x', fake], { stdio: ['pipe', 'ignore', 'ignore'] });
    const path = `/proc/${child.pid}/cmdline`;
    files.text(path);
    files.text('/proc/meminfo');
    await files.tick(true);
    expect(known(files.text('/proc/meminfo'))).not.toContain('MemTotal: 1 kB');
    expect(files.text(path)).toContain(fake);
    child.stdin?.end();
  });
});

describe('the tools of a box', () => {
  it('are streamed by the line, and told to end when they are silent, without a second beside them', async () => {
    const folder = temporaryFolder();
    script(folder, 'nvidia-smi', "trap '' TERM; echo $$ $*; while :; do sleep 600; done");
    const timers = manualTimers();
    const { session } = await local([folder], timers);
    const streams = createBoxStreams(session, timers);
    const heard = recorder();
    const stream = streams.open({ tool: 'nvidia-smi', args: ['-lms', '1000'], silence: 5000 }, heard);
    const [pid, ...args] = (await heard.line()).split(' ');
    expect(args).toEqual(['-lms', '1000']);
    timers.advance(5000);
    await heard.next('silent');
    await session.ask('p');
    expect(runs(Number(pid))).toBe(true);
    timers.advance(3000);
    // Its child holds its streams for a second more.
    await vi.waitFor(
      () => {
        timers.advance(10);
        expect(heard.events.some(({ kind }) => kind === 'end')).toBe(true);
      },
      { timeout: 20_000, interval: 5 },
    );
    expect((await heard.next('end')).end).toMatchObject({ error: { reason: 'timeout' }, retryIn: 1000 });
    expect(runs(Number(pid))).toBe(false);
    timers.advance(1000);
    expect((await heard.line()).split(' ')[0]).not.toBe(pid);
    stream.dispose();
  });

  it('are not found where they are not', async () => {
    const { session } = await local();
    const streams = createBoxStreams(session, systemTimers);
    const heard = recorder();
    const stream = streams.open({ tool: 'tegrastats', args: [], silence: 60_000 }, heard);
    expect((await heard.next('end')).end).toMatchObject({ error: { reason: 'notFound', tool: 'tegrastats' } });
    stream.dispose();
    expect(await failureOf(streams.ask('npu-smi', ['info']))).toMatchObject({ reason: 'notFound', tool: 'npu-smi' });
  });

  it('are asked, for as long as is allowed', async () => {
    const folder = temporaryFolder();
    script(folder, 'amd-smi', 'echo "$1"; echo oh >&2; [ "$1" = quick ] && exit 3; sleep 600');
    const { session } = await local([folder]);
    const streams = createBoxStreams(session, systemTimers);
    expect(await streams.ask('amd-smi', ['quick'])).toMatchObject({ exitCode: 3, stdout: 'quick\n' });
    expect(await failureOf(streams.ask('amd-smi', ['slow'], { wallSeconds: 0.3 }))).toMatchObject({ reason: 'timeout' });
  });
});
