import type { Measured } from '../../../base/absent.ts';
import { parseBusId } from '../devices.ts';
import { JsonPieces, membersOf } from '../jsonPieces.ts';
import { BYTES, DEGREES, MEBIBYTES, MEGAHERTZ, NOT_TOLD, PERCENT, plainText, quantityIn, textIn, WATTS, type Quantity } from '../quantity.ts';

/** Metrics of `xpu-smi dump` by their numbers, in the order asked for, and how the column of each begins. */
const METRICS = [
  { number: 0, field: 'utilization', title: 'GPU Utilization (%)', unit: PERCENT },
  { number: 1, field: 'power', title: 'GPU Power (W)', unit: WATTS },
  { number: 2, field: 'clock', title: 'GPU Frequency (MHz)', unit: MEGAHERTZ },
  { number: 3, field: 'temperature', title: 'GPU Core Temperature', unit: DEGREES },
  { number: 4, field: 'memoryTemperature', title: 'GPU Memory Temperature', unit: DEGREES },
  { number: 18, field: 'memoryUsed', title: 'GPU Memory Used (MiB)', unit: MEBIBYTES },
] as const satisfies readonly { number: number; field: string; title: string; unit: Quantity }[];

type Field = (typeof METRICS)[number]['field'];

export type XpuRow = { readonly device: number } & Readonly<Record<Field, Measured<number>>>;

export function dumpArgs(seconds: number): readonly string[] {
  return ['dump', '-d', '-1', '-m', METRICS.map(({ number }) => number).join(','), '-i', String(seconds)];
}

const HEADER = ['Timestamp', 'DeviceId', ...METRICS.map(({ title }) => title)];

/** Reads `xpu-smi dump` line by line: a header, then for each device in turn `06:14:46.000,    0, 0.00, 14.61, N/A`. */
export class DumpReader {
  private columns: readonly string[] = HEADER;

  /** Undefined for what is no row. */
  read(line: string): XpuRow | undefined {
    const cells = plainText(line).split(',').map((cell) => cell.trim());
    if (cells.includes('DeviceId')) {
      this.columns = cells;
      return undefined;
    }
    const device = cells[this.columns.indexOf('DeviceId')] ?? '';
    if (cells.length !== this.columns.length || !/^\d{1,3}$/.test(device) || !/^\d/.test(cells[0] ?? '')) {
      return undefined;
    }
    const values = METRICS.map(({ field, title, unit }): readonly [Field, Measured<number>] => {
      const at = this.columns.findIndex((column) => column.startsWith(title));
      return [field, at === -1 ? NOT_TOLD : quantityIn(cells[at], unit)];
    });
    return { device: Number(device), ...(Object.fromEntries(values) as Record<Field, Measured<number>>) };
  }
}

export interface XpuDevice {
  readonly device: number;
  readonly name: Measured<string>;
  readonly uuid: Measured<string>;
  readonly busId: string | undefined;
  readonly memoryTotal: Measured<number>;
  readonly driverVersion: Measured<string>;
}

/** Reads `xpu-smi discovery -j`, which lists devices, and `xpu-smi discovery -d N -j`, which says more of one. Undefined where none is in it. */
export function parseDiscovery(text: string): readonly XpuDevice[] | undefined {
  const devices = new Map<number, Record<string, unknown>>();
  for (const object of new JsonPieces().push(plainText(text))) {
    const members = membersOf(object);
    for (const entry of Array.isArray(members.device_list) ? members.device_list : [members]) {
      const { device_id: id, ...others } = membersOf(entry);
      const device = Number(id);
      if (id !== undefined && id !== null && Number.isInteger(device) && device >= 0 && device < 1000) {
        devices.set(device, { ...devices.get(device), ...others });
      }
    }
  }
  const said = (value: unknown): string | number | undefined => (typeof value === 'string' || typeof value === 'number' ? value : undefined);
  const list = [...devices].map(([device, members]) => ({
    device,
    name: textIn(said(members.device_name)),
    uuid: textIn(said(members.uuid)),
    busId: parseBusId(String(said(members.pci_bdf_address) ?? '')),
    memoryTotal: quantityIn(said(members.memory_physical_size_byte), BYTES),
    driverVersion: textIn(said(members.driver_version)),
  }));
  return list.length === 0 ? undefined : list.sort((a, b) => a.device - b.device);
}
