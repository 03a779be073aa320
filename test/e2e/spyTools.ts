import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

export interface SpyTools {
  /** To be put first on PATH. */
  readonly folder: string;
  /** Names of the tools that were run, in that order. */
  runs(): Promise<string[]>;
}

/** Writes down its own name. */
const SPY = `
#include <stdio.h>
#include <string.h>
int main(int argc, char **argv) {
  const char *slash = strrchr(argv[0], '/');
  FILE *log = fopen(LOG, "a");
  fprintf(log, "%s\\n", slash ? slash + 1 : argv[0]);
  return fclose(log) || 1;
}
`;

/**
 * Makes stand-ins for tools, which write down that they were run and do nothing else. They are programs, because Trainyard prefers
 * any program to a script.
 *
 * @param folder absolute path of a folder to be
 */
export async function makeSpyTools(folder: string, names: readonly string[]): Promise<SpyTools> {
  await mkdir(folder, { recursive: true });
  const log = join(folder, 'runs');
  await writeFile(log, '');
  await execa('cc', ['-x', 'c', `-DLOG=${JSON.stringify(log)}`, '-o', join(folder, 'spy'), '-'], { input: SPY });
  for (const name of names) {
    await copyFile(join(folder, 'spy'), join(folder, name));
  }
  return { folder, runs: async () => (await readFile(log, 'utf8')).split('\n').filter(Boolean) };
}
