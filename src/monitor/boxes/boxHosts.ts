import { isSshHost } from '../../process/ssh/hosts.ts';

/**
 * The boxes that a person may look at, each once: those of the setting first, then the aliases of the ssh configuration.
 *
 * @param setting as it stands in the user's settings; whatever is no host is left out
 */
export function boxHosts(setting: unknown, aliases: readonly string[]): readonly string[] {
  const own = Array.isArray(setting) ? setting.filter((host): host is string => typeof host === 'string') : [];
  return [...new Set([...own.map((host) => host.trim()), ...aliases].filter((host) => isSshHost(host)))];
}
