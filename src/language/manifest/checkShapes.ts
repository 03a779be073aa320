import type { Finding } from '../../media/rules/rule.ts';
import { quoted } from '../../media/rules/rule.ts';
import { isNear } from '../../media/rules/row.ts';
import type { RuleCode } from '../../media/rules/index.ts';
import type { RowState } from './checkRow.ts';
import type { CrossFinding } from './crossChecks.ts';

/** Rows that there must be before some of them can be odd. */
const ENOUGH = 5;
/** Of the rows, that have a key or a type which is then the usual one. */
const USUAL = 0.8;
/** Of the rows, below which a key is odd. */
const ODD = 0.05;

interface Shape {
  readonly section: string;
  readonly keys: ReadonlyMap<string, string>;
  count: number;
}

/** Keys and types that differ from those of most rows. */
export function checkShapes(states: readonly (RowState | undefined)[]): CrossFinding[] {
  const shapes = new Map<string, Shape>();
  for (const state of states) {
    const text = state?.shape;
    if (text !== undefined) {
      const shape = shapes.get(text) ?? shapeOf(text);
      shape.count++;
      shapes.set(text, shape);
    }
  }
  const verdicts = judge(shapes);
  const findings: CrossFinding[] = [];
  for (const [row, state] of states.entries()) {
    for (const finding of (state?.shape === undefined ? undefined : verdicts.get(state.shape)) ?? []) {
      // What the format's own rules say of the key is enough.
      if (!state?.findings.some((known) => known.finding.key === finding.key && known.finding.code.startsWith('row/'))) {
        findings.push({ row, finding });
      }
    }
  }
  return findings;
}

function shapeOf(text: string): Shape {
  const [section = '', ...cells] = text.split('\u0000');
  return { section, keys: new Map(cells.map((cell) => cell.split('\u0001') as [string, string])), count: 0 };
}

/** What is odd about rows of each shape, by how many rows have which. */
export function judgeShapes(counts: ReadonlyMap<string, number>): ReadonlyMap<string, readonly Finding<RuleCode>[]> {
  return judge(new Map([...counts].map(([text, count]) => [text, { ...shapeOf(text), count }])));
}

function judge(shapes: ReadonlyMap<string, Shape>): ReadonlyMap<string, readonly Finding<RuleCode>[]> {
  const verdicts = new Map<string, Finding<RuleCode>[]>();
  if (shapes.size < 2) {
    return verdicts;
  }
  for (const section of new Set([...shapes.values()].map((shape) => shape.section))) {
    const own = [...shapes].filter(([, shape]) => shape.section === section);
    const total = own.reduce((sum, [, { count }]) => sum + count, 0);
    if (total < ENOUGH) {
      continue;
    }
    const counts = countKeys(own.map(([, shape]) => shape));
    for (const [text, shape] of own) {
      verdicts.set(text, [...oddKeys(shape, counts, total), ...oddTypes(shape, counts)]);
    }
  }
  return verdicts;
}

interface KeyCount {
  rows: number;
  readonly types: Map<string, number>;
}

function countKeys(shapes: readonly Shape[]): ReadonlyMap<string, KeyCount> {
  const counts = new Map<string, KeyCount>();
  for (const { keys, count } of shapes) {
    for (const [key, type] of keys) {
      const found = counts.get(key) ?? { rows: 0, types: new Map<string, number>() };
      found.rows += count;
      if (type !== '') {
        found.types.set(type, (found.types.get(type) ?? 0) + count);
      }
      counts.set(key, found);
    }
  }
  return counts;
}

function oddKeys({ keys }: Shape, counts: ReadonlyMap<string, KeyCount>, total: number): Finding<RuleCode>[] {
  const missing = [...counts].filter(([key, { rows }]) => rows >= total * USUAL && !keys.has(key)).map(([key]) => key);
  const odd = [...keys.keys()].filter((key) => (counts.get(key)?.rows ?? 0) <= Math.max(1, total * ODD) && total >= ENOUGH * 2);
  const findings: Finding<RuleCode>[] = [];
  for (const key of missing) {
    const near = odd.find((other) => isNear(other, key) || other.toLowerCase() === key.toLowerCase());
    findings.push(
      near === undefined
        ? { code: 'row/key-unusual', key, message: `The row has no ${key}, which most rows have.` }
        : { code: 'row/key-misspelt', key: near, part: 'key', message: `${quoted(near)} looks like ${key}, which most rows have.`, mends: [{ do: 'rename', to: key }] },
    );
  }
  const explained = new Set(findings.map(({ key }) => key));
  return [...findings, ...odd.filter((key) => !explained.has(key)).map((key): Finding<RuleCode> => ({ code: 'row/key-unusual', key, part: 'key', message: `${quoted(key)} is in few rows only.`, mends: [{ do: 'removeKey' }] }))];
}

function oddTypes({ keys }: Shape, counts: ReadonlyMap<string, KeyCount>): Finding<RuleCode>[] {
  return [...keys].flatMap(([key, type]): Finding<RuleCode>[] => {
    const types = [...(counts.get(key)?.types ?? [])].sort((a, b) => b[1] - a[1]);
    const [usual] = types;
    const sum = types.reduce((total, [, count]) => total + count, 0);
    return type === '' || usual === undefined || usual[0] === type || usual[1] < sum * USUAL || sum < ENOUGH ? [] : [{ code: 'row/type', key, message: `${key} is of type ${type}, in most rows of type ${usual[0]}.` }];
  });
}
