import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FilterFault, parseFilterRules } from '../../../base/rsyncFilter.ts';
import { faultsOf } from './checkFaults.ts';
import { pathFindings, triedFindings } from './checkDisk.ts';
import { orderFindings } from './checkOrder.ts';
import { patternFindings } from './checkPatterns.ts';
import type { FilterList } from './filterList.ts';
import { isFilterLine, readLines, rulesOf, type ReadLine, type RuleLine } from './filterLines.ts';
import type { FilterFinding } from './filterRules.ts';
import type { Surveys } from './survey.ts';
import { tallyOf, type Tally } from './tally.ts';

/** One list, read once, and what is known of it. */
export class ListReader {
  readonly lines: readonly ReadLine[];
  readonly rules: readonly RuleLine[];
  /** Whether a line reads rules from a file, or those of CVS. */
  readonly readsFiles: boolean;
  private readonly said: readonly FilterFinding[];
  private tallied: { readonly names: unknown; readonly tally: Tally } | undefined;

  constructor(readonly list: FilterList) {
    this.lines = readLines(list.lines, list.isOfTarget);
    this.rules = rulesOf(this.lines);
    this.readsFiles = this.lines.some(({ read }) => isFilterLine(read) && (read.kind === '.' || read.kind === ':' || read.modifiers.includes('C')));
    const faults = [...faultsOf(this.lines), ...(list.isOfTarget ? notInTarget(this.lines) : [])];
    const faulty = new Set(faults.map(({ line }) => line));
    const rest = [...patternFindings(this.lines, list.folder === undefined ? undefined : gitignoreOf(list.folder)), ...orderFindings(this.lines, this.rules)];
    this.said = [...faults, ...rest.filter(({ line }) => !faulty.has(line))];
  }

  /** What can be said without going through the folder. */
  findings(): readonly FilterFinding[] {
    const known = this.linesWithFindings(this.said);
    const ofPaths = this.list.folder === undefined ? [] : pathFindings(this.rules.filter(({ line }) => !known.has(line)), this.list.folder);
    return [...this.said, ...ofPaths];
  }

  /** What the rules come to in the folder; undefined where it is not here. */
  async tally(surveys: Surveys, signal: AbortSignal): Promise<Tally | undefined> {
    const { folder } = this.list;
    if (folder === undefined || this.rules.length === 0) {
      return undefined;
    }
    const survey = await surveys.of(folder, signal);
    if (this.tallied?.names !== survey.names) {
      this.tallied = { names: survey.names, tally: await tallyOf(this.rules, survey, signal) };
    }
    return this.tallied.tally;
  }

  async allFindings(surveys: Surveys, signal: AbortSignal): Promise<readonly FilterFinding[]> {
    const findings = this.findings();
    const tally = await this.tally(surveys, signal);
    if (tally === undefined || this.list.folder === undefined) {
      return findings;
    }
    return [...findings, ...triedFindings(this.rules, await surveys.of(this.list.folder, signal), tally, this.linesWithFindings(findings))];
  }

  private linesWithFindings(findings: readonly FilterFinding[]): ReadonlySet<number> {
    return new Set(findings.filter(({ code }) => code !== 'rsync/needless-stars').map(({ line }) => line));
  }
}

/** What the sync room's lists do not take. */
function notInTarget(lines: readonly ReadLine[]): readonly FilterFinding[] {
  return lines.flatMap(({ line, text, read }) => {
    try {
      parseFilterRules(isFilterLine(read) ? [text] : []);
      return [];
    } catch (error) {
      if (error instanceof FilterFault) {
        return [{ code: 'rsync/not-in-target' as const, line, ...error.span, message: `${error.message}.`, fixes: [] }];
      }
      throw error;
    }
  });
}

function gitignoreOf(folder: string): readonly string[] | undefined {
  try {
    return readFileSync(join(folder, '.gitignore'), 'utf8').split(/\r?\n/);
  } catch {
    return undefined;
  }
}
