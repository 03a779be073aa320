import { describe, expect, it } from 'vitest';
import type { BoxState } from '../../../../src/monitor/boxes/boxState.ts';
import { boxNode } from '../../../../src/monitor/view/boxTree.ts';
import { readHoldings } from '../../../../src/monitor/view/holders.ts';
import type { SystemNode } from '../../../../src/monitor/view/tree.ts';
import { GPU, NOT_TOLD, PROCESS, START, reading, sample } from '../inventedSample.ts';

const viewer = { uid: -1, folders: [] };
const USE = { gpuUuid: GPU.uuid, pid: PROCESS.pid, kind: 'compute', name: 'python', memoryUsed: 70 * 2 ** 30, utilization: NOT_TOLD } as const;
const holdings = readHoldings(sample(0, { gpus: [reading([GPU], { uses: [USE] })] }), viewer);

const node = (state: BoxState, held = holdings) => boxNode('hgx-02', state, held, { viewer, now: START + 360_000 });

const ALWAYS = ['open', 'boxTerminal', 'removeBox'] as const;

function all(one: SystemNode): readonly SystemNode[] {
  return [one, ...one.children.flatMap(all)];
}

describe('another machine in the tree', () => {
  it.each([
    [{ kind: 'connecting' }, 'connecting…', [...ALWAYS]],
    [{ kind: 'stale', since: START }, 'stale, seen 6 min ago', ['retryBox', ...ALWAYS]],
    [{ kind: 'signIn', since: START, said: 'Permission denied', command: ['ssh', 'hgx-02'] }, 'signed out', ['signIn', 'retryBox', ...ALWAYS]],
    [{ kind: 'unreachable', since: START, said: 'No route to host' }, 'not answering for 6 min', ['retryBox', ...ALWAYS]],
    [{ kind: 'noShell', since: START, said: 'Welcome' }, 'no shell that can be read from', ['retryBox', ...ALWAYS]],
  ] as const)('that is %o says so, shows no old value, and what can be done', (state, description, actions) => {
    expect(node(state)).toMatchObject({ label: 'hgx-02', description, actions, children: [] });
  });

  it('that is live shows its GPUs and their processes, whose signals are not ours to send', () => {
    const live = boxNode('hgx-02', { kind: 'live' }, holdings, { viewer, now: START });
    expect(all(live).map(({ label }) => label)).toEqual(['hgx-02', 'GPU 0', 'python train.py']);
    expect(new Set(all(live).flatMap(({ actions }) => actions))).toEqual(new Set([...ALWAYS, 'copyCudaDevices', 'copyPid', 'copyCommand']));
    expect(all(live).every(({ key }) => key.startsWith('box/hgx-02'))).toBe(true);
  });

  it('makes nothing of what a hostile one says', () => {
    const said = node({ kind: 'unreachable', since: START, said: 'a\u001b]0;b\u0007\nc' });
    expect(said.tooltip).not.toMatch(/[\u001b\u0007]/);
  });
});
