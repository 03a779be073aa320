import { absent, isAbsent } from '../../../base/absent.ts';
import type { GpuReading, GpuSample, GpuSourceState, GpuUse } from '../../gpuSample.ts';
import { blankGpu } from '../blankGpu.ts';
import { pciDevices } from '../devices.ts';
import { Inquiry, type Answer } from '../inquiry.ts';
import { createTicker } from '../ticker.ts';
import type { GpuVendor } from '../vendor.ts';
import { parseNpuSmi, type NpuChip, type NpuInfo } from './npuSmi.ts';

/** Huawei's. Its disks, network cards and screens of servers have it too. */
const PCI_VENDOR = 0x19e5;
const ACCELERATOR = 0x12;
/** Milliseconds. */
const EVERY = 5000;

export const ascend: GpuVendor = {
  id: 'ascend',
  title: 'Huawei Ascend',
  tool: 'npu-smi',
  isPresent: (files) => pciDevices(files, PCI_VENDOR).some(({ class: number }) => number >> 16 === ACCELERATOR),
  start({ streams, now }, sink, interval) {
    const tool = new Inquiry('npu-smi', EVERY, () => streams.ask('npu-smi', ['info'], { wallSeconds: 30 }), ({ stdout }) => parseNpuSmi(stdout));
    let isOver = false;
    let told = 0;
    const tell = (): void => {
      if (!isOver) {
        sink(readingOf(tool.answer, stateOf(tool, now())));
      }
    };
    const ticker = createTicker(() => {
      tool.turn(now(), () => {
        told += 1;
        tell();
      });
      // Nothing is new between two answers; that there is none is.
      if (told === 0 || stateOf(tool, now()).kind !== 'answering') {
        tell();
      }
    }, interval);
    return {
      setInterval: (milliseconds) => {
        ticker.setInterval(milliseconds);
      },
      dispose() {
        isOver = true;
        ticker.dispose();
      },
    };
  },
};

function stateOf(tool: Inquiry<NpuInfo>, now: number): GpuSourceState {
  const { answer, problem } = tool;
  if (tool.fresh(now) !== undefined) {
    return { kind: 'answering' };
  }
  if (problem !== undefined) {
    return { kind: 'failed', problem };
  }
  return answer === undefined ? { kind: 'starting' } : { kind: 'silent', since: answer.time };
}

function readingOf(answer: Answer<NpuInfo> | undefined, state: GpuSourceState): GpuReading {
  if (answer === undefined || state.kind === 'failed') {
    return { vendor: 'ascend', state, time: answer?.time ?? 0, gpus: [], uses: absent('npu-smi has told nothing') };
  }
  const { version, chips, processes } = answer.value;
  const gpus = chips.map((chip, index) => sampleOf(chip, index, version));
  const uses = processes.flatMap(({ npu, chip, pid, name, memoryUsed }): readonly GpuUse[] => {
    const gpu = gpus[chips.findIndex((other) => other.npu === npu && other.chip === chip)];
    return gpu === undefined ? [] : [{ gpuUuid: gpu.uuid, pid, kind: 'compute', name, memoryUsed, utilization: absent('not told by npu-smi') }];
  });
  return { vendor: 'ascend', state, time: answer.time, gpus, uses };
}

/** `ASCEND_RT_VISIBLE_DEVICES` counts chips in the order of the table, which is what `index` does. */
function sampleOf({ npu: _npu, chip: _chip, name, health, busId, ...values }: NpuChip, index: number, driverVersion: NpuInfo['version']): GpuSample {
  return {
    ...blankGpu({ index, uuid: `ASCEND-${busId ?? String(index)}`, name: `Ascend ${name}`, vendor: 'ascend' }, absent('not told by npu-smi')),
    ...(isAbsent(health) || health === 'OK' ? {} : { stateText: health }),
    busId: busId ?? absent('not told by npu-smi'),
    driverVersion,
    ...values,
  };
}
