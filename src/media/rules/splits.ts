import type { Finding, Rules } from './rule.ts';
import { quoted } from './rule.ts';

export const SPLIT_RULES = {
  'split/same-path': { severity: 'warning', title: 'Same file in two splits', help: 'The manifests of two splits name one file: scores on the other split look better than they are.' },
  'split/same-content': { severity: 'warning', title: 'Same item in two splits', help: 'Two files with the same bytes are in different splits: scores look better than they are.' },
  'split/near-duplicate': { severity: 'warning', title: 'Nearly the same picture in two splits', help: 'The pictures differ by size, compression or little else. Look at the pair and keep one.' },
  'split/same-speaker': { severity: 'warning', title: 'Speaker in two splits', help: 'Models learn voices too: scores on known speakers look better than on new ones.' },
  'duplicate/content': { severity: 'warning', title: 'Same item twice in one split', help: 'Files with the same bytes: the sample counts twice.' },
  'duplicate/near': { severity: 'warning', title: 'Near duplicates in one split', help: 'Pictures that differ by little: the scene counts several times.' },
  'class/rare': { severity: 'warning', title: 'Class is rare', help: 'Models learn to leave it out. Collect more, or weigh it.' },
  'class/similar-names': { severity: 'warning', title: 'Class names that differ by a letter', help: 'A misspelt label becomes a class of its own.' },
} as const satisfies Rules;

type Code = keyof typeof SPLIT_RULES;

export interface Alike {
  readonly a: { readonly path: string; readonly split: string | undefined };
  readonly b: { readonly path: string; readonly split: string | undefined };
  /** Of the hashes of two pictures, in bits; undefined for the same bytes. */
  readonly distance?: number;
}

/** A pair as a problem of its second file. */
export function checkAlike({ a, b, distance }: Alike): Finding<Code> {
  const across = a.split !== undefined && b.split !== undefined && a.split !== b.split;
  const where = across ? ` (${a.split}, this one ${b.split})` : '';
  return distance === undefined
    ? { code: across ? 'split/same-content' : 'duplicate/content', related: a.path, message: `The same bytes as ${a.path}${where}.` }
    : { code: across ? 'split/near-duplicate' : 'duplicate/near', related: a.path, message: `Nearly the same picture as ${a.path}${where}, at a distance of ${distance} of 64.` };
}

const RARE = 15;
const ENOUGH = 30;

/** How many samples have each label. */
export function checkClasses(counts: ReadonlyMap<string, number>): Finding<Code>[] {
  const classes = [...counts].sort((a, b) => b[1] - a[1]);
  const [largest] = classes;
  if (largest === undefined) {
    return [];
  }
  const rare = largest[1] < ENOUGH ? [] : classes.filter(([, count]) => count * RARE < largest[1]);
  const similar = classes.length > 2000 ? [] : classes.flatMap(([name, count]) => classes.filter(([other, more]) => more >= count * 10 && isMisspelt(name, other)).slice(0, 1).map(([other, more]) => ({ name, count, other, more })));
  return [
    ...rare.map(([name, count]): Finding<Code> => ({ code: 'class/rare', key: name, message: `${quoted(name)} has ${count} ${count === 1 ? 'sample' : 'samples'}, the largest class ${quoted(largest[0])} has ${largest[1]}.` })),
    ...similar.map(({ name, count, other, more }): Finding<Code> => ({ code: 'class/similar-names', key: name, message: `${quoted(name)} with ${count} and ${quoted(other)} with ${more} differ by a letter.` })),
  ];
}

/** Whether names differ in case, in space around them, or by one letter left out, added or changed. Numbers are never misspelt. */
function isMisspelt(name: string, other: string): boolean {
  const [a, b] = [name.trim().toLowerCase(), other.trim().toLowerCase()];
  if (a === b) {
    return name !== other;
  }
  if (Math.min(a.length, b.length) < 5 || Math.abs(a.length - b.length) > 1 || /\d/.test(a + b)) {
    return false;
  }
  let start = 0;
  while (start < a.length && a[start] === b[start]) {
    start++;
  }
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) {
    end++;
  }
  return Math.max(a.length, b.length) - start - end === 1;
}
