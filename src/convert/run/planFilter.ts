import type { PlanItem } from '../job.ts';
import type { PlanFilter } from '../jobStore.ts';
import type { LineFilter } from './lineIndex.ts';

/** Which lines of a plan a filter lets through. Lines are taken apart only where the filter asks for text. */
export function planFilter({ actions, text }: PlanFilter): LineFilter {
  if (actions === undefined && text === undefined) {
    return {};
  }
  // Within a JSON string the quotes would be escaped: these bytes can be nothing but the item's own action.
  const marks = actions?.map((action) => Buffer.from(`"action":"${action}"`));
  const wanted = text?.toLowerCase();
  return {
    counts(line) {
      if (marks && !marks.some((mark) => line.includes(mark))) {
        return false;
      }
      return wanted === undefined || (JSON.parse(line.toString('utf8')) as PlanItem).input.toLowerCase().includes(wanted);
    },
  };
}
