import { parseArgs } from 'node:util';
import { isSshHost } from '../../process/ssh/hosts.ts';
import { parseWantedGpus } from '../wantedGpus.ts';
import type { WantedGpus } from '../wantedGpus.ts';

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
