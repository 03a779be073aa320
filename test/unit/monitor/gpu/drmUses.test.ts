import { describe, expect, it } from 'vitest';
import { absent, isAbsent } from '../../../../src/base/absent.ts';
import { DrmReader, type DrmUses } from '../../../../src/monitor/gpu/drmUses.ts';
import { kernelTree, type KernelTree } from './kernelTree.ts';

const BUS = '0000:0b:00.0';
const MIB = 2 ** 20;

function openFile(tree: KernelTree, pid: number, fd: number, target: string, info = ''): void {
  tree.link(`/proc/${String(pid)}/fd/${String(fd)}`, target);
  tree.write(`/proc/${String(pid)}/fdinfo/${String(fd)}`, `pos:\t0\n${info}`);
}

function info(client: number, { busId = BUS, vram = 0, compute = 0, gfx = 0 }): string {
  return `drm-driver:\tamdgpu\ndrm-client-id:\t${String(client)}\ndrm-pdev:\t${busId}\ndrm-memory-vram:\t${String(vram)} KiB\ndrm-engine-compute:\t${String(compute)} ns\ndrm-engine-gfx:\t${String(gfx)} ns\n`;
}

function read(reader: DrmReader, now: number): DrmUses {
  const uses = reader.read(now, () => true);
  if (isAbsent(uses)) {
    throw new Error(uses.absent);
  }
  return uses;
}

describe('uses of GPUs by open files', () => {
  it('tells what each process holds, and of the time between two readings how busy it kept its engines', () => {
    const tree = kernelTree({ '/proc/2/comm': 'kthreadd\n', '/proc/100/comm': 'python3\n' });
    openFile(tree, 100, 3, '/dev/null');
    openFile(tree, 100, 4, '/dev/dri/renderD128', info(7, { vram: 1024, compute: 1e9 }));
    const reader = new DrmReader(tree.files);
    expect(read(reader, 0).uses).toEqual([
      { pid: 100, busId: BUS, name: 'python3', kind: 'compute', deviceMemory: MIB, hostMemory: absent('not told by this driver'), utilization: absent('first sample') },
    ]);
    tree.write('/proc/100/fdinfo/4', info(7, { vram: 2048, compute: 1.25e9, gfx: 1e8 }));
    const second = read(reader, 1000);
    expect(second.uses[0]).toMatchObject({ kind: 'both', deviceMemory: 2 * MIB, utilization: 25 });
    expect(second.utilization.get(BUS)).toBe(25);
  });

  it('counts a client once, whichever files and processes share it', () => {
    const tree = kernelTree({ '/proc/100/comm': 'parent', '/proc/101/comm': 'child' });
    openFile(tree, 100, 4, '/dev/dri/renderD128', info(7, { vram: 1024 }));
    openFile(tree, 100, 5, '/dev/dri/renderD128', info(7, { vram: 1024 }));
    openFile(tree, 100, 6, '/dev/dri/card0', info(8, { vram: 1024 }));
    openFile(tree, 101, 4, '/dev/dri/renderD128', info(7, { vram: 1024 }));
    const { uses } = read(new DrmReader(tree.files), 0);
    expect(uses.map(({ deviceMemory }) => deviceMemory)).toHaveLength(1);
    expect(uses[0]?.deviceMemory).toBe(2 * MIB);
  });

  it('counts clients of two GPUs apart, though their numbers are alike', () => {
    const tree = kernelTree();
    openFile(tree, 100, 4, '/dev/dri/renderD128', info(7, { vram: 1024 }));
    openFile(tree, 100, 5, '/dev/dri/renderD129', info(7, { busId: '0000:0c:00.0', vram: 512 }));
    expect(read(new DrmReader(tree.files), 0).uses.map(({ busId, deviceMemory }) => [busId, deviceMemory])).toEqual([[BUS, MIB], ['0000:0c:00.0', MIB / 2]]);
  });

  it('never takes more than all, nor a counter that went back for work', () => {
    const tree = kernelTree();
    openFile(tree, 100, 4, '/dev/dri/renderD128', info(7, { compute: 1e9 }));
    const reader = new DrmReader(tree.files);
    read(reader, 0);
    tree.write('/proc/100/fdinfo/4', info(7, { compute: 9e9 }));
    expect(read(reader, 1000).uses[0]?.utilization).toBe(100);
    tree.write('/proc/100/fdinfo/4', info(7, { compute: 1 }));
    expect(read(reader, 2000).uses[0]?.utilization).toBe(0);
    tree.write('/proc/100/fdinfo/4', info(7, { compute: 1e8 }));
    expect(read(reader, 2000).uses[0]?.utilization).toEqual(absent('first sample'));
  });

  it('finds a GPU that is opened later, and forgets one that is closed', () => {
    const tree = kernelTree({ '/proc/100/comm': 'python3' });
    openFile(tree, 100, 3, '/dev/null');
    const reader = new DrmReader(tree.files);
    expect(read(reader, 0).uses).toEqual([]);
    openFile(tree, 100, 4, '/dev/dri/renderD128', info(7, { vram: 1 }));
    expect(read(reader, 5000).uses).toHaveLength(1);
    tree.remove('/proc/100/fd/4');
    tree.remove('/proc/100/fdinfo/4');
    expect(read(reader, 6000).uses).toEqual([]);
  });

  it('looks at files again only now and then', () => {
    const tree = kernelTree({ '/proc/100/comm': 'sh', '/proc/100/fd/0': '' });
    const reader = new DrmReader(tree.files);
    for (let second = 0; second <= 40; second++) {
      read(reader, second * 1000);
    }
    tree.forget();
    read(reader, 41_000);
    read(reader, 42_000);
    expect(tree.asked).toEqual([]);
  });

  it('does not look again and again at files of a driver that tells nothing', () => {
    const tree = kernelTree();
    openFile(tree, 100, 4, '/dev/dri/renderD129');
    const reader = new DrmReader(tree.files);
    expect(read(reader, 0).uses).toEqual([]);
    tree.forget();
    read(reader, 1000);
    expect(tree.asked).toEqual([]);
  });

  it('follows no more than so many links at once, and goes on at the next call', () => {
    const tree = kernelTree();
    for (let pid = 1000; pid < 1020; pid++) {
      for (let fd = 0; fd < 50; fd++) {
        tree.write(`/proc/${String(pid)}/fd/${String(fd)}`, '');
      }
    }
    const reader = new DrmReader(tree.files);
    const looks = Array.from({ length: 3 }, (_, second) => {
      tree.forget();
      read(reader, second * 1000);
      return tree.asked.filter((path) => path.includes('/fd/')).length;
    });
    expect(looks).toEqual([400, 400, 200]);
  });

  it('says whether it saw all: not in a container, where the host’s processes are hidden', () => {
    expect(read(new DrmReader(kernelTree({ '/proc/2/comm': 'kthreadd\n' }).files), 0).isWhole).toBe(true);
    expect(read(new DrmReader(kernelTree({ '/proc/2/comm': 'bash\n' }).files), 0).isWhole).toBe(false);
    expect(new DrmReader(kernelTree().files).read(0, () => true)).toEqual(absent('not there'));
  });
});
