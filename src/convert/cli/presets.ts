import { printable } from '../../base/printable.ts';
import type { OptionSpec } from '../../recipe/option.ts';
import { describeRange } from '../../recipe/optionFault.ts';
import type { Preset } from '../preset.ts';
import { EXIT, type CliIo } from '../../base/cliIo.ts';

const USAGE = `trainyard presets [--json] [ID…]

Lists the conversions, all or those that are named, each with its options, what they take and what they are by themselves.
  --json   one JSON document
`;

/** `trainyard presets [--json] [ID…]`. Resolves to the exit code: 0, or 1 for a bad request. */
export async function presets(
  args: readonly string[],
  io: Pick<CliIo, 'out' | 'err'>,
  list: () => Promise<readonly Preset[]>,
): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    io.out(USAGE);
    return EXIT.done;
  }
  const ids = args.filter((arg) => arg !== '--json');
  if (ids.some((arg) => arg.startsWith('-'))) {
    io.err(USAGE);
    return EXIT.badRequest;
  }
  const all = await list();
  const missing = ids.filter((id) => !all.some((preset) => preset.id === id));
  if (missing.length > 0) {
    io.err(missing.map((id) => `There is no preset “${printable(id)}”. trainyard presets lists them all.\n`).join(''));
    return EXIT.badRequest;
  }
  const listed = ids.length === 0 ? all : all.filter(({ id }) => ids.includes(id));
  io.out(args.includes('--json') ? `${JSON.stringify({ presets: listed.map(documentOf) })}\n` : listed.map(textOf).join('\n'));
  return EXIT.done;
}

function documentOf({ id, title, summary, kinds, options, methods }: Preset): object {
  return { id, title, summary, kinds, engines: methods.map(({ engine }) => engine), options };
}

/** The id and title, what it does, and a line an option. */
function textOf({ id, title, summary, options }: Preset): string {
  const entries = Object.entries(options);
  const widest = Math.max(0, ...entries.map(([name, spec]) => `${name}=${spec.default}`.length));
  return [
    `${printable(id)}  ${printable(title)}`,
    `  ${printable(summary)}`,
    ...entries.map(([name, spec]) => `    ${printable(`${name}=${spec.default}`).padEnd(widest)}  ${optionText(spec)}`),
    '',
  ].join('\n');
}

function optionText(spec: OptionSpec): string {
  return printable(`${spec.description} ${capitalised(describeRange(spec))}.`);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
