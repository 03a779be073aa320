import { absent, isAbsent, known, type Measured } from '../../../base/absent.ts';
import { COUNT, DEGREES, MEBIBYTES } from '../quantity.ts';
import { NO_COLUMN, cellQuantity, cellText } from './cell.ts';
import { readXml } from './xml.ts';

/** What only `-q -x` tells of one GPU. */
export interface GpuReport {
  readonly uuid: string;
  /** As the driver writes it. */
  readonly busId: string;
  readonly slowdownTemperature: Measured<number>;
  readonly recoveryAction: Measured<string>;
  readonly slices: readonly SliceReport[];
  readonly processes: readonly ProcessReport[];
}

/** A MIG device; its UUID and profile are told by `-L` alone. */
export interface SliceReport {
  readonly index: number;
  readonly gpuInstance: number;
  readonly computeInstance: number;
  readonly multiprocessors: Measured<number>;
  readonly memoryUsed: Measured<number>;
  readonly memoryTotal: Measured<number>;
}

export interface ProcessReport {
  readonly pid: number;
  readonly kind: 'compute' | 'graphics' | 'both';
  readonly name: Measured<string>;
  readonly memoryUsed: Measured<number>;
  /** Where it runs in a part of a divided GPU. */
  readonly gpuInstance?: number;
  readonly computeInstance?: number;
}

const KINDS: Readonly<Record<string, ProcessReport['kind']>> = { C: 'compute', G: 'graphics', 'C+G': 'both', 'M+C': 'compute' };

/**
 * Reads one report of `nvidia-smi -q -x`, of document types v10 to v13. GPUs without a UUID are left out; one that the document
 * breaks off in is as well.
 */
export function parseReport(xml: string): readonly GpuReport[] {
  const gpus: GpuReport[] = [];
  let path = '';
  let gpu: Draft | undefined;
  readXml(xml, {
    onOpen(name, id) {
      path = `${path}/${name}`;
      if (path === '/nvidia_smi_log/gpu') {
        gpu = new Draft(id);
      } else if (name === 'mig_device' || name === 'process_info') {
        gpu?.begin();
      }
    },
    onClose(name, text) {
      const inner = path.slice('/nvidia_smi_log/gpu/'.length);
      path = path.slice(0, path.length - name.length - 1);
      if (gpu === undefined) {
        return;
      }
      if (inner === '') {
        gpus.push(...gpu.finished());
        gpu = undefined;
      } else if (inner === 'mig_devices/mig_device') {
        gpu.endSlice();
      } else if (inner === 'processes/process_info') {
        gpu.endProcess();
      } else {
        gpu.set(inner, text);
      }
    },
  });
  return gpus;
}

/** What was read of a GPU so far: texts by the path of their element. */
class Draft {
  private readonly values = new Map<string, string>();
  private readonly slices: SliceReport[] = [];
  private readonly processes: ProcessReport[] = [];
  private item = new Map<string, string>();
  private readonly id: string;

  constructor(id: string) {
    this.id = id;
  }

  begin(): void {
    this.item = new Map();
  }

  set(path: string, text: string): void {
    const [, inItem] = /^(?:mig_devices\/mig_device|processes\/process_info)\/(.*)$/.exec(path) ?? [];
    if (inItem !== undefined) {
      this.item.set(inItem, text);
    } else {
      this.values.set(path, text);
    }
  }

  endSlice(): void {
    const index = this.number('index');
    const gpuInstance = this.number('gpu_instance_id');
    const computeInstance = this.number('compute_instance_id');
    if (index !== undefined && gpuInstance !== undefined && computeInstance !== undefined) {
      this.slices.push({
        index,
        gpuInstance,
        computeInstance,
        multiprocessors: cellQuantity(this.item.get('device_attributes/shared/multiprocessor_count'), COUNT),
        memoryUsed: cellQuantity(this.item.get('fb_memory_usage/used'), MEBIBYTES),
        memoryTotal: cellQuantity(this.item.get('fb_memory_usage/total'), MEBIBYTES),
      });
    }
  }

  endProcess(): void {
    const pid = this.number('pid');
    const kind = KINDS[this.item.get('type') ?? ''];
    const gpuInstance = this.number('gpu_instance_id');
    const computeInstance = this.number('compute_instance_id');
    if (pid !== undefined && pid > 0 && kind !== undefined) {
      this.processes.push({
        pid,
        kind,
        name: cellText(this.item.get('process_name')),
        memoryUsed: cellQuantity(this.item.get('used_memory'), MEBIBYTES),
        ...(gpuInstance !== undefined && { gpuInstance }),
        ...(computeInstance !== undefined && { computeInstance }),
      });
    }
  }

  finished(): readonly GpuReport[] {
    const uuid = this.values.get('uuid') ?? '';
    if (!uuid.startsWith('GPU-')) {
      return [];
    }
    return [
      {
        uuid,
        busId: this.values.get('pci/pci_bus_id') ?? this.id,
        slowdownTemperature: this.slowdownTemperature(),
        recoveryAction: this.recoveryAction(),
        slices: this.slices,
        processes: this.processes,
      },
    ];
  }

  /** From Hopper on only the distance to it is told, and that of whatever part is nearest: no temperature. */
  private slowdownTemperature(): Measured<number> {
    const temperature = cellQuantity(this.values.get('temperature/gpu_temp_slow_threshold'), DEGREES);
    return isAbsent(temperature) && this.values.has('temperature/gpu_temp_slow_tlimit_threshold')
      ? absent('this GPU tells only how far it is from it')
      : temperature;
  }

  private recoveryAction(): Measured<string> {
    const action = this.values.get('gpu_recovery_action');
    if (action !== undefined) {
      return cellText(action);
    }
    const required = cellText(this.values.get('gpu_reset_status/reset_required'));
    const drain = known(cellText(this.values.get('gpu_reset_status/drain_and_reset_recommended')));
    if (isAbsent(required)) {
      return required === NO_COLUMN ? NO_COLUMN : required;
    }
    return required === 'Yes' ? 'Reset' : drain === 'Yes' ? 'Drain and Reset' : 'None';
  }

  private number(name: string): number | undefined {
    const text = this.item.get(name);
    return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  }
}
