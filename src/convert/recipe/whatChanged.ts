import type { Toolbox } from '../../process/foundTool.ts';
import type { PlanItem } from '../job.ts';
import type { LockedTool, RecipeLock } from './lock.ts';
import type { StepRecord } from './recipePreset.ts';

/** The recipe and the tools as they are now. */
export interface Present {
  readonly steps: readonly StepRecord[];
  readonly tools: Readonly<Record<string, LockedTool>>;
}

export function presentTools(toolbox: Toolbox, engines: Iterable<string>): Readonly<Record<string, LockedTool>> {
  const wanted = new Set(engines);
  return Object.fromEntries([...toolbox].filter(([id]) => wanted.has(id)).map(([id, { version, buildId }]) => [id, { version, build: buildId }]));
}

/** The plan's reason in the recipe's own words: `option sampleRate changed: 8000 → 16000`, `sox 14.4.1 → 14.4.2`. */
export function explained(item: PlanItem, lock: RecipeLock | undefined, now: Present): PlanItem {
  if (lock === undefined || item.action !== 'replace') {
    return item;
  }
  const why = item.reason === 'preset changed' ? stepsChanged(lock.steps, now.steps) : item.reason === 'tool changed' ? toolsChanged(lock.tools, now.tools) : undefined;
  return why === undefined ? item : { ...item, reason: why };
}

function stepsChanged(before: readonly StepRecord[], now: readonly StepRecord[]): string {
  if (before.length !== now.length) {
    return `the recipe has ${now.length} ${now.length === 1 ? 'step' : 'steps'}, and had ${before.length}`;
  }
  for (const [index, step] of now.entries()) {
    const change = stepChanged(before[index]!, step);
    if (change !== undefined) {
      return now.length > 1 ? `step ${index + 1}: ${change}` : change;
    }
  }
  return 'what outputs are held to changed';
}

function stepChanged(before: StepRecord, now: StepRecord): string | undefined {
  if ('tool' in before || 'tool' in now) {
    if (!('tool' in before && 'tool' in now && before.tool === now.tool)) {
      return `${nameOf(before)} → ${nameOf(now)}`;
    }
    if (before.extension !== now.extension) {
      return `extension changed: ${before.extension} → ${now.extension}`;
    }
    return JSON.stringify(before.args) === JSON.stringify(now.args) ? undefined : `arguments of ${now.tool} changed: ${difference(before.args, now.args)}`;
  }
  if (before.preset !== now.preset) {
    return `${before.preset} → ${now.preset}`;
  }
  const names = Object.keys({ ...before.options, ...now.options });
  const changed = names.filter((name) => JSON.stringify(before.options[name]) !== JSON.stringify(now.options[name]));
  if (changed.length > 0) {
    return changed.map((name) => `option ${name} changed: ${String(before.options[name])} → ${String(now.options[name])}`).join('; ');
  }
  return before.revision === now.revision ? undefined : `${now.preset} is done in another way since`;
}

function nameOf(step: StepRecord): string {
  return 'tool' in step ? step.tool : step.preset;
}

/** The arguments from the first to the last that differs. */
function difference(before: readonly string[], now: readonly string[]): string {
  let start = 0;
  while (start < before.length && start < now.length && before[start] === now[start]) {
    start++;
  }
  let end = 0;
  while (end < before.length - start && end < now.length - start && before.at(-1 - end) === now.at(-1 - end)) {
    end++;
  }
  const words = (args: readonly string[]): string => args.slice(start, args.length - end).join(' ') || 'none';
  return `${words(before)} → ${words(now)}`;
}

function toolsChanged(before: Readonly<Record<string, LockedTool>>, now: Readonly<Record<string, LockedTool>>): string {
  const changes = Object.entries(now).flatMap(([id, { version, build }]) => {
    const was = before[id];
    if (was === undefined) {
      return [`${id} ${version} is new here`];
    }
    return was.version !== version ? [`${id} ${was.version} → ${version}`] : was.build !== build ? [`${id} ${version} was built anew`] : [];
  });
  const gone = Object.keys(before).filter((id) => now[id] === undefined).map((id) => `${id} is gone`);
  return [...changes, ...gone].join('; ') || 'tool changed';
}
