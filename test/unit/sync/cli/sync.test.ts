import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemTimers } from '../../../../src/process/timers.ts';
import { sync } from '../../../../src/sync/cli/sync.ts';
import { parseSyncArguments } from '../../../../src/sync/cli/syncArguments.ts';
import { createSyncWork } from '../../../../src/sync/engine/syncWork.ts';
import { startLab } from '../../../lab/lab.ts';
import type { Lab } from '../../../lab/lab.ts';
import { temporary } from '../temporary.ts';

let lab: Lab;
beforeAll(async () => (lab = await startLab({ boxes: 2 })));
afterAll(() => lab[Symbol.asyncDispose]());

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A workspace, a remote folder and a store of their own. */
function place() {
  const [cwd, remote, storage] = [temporary(), temporary(), temporary()];
  const interrupts = new Set<() => void>();
  return {
    cwd,
    remote,
    interrupt: () => interrupts.forEach((listener) => listener()),
    async run(...args: readonly string[]): Promise<Said> {
      let out = '';
      let err = '';
      const io = {
        cwd,
        env: process.env,
        out: (text: string) => void (out += text),
        err: (text: string) => void (err += text),
        onInterrupt(listener: () => void) {
          interrupts.add(listener);
          return { dispose: () => interrupts.delete(listener) };
        },
      };
      const code = await sync(args, io, async (sshConfig) => createSyncWork({ env: process.env, timers: systemTimers, never: [], storage, ...(sshConfig !== undefined && { sshConfig }) }));
      return { code, out, err };
    },
    write(files: Readonly<Record<string, string>>, root = cwd): void {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(join(root, path, '..'), { recursive: true });
        writeFileSync(join(root, path), text);
      }
    },
  };
}

const items = ({ out }: Said): readonly string[] => (JSON.parse(out) as { items: { action: string; path: string }[] }).items.map(({ action, path }) => `${action} ${path}`);

describe('trainyard sync', () => {
  it('plans, pushes, and then has nothing to do', async () => {
    const { cwd, remote, run, write } = place();
    write({ 'a.py': 'a', 'src/b.py': 'bb' });
    const folders = ['.', `box1:${remote}`, '--ssh-config', lab.config];
    const plan = await run('plan', ...folders, '--json');
    expect(JSON.parse(plan.out)).toMatchObject({
      box: 'box1', direction: 'push', local: cwd, remote, alike: 0, guards: [],
      items: [{ action: 'create', path: 'a.py', bytes: 1, reason: 'new' }, { action: 'create', path: 'src', bytes: 0, reason: 'new' }, { action: 'create', path: 'src/b.py', bytes: 2, reason: 'new' }],
    }); // prettier-ignore
    expect(readdirSync(remote)).toEqual([]);
    expect(await run('push', ...folders)).toMatchObject({ code: 0, out: expect.stringContaining('3 items sent') });
    expect(readFileSync(join(remote, 'src/b.py'), 'utf8')).toBe('bb');
    expect(items(await run('plan', ...folders, '--json'))).toEqual([]);
  });

  it('deletes only with --yes, and puts it back', async () => {
    const { cwd, remote, run, write } = place();
    write({ a: '1', b: '2', c: '3' });
    const folders = [cwd, `box1:${remote}`, '--ssh-config', lab.config];
    await run('push', ...folders);
    rmSync(join(cwd, 'b'));
    expect(items(await run('plan', ...folders, '--json'))).toEqual(['delete b']);
    expect(await run('push', ...folders)).toMatchObject({ code: 0, err: expect.stringContaining('1 name not deleted') });
    expect(readFileSync(join(remote, 'b'), 'utf8')).toBe('2');
    expect(await run('push', ...folders, '--yes')).toMatchObject({ code: 0, out: expect.stringContaining('1 deleted, in the trash') });
    expect(readdirSync(remote).filter((name) => !name.startsWith('.'))).toEqual(['a', 'c']);
    expect(await run('undo', ...folders)).toMatchObject({ code: 0, out: expect.stringContaining('put back') });
    expect(readFileSync(join(remote, 'b'), 'utf8')).toBe('2');
    expect((await run('history')).out.split('\n')).toHaveLength(5);
  });

  it('leaves a conflict until the sending side is to win, and pulls', async () => {
    const { cwd, remote, run, write } = place();
    write({ a: 'one' });
    const folders = [cwd, `box1:${remote}`, '--ssh-config', lab.config];
    await run('push', ...folders);
    write({ a: 'here it is' });
    write({ a: 'there it was' }, remote);
    expect(items(await run('plan', ...folders, '--json'))).toEqual(['conflict a']);
    expect(await run('push', ...folders)).toMatchObject({ code: 17, err: expect.stringContaining('1 conflict left') });
    expect(readFileSync(join(remote, 'a'), 'utf8')).toBe('there it was');
    expect(await run('push', ...folders, '--overwrite')).toMatchObject({ code: 0 });
    expect(readFileSync(join(remote, 'a'), 'utf8')).toBe('here it is');
    writeFileSync(join(remote, 'm.pt'), 'weights');
    expect(await run('pull', ...folders)).toMatchObject({ code: 0 });
    expect(readFileSync(join(cwd, 'm.pt'), 'utf8')).toBe('weights');
  });

  it('stops at a guard before anything moves, until that is let pass', async () => {
    const { cwd, remote, run, write } = place();
    write({ '.env': 'TOKEN=x', a: '1' });
    const folders = [cwd, `box1:${remote}`, '--ssh-config', lab.config];
    expect(await run('push', ...folders)).toMatchObject({ code: 17, err: expect.stringContaining('looks like a secret') });
    expect(readdirSync(remote).filter((name) => name !== '.trainyard')).toEqual(['a']);
    expect(await run('push', ...folders, '--allow', 'secret')).toMatchObject({ code: 0 });
    const other = temporary();
    write({ b: '2' }, other);
    expect(await run('push', other, `box1:${remote}`, '--ssh-config', lab.config)).toMatchObject({ code: 1, err: expect.stringMatching(/kept in step with .*not with this folder/) });
    expect(readdirSync(remote).includes('b')).toBe(false);
    expect(await run('push', cwd, 'box1:/', '--ssh-config', lab.config)).toMatchObject({ code: 1, err: expect.stringContaining('the whole disk') });
    expect(await run('push', join(cwd, 'gone'), `box1:${remote}`, '--ssh-config', lab.config)).toMatchObject({ code: 1, err: expect.stringContaining('is not there') });
  });

  it('fans a target out to its boxes, where a dead one holds up none', async () => {
    const { cwd, run, write } = place();
    write({ 'a.txt': 'a', '.vscode/trainyard.json': JSON.stringify({ targets: [{ name: 'fleet', box: ['box1', 'gone', 'box2'], remote: '~/fleet', rules: ['- .vscode/'] }] }) });
    writeFileSync(join(cwd, 'config'), `Host gone\n  Port 1\nMatch all\nInclude ${lab.config}\n`);
    const { code, out, err } = await run('push', 'fleet', '--ssh-config', 'config', '--json');
    expect(code).toBe(17);
    expect(err).toContain('gone cannot be reached');
    expect(out.trim().split('\n').map((line) => JSON.parse(line) as object)).toEqual([expect.objectContaining({ state: 'done', created: 2 }), expect.objectContaining({ state: 'done', created: 2 })]); // prettier-ignore
    lab.boxes.forEach(({ home }) => expect(readFileSync(join(home, 'fleet/a.txt'), 'utf8')).toBe('a'));
    expect(await run('pull', 'fleet')).toMatchObject({ code: 1, err: expect.stringContaining('a target that pushes') });
    expect(await run('plan', 'fleat')).toMatchObject({ code: 1, err: expect.stringContaining('is “fleet” meant?') });
  });

  it('does not overwrite what is newer there and was never synced', async () => {
    const { cwd, remote, run, write } = place();
    write({ a: 'old' });
    utimesSync(join(cwd, 'a'), 1000, 1000);
    write({ a: 'newer' }, remote);
    expect(items(await run('plan', cwd, `box1:${remote}`, '--ssh-config', lab.config, '--json'))).toEqual(['conflict a']);
  });

  it('ends at Ctrl-C', async () => {
    const { cwd, remote, run, write, interrupt } = place();
    write({ a: '1' });
    await lab.boxes[1]?.link.cut();
    const running = run('plan', cwd, `box2:${remote}`, '--ssh-config', lab.config);
    setTimeout(interrupt, 50);
    expect((await running).code).toBe(130);
    await lab.boxes[1]?.link.heal();
  });

  it('lists the hosts of a configuration, and says how those are that are named', async () => {
    const { run } = place();
    expect((await run('hosts', '--ssh-config', lab.config)).out).toBe('box1\nfast1\nbox2\nfast2\n');
    const { code, out } = await run('hosts', 'box1', '--ssh-config', lab.config, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ hosts: [{ host: 'box1', state: 'reachable', rsync: { kind: 'rsync' } }] });
  });
});

describe('arguments', () => {
  const target = (...args: readonly string[]) => {
    const parsed = parseSyncArguments('plan', args, '/w');
    return typeof parsed === 'object' && 'what' in parsed && 'target' in parsed.what ? parsed.what.target : parsed;
  };

  it.each([
    [['.', 'box:/x'], { direction: 'push', local: '/w', remote: '/x', boxes: ['box'], send: { list: 'git', rules: [] } }],
    [['box:x/y', 'sub'], { direction: 'pull', local: '/w/sub', remote: '~/x/y', send: { list: 'all', rules: [] } }],
    [['./a:b', 'me@box:~/x', '--all', '--rule=- *.tmp'], { local: '/w/a:b', boxes: ['me@box'], send: { list: 'all', rules: ['- *.tmp'] } }],
    [['.', 'box:/x', '--pull'], { direction: 'pull' }],
  ])('%j are a target', (args, expected) => {
    expect(target(...args)).toMatchObject(expected);
  });

  it.each([
    [[], 'Which folders?'],
    [['box:/x'], 'Which folder here'],
    [['a', 'b'], 'One of the two is HOST:PATH'],
    [['a:x', 'b:y'], 'One of the two is a folder here'],
    [['.', '-oProxyCommand=x:y'], 'Unknown option'],
    [['.', '--', '-oProxyCommand=x:y'], 'no host that ssh takes'],
    [['.', 'box:/x', 'more'], 'Two folders at a time'],
    [['.', 'box:/x', '--allow', 'all'], '--allow takes'],
    [['.', 'box:/x', '--rule=:- .gitignore'], 'reads rules from a file'],
    [['asr', '--all'], 'A target says itself'],
  ])('%j are refused', (args, words) => {
    expect(target(...args)).toEqual({ fault: expect.stringContaining(words) });
  });
});
