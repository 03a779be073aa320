import { checkKaldiLine } from '../../media/rules/speech.ts';
import { checkSampleRates } from '../../media/rules/media.ts';
import type { RuleCode } from '../../media/rules/index.ts';
import type { Finding } from '../../media/rules/rule.ts';
import { quoted } from '../../media/rules/rule.ts';
import type { RowState } from './checkRow.ts';
import { checkShapes } from './checkShapes.ts';
import { checkCocoJoints } from './cocoJoints.ts';
import type { RowList } from './forms/form.ts';
import type { ManifestKind } from './kinds/kind.ts';
import type { Siblings } from './siblings.ts';

/** A finding of a row, counted from 0, that only other rows tell. */
export interface CrossFinding {
  readonly row: number;
  readonly finding: Finding<RuleCode>;
}

export interface CrossInput {
  readonly kind: ManifestKind;
  readonly rows: RowList;
  readonly states: readonly (RowState | undefined)[];
  /** Files of other splits, and of the same folder of Kaldi's. */
  readonly siblings: Siblings | undefined;
  /** Folders of the workspace and of the manifest. */
  readonly within: readonly string[];
  readonly lineOf: (row: number) => string;
}

/** What is told by a look over all rows: twins, odd ones out, what belongs together and is not there. Linear in the rows. */
export function checkAcross(input: CrossInput): CrossFinding[] {
  const { kind, states } = input;
  return [
    ...checkTwins(input),
    ...(kind.id === 'kaldi' ? checkOrder(input) : []),
    ...(kind.id === 'coco' ? checkCocoJoints(input) : []),
    ...checkShapes(states),
    ...checkRates(states),
    ...checkSplits(input),
    ...checkAbsolute(input),
  ];
}

function checkTwins({ kind, states, rows }: CrossInput): CrossFinding[] {
  const findings: CrossFinding[] = [];
  const identities = new Map<string, number>();
  const ids = new Map<string, number>();
  const firstOf = firstRows(rows);
  for (const [row, state] of states.entries()) {
    if (state === undefined) {
      continue;
    }
    const { identity, id } = state.subject;
    const before = identity === undefined ? undefined : identities.get(identity);
    if (before !== undefined) {
      const key = state.paths[0]?.at;
      findings.push({ row, finding: { code: 'row/duplicate', ...(key && { key: String(key[0]), at: key }), message: `The row names the same as row ${before + 1}.`, mends: [{ do: 'removeRow' }] } });
    } else if (identity !== undefined) {
      identities.set(identity, row);
    }
    const same = id === undefined ? undefined : ids.get(id);
    if (id === undefined) {
      continue;
    }
    if (same === undefined) {
      ids.set(id, row);
    } else if (kind.id === 'coco') {
      const number = rows.sections?.[row] ?? 0;
      const section = rows.sectionNames?.[number] ?? '';
      const first = firstOf.get(number) ?? 0;
      findings.push({ row, finding: { code: 'coco/duplicate-id', key: 'id', message: `The id ${id.slice(section.length + 1)} stands in ${section} ${same - first + 1} already.`, mends: [{ do: 'removeRow' }] } });
    } else if (kind.id !== 'kaldi') {
      findings.push({ row, finding: { code: 'row/duplicate-id', key: 'id', message: `The id ${quoted(id)} stands in row ${same + 1} already.` } });
    } else if (same !== row - 1) {
      findings.push({ row, finding: { code: 'kaldi/duplicate-id', span: [0, id.length], message: `${quoted(id)} stands in line ${same + 1} already.`, mends: [{ do: 'removeRow' }] } });
    }
  }
  return findings;
}

/** The row that each section begins with. */
function firstRows({ sections = [] }: RowList): ReadonlyMap<number, number> {
  const first = new Map<number, number>();
  for (const [row, section] of sections.entries()) {
    if (!first.has(section)) {
      first.set(section, row);
    }
  }
  return first;
}

/** Lines in the C locale's order; tells of each that stands behind a greater one. */
function checkOrder({ states, lineOf, siblings }: CrossInput): CrossFinding[] {
  const findings: CrossFinding[] = [];
  let before: string | undefined;
  for (const [row, state] of states.entries()) {
    const id = state?.subject.id;
    if (id === undefined) {
      continue;
    }
    // Texts are compared first: code units have the order of UTF-8 but for surrogates.
    if (before !== undefined && before >= id) {
      const line = lineOf(row);
      findings.push(...checkKaldiLine({ id, rest: ' ', line: line.replaceAll('\t', ' ') }, before).map((finding) => ({ row, finding })));
    }
    before = id;
    const recording = state?.joint?.recording;
    if (typeof recording === 'string' && siblings?.has('wav.scp') === true && siblings.lineOf('wav.scp', recording) === undefined) {
      findings.push({ row, finding: { code: 'kaldi/id-missing', key: 'recording', message: `The recording ${quoted(recording)} is not in wav.scp.`, mends: [{ do: 'removeRow' }] } });
    }
    const other = siblings?.missingIn(id);
    if (other !== undefined) {
      findings.push({ row, finding: { code: 'kaldi/id-missing', span: [0, id.length], message: `${quoted(id)} is not in ${other.name}.`, related: other.file, mends: [{ do: 'removeRow' }] } });
    }
  }
  return findings;
}

function checkRates(states: readonly (RowState | undefined)[]): CrossFinding[] {
  const rates = new Map<number, { count: number; row: number }>();
  for (const [row, state] of states.entries()) {
    const rate = state?.sampleRate;
    if (rate !== undefined) {
      const found = rates.get(rate);
      if (found) {
        found.count++;
      } else {
        rates.set(rate, { count: 1, row });
      }
    }
  }
  return checkSampleRates([...rates].map(([rate, { count, row }]) => ({ rate, count, example: String(row) }))).map(({ file, ...finding }) => {
    const at = states[Number(file)]?.paths[0]?.at;
    return { row: Number(file), finding: { ...finding, ...(at && { at, key: String(at[0]) }) } };
  });
}

/** What is in more than one split: by a column of this manifest, and by the manifests beside it. */
function checkSplits({ states, siblings }: CrossInput): CrossFinding[] {
  const findings: CrossFinding[] = [];
  const files = new Map<string, string>();
  const speakers = new Map<string, string>();
  const told = new Set<string>();
  for (const [row, state] of states.entries()) {
    if (state === undefined) {
      continue;
    }
    const { subject: { split, speaker }, paths } = state;
    const [first] = paths;
    if (first?.file !== undefined) {
      const other = splitElsewhere(files, first.file, split) ?? siblings?.splitOfFile(first.file);
      if (other !== undefined) {
        findings.push({ row, finding: { code: 'split/same-path', key: String(first.at[0]), at: first.at, message: `${quoted(first.path)} is in the split ${other} as well.`, mends: [{ do: 'removeRow' }] } });
      }
    }
    if (speaker !== undefined && !told.has(speaker)) {
      const other = splitElsewhere(speakers, speaker, split) ?? siblings?.splitOfSpeaker(speaker);
      if (other !== undefined) {
        told.add(speaker);
        findings.push({ row, finding: { code: 'split/same-speaker', key: 'speaker', message: `The speaker ${quoted(speaker)} is in the split ${other} as well.` } });
      }
    }
  }
  return findings;
}

/** The other split of this manifest that has a key; remembers the first one of each. */
function splitElsewhere(seen: Map<string, string>, key: string, split: string | undefined): string | undefined {
  if (split === undefined) {
    return undefined;
  }
  const before = seen.get(key);
  if (before === undefined) {
    seen.set(key, split);
  }
  return before === undefined || before === split ? undefined : before;
}

/** One for the manifest: where one row has such a path, most have. */
function checkAbsolute({ states, within }: CrossInput): CrossFinding[] {
  let count = 0;
  let row = -1;
  for (const [index, state] of states.entries()) {
    const [path] = state?.paths ?? [];
    if (path?.isThere === true && path.path.startsWith('/') && !within.some((folder) => path.file?.startsWith(`${folder}/`) === true)) {
      count++;
      row = row < 0 ? index : row;
    }
  }
  const at = states[row]?.paths[0]?.at;
  return at === undefined ? [] : [{ row, finding: { code: 'row/path-absolute', at, key: String(at[0]), message: `${count} ${count === 1 ? 'row names a file' : 'rows name files'} outside of the workspace by an absolute path.` } }];
}
