import { readdir, readFile } from 'node:fs/promises';
import { env } from 'vscode';

/** What VS Code runs every now and then by itself (its extHostTunnelService.ts). */
const PORT_SEARCH = '/proc/[0-9]*/fd/[0-9]* | grep socket:';

/**
 * Command lines of the processes that the extension host has started and that still run (proc_pid_task_children(5)), without
 * the servers of VS Code's own extensions and its look for ports to be forwarded.
 */
export async function childProcesses(): Promise<string[]> {
  const threads = await readdir('/proc/self/task');
  const lists = await Promise.all(threads.map((thread) => readFile(`/proc/self/task/${thread}/children`, 'utf8').catch(() => '')));
  const pids = lists.join(' ').split(' ').filter(Boolean);
  const commandLines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return commandLines.filter((line) => line !== '' && !line.includes(env.appRoot) && !line.includes(PORT_SEARCH)).map((line) => line.replaceAll('\0', ' ').trim());
}
