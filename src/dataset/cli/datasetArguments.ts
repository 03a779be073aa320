import { parseArgs } from 'node:util';
import { EXIT, type CliIo } from '../../base/cliIo.ts';
import { printable } from '../../base/printable.ts';
import { COLUMNS, type ColumnName } from '../../media/filter/filterTypes.ts';
import { FILTER_COLUMNS, filterColumn } from '../../media/filter/filterColumns.ts';
import { nearest } from '../../base/nearest.ts';

export interface ScanArguments {
  readonly folder: string;
  readonly json: boolean;
  readonly format?: string;
}

export interface QueryArguments {
  readonly folder: string;
  readonly filter: string;
  readonly output: 'lines' | 'json' | 'paths0';
  readonly sort?: { readonly column: ColumnName; readonly descending: boolean };
  readonly limit: number;
}

type Parsed<T> = T | 'help' | { readonly fault: string };

/** What was asked for; where it was help, or cannot be understood, the exit code, and the usage has been written. */
export function requestOf<T extends object>(parsed: Parsed<T>, usage: string, io: CliIo): T | { readonly exit: number } {
  if (parsed === 'help') {
    io.out(usage);
    return { exit: EXIT.done };
  }
  if ('fault' in parsed) {
    io.err(`${printable(parsed.fault)}\n\n${usage}`);
    return { exit: EXIT.badRequest };
  }
  return parsed;
}

/** `help` where it is asked for; `fault` says what is wrong with the arguments. */
export function parseScanArguments(args: readonly string[]): Parsed<ScanArguments> {
  return parsed(args, { json: { type: 'boolean' }, format: { type: 'string' } }, ({ json, format }, [folder, ...others]) =>
    folder === undefined || others.length > 0
      ? { fault: folder === undefined ? 'Which folder?' : `One folder at a time, and not “${others[0]}” as well` }
      : { folder, json: json === true, ...(typeof format === 'string' && { format }) },
  );
}

export function parseQueryArguments(args: readonly string[]): Parsed<QueryArguments> {
  const options = { json: { type: 'boolean' }, paths0: { type: 'boolean' }, sort: { type: 'string' }, limit: { type: 'string' } } as const;
  return parsed(args, options, (values, [folder, filter = '', ...others]) => {
    if (folder === undefined) {
      return { fault: 'Which folder?' };
    }
    if (others.length > 0) {
      return { fault: `The filter is one argument, in quotes for the shell: '${[filter, ...others].join(' ')}'` };
    }
    if (values['json'] === true && values['paths0'] === true) {
      return { fault: 'Either --json or --paths0' };
    }
    const sort = typeof values['sort'] === 'string' ? sortOf(values['sort']) : undefined;
    if (sort !== undefined && 'fault' in sort) {
      return sort;
    }
    const limit = values['limit'] === undefined ? Infinity : Number(values['limit']);
    if (!(limit === Infinity || (Number.isInteger(limit) && limit >= 0))) {
      return { fault: `--limit takes a whole number, not ${String(values['limit'])}` };
    }
    return { folder, filter, output: values['json'] === true ? 'json' : values['paths0'] === true ? 'paths0' : 'lines', limit, ...(sort && { sort }) };
  });
}

function sortOf(text: string): NonNullable<QueryArguments['sort']> | { readonly fault: string } {
  const descending = text.startsWith('-');
  const name = descending ? text.slice(1) : text;
  const column = filterColumn(name)?.name;
  if (column === undefined) {
    const near = nearest(name, FILTER_COLUMNS.map((one) => one.name));
    return { fault: `There is no column “${name}”${near === undefined ? `: ${COLUMNS.join(', ')}` : `. Did you mean ${near}?`}` };
  }
  return { column, descending };
}

type Options = Readonly<Record<string, { readonly type: 'boolean' | 'string' }>>;
type Values = Readonly<Record<string, string | boolean | undefined>>;

function parsed<T>(args: readonly string[], options: Options, take: (values: Values, positionals: readonly string[]) => T | { readonly fault: string }): Parsed<T> {
  try {
    // “--sort -duration” is meant as one value.
    const joined = args.flatMap((arg, at) => (args[at - 1] === '--sort' && arg.startsWith('-') ? [] : arg === '--sort' && args[at + 1]?.startsWith('-') === true ? [`--sort=${args[at + 1]}`] : [arg]));
    const { values, positionals } = parseArgs({ args: joined, options: { ...options, help: { type: 'boolean', short: 'h' } }, allowPositionals: true, strict: true });
    return values['help'] === true ? 'help' : take(values, positionals);
  } catch (error) {
    return { fault: (error as Error).message };
  }
}
