import { ruleMatches, type FilterRule } from '../../../base/rsyncFilter.ts';

/** Whether `first` surely matches all that `later` can match, whatever the tree. */
export function subsumes(first: FilterRule, later: FilterRule): boolean {
  if (first.folderOnly && !later.folderOnly) {
    return false;
  }
  if (first.negated || later.negated) {
    return first.negated === later.negated && first.folderOnly === later.folderOnly && isSame(first, later);
  }
  return isSame(first, later) || /^\*+$/.test(first.pattern) && (!first.anchored || first.crossing) || (later.wild ? namesWithin(first, later) : matchesLiteral(first, later));
}

function isSame(a: FilterRule, b: FilterRule): boolean {
  return a.pattern === b.pattern && a.anchored === b.anchored;
}

/** Of a later rule that names one path, or the ends of paths. */
function matchesLiteral(first: FilterRule, later: FilterRule): boolean {
  const isDecided = later.anchored || (!first.anchored && !first.crossing && later.slashes >= first.slashes);
  return isDecided && ruleMatches(first, later.pattern, true) && (later.folderOnly || ruleMatches(first, later.pattern, false));
}

/** Of a later rule whose last name is a part of what an earlier one says of names: `*.log` and `runs/x*.log`. */
function namesWithin(first: FilterRule, later: FilterRule): boolean {
  const name = later.pattern.slice(later.pattern.lastIndexOf('/') + 1);
  if (first.anchored || first.slashes > 0 || first.crossing || name.includes('**')) {
    return false;
  }
  const end = /^\*([^*?[\\]+)$/.exec(first.pattern)?.[1];
  // Without a wildcard a backslash stands for itself.
  const isSameName = name === first.pattern && (first.wild || !name.includes('\\'));
  return isSameName || (end !== undefined && name.endsWith(end) && !/[[\\]/.test(name));
}
