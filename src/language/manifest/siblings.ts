import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { splitOfName } from '../../media/names.ts';
import { pathFrom } from '../../media/pathFrom.ts';
import type { Disk } from './disk.ts';
import { FORMS } from './forms/index.ts';
import { KINDS } from './kinds/index.ts';
import { recogniseManifest } from './recogniseManifest.ts';

/** Larger files beside a manifest are not read for its sake. */
const MAX_SIZE = 20_000_000;
const MOST_SIBLINGS = 6;

interface Subjects {
  readonly file: string;
  readonly stamp: string;
  readonly split: string | undefined;
  readonly files: ReadonlySet<string>;
  readonly speakers: ReadonlySet<string>;
  /** From ids to what stands behind them, of Kaldi's files. */
  readonly lines: ReadonlyMap<string, string>;
}

const BY_UTTERANCE = ['text', 'utt2spk', 'utt2dur', 'feats.scp', 'utt2num_frames', 'utt2lang'];
const LEADERS = ['segments', 'wav.scp', 'utt2spk', 'text'];

/** The manifests beside one: of its other splits, and of one folder of Kaldi's. Read once and again when they change. */
export class Siblings {
  private others: readonly Subjects[] = [];
  private readonly known = new Map<string, Subjects>();
  private readonly name: string;
  private readonly folder: string;

  constructor(
    path: string,
    private readonly disk: Disk,
    private readonly isKaldi: boolean,
  ) {
    this.name = basename(path);
    this.folder = dirname(path);
  }

  /** Looks again at what lies beside; true where that is other than before. */
  refresh(): boolean {
    const before = this.others;
    this.others = this.filesBeside().flatMap((file) => this.read(file) ?? []);
    return before.length !== this.others.length || before.some((other, index) => other !== this.others[index]);
  }

  splitOfFile(path: string): string | undefined {
    return this.others.find(({ split, files }) => split !== undefined && files.has(path))?.split;
  }

  splitOfSpeaker(speaker: string): string | undefined {
    return this.others.find(({ split, speakers }) => split !== undefined && speakers.has(speaker))?.split;
  }

  /** The file of Kaldi's folder that should have an id and has not. */
  missingIn(id: string): { readonly name: string; readonly file: string } | undefined {
    const lacking = this.comparable().find(({ lines }) => !lines.has(id));
    return lacking && { name: basename(lacking.file), file: lacking.file };
  }

  /** What stands behind an id in another file of the folder. */
  lineOf(name: string, id: string): string | undefined {
    return this.others.find(({ file }) => basename(file) === name)?.lines.get(id);
  }

  has(name: string): boolean {
    return this.others.some(({ file }) => basename(file) === name);
  }

  private comparable(): readonly Subjects[] {
    if (!this.isKaldi) {
      return [];
    }
    const leader = LEADERS.find((name) => name === this.name || this.has(name));
    const isLeader = leader === this.name;
    return this.others.filter(({ file }) => {
      const other = basename(file);
      return isLeader ? BY_UTTERANCE.includes(other) : BY_UTTERANCE.includes(this.name) && other === leader;
    });
  }

  private filesBeside(): string[] {
    const { folder, name } = this;
    if (this.isKaldi) {
      return [...BY_UTTERANCE, ...LEADERS, 'reco2dur'].filter((other, index, all) => other !== name && all.indexOf(other) === index && this.disk.isFile(join(folder, other))).map((other) => join(folder, other));
    }
    const own = splitOfName(name) ?? splitOfName(basename(folder));
    if (own === undefined) {
      return [];
    }
    const beside = this.disk.filesIn(folder).filter((other) => other !== name && extname(other) === extname(name) && splitOfName(other) !== undefined && splitOfName(other) !== own).map((other) => join(folder, other));
    const inOtherFolders = splitOfName(name) === undefined ? this.disk.otherFolders(folder, []).filter((other) => dirname(other) === dirname(folder) && splitOfName(basename(other)) !== undefined).map((other) => join(other, name)).filter((file) => this.disk.isFile(file)) : [];
    return [...beside, ...inOtherFolders].slice(0, MOST_SIBLINGS);
  }

  private read(file: string): Subjects | undefined {
    try {
      const stat = statSync(file);
      const stamp = `${stat.size}:${stat.mtimeMs}`;
      const known = this.known.get(file);
      if (known?.stamp === stamp) {
        return known;
      }
      if (stat.size > MAX_SIZE) {
        return undefined;
      }
      const found = this.subjectsOf(file, stamp, readFileSync(file, 'utf8'));
      this.known.set(file, found);
      return found;
    } catch {
      return undefined;
    }
  }

  private subjectsOf(file: string, stamp: string, text: string): Subjects {
    const files = new Set<string>();
    const speakers = new Set<string>();
    const lines = new Map<string, string>();
    const split = splitOfName(basename(file)) ?? splitOfName(basename(dirname(file)));
    const recognised = this.isKaldi ? ({ kind: 'kaldi', form: 'kaldi' } as const) : recogniseManifest({ uri: '', path: file, language: '', head: text.slice(0, 65_536) });
    if (recognised) {
      const [kind, form] = [KINDS[recognised.kind], FORMS[recognised.form]];
      const { starts, ends, layout, sections, sectionNames } = form.split(text, file);
      for (const [row, start] of starts.entries()) {
        const line = text.slice(start, ends[row]);
        if (this.isKaldi) {
          const [id = ''] = line.trim().split(/\s/, 1);
          lines.set(id, line.trim().slice(id.length).trim());
          continue;
        }
        const { value } = form.parse(line, layout);
        const section = sectionNames?.[sections?.[row] ?? 0] ?? '';
        const path = value && kind.paths(value, section, layout)[0]?.path;
        const absolute = path === undefined ? undefined : pathFrom(dirname(file), path);
        if (absolute !== undefined) {
          files.add(absolute);
        }
        const speaker = value && kind.subject(value, section, layout).speaker;
        if (speaker !== undefined) {
          speakers.add(speaker);
        }
      }
    }
    return { file, stamp, split, files, speakers, lines };
  }
}
