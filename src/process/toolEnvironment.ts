import { isAbsolute } from 'node:path';
import type { ToolId } from './toolPlan.ts';

/** Where scripts in front of a tool find the system's own programs. The user's PATH may lead into a workspace. */
const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin';

/**
 * The cleared environment of a tool. Of the user's own only LD_LIBRARY_PATH arrives: the module systems of clusters give a
 * tool its libraries that way.
 */
export function toolEnvironment(
  tool: ToolId,
  folder: string,
  own: NodeJS.ProcessEnv,
  added: Readonly<Record<string, string>> = {},
): Record<string, string> {
  // An empty or relative entry would mean the current folder.
  const libraries = own.LD_LIBRARY_PATH?.split(':')
    .filter((entry) => isAbsolute(entry))
    .join(':');
  return {
    PATH: SYSTEM_PATH,
    LC_ALL: 'C.UTF-8',
    TMPDIR: folder,
    HOME: folder,
    ...(libraries && { LD_LIBRARY_PATH: libraries }),
    // VS Code's own binary is a Node with this.
    ...(tool === 'sharp' && { ELECTRON_RUN_AS_NODE: '1' }),
    ...added,
  };
}
