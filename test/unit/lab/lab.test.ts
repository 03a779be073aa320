import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLab } from '../../lab/lab.ts';
import type { Lab } from '../../lab/lab.ts';

let lab: Lab;
beforeAll(async () => (lab = await startLab({ boxes: 2 })));
afterAll(() => lab[Symbol.asyncDispose]());

function ssh(host: string, command: string, options: readonly string[] = []): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  return spawnSync('ssh', ['-F', lab.config, ...options, host, command], { encoding: 'utf8' });
}

describe('the lab', () => {
  it('has boxes with a home each', () => {
    expect(lab.boxes.map(({ name }) => ssh(name, 'echo $HOME').stdout.trim())).toEqual(lab.boxes.map(({ home }) => home));
  });

  it('delays what goes over a link', async () => {
    await lab.boxes[0]?.link.set({ oneWay: 50 });
    const began = performance.now();
    ssh('box1', 'true');
    // A connection needs far more than five round trips of 100 ms, however quick the machine is.
    expect(performance.now() - began).toBeGreaterThan(500);
    await lab.boxes[0]?.link.set({ oneWay: 0 });
  });

  it('cuts without a word, heals, and passes on what was held', async () => {
    const link = lab.boxes[1]?.link;
    const child = spawn('ssh', ['-F', lab.config, 'box2', 'cat']);
    child.stdin.write('before');
    await once(child.stdout, 'data');
    await link?.cut();
    expect(ssh('box2', 'true', ['-o', 'ConnectTimeout=1']).status).toBe(255);
    const closed = once(child, 'close');
    child.stdin.end('after');
    await link?.heal();
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
    expect(chunk.toString()).toBe('after');
    expect(await closed).toEqual([0, null]);
  });

  it('lets no more through than was told, and resets', async () => {
    const link = lab.boxes[1]?.link;
    await link?.cutAfter(300_000);
    const child = spawn('ssh', ['-F', lab.config, 'box2', 'head -c 1000000 /dev/zero; cat']);
    let came = 0;
    child.stdout.on('data', (chunk: Buffer) => (came += chunk.length));
    await once(child.stdout, 'data');
    const closed = once(child, 'close');
    await link?.reset();
    await link?.heal();
    expect(await closed).toEqual([255, null]);
    expect(came).toBeLessThan(300_000);
  });
});
