import { printable } from '../../base/printable.ts';
import { toolCatalogue } from '../toolCatalogue.ts';
import type { ToolState } from '../toolSearch.ts';

export interface ToolsIo {
  out(text: string): void;
  err(text: string): void;
  readonly env: NodeJS.ProcessEnv;
}

export interface ToolsDeps {
  /** Looks for every tool with this environment. */
  find(env: NodeJS.ProcessEnv): Promise<readonly ToolState[]>;
}

const USAGE = `trainyard tools [--json]

Says which tools were found, where and which version, what their builds lack, and how to install what is missing.
  --json   one JSON document
`;

/** Exit codes of the command line. */
const DONE = 0;
const BAD_REQUEST = 1;

/** `trainyard tools [--json]`. Resolves to the exit code: 0, also where tools are missing, or 1 for a bad request. */
export async function tools(args: readonly string[], io: ToolsIo, deps: ToolsDeps): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    io.out(USAGE);
    return DONE;
  }
  if (args.some((arg) => arg !== '--json')) {
    io.err(USAGE);
    return BAD_REQUEST;
  }
  const states = await deps.find(io.env);
  io.out(args.includes('--json') ? `${JSON.stringify({ tools: states.map(documentOf) })}\n` : tableOf(states));
  return DONE;
}

function documentOf(state: ToolState): object {
  const { id, title, rejected, install, notes } = state;
  return {
    id,
    title,
    found: documentOfFound(state),
    rejected,
    ...(install !== undefined && { install }),
    ...(notes !== undefined && { notes }),
  };
}

function documentOfFound(state: ToolState): object | null {
  const { found } = state;
  if (found === undefined) {
    return null;
  }
  const { path, prefix, version, features, buildId } = found;
  return { path, arguments: prefix, version, features: [...features].sort(), lacking: featuresOf(state).lacking, buildId };
}

/** One row a tool, then what was not taken and what else there is to know, indented. */
function tableOf(states: readonly ToolState[]): string {
  const widths = [0, 1, 2].map((column) => Math.max(...states.map((state) => columnsOf(state)[column]?.length ?? 0)));
  const lines = states.flatMap((state) => [rowOf(state, widths), ...remarksOf(state).map((remark) => `  ${remark}`)]);
  return `${lines.join('\n')}\n`;
}

function rowOf(state: ToolState, widths: readonly number[]): string {
  return [...columnsOf(state).map((text, column) => text.padEnd(widths[column] ?? 0)), lastColumnOf(state)].join('  ').trimEnd();
}

function columnsOf({ title, found }: ToolState): readonly string[] {
  return found === undefined ? [title, 'not found', ''] : [title, printable(found.version), printable(found.prefix.at(-1) ?? found.path)];
}

function lastColumnOf(state: ToolState): string {
  const { having, lacking } = featuresOf(state);
  return state.found === undefined ? (state.install ?? '') : [...having, ...lacking.map((feature) => `(no ${feature})`)].join(' ');
}

function remarksOf({ rejected, notes = [] }: ToolState): readonly string[] {
  return [...rejected.map(({ path, reason }) => `${printable(path)} is not taken: ${printable(reason)}`), ...notes];
}

/** Those that presets ask for, in the catalogue's order. */
function featuresOf({ id, found }: ToolState): { readonly having: readonly string[]; readonly lacking: readonly string[] } {
  const { wanted } = toolCatalogue[id];
  return {
    having: wanted.filter((feature) => found?.features.has(feature)),
    lacking: wanted.filter((feature) => found && !found.features.has(feature)),
  };
}
