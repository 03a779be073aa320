import { afterEach, describe, expect, it } from 'vitest';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownerOf, takeOwnership } from '../../../../src/convert/run/ownerLock.ts';
import { ownIdentity, startTimeOf } from '../../../../src/process/processIdentity.ts';
import { cleanUp, newFolder, tree } from './runBench.ts';

afterEach(cleanUp);

describe('the ownership of a job', () => {
  it('is one process’s until it gives it back', () => {
    const folder = newFolder();
    const lock = takeOwnership(folder);
    expect([lock === undefined, takeOwnership(folder), ownerOf(folder)]).toEqual([false, undefined, ownIdentity()]);
    lock?.release();
    expect([tree(folder), ownerOf(folder)]).toEqual([[], undefined]);
    expect(takeOwnership(folder)).toBeDefined();
  });

  it('passes on from a process that is dead', async () => {
    const folder = newFolder();
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    const holder = { pid: child.pid ?? 0, startTime: startTimeOf(child.pid ?? 0) };
    writeFileSync(join(folder, 'owner.7'), JSON.stringify(holder));
    expect([takeOwnership(folder), ownerOf(folder)]).toEqual([undefined, holder]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(takeOwnership(folder)).toBeDefined();
    expect(tree(folder)).toEqual(['owner.8']);
  });
});
