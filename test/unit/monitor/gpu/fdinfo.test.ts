import { describe, expect, it } from 'vitest';
import { parseFdinfo } from '../../../../src/monitor/gpu/fdinfo.ts';

const COMMON = 'pos:\t0\nflags:\t02100002\nmnt_id:\t27\nino:\t1142\n';

/** In the form of drm-usage-stats.rst, as each driver fills it in. */
const AMDGPU_OLD = `${COMMON}drm-driver:\tamdgpu
drm-client-id:\t83
drm-pdev:\t0000:0b:00.0
drm-memory-vram:\t1024 KiB
drm-memory-gtt: \t2048 KiB
drm-memory-cpu: \t0 KiB
amd-memory-visible-vram:\t1024 KiB
drm-engine-gfx:\t40000000 ns
drm-engine-compute:\t5000000000 ns
`;
const AMDGPU_NEW = `${COMMON}drm-driver:\tamdgpu
drm-client-id:\t83
drm-pdev:\t0000:0b:00.0
drm-total-vram:\t4096 KiB
drm-resident-vram:\t3072 KiB
drm-memory-vram:\t3072 KiB
drm-shared-vram:\t0
drm-total-gtt:\t2 MiB
`;
const I915 = `${COMMON}drm-driver:\ti915
drm-client-id:\t7
drm-pdev:\t0000:00:02.0
drm-total-system0:\t125 MiB
drm-resident-system0:\t100 MiB
drm-engine-render:\t9288864723 ns
drm-engine-video:\t0 ns
drm-engine-capacity-video:\t2
`;
const XE = `${COMMON}drm-driver:\txe
drm-client-id:\t9
drm-pdev:\t0000:03:00.0
drm-total-vram0:\t16 GiB
drm-cycles-rcs:\t28257900
drm-total-cycles-rcs:\t7655183225
drm-cycles-ccs:\t0
drm-total-cycles-ccs:\t7655183225
drm-engine-capacity-ccs:\t4
`;

describe('fdinfo', () => {
  it('reads amdgpu, before memory was told by residence and since', () => {
    const old = parseFdinfo(AMDGPU_OLD);
    expect(old).toMatchObject({ driver: 'amdgpu', busId: '0000:0b:00.0', id: '83' });
    expect([...old!.memory]).toEqual([['vram', 2 ** 20], ['gtt', 2 ** 21], ['cpu', 0]]);
    expect(old!.engines.get('compute')).toEqual({ busy: 5e9, total: undefined, capacity: 1 });
    const recent = parseFdinfo(AMDGPU_NEW)!;
    expect(Object.fromEntries(recent.memory)).toEqual({ vram: 3 * 2 ** 20, gtt: 2 ** 21 });
    expect(recent.engines.size).toBe(0);
  });

  it('reads i915, with engines that work side by side', () => {
    const client = parseFdinfo(I915)!;
    expect(client.engines.get('video')).toEqual({ busy: 0, total: undefined, capacity: 2 });
    expect(client.engines.get('render')?.busy).toBe(9288864723);
    expect(client.memory.get('system0')).toBe(100 * 2 ** 20);
  });

  it('reads xe, which counts cycles of its own clock', () => {
    const client = parseFdinfo(XE)!;
    expect(client.engines.get('rcs')).toEqual({ busy: 28257900, total: 7655183225, capacity: 1 });
    expect(client.engines.get('ccs')).toEqual({ busy: 0, total: 7655183225, capacity: 4 });
    expect(client.memory.get('vram0')).toBe(2 ** 34);
  });

  it('passes over other files, and over what is no number', () => {
    expect(parseFdinfo(COMMON)).toBeUndefined();
    expect(parseFdinfo('drm-driver:\t\n')).toBeUndefined();
    const client = parseFdinfo('drm-driver: xe\ndrm-engine-rcs: -5 ns\ndrm-engine-bcs: 1e9 ns\ndrm-resident-vram: 5 parsecs\ndrm-client-id: ?\n')!;
    expect(client.engines.size).toBe(0);
    expect(client.memory.size).toBe(0);
    expect(client.id).toBeUndefined();
  });
});
