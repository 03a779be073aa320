import { absent, isAbsent, known, type Measured } from '../../base/absent.ts';
import { countCpuList } from '../../process/cpus.ts';
import type { HostInventory } from '../hostSample.ts';
import type { KernelFiles } from '../kernelFiles.ts';
import { NOT_TOLD } from './counters.ts';

const NO_NAME = absent('the maker left no name');
/** What makers leave in the firmware who were to fill it in. */
const FILLERS = /^(?:to be filled by o\.?e\.?m\.?|default string|system product name|not (?:applicable|specified)|none|unknown|x+|0+)?$/i;

/** What a processor is called, and how many there are, where the kernel does not tell. */
export interface ProcessorNames {
  readonly model: string | undefined;
  readonly sockets: number | undefined;
}

export interface InventoryOptions {
  /** Asked where the kernel does not tell; for this machine `askSystemInformation`. */
  readonly askProcessor?: () => Promise<ProcessorNames>;
}

/** Never rejects: what cannot be found out is absent. */
export async function readInventory(files: KernelFiles, { askProcessor }: InventoryOptions = {}): Promise<HostInventory> {
  const cpuinfo = known(files.text('/proc/cpuinfo')) ?? '';
  const model = parseCpuModel(cpuinfo);
  const sockets = countSockets(cpuinfo);
  const asked = model === undefined && askProcessor !== undefined ? await askProcessor().catch(() => undefined) : undefined;
  return {
    hostname: oneLine(files.text('/proc/sys/kernel/hostname')) ?? '',
    os: osName(files),
    kernel: oneLine(files.text('/proc/sys/kernel/osrelease')) ?? NOT_TOLD,
    cpuModel: model ?? cleaned(asked?.model) ?? NOT_TOLD,
    sockets: sockets ?? asked?.sockets ?? NOT_TOLD,
    cores: onlineCores(files) ?? countProcessors(cpuinfo),
    machine: machineName(files),
  };
}

/**
 * Knows the names of Arm's parts, by way of `lscpu`. Loaded when it is needed: it is large. Of its calls this one alone is
 * made, which starts two shells; others ask GPUs, and take seconds.
 */
export async function askSystemInformation(): Promise<ProcessorNames> {
  const { cpu } = await import('systeminformation');
  const { manufacturer, brand, processors } = await cpu();
  return { model: `${manufacturer} ${brand}`.trim() || undefined, sockets: processors > 0 ? processors : undefined };
}

/** `Intel Xeon Platinum 8480C` of `Intel(R) Xeon(R) Platinum 8480C CPU @ 2.00GHz`. */
export function parseCpuModel(cpuinfo: string): string | undefined {
  return cleaned(/^(?:model name|cpu model|cpu)\s*: *([^\n]*[A-Za-z][^\n]*)$/m.exec(cpuinfo)?.[1]);
}

function cleaned(model: string | undefined): string | undefined {
  const name = model
    ?.replace(/\((?:R|TM)\)|[®™]/gi, ' ')
    .replace(/ CPU\b| @ .*$| \d+-Core Processor$/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return name === '' ? undefined : name;
}

function countSockets(cpuinfo: string): number | undefined {
  const ids = new Set([...cpuinfo.matchAll(/^physical id\s*: (\d+)$/gm)].map(([, id]) => id));
  return ids.size === 0 ? undefined : ids.size;
}

function countProcessors(cpuinfo: string): number {
  return [...cpuinfo.matchAll(/^processor\s*: \d+$/gm)].length;
}

function onlineCores(files: KernelFiles): number | undefined {
  const online = oneLine(files.text('/sys/devices/system/cpu/online'));
  return online === undefined ? undefined : countCpuList(online);
}

/** os-release(5). */
function osName(files: KernelFiles): Measured<string> {
  const text = [files.text('/etc/os-release'), files.text('/usr/lib/os-release')].find((candidate) => !isAbsent(candidate));
  const field = (name: string): string | undefined =>
    isAbsent(text) ? undefined : new RegExp(`^${name}=(["']?)(.*)\\1$`, 'm').exec(text ?? '')?.[2];
  const name = field('NAME');
  return name === undefined ? (field('PRETTY_NAME') ?? NOT_TOLD) : [name, field('VERSION_ID')].filter(Boolean).join(' ');
}

function machineName(files: KernelFiles): Measured<string> {
  const paths = ['/sys/class/dmi/id/product_name', '/sys/class/dmi/id/board_name', '/proc/device-tree/model'];
  const names = paths.map((path) => oneLine(files.text(path))).filter((name) => name !== undefined);
  return names.find((name) => !FILLERS.test(name)) ?? (names.length === 0 ? NOT_TOLD : NO_NAME);
}

/** Device trees end their texts with a zero byte. */
function oneLine(text: Measured<string>): string | undefined {
  const line = isAbsent(text) ? '' : text.replace(/[\0\n][^]*$/, '').trim();
  return line === '' ? undefined : line;
}
