import type { Measured } from '../../base/absent.ts';
import { isSshHost } from '../../process/ssh/hosts.ts';
import type { BoxReport } from '../boxes/boxState.ts';
import type { SampleDetail, SampleWish } from '../collectorClient.ts';
import type { ProcessSample } from '../hostSample.ts';

/**
 * What collector and faces say to each other: one JSON document a line, each with its `kind`. Who does not know a kind or a
 * property passes it over, so that windows with different versions of the extension understand each other; what the others would
 * take amiss gets a higher number here, and then the newer one leads and the older is told to be reloaded.
 */
export const PROTOCOL = 2;

/** Letters of a host's name, with a user's. */
const LONGEST_NAME = 255;
/** Milliseconds. A face that wishes for more gets this. */
export const SHORTEST_INTERVAL = 250;
export const LONGEST_INTERVAL = 3_600_000;

/** A box by its name for ssh; null: the machine that the collector runs on. */
export type MachineName = string | null;

/** As what a box's samples are kept: no machine has such a name, so that a box and this machine of one name stay apart. */
export function hostOfBox(alias: string): string {
  return `ssh:${alias}`;
}

export interface Hello {
  readonly kind: 'hello';
  readonly protocol: number;
}

/** `boxes`: the names of those that it reads now and that answer. */
export type Question = { readonly what: 'inventory' | 'boxes' } | { readonly what: 'history'; readonly query: unknown };

export type FromFace =
  | Hello
  | { readonly kind: 'wish'; readonly box: MachineName; readonly wish: SampleWish | null }
  /** Try a box again at once: a person has signed in, or asks for it. */
  | { readonly kind: 'retry'; readonly box: string }
  | { readonly kind: 'question'; readonly id: number; readonly question: Question }
  /** By a newer one: the collector is to end, and leave leading to it. */
  | { readonly kind: 'retire' };

export type FromCollector = Hello | SampleFrame | Answer | { readonly kind: 'box'; readonly box: string; readonly report: BoxReport };

export type Answer =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly error: string };

/** What has changed from one sample to another. */
export interface SampleFrame {
  readonly kind: 'sample';
  readonly box: MachineName;
  readonly detail: SampleDetail;
  /** The number of this sample. */
  readonly tick: number;
  /** The sample that this one differs from by what is told here; 0: from none, all is told. */
  readonly since: number;
  readonly time: number;
  readonly host: string;
  /** `system.cpu` and so on, `gpus.nvidia` and so on, `vendors` of the sample, `scope`, `runs` or null. */
  readonly parts: Readonly<Record<string, unknown>>;
  /** Those that are new or not as they were; absent where none may be seen. */
  readonly processes: Measured<readonly ProcessSample[]>;
  readonly gonePids: readonly number[];
}

/** A message from a face; undefined where it is none that we know. */
export function parseFromFace(line: string): FromFace | undefined {
  const value = parseObject(line);
  switch (value?.['kind']) {
    case 'hello':
      return isCount(value['protocol']) ? { kind: 'hello', protocol: value['protocol'] } : undefined;
    case 'wish':
      return parseWish(value['box'], value['wish']);
    case 'retry':
      return isBox(value['box']) ? { kind: 'retry', box: value['box'] } : undefined;
    case 'question':
      return parseQuestion(value['id'], value['question']);
    case 'retire':
      return { kind: 'retire' };
    default:
      return undefined;
  }
}

function parseWish(box: unknown, wish: unknown): FromFace | undefined {
  if (box !== null && !isBox(box)) {
    return undefined;
  }
  if (wish === null) {
    return { kind: 'wish', box, wish: null };
  }
  const { interval, detail } = isObject(wish) ? wish : {};
  return typeof interval === 'number' && Number.isFinite(interval) && (detail === 'gpus' || detail === 'full')
    ? { kind: 'wish', box, wish: { interval: Math.round(Math.min(LONGEST_INTERVAL, Math.max(SHORTEST_INTERVAL, interval))), detail } }
    : undefined;
}

function parseQuestion(id: unknown, question: unknown): FromFace | undefined {
  if (!isCount(id) || !isObject(question)) {
    return undefined;
  }
  switch (question['what']) {
    case 'inventory':
    case 'boxes':
      return { kind: 'question', id, question: { what: question['what'] } };
    case 'history':
      return { kind: 'question', id, question: { what: 'history', query: question['query'] } };
    default:
      return undefined;
  }
}

/** A message from a collector, of which no more is certain than its kind; undefined where it is none that we know. */
export function parseFromCollector(line: string): FromCollector | undefined {
  const value = parseObject(line);
  switch (value?.['kind']) {
    case 'hello':
      return isCount(value['protocol']) ? { kind: 'hello', protocol: value['protocol'] } : undefined;
    case 'sample':
      return isFrame(value) ? value : undefined;
    case 'answer':
      return isCount(value['id']) ? (value as unknown as Answer) : undefined;
    case 'box':
      return isReport(value) ? value : undefined;
    default:
      return undefined;
  }
}

/** Its values are taken as they come: who answers on a socket in our own folder is one of us. */
function isFrame(value: Readonly<Record<string, unknown>>): value is Readonly<Record<string, unknown>> & SampleFrame {
  const { box, detail, tick, since, time, host, parts, processes, gonePids } = value;
  return (
    (box === null || typeof box === 'string') &&
    (detail === 'gpus' || detail === 'full') &&
    isCount(tick) &&
    isCount(since) &&
    typeof time === 'number' &&
    typeof host === 'string' &&
    isObject(parts) &&
    typeof processes === 'object' &&
    processes !== null &&
    Array.isArray(gonePids)
  );
}

function isReport(value: Readonly<Record<string, unknown>>): value is Readonly<Record<string, unknown>> & { kind: 'box'; box: string; report: BoxReport } {
  const { box, report } = value;
  return typeof box === 'string' && isObject(report) && isObject(report['state']);
}

function isBox(box: unknown): box is string {
  return typeof box === 'string' && box.length <= LONGEST_NAME && isSshHost(box);
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
