import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { terminalScript, writeTerminalScript } from '../../../src/platform/terminalCommand.ts';

describe('the command that the terminal gets', () => {
  let folder: string;
  let script: string;
  let cli: string;

  beforeEach(async () => {
    // Every character that a shell could take for more than itself.
    folder = join(mkdtempSync(join(tmpdir(), 'trainyard-')), "it's $(touch pwned) `id` \\ \"x\" #");
    script = join(folder, 'bin', 'trainyard');
    cli = join(folder, 'cli.js');
    await writeTerminalScript(script, terminalScript({ node: process.execPath, cli, store: join(folder, 'jobs') }));
    writeFileSync(cli, 'console.log(JSON.stringify([process.argv.slice(2), process.env.TRAINYARD_STORE, process.env.ELECTRON_RUN_AS_NODE]))');
  });

  afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

  it('hands on arguments word for word and names the store, whatever the paths hold', () => {
    const words = ['convert', '--set', 'a b', "it's", '$HOME', '*', ''];
    expect(JSON.parse(execFileSync(script, words, { encoding: 'utf8' }))).toEqual([words, join(folder, 'jobs'), '1']);
  });

  it('leaves a store that the person chose', () => {
    const env = { ...process.env, TRAINYARD_STORE: '/elsewhere' };
    expect(JSON.parse(execFileSync(script, [], { encoding: 'utf8', env }))).toEqual([[], '/elsewhere', '1']);
  });

  it('says what to do when the extension’s folder is gone', () => {
    rmSync(cli);
    const { status, stderr } = spawnSync(script, { encoding: 'utf8' });
    expect(status).toBe(127);
    expect(stderr).toContain('open Trainyard in VS Code once more');
  });

  it('passes on the exit code', () => {
    writeFileSync(cli, 'process.exit(17)');
    expect(spawnSync(script).status).toBe(17);
  });

  it('is executable and is written again only where it differs', async () => {
    expect(statSync(script).mode & 0o777).toBe(0o755);
    utimesSync(script, 1, 1);
    await writeTerminalScript(script, readFileSync(script, 'utf8'));
    expect(statSync(script).mtimeMs).toBe(1000);
    chmodSync(script, 0o644);
    await writeTerminalScript(script, 'other');
    expect(readFileSync(script, 'utf8')).toBe('other');
    expect(statSync(script).mode & 0o777).toBe(0o755);
  });
});
