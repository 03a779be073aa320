import { createBreather } from '../../../base/breather.ts';
import { toBytePath, type BytePath } from '../../../base/bytePath.ts';
import { ruleMatches, type FilterSide } from '../../../base/rsyncFilter.ts';
import type { RuleLine } from './filterLines.ts';
import type { Survey, SurveyedName } from './survey.ts';

/** Rules times names that are tried against each other. */
const MOST_TRIES = 4_000_000;
const EXAMPLES = 3;
const SIDES: readonly FilterSide[] = ['sender', 'receiver'];

/** What a rule comes to in a folder. */
export interface RuleTally {
  /** Names that its pattern matches, whatever other rules say. */
  matched: number;
  /** Times that it decides about a name, on either side. */
  decided: number;
  /** Those names, and what is in folders of them, about which it decides on the first of its sides. */
  files: number;
  folders: number;
  bytes: number;
  readonly examples: BytePath[];
  /** Names it matches that are not at the top of its own path: deeper than a leading `/` would let it. */
  readonly deeper: BytePath[];
  /** Lines that decide about names which it matches as well. */
  readonly others: Set<number>;
}

export interface Tally {
  readonly ofLine: ReadonlyMap<number, RuleTally>;
  /** Of what the sender sends in the end. */
  readonly taken: { readonly files: number; readonly bytes: number };
  readonly leftOut: { readonly files: number; readonly bytes: number };
  readonly isWhole: boolean;
}

/** Goes through a folder as rsync would: the first rule decides, and with a folder that is left out goes all in it. */
export async function tallyOf(rules: readonly RuleLine[], { folder, names, isWhole }: Survey, signal: AbortSignal): Promise<Tally> {
  const tallies = rules.map((): RuleTally => ({ matched: 0, decided: 0, files: 0, folders: 0, bytes: 0, examples: [], deeper: [], others: new Set() }));
  const leftOutFolders: Readonly<Record<FilterSide, Map<BytePath, number>>> = { sender: new Map(), receiver: new Map() };
  const sums = { taken: { files: 0, bytes: 0 }, leftOut: { files: 0, bytes: 0 } };
  const root = `${toBytePath(folder).slice(1)}/`;
  const most = Math.floor(MOST_TRIES / Math.max(1, rules.length));
  const breathe = createBreather(signal);
  for (const name of names.slice(0, most)) {
    const matching = rules.flatMap(({ rule, ofWholePath }, index) => (ruleMatches(rule, ofWholePath ? root + name.path : name.path, name.isFolder) ? [index] : []));
    matching.forEach((index) => addMatch(tallies[index]!, rules[index]!, name));
    for (const side of SIDES) {
      const above = leftOutFolders[side].get(name.path.slice(0, Math.max(0, name.path.lastIndexOf('/'))));
      const decider = above ?? matching.find((index) => rules[index]!.rule.sides.includes(side));
      const isLeftOut = decider !== undefined && !rules[decider]!.rule.includes;
      if (name.isFolder && isLeftOut) {
        leftOutFolders[side].set(name.path, decider);
      }
      if (decider !== undefined) {
        addDecided(tallies[decider]!, name, rules[decider]!.rule.sides[0] === side);
      }
      for (const index of decider === undefined ? [] : matching) {
        if (index !== decider && rules[index]!.rule.sides[0] === side) {
          tallies[index]!.others.add(rules[decider!]!.line);
        }
      }
      if (side === 'sender' && !name.isFolder) {
        const sum = isLeftOut ? sums.leftOut : sums.taken;
        sum.files++;
        sum.bytes += name.bytes;
      }
    }
    const pause = breathe();
    if (pause !== undefined) {
      await pause;
    }
  }
  return { ofLine: new Map(rules.map(({ line }, index) => [line, tallies[index]!])), ...sums, isWhole: isWhole && names.length <= most };
}

function addMatch(tally: RuleTally, { rule }: RuleLine, { path }: SurveyedName): void {
  tally.matched++;
  const isDeeper = !rule.anchored && rule.slashes > 0 && !rule.crossing && path.split('/').length > rule.slashes + 1;
  if (isDeeper && tally.deeper.length < EXAMPLES) {
    tally.deeper.push(path);
  }
}

function addDecided(tally: RuleTally, { path, isFolder, bytes }: SurveyedName, isFirstSide: boolean): void {
  tally.decided++;
  if (!isFirstSide) {
    return;
  }
  tally[isFolder ? 'folders' : 'files']++;
  tally.bytes += bytes;
  if (!isFolder && tally.examples.length < EXAMPLES) {
    tally.examples.push(path);
  }
}
