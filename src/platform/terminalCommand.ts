import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { singleQuoted } from '../base/shellWords.ts';

export interface TerminalCommand {
  /** Absolute path of the Node or Electron binary that runs the extension host. */
  readonly node: string;
  /** Absolute path of the bundled `cli.js`. */
  readonly cli: string;
  /** Absolute path of the folder of jobs, so that what the terminal starts shows in the window. */
  readonly store: string;
}

/** A POSIX shell script that runs the command line with the extension host's own Node: none needs to be installed. */
export function terminalScript({ node, cli, store }: TerminalCommand): string {
  return `#!/bin/sh
# Written by the VS Code extension Trainyard, and again after each update.
cli=${singleQuoted(cli)}
if [ ! -f "$cli" ]; then
  echo 'trainyard: the extension was updated or removed; open Trainyard in VS Code once more' >&2
  exit 127
fi
ELECTRON_RUN_AS_NODE=1 TRAINYARD_STORE=\${TRAINYARD_STORE:-${singleQuoted(store)}} exec ${singleQuoted(node)} "$cli" "$@"
`;
}

/** Writes the script where it is not there or differs; whole or not at all, since a terminal may be reading it. */
export async function writeTerminalScript(file: string, script: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => undefined)) === script) {
    return;
  }
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, script, { mode: 0o755 });
  // The mode of a new file is cut by the umask.
  await chmod(fresh, 0o755);
  await rename(fresh, file);
}
