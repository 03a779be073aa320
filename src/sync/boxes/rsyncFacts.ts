import type { RsyncFacts } from '../box.ts';

/**
 * Of what `rsync --version` prints; undefined where it is no rsync's. Known holes: rsync's NEWS of 3.4.0 (January 2025), 3.4.3 and
 * 3.5.0 (August 2026).
 */
export function parseRsyncVersion(text: string): RsyncFacts | undefined {
  const kind = /^openrsync\b/.test(text) ? 'openrsync' : 'rsync';
  const [, version, protocol] = /(?:rsync version |rsync  version )v?(\d+\.\d+\.\d+)\S*\s+protocol version (\d+)/.exec(text) ?? /^openrsync:? (?:protocol )?version (\d+)()/.exec(text) ?? [];
  if (version === undefined) {
    return undefined;
  }
  if (kind === 'openrsync') {
    return { kind, version: '2.6.9', protocol: Number(version.split('.')[0]), zstd: false, mkpath: false, notes: ['openrsync has few of rsync’s features: transfers are slower and cannot be resumed'] };
  }
  const [, compress = ''] = /Compress list:\s*\n?\s*([^\n]*)/.exec(text) ?? [];
  return { kind, version, protocol: Number(protocol), zstd: /\bzstd\b/.test(compress), mkpath: isSince(version, 3, 2, 3), notes: holesOf(version) };
}

export function isSince(version: string, ...least: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, part] of least.entries()) {
    if ((parts[index] ?? 0) !== part) {
      return (parts[index] ?? 0) > part;
    }
  }
  return true;
}

function holesOf(version: string): readonly string[] {
  if (!isSince(version, 3, 4, 0)) {
    return [`rsync ${version} has known holes (CVE-2024-12084 to 12088): a box that is not yours can write outside of the folder it sends to. Bring it up to 3.4.3 or newer`];
  }
  return isSince(version, 3, 4, 3) ? [] : [`rsync ${version} has known holes (CVE-2026-43618 and 43620) that a pull reaches: bring it up to 3.4.3 or newer`];
}
