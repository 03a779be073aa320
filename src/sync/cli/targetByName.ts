import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nearest } from '../../base/nearest.ts';
import type { Target } from '../target.ts';
import { readTargetsFile, TARGETS_FILE } from '../targets/readTargets.ts';

/** A target of the nearest `.vscode/trainyard.json`, in the current folder or above it. */
export function findTarget(name: string, cwd: string): Target | { readonly fault: string } {
  const folder = nearestWith(cwd);
  if (folder === undefined) {
    return { fault: `“${name}” is no HOST:PATH, and no target: there is no ${TARGETS_FILE} here or above` };
  }
  const { targets, problems } = readTargetsFile(folder);
  const found = targets.find((target) => target.name === name);
  if (found !== undefined) {
    return found;
  }
  const [problem] = problems;
  const meant = nearest(name, targets.map((target) => target.name));
  return { fault: [`There is no target “${name}” in ${join(folder, TARGETS_FILE)}`, ...(meant === undefined ? [] : [`is “${meant}” meant?`]), ...(problem === undefined ? [] : [problem.message])].join('; ') };
}

/** Targets of the workspace that a folder is in, for what none may lie in. */
export function targetsAround(cwd: string): readonly Target[] {
  const folder = nearestWith(cwd);
  return folder === undefined ? [] : readTargetsFile(folder).targets;
}

function nearestWith(folder: string): string | undefined {
  return existsSync(join(folder, TARGETS_FILE)) ? folder : dirname(folder) === folder ? undefined : nearestWith(dirname(folder));
}
