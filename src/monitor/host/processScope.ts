import { isAbsent, known } from '../../base/absent.ts';
import type { KernelFiles } from '../kernelFiles.ts';
import type { ProcessScope } from '../systemSample.ts';
import { parseMountinfo, visibleMounts } from './mounts.ts';
import { parseProcessStatus } from './processStat.ts';

/** The pid namespace of the machine itself has a fixed number (PROC_PID_INIT_INO of the kernel's include/linux/proc_ns.h). */
const FIRST_NAMESPACE = 'pid:[4026531836]';

/** How much of the machine's processes `/proc` shows us. */
export function processScopeOf(files: KernelFiles): ProcessScope {
  const namespace = known(files.link('/proc/self/ns/pid'));
  return { namespaced: namespace !== undefined && namespace !== FIRST_NAMESPACE, hidden: hidesOthers(files) };
}

/**
 * With `hidepid` others' folders cannot be read, or are not even listed (proc(5)); root and one group may see them all the
 * same. Whether that is us shows in the first process, which is somebody else's.
 */
function hidesOthers(files: KernelFiles): boolean {
  const first = files.text('/proc/1/status');
  if (isAbsent(first)) {
    return !isAbsent(files.text('/proc/self/status'));
  }
  const mounts = known(parseMountinfo(files.text('/proc/self/mountinfo'))) ?? [];
  const proc = visibleMounts(mounts).find(({ mountPoint, type }) => mountPoint === '/proc' && type === 'proc');
  const isHiding = proc?.options.some((option) => /^hidepid=(?!0$|off$)/.test(option)) ?? false;
  const own = ownUid(files);
  return isHiding && own !== 0 && parseProcessStatus(first)?.uid === own;
}

/** Whose rights the one has who reads. */
export function ownUid(files: KernelFiles): number | undefined {
  const status = files.text('/proc/self/status');
  return isAbsent(status) ? undefined : parseProcessStatus(status)?.uid;
}
