/** `00000000:1B:00.0`, as the driver writes it, or `0000:1B:00.0`: as sysfs does. Undefined where it is neither. */
export function parseBusId(text: string): string | undefined {
  const [, domain, rest] = /^([0-9A-Fa-f]{4,8}):([0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-7])$/.exec(text) ?? [];
  return domain === undefined || rest === undefined ? undefined : `${parseInt(domain, 16).toString(16).padStart(4, '0')}:${rest.toLowerCase()}`;
}
