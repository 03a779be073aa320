import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Problem, Severity } from '../../media/problem.ts';
import { lineOf } from '../../media/problem.ts';
import { ruleOf } from '../../media/rules/index.ts';

export interface ReportOf {
  readonly root: string;
  readonly format: string;
  readonly rows: number;
  readonly files: number;
  readonly checked: number;
  readonly notes: readonly string[];
  readonly problems: Iterable<Problem>;
}

/** Problems of a rule that a report for people names; the rest is counted. */
const NAMED = 20;
const HEADINGS: readonly (readonly [Severity, string])[] = [
  ['error', 'Will stop a run'],
  ['warning', 'Will bias the result'],
  ['info', 'Worth a look'],
];

/** `{ format, rows, problems: [{ code, severity, file, row, message }] }` */
export function jsonReport({ root, format, rows, files, checked, notes, problems }: ReportOf): string {
  const list = [...problems].map(({ code, severity, file, row, line, key, message, related }) => ({ code, severity, file, ...(row !== undefined && { row }), ...(line !== undefined && { line }), ...(key !== undefined && { key }), message, ...(related !== undefined && { related }) }));
  return `${JSON.stringify({ root, format, rows, files, checked, notes, problems: list }, undefined, 2)}\n`;
}

export function markdownReport({ root, format, rows, files, checked, notes, problems }: ReportOf): string {
  const groups = groupsOf(problems);
  const head = [`# Health of ${root.slice(root.lastIndexOf('/') + 1)}`, '', `Format ${format}, ${rows} samples, ${checked} of ${files} files checked.`, ...notes.map((note) => `\n${note}`), ''];
  const body = HEADINGS.flatMap(([severity, heading]) => {
    const found = groups.filter((group) => group.severity === severity);
    return found.length === 0 ? [] : [`## ${heading}`, '', ...found.flatMap((group) => markdownGroup(root, group))];
  });
  return `${[...head, ...(body.length === 0 ? ['No problems were found.', ''] : body)].join('\n').trimEnd()}\n`;
}

function markdownGroup(root: string, { code, problems, count }: Group): string[] {
  const rule = ruleOf(code);
  return [
    `### ${rule?.title ?? code} (${count})`,
    '',
    `\`${code}\` ${rule?.help ?? ''}`,
    '',
    ...problems.map(({ file, row, message }) => `- \`${relative(root, file) || file}${row === undefined ? '' : `:${row}`}\` ${escaped(message)}`),
    ...(count > problems.length ? [`- and ${count - problems.length} more`] : []),
    '',
  ];
}

/** Marks of Markdown and HTML in names and values stay what they are. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|]/g, (mark) => `\\${mark}`).replace(/[\r\n]+/g, ' ');
}

/** Static Analysis Results Interchange Format, 2.1.0 (OASIS). */
export function sarifReport({ root, problems, notes }: ReportOf): string {
  const results = [...problems];
  const codes = [...new Set(results.map(({ code }) => code))].sort();
  const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Trainyard',
            rules: codes.map((code) => {
              const rule = ruleOf(code);
              return { id: code, shortDescription: { text: rule?.title ?? code }, fullDescription: { text: rule?.help ?? code }, defaultConfiguration: { level: levels[rule?.severity ?? 'warning'] } };
            }),
          },
        },
        originalUriBaseIds: { ROOT: { uri: `${pathToFileURL(root).href.replace(/\/$/, '')}/` } },
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: notes.map((text) => ({ level: 'note', message: { text } })) }],
        results: results.map((problem) => ({
          ruleId: problem.code,
          ruleIndex: codes.indexOf(problem.code),
          level: levels[problem.severity],
          message: { text: problem.message },
          locations: [locationOf(root, problem.file, lineOf(problem))],
          ...(problem.related !== undefined && { relatedLocations: [locationOf(root, problem.related, undefined)] }),
        })),
      },
    ],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function locationOf(root: string, file: string, line: number | undefined): object {
  const inside = relative(root, file);
  const isInside = inside !== '' && !inside.startsWith('..');
  const artifact = isInside ? { uri: inside.split('/').map(encodeURIComponent).join('/'), uriBaseId: 'ROOT' } : { uri: pathToFileURL(file).href };
  return { physicalLocation: { artifactLocation: artifact, ...(line !== undefined && { region: { startLine: line } }) } };
}

interface Group {
  readonly code: string;
  readonly severity: Severity;
  readonly problems: Problem[];
  count: number;
}

/** By rule, the gravest first and then the most; of each the first ones. */
export function groupsOf(problems: Iterable<Problem>, named = NAMED): Group[] {
  const groups = new Map<string, Group>();
  for (const problem of problems) {
    const group = groups.get(problem.code) ?? { code: problem.code, severity: problem.severity, problems: [], count: 0 };
    groups.set(problem.code, group);
    group.count++;
    if (group.problems.length < named) {
      group.problems.push(problem);
    }
  }
  const rank = HEADINGS.map(([severity]) => severity);
  return [...groups.values()].sort((a, b) => rank.indexOf(a.severity) - rank.indexOf(b.severity) || b.count - a.count);
}
