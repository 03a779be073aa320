import { absent, isAbsent, type Measured } from '../../base/absent.ts';
import type { KernelFiles } from '../kernelFiles.ts';
import type { BoxSession } from './boxSession.ts';

const NOT_YET = absent('not told yet');
const NOT_THERE = absent('not there');
const NOT_PERMITTED = absent('not permitted');
const NOT_ASKED = absent('not asked for: a blank in its name');

/** The only files of processes that are read of all, at each tick. */
const ALL_STATS = '/proc/[0-9]*/stat';
const STAT = /^\/proc\/(\d+)\/stat$/;
/** What a process's owner fills as he likes: read apart, so that it cannot be taken for another file's text. */
const OF_USERS = /^\/proc\/\d+\/(?:cmdline|environ)$/;
/** What hardly changes: read when it is asked for, and again when that was long ago. */
const STEADY = /^\/(?:etc|usr)\/|^\/proc\/(?:cpuinfo|\d+\/(?:status|cmdline|environ|cgroup))$|^\/proc\/sys\/|^\/sys\/class\/dmi\//;
/** Milliseconds after which such a text is read again, and one that was not there is looked for. */
const AGAIN = 30_000;
/** What nobody asked for in so many milliseconds is no longer read at each tick. */
const UNWANTED = 60_000;
/** Paths in one question. */
const MANY = 500;

interface Entry<T> {
  value: Measured<T>;
  /** When it was asked for last, and when read, in milliseconds. */
  asked: number;
  read: number;
}

/**
 * The files of a box, as of the last tick. Which ones a tick reads is found out by what is asked for here: what is asked for the
 * first time is `not told yet`, and is there at the next tick.
 */
export class BoxFiles implements KernelFiles {
  private readonly texts = new Map<string, Entry<string>>();
  private readonly lists = new Map<string, Entry<readonly string[]>>();
  private readonly links = new Map<string, Entry<string>>();
  private readonly newTexts = new Set<string>();
  private readonly newLists = new Set<string>();
  private readonly newLinks = new Set<string>();
  private stats: ReadonlyMap<string, string> = new Map();
  private pids: readonly string[] = [];
  private standing: readonly string[] = [];
  private readsProcesses = false;

  constructor(
    private readonly session: BoxSession,
    private readonly now: () => number,
  ) {}

  /** Something was asked for that has not been read. */
  get wants(): boolean {
    return this.newTexts.size + this.newLists.size + this.newLinks.size > 0;
  }

  text(path: string): Measured<string> {
    if (STAT.test(path)) {
      return this.stats.get(path) ?? NOT_THERE;
    }
    return this.get(this.texts, this.newTexts, path, (entry) => isAbsent(entry.value) || STEADY.test(path));
  }

  list(path: string): Measured<readonly string[]> {
    return path === '/proc' ? this.pids : this.get(this.lists, this.newLists, path, (entry) => isAbsent(entry.value));
  }

  link(path: string): Measured<string> {
    return this.get(this.links, this.newLinks, path, () => true);
  }

  /** Reads everything that is wanted. Rejects with `LinkEnded`. */
  async tick(withProcesses: boolean): Promise<void> {
    const now = this.now();
    this.forget(now);
    const standing = this.wantedTexts(now);
    if (standing.join(' ') !== this.standing.join(' ')) {
      this.standing = standing;
      this.session.setFiles('s', standing);
    }
    if (withProcesses !== this.readsProcesses) {
      this.readsProcesses = withProcesses;
      this.session.setFiles('g', withProcesses ? [ALL_STATS] : []);
    }
    const once = this.take(this.newTexts).filter((path) => STEADY.test(path));
    const known = [...this.lists].filter(([, { value, asked }]) => !isAbsent(value) && now - asked < UNWANTED).map(([path]) => path);
    const listed = [...new Set([...this.take(this.newLists), ...known])];
    await Promise.all([
      this.session.ask('t').then((answer) => this.readStanding(answer.toString('utf8'), standing, withProcesses, now)),
      ...chunks(once.filter((path) => !OF_USERS.test(path))).map((paths) => this.readOnce('f', paths, now)),
      ...chunks(once.filter((path) => OF_USERS.test(path))).map((paths) => this.readOnce('c', paths, now)),
      ...chunks(listed).map((paths) => this.readLists(paths, now)),
      ...chunks(this.take(this.newLinks)).map((paths) => this.readLinks(paths, now)),
    ]);
  }

  private get<T>(entries: Map<string, Entry<T>>, fresh: Set<string>, path: string, mayBeOld: (entry: Entry<T>) => boolean): Measured<T> {
    const now = this.now();
    let entry = entries.get(path);
    if (entry === undefined) {
      if (!/^\/[^\s*?[\]]+$/.test(path)) {
        return NOT_ASKED;
      }
      entries.set(path, (entry = { value: NOT_YET, asked: now, read: now }));
      fresh.add(path);
    } else if (mayBeOld(entry) && now - entry.read >= AGAIN) {
      fresh.add(path);
    }
    entry.asked = now;
    return entry.value;
  }

  /** What each tick reads: what is there and was asked for of late, and what is new. */
  private wantedTexts(now: number): readonly string[] {
    return [...this.texts].flatMap(([path, { value, asked }]) =>
      !STEADY.test(path) && (this.newTexts.has(path) || (!isAbsent(value) && now - asked < UNWANTED)) ? [path] : [],
    );
  }

  private async readStanding(answer: string, paths: readonly string[], withProcesses: boolean, now: number): Promise<void> {
    const wanted = new Set(paths);
    const texts = splitFiles(answer, (path) => wanted.has(path) || (withProcesses && STAT.test(path)));
    const stats = new Map<string, string>();
    const pids: string[] = [];
    for (const [path, text] of texts) {
      const pid = STAT.exec(path)?.[1];
      if (pid !== undefined) {
        stats.set(path, text);
        pids.push(pid);
      }
    }
    this.stats = stats;
    this.pids = pids;
    await this.settle(paths, texts, now);
  }

  private async readOnce(question: 'f' | 'c', paths: readonly string[], now: number): Promise<void> {
    const wanted = new Set(paths);
    const answer = await this.session.ask(question, paths);
    await this.settle(
      paths,
      splitFiles(answer.toString('utf8'), (path) => wanted.has(path)),
      now,
    );
  }

  /** Fills in what came; asks why the rest did not, where it was there before or is new. */
  private async settle(paths: readonly string[], texts: ReadonlyMap<string, string>, now: number): Promise<void> {
    const missing: string[] = [];
    for (const path of paths) {
      const entry = this.texts.get(path);
      if (entry !== undefined) {
        const text = texts.get(path);
        if (text === undefined) {
          missing.push(path);
        }
        entry.value = text ?? NOT_THERE;
        entry.read = now;
      }
    }
    if (missing.length > 0) {
      const answer = (await this.session.ask('w', missing)).toString('utf8');
      for (const [, path = ''] of answer.matchAll(/^! (.*)$/gm)) {
        const entry = this.texts.get(path);
        if (entry !== undefined) {
          entry.value = NOT_PERMITTED;
        }
      }
    }
  }

  private async readLists(paths: readonly string[], now: number): Promise<void> {
    const answer = (await this.session.ask('l', paths)).toString('utf8');
    const wanted = new Set(paths);
    const found = new Map<string, Measured<string[]>>();
    let names: string[] = [];
    for (const line of answer.split('\n')) {
      const [, kind, path = ''] = /^(==|=!)> (.*)$/.exec(line) ?? [];
      if (kind !== undefined && wanted.has(path)) {
        names = [];
        found.set(path, kind === '==' ? names : NOT_PERMITTED);
      } else if (line !== '') {
        names.push(line);
      }
    }
    for (const path of paths) {
      const entry = this.lists.get(path);
      if (entry !== undefined) {
        const value = found.get(path) ?? NOT_THERE;
        // A pattern that matches nothing stays as it is.
        entry.value = !isAbsent(value) && value.length === 1 && value[0] === '*' ? NOT_THERE : value;
        entry.read = now;
      }
    }
  }

  private async readLinks(paths: readonly string[], now: number): Promise<void> {
    const lines = (await this.session.ask('k', paths)).toString('utf8').split('\n');
    for (const path of paths) {
      const entry = this.links.get(path);
      if (entry !== undefined) {
        const arrow = ` ${path} -> `;
        const line = lines.find((text) => text.startsWith('l') && text.includes(arrow));
        entry.value = line === undefined ? NOT_THERE : line.slice(line.indexOf(arrow) + arrow.length);
        entry.read = now;
      }
    }
  }

  private take(paths: Set<string>): readonly string[] {
    const taken = [...paths];
    paths.clear();
    return taken;
  }

  /** What nobody asks for any more, as of processes that have ended. */
  private forget(now: number): void {
    for (const entries of [this.texts, this.lists, this.links]) {
      for (const [path, { asked }] of entries) {
        if (now - asked > 4 * UNWANTED) {
          entries.delete(path);
        }
      }
    }
  }
}

/** The texts of files as `head` writes several: each below a line with its name, an empty line before all but the first. */
export function splitFiles(answer: string, isWanted: (path: string) => boolean): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const heading = /(?:^|\n)==> ([^\n]*) <==\n/g;
  let path: string | undefined;
  let start = 0;
  for (let match = heading.exec(answer); match !== null; match = heading.exec(answer)) {
    const [whole, next = ''] = match;
    if (next !== '/dev/null' && !isWanted(next)) {
      continue;
    }
    if (path !== undefined) {
      texts.set(path, answer.slice(start, match.index));
    }
    path = next === '/dev/null' ? undefined : next;
    start = match.index + whole.length;
  }
  if (path !== undefined) {
    texts.set(path, answer.slice(start));
  }
  return texts;
}

function chunks(paths: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(paths.length / MANY) }, (_, index) => paths.slice(index * MANY, (index + 1) * MANY));
}
