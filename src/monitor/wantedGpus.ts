/** GPUs that are waited for. */
export interface WantedGpus {
  readonly count: number;
  /** Bytes that each must have free. */
  readonly memory: number;
}

const UNITS: Readonly<Record<string, number>> = { m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** `2x40G`: two with 40 GiB each. `4`: four, whatever they have. */
export function parseWantedGpus(text: string): WantedGpus | undefined {
  const [, count, amount, unit] = /^(\d{1,4})(?:x(\d{1,6}(?:\.\d{1,3})?)([MGT])(?:i?B)?)?$/i.exec(text) ?? [];
  if (count === undefined || Number(count) === 0) {
    return undefined;
  }
  return { count: Number(count), memory: Number(amount ?? 0) * (UNITS[unit?.toLowerCase() ?? ''] ?? 0) };
}
