import { parseArgs } from 'node:util';
import { isSshHost } from '../../process/ssh/hosts.ts';

/** GPUs that are waited for. */
export interface WantedGpus {
  readonly count: number;
  /** Bytes that each must have free. */
  readonly memory: number;
}

export interface StatusArguments {
  readonly watch: boolean;
  readonly json: boolean;
  readonly waitFree?: WantedGpus;
  /** Another machine than this one, by a name that ssh knows. */
  readonly host?: string;
}

const OPTIONS = {
  watch: { type: 'boolean', short: 'w' },
  json: { type: 'boolean' },
  'wait-free': { type: 'string' },
  host: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const UNITS: Readonly<Record<string, number>> = { m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** `help` where it is asked for; text says what is wrong with the arguments. */
export function parseStatusArguments(args: readonly string[]): StatusArguments | 'help' | { readonly fault: string } {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false, strict: true });
  } catch (error) {
    return { fault: (error as Error).message };
  }
  const { values } = parsed;
  if (values.help) {
    return 'help';
  }
  const { watch = false, json = false, host } = values;
  if (host !== undefined && !isSshHost(host)) {
    return { fault: `--host is a name or an address that ssh takes, and not “${host}”` };
  }
  const shown = { watch, json, ...(host !== undefined && { host }) };
  const wanted = values['wait-free'];
  if (wanted === undefined) {
    return shown;
  }
  const waitFree = parseWantedGpus(wanted);
  if (waitFree === undefined) {
    return { fault: `--wait-free is a number of GPUs and the memory that each has free, like 2x40G, and not “${wanted}”` };
  }
  return watch ? { fault: '--wait-free waits by itself, without --watch' } : { ...shown, waitFree };
}

/** `2x40G`: two with 40 GiB each. `4`: four, whatever they have. */
export function parseWantedGpus(text: string): WantedGpus | undefined {
  const [, count, amount, unit] = /^(\d{1,4})(?:x(\d{1,6}(?:\.\d{1,3})?)([MGT])(?:i?B)?)?$/i.exec(text) ?? [];
  if (count === undefined || Number(count) === 0) {
    return undefined;
  }
  return { count: Number(count), memory: Number(amount ?? 0) * (UNITS[unit?.toLowerCase() ?? ''] ?? 0) };
}
