import { wallClock } from '../../../../src/monitor/collect/clock.ts';
import { Collector } from '../../../../src/monitor/collect/collector.ts';
import { GpuSources } from '../../../../src/monitor/collect/gpuSources.ts';
import { lead } from '../../../../src/monitor/collect/leadingCollector.ts';
import { Leadership } from '../../../../src/monitor/collect/leadership.ts';
import type { StartCollector } from '../../../../src/monitor/collect/client.ts';
import type { ThisMachine } from '../../../../src/monitor/collect/thisMachine.ts';
import type { HostInventory, ProcessSample } from '../../../../src/monitor/hostSample.ts';
import { HOST, NOT_TOLD, PROCESS } from '../inventedSample.ts';

export const INVENTORY: HostInventory = { hostname: 'hgx-01', os: NOT_TOLD, kernel: NOT_TOLD, cpuModel: NOT_TOLD, sockets: NOT_TOLD, cores: 8, machine: NOT_TOLD };

/** A machine of which every value is invented; `name` is told as the host's. */
export function inventedMachine(name = 'hgx-01', processes: readonly ProcessSample[] = [PROCESS]): ThisMachine & { reads: number } {
  const machine = {
    reads: 0,
    collector: new Collector({
      host: name,
      hostReader: {
        read() {
          machine.reads++;
          return HOST;
        },
      },
      processReader: { read: () => processes, scope: { hidden: false, namespaced: false }, dispose() {} },
      gpuSources: new GpuSources({ vendors: [], machine: { files: { text: () => NOT_TOLD, list: () => NOT_TOLD, link: () => NOT_TOLD }, streams: noStreams }, isFound: async () => false, clock: wallClock }),
      clock: wallClock,
    }),
    inventory: async () => INVENTORY,
    dispose: () => machine.collector.dispose(),
  };
  return machine;
}

const noStreams = {
  open: () => ({ dispose() {} }),
  ask: () => Promise.reject(new Error('nothing is started')),
};

/** Leads in this very thread, with an invented machine. */
export function leadHere(folder: string, machine: ThisMachine = inventedMachine()): StartCollector {
  return (turn) => {
    let end: (failure: string | undefined) => void = () => {};
    const ended = new Promise<string | undefined>((resolve) => (end = resolve));
    const leading = lead({ leadership: new Leadership(folder), turn, machine, answer: () => machine.inventory(), onOver: () => stop() });
    leading.catch((error: unknown) => end(String(error)));
    function stop(): void {
      void leading.then((collector) => {
        collector.dispose();
        end(undefined);
      });
    }
    return { ended, dispose: stop };
  };
}
