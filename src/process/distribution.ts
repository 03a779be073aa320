import { readFile } from 'node:fs/promises';

/** Families of distributions that share their package names. */
export type Family = 'debian' | 'fedora' | 'rhel' | 'arch' | 'suse' | 'alpine';

/** The package of a tool for each family, several with spaces between them, and conda-forge's. */
export type Packages = Readonly<Record<Family | 'conda', string>>;

export interface Distribution {
  /** `ID` of os-release(5), then those of `ID_LIKE`: what it is, and what it is like, nearest first. */
  readonly ids: readonly string[];
  /** `PRETTY_NAME`. */
  readonly name: string;
}

const FAMILIES: Readonly<Record<string, Family>> = {
  debian: 'debian',
  ubuntu: 'debian',
  fedora: 'fedora',
  rhel: 'rhel',
  centos: 'rhel',
  rocky: 'rhel',
  almalinux: 'rhel',
  ol: 'rhel',
  arch: 'arch',
  suse: 'suse',
  opensuse: 'suse',
  'opensuse-leap': 'suse',
  'opensuse-tumbleweed': 'suse',
  sles: 'suse',
  alpine: 'alpine',
};

const INSTALLERS: Readonly<Record<Family, string>> = {
  debian: 'apt install',
  fedora: 'dnf install',
  rhel: 'dnf install',
  arch: 'pacman -S',
  suse: 'zypper install',
  alpine: 'apk add',
};

/** From the text of `/etc/os-release`, where a value may be bare or in quotes. */
export function parseOsRelease(text: string): Distribution {
  function value(key: string): string {
    const raw = new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
    return raw.replace(/^(["'])(.*)\1$/, '$2').replace(/\\([\\"'$`])/g, '$1');
  }
  return { ids: `${value('ID')} ${value('ID_LIKE')}`.split(' ').filter((id) => id !== ''), name: value('PRETTY_NAME') };
}

export async function readDistribution(): Promise<Distribution> {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) {
      return parseOsRelease(text);
    }
  }
  return { ids: [], name: '' };
}

/** The command that installs a package here, or a sentence where the distribution is not one we know. */
export function installLine(packages: Packages, { ids }: Distribution, isRoot: boolean): string {
  const family = ids.map((id) => FAMILIES[id]).find((known) => known !== undefined);
  if (family === undefined) {
    return `install ${packages.debian} with this system's package manager`;
  }
  return `${isRoot ? '' : 'sudo '}${INSTALLERS[family]} ${packages[family]}`;
}

/** Other ways than the line: what the packages of a family lie in, and conda for those who are not root. */
export function installNotes(packages: Packages, { ids }: Distribution, isRoot: boolean): readonly string[] {
  const family = ids.map((id) => FAMILIES[id]).find((known) => known !== undefined);
  return [
    family === 'rhel' && 'the package is in EPEL: dnf install epel-release',
    !isRoot && `without root: conda install -c conda-forge ${packages.conda}`,
  ].filter((note) => note !== false);
}
