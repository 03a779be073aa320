import { dirname } from 'node:path';
import { isNear, checkKeys, checkPath, checkText } from '../../media/rules/row.ts';
import type { RuleCode } from '../../media/rules/index.ts';
import type { Finding, KeyPath, Mend } from '../../media/rules/rule.ts';
import { quoted } from '../../media/rules/rule.ts';
import type { Layout, ManifestForm, ParsedRow, RowValue, Span } from './forms/form.ts';
import type { Disk } from './disk.ts';
import type { HeaderFacts, KeySpec, ManifestKind, NamedPath, RowSubject } from './kinds/kind.ts';

/** A finding of a row and where in the row it is. */
export interface RowFinding {
  readonly finding: Finding<RuleCode>;
  readonly span: Span;
}

export interface RowPath extends NamedPath {
  /** Absolute, where the value leads to; undefined of an address. */
  readonly file: string | undefined;
  readonly isThere: boolean;
}

/** What is known of a row until its text, or the disk, changes. */
export interface RowState {
  readonly findings: readonly RowFinding[];
  /** Its keys and the types of their values, as one text; rows of one form share one. Undefined of what is no row. */
  readonly shape: string | undefined;
  readonly subject: RowSubject;
  readonly paths: readonly RowPath[];
  /** Hertz by the header of its first file. */
  readonly sampleRate: number | undefined;
  /** Seconds by the header of its first file. */
  readonly duration: number | undefined;
  /** Whether the headers of its files were asked for. */
  readonly isComplete: boolean;
  /** Of COCO documents and Kaldi's segments: what joins rows. */
  readonly joint?: RowValue;
}

export interface RowContext {
  readonly kind: ManifestKind;
  readonly form: ManifestForm;
  readonly layout: Layout;
  readonly disk: Disk;
  /** The folder that paths are relative to. */
  readonly folder: string;
  readonly otherFolders: readonly string[];
  /** The file that a row is about without naming it. */
  readonly linked?: (value: RowValue) => RowPath | undefined;
}

const NOTHING: RowSubject = {};

/** Checks one row by all that can be told from the row itself, the folders' names, and the headers that were read until now. */
export function checkRow(context: RowContext, text: string, index: number, section: string): RowState {
  const { kind, form, layout } = context;
  const parsed = form.parse(text, layout);
  const { value } = parsed;
  if (value === undefined) {
    return { findings: parsed.findings.map((finding) => place(parsed, finding)), shape: undefined, subject: NOTHING, paths: [], sampleRate: undefined, duration: undefined, isComplete: true };
  }
  const named = kind.paths(value, section, layout);
  const pathFindings: Finding<RuleCode>[] = [];
  const linked = context.linked?.(value);
  const paths = [...named.map((path) => lookUp(context, path, pathFindings)), ...(linked ? [linked] : [])];
  const there = paths.flatMap(({ file, isThere }) => (isThere && file !== undefined ? [file] : []));
  const header = there[0] === undefined ? undefined : context.disk.known(there[0]);
  const keys = kind.keys(section, layout);
  const findings = [
    ...parsed.findings,
    ...checkKnownKeys(value, keys, kind),
    ...pathFindings,
    ...headerFindings(context, paths),
    ...(kind.texts ?? []).flatMap(({ key, needed }) => checkWords(value[key], key, needed)),
    ...(kind.check?.(value, { layout, index, section, header }) ?? []),
  ];
  return {
    findings: findings.map((finding) => place(parsed, finding)),
    shape: kind.isText === true || layout.names !== undefined ? undefined : shapeOf(value, section),
    subject: kind.subject(value, section, layout),
    paths,
    sampleRate: header?.sampleRate,
    duration: header?.duration,
    isComplete: there.every((file) => context.disk.known(file) !== undefined),
    ...((kind.id === 'coco' || layout.name === 'segments') && { joint: jointOf(value) }),
  };
}

/** The way to what a finding means. */
export function pathOf({ at, key }: Finding): KeyPath {
  return at ?? (key === undefined ? [] : [key]);
}

export function place(parsed: ParsedRow, finding: Finding<RuleCode>): RowFinding {
  const path = pathOf(finding);
  if (finding.span && path.length === 0) {
    return { finding, span: finding.span };
  }
  return { finding, span: finding.span ?? parsed.locate(path, finding.part ?? 'value') };
}

function lookUp({ disk, folder, otherFolders }: RowContext, named: NamedPath, findings: Finding<RuleCode>[]): RowPath {
  const key = String(named.at[0]);
  const trimmed = named.path.trim();
  const odd = trimmed !== named.path ? trimmed : /^file:\/\//i.test(trimmed) || /[^:/]\/\/|^\/\//.test(trimmed) ? tidied(trimmed) : undefined;
  if (odd !== undefined && odd !== named.path) {
    findings.push({ code: 'row/path-form', key, at: named.at, message: `${key} ${quoted(named.path)} is oddly written.`, mends: [{ do: 'set', value: odd }] });
  }
  const facts = disk.at(odd ?? named.path, folder, otherFolders);
  if (facts === undefined) {
    return { ...named, file: undefined, isThere: false };
  }
  findings.push(...checkPath(odd ?? named.path, key, facts).map((finding) => ({ ...finding, at: named.at })));
  return { ...named, file: facts.path, isThere: facts.presence.is === 'file' };
}

function tidied(path: string): string {
  return decodeSafely(path.replace(/^file:\/\//i, '')).replace(/\/{2,}/g, '/');
}

function decodeSafely(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function headerFindings({ disk }: RowContext, paths: readonly RowPath[]): Finding<RuleCode>[] {
  return paths.flatMap(({ at, path, file, isThere }) => {
    const facts: HeaderFacts | undefined = isThere && file !== undefined ? disk.known(file) : undefined;
    return (facts?.findings ?? []).map((finding): Finding<RuleCode> => ({ ...finding, key: String(at[0]), at, message: `${quoted(path)}: ${finding.message}`, ...(file !== undefined && { related: file }), mends: [{ do: 'removeRow' }] }));
  });
}

function checkKnownKeys(value: RowValue, keys: readonly KeySpec[], kind: ManifestKind): Finding<RuleCode>[] {
  const needed = keys.filter((key) => key.needed === true).map(({ name }) => name);
  const missing = checkKeys(value, needed);
  const explained = new Set(missing.flatMap(({ at }) => at ?? []));
  const findings: Finding<RuleCode>[] = [...missing];
  const empty = needed.filter((key) => value[key] === '' && kind.texts?.every((text) => text.key !== key) !== false);
  findings.push(...empty.map((key): Finding<RuleCode> => ({ code: 'row/key-missing', key, message: `${key} is empty.`, mends: [{ do: 'removeRow' }] })));
  for (const key in value) {
    const spec = keys.find(({ name }) => name === key);
    if (spec) {
      findings.push(...checkType(value[key], spec, kind.isText === true));
    } else if (kind.isClosed === true && !explained.has(key)) {
      const meant = keys.find(({ name }) => value[name] === undefined && isMeant(key, name, keys));
      if (meant) {
        findings.push({ code: 'row/key-misspelt', key, part: 'key', message: `${quoted(key)} looks like ${meant.name}.`, mends: [{ do: 'rename', to: meant.name }] });
      }
    }
  }
  return findings;
}

/** Near, and of some length: `id` and `pid` are both right. */
function isMeant(key: string, name: string, keys: readonly KeySpec[]): boolean {
  if (key.toLowerCase() === name.toLowerCase() || key.replace(/[-_ ]/g, '') === name.replace(/[-_ ]/g, '')) {
    return true;
  }
  const shorter = Math.min(key.length, name.length);
  return shorter >= 3 && isNear(key, name, shorter < 5 ? 1 : 2) && !keys.some((other) => other.name === key);
}

function checkType(value: unknown, { name, type, values }: KeySpec, isText: boolean): Finding<RuleCode>[] {
  if (value === null || value === undefined || type === 'any') {
    return [];
  }
  if (values !== undefined && typeof value === 'string' && value !== '' && !values.includes(value)) {
    const near = values.find((word) => word.toLowerCase() === value.trim().toLowerCase() || (word.length >= 4 && isNear(word, value)));
    return near === undefined ? [] : [{ code: 'row/type', key: name, message: `${name} is ${quoted(value)}; ${quoted(near)} may be meant.`, mends: [{ do: 'set', value: near }] }];
  }
  if (isText || (name === 'duration' && type === 'number')) {
    return [];
  }
  const is = Array.isArray(value) ? 'list' : typeof value;
  const wanted = type === 'path' ? 'string' : type;
  return is === wanted ? [] : [{ code: 'row/type', key: name, message: `${name} is ${quoted(value)} and no ${type === 'path' ? 'path' : type === 'string' ? 'text' : type}.`, ...mendType(value, wanted) }];
}

function mendType(value: unknown, wanted: string): { readonly mends?: readonly Mend[] } {
  if (wanted === 'number' && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) {
    return { mends: [{ do: 'set', value: Number(value) }] };
  }
  if (wanted === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    return { mends: [{ do: 'set', value: String(value) }] };
  }
  if (wanted === 'string' && Array.isArray(value) && value.length === 1 && typeof value[0] === 'string') {
    return { mends: [{ do: 'set', value: value[0] }] };
  }
  return wanted === 'list' && typeof value === 'string' ? { mends: [{ do: 'set', value: [value] }] } : {};
}

function checkWords(value: unknown, key: string, needed: boolean): Finding<RuleCode>[] {
  return typeof value === 'string' ? checkText(value, key, needed) : [];
}

/** `section key:type …`; null is of every type. */
function shapeOf(value: RowValue, section: string): string {
  let shape = section;
  for (const key in value) {
    const cell = value[key];
    shape += `\u0000${key}\u0001${cell === null ? '' : Array.isArray(cell) ? 'list' : typeof cell}`;
  }
  return shape;
}

function jointOf({ id, width, height, image_id, category_id, bbox, name, recording }: RowValue): RowValue {
  return { id, width, height, image_id, category_id, bbox, name, recording };
}

/** The folder that a kind's paths are relative to: the manifest's own, or the one of those that people use where the first rows' files are. */
export function findFolder(kind: ManifestKind, path: string, names: readonly string[], disk: Disk, join: (folder: string, name: string) => string): string {
  const own = dirname(path);
  const folders = (kind.folders ?? []).map((name) => join(own, name));
  let best = own;
  let most = 0;
  for (const folder of folders) {
    const hits = names.filter((name) => disk.isFile(join(folder, name))).length;
    if (hits > most) {
      best = folder;
      most = hits;
    }
  }
  return best;
}
