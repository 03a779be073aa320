import { printable } from '../../base/printable.ts';
import type { FoundTool } from '../../process/foundTool.ts';
import type { ToolId } from '../../process/toolPlan.ts';
import type { ToolState } from '../../process/toolSearch.ts';

export interface ToolRow {
  readonly id: ToolId;
  readonly label: string;
  readonly description: string;
  /** What is worth knowing of it, and what was looked at and not taken. */
  readonly detail?: string;
  readonly icon: string;
  readonly install?: string;
  /** The setting that names its path; the bundled sharp has none. */
  readonly setting?: string;
}

/** One row a tool: what was found, where, which version; or the line that installs it. */
export function toolRows(states: readonly ToolState[]): readonly ToolRow[] {
  return states.map((state) => {
    const { id, found, install, rejected, notes = [] } = state;
    const others = rejected.map(({ path, reason }) => `${printable(path)} is not taken: ${printable(reason)}`);
    const detail = [...notes.map(printable), ...others].join(' · ');
    return {
      id,
      label: found === undefined ? state.title : `${state.title} ${printable(found.version)}`,
      description: found === undefined ? ['not found', install].filter(Boolean).join(' · ') : placeOf(found),
      ...(detail !== '' && { detail }),
      icon: found === undefined ? 'warning' : 'pass',
      ...(found === undefined && install !== undefined && { install }),
      ...(id !== 'sharp' && { setting: `trainyard.tools.${id}` }),
    };
  });
}

/** The bundled sharp is a script that our own Node runs, and that one's path says nothing. */
function placeOf({ id, path }: FoundTool): string {
  return id === 'sharp' ? 'bundled' : printable(path);
}

/** Everything that is known of the tools, as a text to read and to paste into a report. */
export function toolsText(states: readonly ToolState[]): string {
  return `${states.map(oneTool).join('\n\n')}\n`;
}

function oneTool({ title, found, rejected, install, notes = [] }: ToolState): string {
  const lines =
    found === undefined
      ? [`${title}: not found`, install !== undefined && `  install: ${install}`]
      : [
          `${title} ${printable(found.version)}`,
          `  path: ${placeOf(found)}`,
          `  built with: ${[...found.features].sort().join(' ') || 'nothing that its banner tells'}`,
          ...bannerLines(found.banner),
        ];
  const others = rejected.map(({ path, reason }) => `  not taken: ${printable(path)}, ${printable(reason)}`);
  const worthKnowing = notes.map((note) => `  note: ${printable(note)}`);
  return [...lines, ...worthKnowing, ...others].filter((line) => line !== false).join('\n');
}

function bannerLines(banner: string): readonly string[] {
  return banner
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `  | ${printable(line)}`);
}
