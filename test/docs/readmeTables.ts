import type { OptionSpec } from '../../src/recipe/option.ts';
import { describeRange } from '../../src/recipe/optionFault.ts';
import type { Preset } from '../../src/convert/preset.ts';
import { PRESETS } from '../../src/convert/presets/index.ts';

interface Setting {
  readonly type?: string | readonly string[];
  readonly default?: unknown;
  readonly scope?: string;
  readonly description?: string;
  readonly markdownDescription?: string;
}

export interface Manifest {
  readonly contributes?: { readonly configuration?: { readonly properties?: Readonly<Record<string, Setting>> } };
}

/** The README with its generated parts renewed: what stands between `<!-- NAME -->` and `<!-- /NAME -->`. */
export function withTables(readme: string, manifest: Manifest): string {
  return replaced(replaced(readme, 'presets', presetsTable(PRESETS)), 'settings', settingsTable(manifest));
}

function replaced(text: string, name: string, part: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`the README has no part ${start} … ${end}`);
  }
  return `${text.slice(0, from + start.length)}\n\n${part}\n\n${text.slice(to)}`;
}

function presetsTable(presets: readonly Preset[]): string {
  const rows = presets.map(({ id, title, summary, methods, options }) => [
    `\`${id}\``,
    `**${title}.** ${summary}`,
    methods.map(({ engine }) => engine).join(', then '),
    Object.entries(options).map(([name, spec]) => `\`${name}\` ${brief(spec)}`).join('<br>') || 'none',
  ]);
  return table(['Preset', 'What comes out', 'Engines', 'Options (default)'], rows);
}

function brief(spec: OptionSpec): string {
  return `${describeRange(spec).replace(/^takes /, '')} (${String(spec.default)})`;
}

function settingsTable(manifest: Manifest): string {
  const properties = Object.entries(manifest.contributes?.configuration?.properties ?? {});
  const rows = properties.map(([name, { default: value, scope = 'window', description, markdownDescription }]) => [
    `\`${name}\``,
    markdownDescription ?? description ?? '',
    `\`${JSON.stringify(value ?? null)}\``,
    scope,
  ]);
  return table(['Setting', 'What it does', 'Default', 'Scope'], rows);
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}
