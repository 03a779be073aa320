import { describe, expect, it } from 'vitest';
import { installLine, installNotes, parseOsRelease } from '../../../src/process/distribution.ts';
import { toolCatalogue } from '../../../src/process/toolCatalogue.ts';

const SYSTEMS = {
  debian: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n',
  mint: 'NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\nPRETTY_NAME="Linux Mint 21.3"\n',
  fedora: "NAME='Fedora Linux'\nID=fedora\nPRETTY_NAME='Fedora Linux 41'\n",
  rocky: 'NAME="Rocky Linux"\nID="rocky"\nID_LIKE="rhel centos fedora"\n',
  manjaro: 'ID=manjaro\nID_LIKE=arch\n',
  tumbleweed: 'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n',
  alpine: 'ID=alpine\nPRETTY_NAME="Alpine Linux v3.20"\n',
  unknown: 'ID=nixos\nPRETTY_NAME="NixOS 24.05"\n',
};

describe('the line that installs a tool', () => {
  it.each([
    ['debian', 'sudo apt install imagemagick'],
    ['mint', 'sudo apt install imagemagick'],
    ['fedora', 'sudo dnf install ImageMagick'],
    ['rocky', 'sudo dnf install ImageMagick'],
    ['manjaro', 'sudo pacman -S imagemagick'],
    ['tumbleweed', 'sudo zypper install ImageMagick'],
    ['alpine', 'sudo apk add imagemagick'],
    ['unknown', "install imagemagick with this system's package manager"],
  ] as const)('is that of %s', (system, line) => {
    expect(installLine(toolCatalogue.imagemagick.packages!, parseOsRelease(SYSTEMS[system]), false)).toBe(line);
  });

  it('needs no sudo for root', () => {
    expect(installLine(toolCatalogue.sox.packages!, parseOsRelease(SYSTEMS.debian), true)).toBe('apt install sox libsox-fmt-mp3');
  });

  it('has conda beside it for those who are not root, and says where packages lie outside the distribution', () => {
    expect(installNotes(toolCatalogue.ffmpeg.packages!, parseOsRelease(SYSTEMS.debian), false)).toEqual([
      'without root: conda install -c conda-forge ffmpeg',
    ]);
    expect(installNotes(toolCatalogue.ffmpeg.packages!, parseOsRelease(SYSTEMS.debian), true)).toEqual([]);
    expect(installNotes(toolCatalogue.ffmpeg.packages!, parseOsRelease(SYSTEMS.rocky), true)).toEqual([
      'the package is in EPEL: dnf install epel-release',
    ]);
  });
});

describe('os-release', () => {
  it('is read with and without quotes, and where it is empty', () => {
    expect(parseOsRelease(SYSTEMS.mint)).toEqual({ ids: ['linuxmint', 'ubuntu', 'debian'], name: 'Linux Mint 21.3' });
    expect(parseOsRelease(SYSTEMS.fedora)).toEqual({ ids: ['fedora'], name: 'Fedora Linux 41' });
    expect(parseOsRelease('')).toEqual({ ids: [], name: '' });
  });
});
