import { isAbsent, type Measured } from '../../base/absent.ts';
import { NOT_TOLD } from './counters.ts';

/** A line of `/proc/self/mountinfo` (proc_pid_mountinfo(5)). */
export interface Mount {
  readonly mountPoint: string;
  /** The folder of the file system that it shows; `/` for all of it. */
  readonly root: string;
  /** Number of its device: the same for all that show the same file system. */
  readonly device: string;
  readonly type: string;
  readonly source: string;
  /** Of the file system, as `rw,size=…`. */
  readonly options: readonly string[];
}

/** In the order in which they were mounted; lines that are none are left out. */
export function parseMountinfo(text: Measured<string>): Measured<readonly Mount[]> {
  if (isAbsent(text)) {
    return text;
  }
  const mounts = text.split('\n').flatMap((line): readonly Mount[] => {
    const separator = line.indexOf(' - ');
    const [, , device, root, mountPoint] = line.slice(0, Math.max(0, separator)).split(' ');
    const [type, source, options] = line.slice(separator + 3).split(' ');
    if (device === undefined || root === undefined || !mountPoint?.startsWith('/') || type === undefined || source === undefined) {
      return [];
    }
    return [
      { mountPoint: unescaped(mountPoint), root: unescaped(root), device, type, source: unescaped(source), options: options?.split(',') ?? [] },
    ];
  });
  return mounts.length === 0 ? NOT_TOLD : mounts;
}

/** Space, tab, newline and backslash are written as `\ooo`. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}

/** Whose space can be asked for without waiting for another machine or program. What is not listed is not taken to be. */
const LOCAL_TYPES = new Set([
  ...['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'zfs', 'f2fs', 'jfs', 'reiserfs', 'bcachefs', 'nilfs2', 'ufs', 'hfsplus'],
  ...['vfat', 'msdos', 'exfat', 'ntfs', 'ntfs3', 'overlay', 'aufs', 'tmpfs', 'ramfs'],
]);

/** What may lie on the way to `/dev/shm`. */
const KERNEL_TYPES = new Set(['devtmpfs', 'rootfs', 'sysfs', 'proc']);

/** What keeps no data of anybody's: windows into the kernel, images that are always full, mounts that wait to be asked for. */
const WITHOUT_SPACE = new Set([
  ...['autofs', 'binfmt_misc', 'bpf', 'cgroup', 'cgroup2', 'configfs', 'cramfs', 'debugfs', 'devpts', 'devtmpfs', 'efivarfs', 'erofs'],
  ...['fuse.gvfsd-fuse', 'fuse.lxcfs', 'fuse.portal', 'fuse.snapfuse', 'fusectl', 'hugetlbfs', 'iso9660', 'mqueue', 'nfsd', 'nsfs'],
  ...['proc', 'pstore', 'ramfs', 'resctrl', 'rootfs', 'rpc_pipefs', 'securityfs', 'selinuxfs', 'squashfs', 'swap', 'sysfs', 'tracefs', 'udf'],
]);

/** Where the system and its containers mount for themselves. */
const BEHIND_THE_SCENES =
  /^\/(?:dev|proc|sys|run|etc|snap|boot\/efi|var\/snap|var\/lib\/(?:docker|containers|containerd|kubelet|lxcfs|lxd)|usr\/lib\/wsl)(?:\/|$)/;
const SHARED_MEMORY = '/dev/shm';

/** The file systems that a person stores data in, each once, in the order of their mount points. */
export function shownMounts(mounts: readonly Mount[]): readonly Mount[] {
  const byDevice = new Map<string, Mount>();
  for (const mount of visibleMounts(mounts).filter(isShown)) {
    const other = byDevice.get(mount.device);
    if (other === undefined || isBetter(mount, other)) {
      byDevice.set(mount.device, mount);
    }
  }
  return [...byDevice.values()].sort((a, b) => (a.mountPoint < b.mountPoint ? -1 : 1));
}

/** Of those on the same folder the last: the others are hidden by it. */
export function visibleMounts(mounts: readonly Mount[]): readonly Mount[] {
  return [...new Map(mounts.map((mount) => [mount.mountPoint, mount])).values()];
}

function isShown({ mountPoint, type }: Mount): boolean {
  if (mountPoint === SHARED_MEMORY || mountPoint === '/') {
    return !WITHOUT_SPACE.has(type);
  }
  return !WITHOUT_SPACE.has(type) && !BEHIND_THE_SCENES.test(mountPoint) && type !== 'overlay' && (type !== 'tmpfs' || mountPoint === '/tmp');
}

/** The whole of a file system before a part of it, and then the shortest name. */
function isBetter(mount: Mount, other: Mount): boolean {
  const isWhole = mount.root === '/';
  return isWhole === (other.root === '/') ? mount.mountPoint.length < other.mountPoint.length : isWhole;
}

/**
 * Whether asking for a mount's space can wait for nothing but this machine. Its own type is not enough: the way to it must
 * not lead through another machine's folders either.
 */
export function isLocalMount(mount: Mount, mounts: readonly Mount[]): boolean {
  return mounts
    .filter(({ mountPoint }) => mountPoint === mount.mountPoint || isOnTheWay(mountPoint, mount.mountPoint))
    .every(({ type }) => LOCAL_TYPES.has(type) || KERNEL_TYPES.has(type));
}

function isOnTheWay(folder: string, path: string): boolean {
  return path.startsWith(folder === '/' ? folder : `${folder}/`);
}
