import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { candidateAt, isScript, searchFolders } from './candidates.ts';
import type { Distribution } from './distribution.ts';
import { installLine, installNotes, readDistribution } from './distribution.ts';
import type { FoundTool, Toolbox } from './foundTool.ts';
import { PrivateFolders } from './privateFolder.ts';
import { toolCatalogue, toolsFor } from './toolCatalogue.ts';
import type { ExecutableName, ToolDescriptor } from './toolDescriptor.ts';
import type { InquiryOptions } from './toolInquiry.ts';
import { ToolInquiry } from './toolInquiry.ts';
import type { ToolId } from './toolPlan.ts';
import type { ToolSearch, ToolState } from './toolSearch.ts';
import type { Wrappers } from './wrappers.ts';
import { findWrappers, wrapperNotes } from './wrappers.ts';

export interface ToolFinder {
  /**
   * Looks for tools, those of media where `ids` is left out: one state each, in the catalogue's order. A program is asked for its
   * banner again only when its file has changed.
   */
  find(search: ToolSearch, ids?: readonly ToolId[]): Promise<readonly ToolState[]>;
}

export interface ToolFinderOptions {
  /** Read from the system where left out. */
  readonly distribution?: Distribution;
  /** Looked for where left out. */
  readonly wrappers?: Wrappers;
  /** How long a program may take to say what it is; 20 where left out, for one on a slow network share. */
  readonly answerSeconds?: number;
}

interface Sighting {
  readonly found?: FoundTool;
  readonly rejected: ToolState['rejected'];
}

export function createToolFinder(options: ToolFinderOptions = {}): ToolFinder {
  const inquiry = new ToolInquiry();
  let system: Promise<readonly [Distribution, Wrappers]> | undefined;

  async function find(search: ToolSearch, ids: readonly ToolId[] = toolsFor('media')): Promise<readonly ToolState[]> {
    system ??= Promise.all([options.distribution ?? readDistribution(), options.wrappers ?? findWrappers()]);
    const [distribution, wrappers] = await system;
    const folder = new PrivateFolders(tmpdir()).make();
    const how: InquiryOptions = { env: search.env, wrappers, temporaryFolder: folder.path, answerSeconds: options.answerSeconds ?? 20 };
    const seen = new Map<ToolId, Promise<Sighting>>();
    const look = (tool: ToolDescriptor): Promise<Sighting> => {
      const sighting = seen.get(tool.id) ?? lookFor(tool, search, how, look);
      seen.set(tool.id, sighting);
      return sighting;
    };
    try {
      const tools = Object.values(toolCatalogue).filter(({ id }) => ids.includes(id));
      return await Promise.all(tools.map(async (tool) => stateOf(tool, await look(tool), distribution, wrappers)));
    } finally {
      await Promise.allSettled(seen.values());
      await folder.remove();
    }
  }

  async function lookFor(
    tool: ToolDescriptor,
    search: ToolSearch,
    how: InquiryOptions,
    look: (tool: ToolDescriptor) => Promise<Sighting>,
  ): Promise<Sighting> {
    if (tool.executables.length === 0) {
      return lookAtBundled(tool, search, how);
    }
    const setting = search.paths[tool.id];
    if (setting) {
      return lookAtSetting(tool, setting, search, how);
    }
    const neighbour = tool.beside && (await look(toolCatalogue[tool.beside])).found;
    const folders = [...(neighbour ? [dirname(neighbour.path)] : []), ...searchFolders(search.env), ...(tool.folders ?? [])];
    const rejected: Sighting['rejected'][number][] = [];
    for (const name of tool.executables) {
      const sighting = await lookInFolders(tool, name, folders, search, how);
      rejected.push(...sighting.rejected);
      if (sighting.found !== undefined) {
        return { found: sighting.found, rejected };
      }
    }
    return { rejected };
  }

  async function lookInFolders(
    tool: ToolDescriptor,
    { name, ambiguous }: ExecutableName,
    folders: readonly string[],
    search: ToolSearch,
    how: InquiryOptions,
  ): Promise<Sighting> {
    const asked = new Set<string>();
    const rejected: Sighting['rejected'][number][] = [];
    const setAside: { readonly tool: FoundTool; readonly path: string }[] = [];
    for (const path of folders.map((folder) => join(folder, name))) {
      const candidate = candidateAt(path, search.never);
      if (candidate === undefined || asked.has(candidate.target)) {
        continue;
      }
      if (candidate.distrusted !== undefined) {
        rejected.push({ path, reason: candidate.distrusted });
        continue;
      }
      asked.add(candidate.target);
      const answer = await inquiry.ask(tool, candidate, [], how);
      if (typeof answer === 'string') {
        rejected.push({ path, reason: answer });
      } else if (ambiguous && isScript(candidate.target)) {
        setAside.push({ tool: answer, path });
      } else {
        const reason = `it is a script that stands before the program itself, ${answer.path}`;
        return { found: answer, rejected: [...rejected, ...setAside.map((script) => ({ path: script.path, reason }))] };
      }
    }
    const script = setAside[0]?.tool;
    return { rejected, ...(script && { found: script }) };
  }

  async function lookAtSetting(tool: ToolDescriptor, setting: string, { env, never }: ToolSearch, how: InquiryOptions): Promise<Sighting> {
    const path = setting.startsWith('~/') && env.HOME ? join(env.HOME, setting.slice(2)) : setting;
    const candidate = isAbsolute(path) ? candidateAt(path, never) : undefined;
    if (candidate === undefined) {
      const reason = isAbsolute(path) ? 'the setting names it, and there is no such file' : 'the setting is not an absolute path';
      return { rejected: [{ path: setting, reason }] };
    }
    return sightingOf(path, candidate.distrusted ?? (await inquiry.ask(tool, candidate, [], how)));
  }

  /** Our own Node and a script of ours: part of what runs already, so that it may lie anywhere. */
  async function lookAtBundled(tool: ToolDescriptor, { sharpWorker }: ToolSearch, how: InquiryOptions): Promise<Sighting> {
    const node = candidateAt(process.execPath, []);
    if (node === undefined || !existsSync(sharpWorker)) {
      return { rejected: [{ path: sharpWorker, reason: 'it was not shipped with this build' }] };
    }
    return sightingOf(sharpWorker, await inquiry.ask(tool, node, [sharpWorker], how));
  }

  return { find };
}

/** One search with nothing remembered. */
export function findTools(search: ToolSearch): Promise<readonly ToolState[]> {
  return createToolFinder().find(search);
}

/** What was found, by id. */
export function toolboxOf(states: readonly ToolState[]): Toolbox {
  return new Map(states.flatMap(({ id, found }) => (found === undefined ? [] : [[id, found] as const])));
}

function sightingOf(path: string, answer: FoundTool | string): Sighting {
  return typeof answer === 'string' ? { rejected: [{ path, reason: answer }] } : { found: answer, rejected: [] };
}

function stateOf({ id, title, packages }: ToolDescriptor, sighting: Sighting, distribution: Distribution, wrappers: Wrappers): ToolState {
  const isRoot = process.getuid?.() === 0;
  const notes = sighting.found ? wrapperNotes(wrappers) : packages ? installNotes(packages, distribution, isRoot) : [];
  return {
    id,
    title,
    ...sighting,
    ...(packages && { install: installLine(packages, distribution, isRoot) }),
    ...(notes.length > 0 && { notes }),
  };
}
