import { describe, expect, it } from 'vitest';
import { absent } from '../../../../src/base/absent.ts';
import { GpuSources } from '../../../../src/monitor/collect/gpuSources.ts';
import type { GpuSink, GpuVendor } from '../../../../src/monitor/gpu/vendor.ts';
import type { GpuReading } from '../../../../src/monitor/gpuSample.ts';
import { GPU, reading } from '../inventedSample.ts';
import { HandClock } from './handClock.ts';

const NOT_THERE = absent('not there');

function sources({ present = true, tool = false, found = true, before }: { present?: boolean; tool?: boolean; found?: boolean; before?: readonly GpuReading[] } = {}) {
  const clock = new HandClock(1_000_000);
  const state = { present, found, events: [] as string[], asked: 0, tell: (() => {}) as GpuSink };
  const vendor: GpuVendor = {
    id: 'nvidia',
    title: 'NVIDIA',
    ...(tool && { tool: 'nvidia-smi' }),
    isPresent: () => state.present,
    start(_, sink, interval) {
      state.events.push(`start ${interval}`);
      state.tell = sink;
      return { setInterval: (value) => void state.events.push(`every ${value}`), dispose: () => void state.events.push('end') };
    },
  };
  const gpuSources = new GpuSources({
    vendors: [vendor],
    machine: { files: { text: () => NOT_THERE, list: () => NOT_THERE, link: () => NOT_THERE }, streams: { open: () => ({ dispose() {} }), ask: () => Promise.reject(new Error('none')) } },
    async isFound() {
      state.asked++;
      return state.found;
    },
    ...(before && { before }),
    clock,
  });
  return { clock, state, gpuSources };
}

/** Lets what was asked be answered. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the sources of GPUs', () => {
  it('start what is here when somebody wants it, and nothing else', () => {
    const here = sources();
    const elsewhere = sources({ present: false });
    expect([here.gpuSources.readings(), here.state.events]).toEqual([[], []]);
    here.gpuSources.setInterval(1000);
    elsewhere.gpuSources.setInterval(1000);
    expect([here.state.events, elsewhere.state.events]).toEqual([['start 1000'], []]);
    expect([here.gpuSources.readings().map(({ state }) => state.kind), elsewhere.gpuSources.readings()]).toEqual([['starting'], []]);
  });

  it('end within a minute after the last who wanted them', () => {
    const { clock, state, gpuSources } = sources();
    gpuSources.setInterval(1000);
    gpuSources.setInterval(undefined);
    expect(state.events).toEqual(['start 1000']);
    clock.advance(60_000);
    expect(state.events).toEqual(['start 1000', 'end']);
  });

  it('slow down a while after the last who looked closely, and hurry at once', () => {
    const { clock, state, gpuSources } = sources();
    gpuSources.setInterval(1000);
    gpuSources.setInterval(5000);
    clock.advance(5000);
    expect(state.events).toEqual(['start 1000']);
    clock.advance(60_000);
    gpuSources.setInterval(1000);
    expect(state.events).toEqual(['start 1000', 'every 5000', 'every 1000']);
  });

  it('go on where somebody looks again soon', () => {
    const { clock, state, gpuSources } = sources();
    gpuSources.setInterval(1000);
    gpuSources.setInterval(undefined);
    clock.advance(10_000);
    gpuSources.setInterval(1000);
    clock.advance(600_000);
    expect(state.events.filter((event) => event !== 'every 1000')).toEqual(['start 1000']);
  });

  it('take a tool without a device for nothing until it answers', async () => {
    const { state, gpuSources } = sources({ present: false, tool: true });
    gpuSources.setInterval(1000);
    await settled();
    expect([state.events, gpuSources.readings()]).toEqual([['start 1000'], []]);
    state.tell(reading([], { state: { kind: 'failed', problem: { reason: 'noDevices', text: 'No devices were found.' } } }));
    expect(gpuSources.readings()).toEqual([]);
    state.tell(reading([GPU]));
    expect(gpuSources.readings()).toHaveLength(1);
    state.tell(reading([], { state: { kind: 'silent', since: 1 } }));
    expect(gpuSources.readings()).toHaveLength(1);
  });

  it('look again for a device and for a tool, and not at each sample', async () => {
    const { clock, state, gpuSources } = sources({ present: false, tool: true, found: false });
    gpuSources.setInterval(1000);
    for (let second = 0; second < 240; second++) {
      clock.advance(1000);
      gpuSources.readings();
      await settled();
    }
    expect([state.asked, state.events]).toEqual([1, []]);
    state.present = true;
    clock.advance(60_000);
    gpuSources.readings();
    expect(state.events).toEqual(['start 1000']);
  });

  it('show what was known before until there is something to say, and not for long', () => {
    const before = [reading([GPU], { time: 7 })];
    const { clock, state, gpuSources } = sources({ before });
    gpuSources.setInterval(1000);
    state.tell(reading([], { state: { kind: 'starting' } }));
    expect(gpuSources.readings()).toEqual(before);
    clock.advance(20_000);
    expect(gpuSources.readings()[0]?.state.kind).toBe('starting');
    state.tell(reading([GPU], { time: 8 }));
    expect(gpuSources.readings()[0]?.time).toBe(8);
  });

  it('hear nothing from one that was ended', () => {
    const { clock, state, gpuSources } = sources();
    gpuSources.setInterval(1000);
    const late = state.tell;
    gpuSources.setInterval(undefined);
    clock.advance(60_000);
    gpuSources.setInterval(1000);
    late(reading([GPU]));
    expect(gpuSources.readings()[0]?.state.kind).toBe('starting');
  });
});
