import { toBytePath } from '../../base/bytePath.ts';
import { createFilter, parseFilterRules } from '../../base/rsyncFilter.ts';
import type { Filter, FilterSide } from '../../base/rsyncFilter.ts';

/** A target's rules, held to names as bytes. Throws a `FilterFault`. */
export function ruleFilter(rules: readonly string[], side: FilterSide): Filter {
  return createFilter(parseFilterRules(rules.map((rule) => toBytePath(rule))), side);
}
