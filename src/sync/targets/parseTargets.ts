import { basename } from 'node:path';
import { nearest } from '../../base/nearest.ts';
import { FilterFault, parseFilterRules } from '../../base/rsyncFilter.ts';
import { isSshHost } from '../../process/ssh/hosts.ts';
import type { Target } from '../target.ts';
import { FIELDS } from './fields.ts';
import type { Field, FieldName } from './fields.ts';
import { localRoot } from './roots.ts';

/** What is wrong with a written target. */
export interface TargetProblem {
  /** `targets[0].direction`. */
  readonly key: string;
  readonly message: string;
}

export interface ParsedTargets {
  readonly targets: readonly Target[];
  readonly problems: readonly TargetProblem[];
}

type Values = { -readonly [K in FieldName]?: unknown };

/**
 * Reads targets as they are written. One with a problem is left out, the others are there. `folder`: what local folders start
 * from. `path`: of the list, for what is said about it. `taken`: names that are not to be used again.
 */
export function parseTargets(list: unknown, { from, folder, path, taken = [] }: { readonly from: Target['from']; readonly folder: string; readonly path: string; readonly taken?: readonly string[] }): ParsedTargets {
  if (!Array.isArray(list)) {
    return { targets: [], problems: [{ key: path, message: 'is a list of targets' }] };
  }
  const targets: Target[] = [];
  const problems: TargetProblem[] = [];
  list.forEach((written: unknown, index) => {
    const key = `${path}[${index}]`;
    const found: TargetProblem[] = [];
    const target = parseTarget(written, from, folder, (name, message) => found.push({ key: name === '' ? key : `${key}.${name}`, message }));
    if (target !== undefined && found.length === 0 && [...taken, ...targets.map(({ name }) => name)].includes(target.name)) {
      found.push({ key: `${key}.name`, message: `“${target.name}” is the name of another target: give each its own` });
    }
    problems.push(...found);
    if (target !== undefined && found.length === 0) {
      targets.push(target);
    }
  });
  return { targets, problems };
}

type Tell = (key: string, message: string) => void;

function parseTarget(written: unknown, from: Target['from'], folder: string, tell: Tell): Target | undefined {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    tell('', 'is an object with a box and a remote folder');
    return undefined;
  }
  const values = checkedValues(written as Readonly<Record<string, unknown>>, from, tell);
  const boxes = (typeof values.box === 'string' ? [values.box] : (values.box as readonly string[] | undefined)) ?? [];
  const direction = (values.direction as Target['direction'] | undefined) ?? 'push';
  const local = localRoot((values.local as string | undefined) ?? '.', folder);
  const name = (values.name as string | undefined) ?? boxes[0]?.replaceAll(':', '-') ?? basename(local);
  const remote = (values.remote as string | undefined) ?? '';
  boxes.filter((box) => !isSshHost(box)).forEach((box) => tell('box', `“${box}” is no host that ssh takes: an alias of ~/.ssh/config, or user@host`));
  if (new Set(boxes).size < boxes.length) {
    tell('box', 'names a box twice');
  }
  if (direction === 'pull' && boxes.length > 1) {
    tell('box', 'is one box, where a target pulls');
  }
  if (values.remote !== undefined && (!/^(?:\/|~$|~\/)/.test(remote) || /[\0\n]/.test(remote) || remote.split('/').includes('..'))) {
    tell('remote', 'is a folder from / or from ~/, without “..”');
  }
  if (values.name !== undefined && (/[:/\n\0]/.test(name) || name.startsWith('-'))) {
    tell('name', 'has no “:”, no “/” and no “-” at its start: those make a folder of a box, or an option, on the command line');
  }
  return {
    name,
    boxes,
    local,
    remote,
    direction,
    send: {
      list: (values.send as 'git' | 'all' | undefined) ?? (direction === 'push' ? 'git' : 'all'),
      rules: (values.rules as readonly string[] | undefined) ?? [],
      ...(values.largest !== undefined && { largest: parseBytes(values.largest) ?? 0 }),
    },
    deletions: (values.deletions as Target['deletions'] | undefined) ?? 'never',
    runsUnasked: values.runUnasked === true,
    checkpoints: (values.checkpoints as readonly string[] | undefined) ?? [],
    ...(values.bandwidth !== undefined && { bandwidth: values.bandwidth as number }),
    ...(values.rsyncPath !== undefined && { rsyncPath: values.rsyncPath as string }),
    from,
  };
}

/** The values that are what their fields hold; all else is told. */
function checkedValues(written: Readonly<Record<string, unknown>>, from: Target['from'], tell: Tell): Values {
  const values: Values = {};
  const known = Object.keys(FIELDS) as FieldName[];
  for (const [key, value] of Object.entries(written)) {
    const field: Field | undefined = Object.hasOwn(FIELDS, key) ? FIELDS[key as FieldName] : undefined;
    const fault = field === undefined ? undefined : faultOf(field, value);
    if (field === undefined) {
      const meant = nearest(key, known);
      tell(key, `is no key of a target${meant === undefined ? '' : `: is “${meant}” meant?`}`);
    } else if (field.userOnly && from === 'workspace') {
      tell(key, 'names a program, and is honoured from your user settings alone');
    } else if (fault !== undefined) {
      tell(key, fault);
    } else {
      values[key as FieldName] = value;
    }
  }
  known.filter((key) => 'required' in FIELDS[key] && written[key] === undefined).forEach((key) => tell(key, 'is missing'));
  try {
    parseFilterRules((values.rules as readonly string[] | undefined) ?? []);
  } catch (error) {
    if (!(error instanceof FilterFault)) {
      throw error;
    }
    tell(`rules[${error.index}]`, error.message);
  }
  return values;
}

function faultOf({ kind, choices }: Field, value: unknown): string | undefined {
  const isText = (one: unknown): boolean => typeof one === 'string' && one !== '';
  const isTexts = (one: unknown): boolean => Array.isArray(one) && one.every(isText);
  switch (kind) {
    case 'text':
      return isText(value) ? undefined : 'is text';
    case 'texts':
      return isTexts(value) ? undefined : 'is a list of texts';
    case 'textOrTexts':
      return isText(value) || (isTexts(value) && (value as readonly unknown[]).length > 0) ? undefined : 'is text, or a list of texts';
    case 'choice':
      return choices?.includes(value as string) ? undefined : `is ${choices?.map((choice) => `“${choice}”`).join(' or ')}`;
    case 'flag':
      return typeof value === 'boolean' ? undefined : 'is true or false';
    case 'number':
      return typeof value === 'number' && value > 0 && Number.isFinite(value) ? undefined : 'is a number above 0';
    case 'bytes':
      return parseBytes(value) === undefined ? 'is a number of bytes, or text such as “500 MB”' : undefined;
  }
}

const UNITS: Readonly<Record<string, number>> = { k: 1, m: 2, g: 3, t: 4 };

/** `500 MB` by powers of 1000, `2GiB` by powers of 1024; undefined for what is none. */
export function parseBytes(value: unknown): number | undefined {
  if (typeof value === 'number') {
    return value > 0 && Number.isFinite(value) ? value : undefined;
  }
  const [, number, unit = '', binary] = /^(\d+(?:\.\d+)?) ?(?:([kKMGT])(i?)B?|B)?$/.exec(typeof value === 'string' ? value : '') ?? [];
  const bytes = Number(number) * (binary === 'i' ? 1024 : 1000) ** (UNITS[unit.toLowerCase()] ?? 0);
  return bytes > 0 ? bytes : undefined;
}
