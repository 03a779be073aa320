import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CustomPresetSpec, ImageEngineChoice } from '../../src/convert/job.ts';
import { JOB_ACTIONS } from '../../src/convert/view/jobRow.ts';
import { MEDIA_EXTENSIONS } from '../../src/convert/view/mediaExtensions.ts';
import type { StatusBarChoice } from '../../src/monitor/view/statusBar.ts';
import type { NodeAction } from '../../src/monitor/view/tree.ts';

interface MenuEntry {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}

interface Setting {
  readonly scope: string;
  readonly default: unknown;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly items?: { readonly required: readonly string[]; readonly properties: Readonly<Record<string, { readonly enum?: readonly string[] }>> };
}

const ROOT = join(import.meta.dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly icon: string;
  readonly main: string;
  readonly categories: readonly string[];
  readonly keywords: readonly string[];
  readonly extensionKind: readonly string[];
  readonly activationEvents: readonly string[];
  readonly capabilities: { readonly untrustedWorkspaces: { readonly supported: unknown; readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string; readonly icon: string }[];
    readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsContainers: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly when: string; readonly contents: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
  };
};
const { commands, menus, views, viewsContainers, viewsWelcome, configuration } = manifest.contributes;
const declared = commands.map(({ command }) => command);
const settings = configuration.properties;
const source = sources('src').map((file) => readFileSync(file, 'utf8')).join('\n');
const whens = [...Object.values(menus).flat(), ...viewsWelcome].flatMap(({ when }) => (when === undefined ? [] : [when]));

function sources(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(ROOT, folder, name));
}

function matches(text: string, pattern: RegExp): readonly string[] {
  return [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ''))].sort();
}

describe('the commands in package.json', () => {
  it('are the ones that the code registers', () => {
    expect(matches(source, /(?:command|onJob)\(\s*'(trainyard\.[A-Za-z.]+)'/g)).toEqual([...declared].sort());
  });

  it('are the only ones that menus, welcome texts and the code ask for', () => {
    const ofViews = Object.values(views).flatMap((list) => list.map(({ id }) => `${id}.focus`));
    const wanted = [
      ...Object.values(menus).flat().map(({ command }) => command),
      ...matches(viewsWelcome.map(({ contents }) => contents).join(), /command:(trainyard[A-Za-z.]+)/g),
      ...matches(source, /executeCommand\(\s*'(trainyard\.[A-Za-z.]+)'/g),
    ];
    expect(wanted.filter((command) => !declared.includes(command) && !ofViews.includes(command))).toEqual([]);
  });

  it('read alike: category Trainyard, title case, an icon', () => {
    for (const { title, category, icon } of commands) {
      expect(category).toBe('Trainyard');
      expect(title).toMatch(/^[A-Z]\w*(?: (?:[A-Z]\w*|in|from|to|of|as|for|with))*…?$/u);
      expect(icon).toMatch(/^\$\([a-z-]+\)$/);
    }
  });

  it('stay out of the palette while there is nothing for them', () => {
    const always = ['trainyard.checkpoint.open', 'trainyard.checkpoint.openPath', 'trainyard.convert.start', 'trainyard.tools.show', 'trainyard.monitor.open', 'trainyard.monitor.fleet', 'trainyard.monitor.addBox', 'trainyard.dataset.open', 'trainyard.dataset.openGallery', 'trainyard.dataset.add', 'trainyard.dataset.refresh', 'trainyard.dataset.health', 'trainyard.dataset.card', 'trainyard.dataset.facts', 'trainyard.dataset.openInside', 'trainyard.recipe.run', 'trainyard.recipe.dryRun', 'trainyard.recipe.sample', 'trainyard.language.showProblems', 'trainyard.language.checkManifest', 'trainyard.language.findRows', 'trainyard.sync.addTarget', 'trainyard.sync.editTargets', 'trainyard.sync.plan', 'trainyard.sync.push', 'trainyard.sync.pull', 'trainyard.sync.addRun'];
    const guarded = (menus['commandPalette'] ?? []).filter(({ when }) => /^(?:trainyard\.(?:jobs|system|datasets|sync)\.|activeWebviewPanelId == trainyard\.system$|false$)/.test(when ?? '')).map(({ command }) => command);
    expect([...guarded, ...always].sort()).toEqual([...declared].sort());
  });
});

describe('what the menus and views ask for', () => {
  it('is a context key that the code sets', () => {
    const known = matches(readFileSync(join(ROOT, 'src/platform/contextKeys.ts'), 'utf8'), /'(trainyard\.[A-Za-z.]+)':/g);
    const asked = whens.flatMap((when) => matches(when.replace(/(?:view|webviewId|activeWebviewPanelId|activeCustomEditorId) == \S+/g, '').replace(/config\.\S+/g, ''), /(trainyard\.[A-Za-z.]+)/g));
    expect([...new Set(asked)].sort()).toEqual(known);
  });

  it('is said with the operators that VS Code knows', () => {
    expect(whens.filter((when) => /!~/.test(when))).toEqual([]);
  });

  it('is a setting that exists', () => {
    const asked = whens.flatMap((when) => matches(when, /config\.(trainyard\.[A-Za-z.]+)/g));
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((name) => !(name in settings))).toEqual([]);
  });

  it('is an action that a row of the tree can have', () => {
    const nodeActions: Readonly<Record<NodeAction, true>> = { open: true, copyCudaDevices: true, revealTerminal: true, copyPid: true, copyCommand: true, signal: true, signIn: true, retryBox: true, boxTerminal: true, removeBox: true };
    for (const [view, actions] of [['trainyard.jobs', JOB_ACTIONS], ['trainyard.system', Object.keys(nodeActions)]] as const) {
      const asked = whens.filter((when) => when.startsWith(`view == ${view} `)).flatMap((when) => matches(when, /viewItem =~ \/;(\w+);\//g));
      expect([...new Set(asked)].sort(), view).toEqual([...actions].sort());
    }
  });

  it('is one entry that does something in the Explorer’s menu for the extensions that we know, two for folders, one for facts, and those of recipes, boxes and checkpoints', () => {
    const [entry, ...others] = menus['explorer/context'] ?? [];
    expect(others.map(({ command, when }) => [command, when?.includes('explorerResourceIsFolder')])).toEqual([['trainyard.dataset.open', true], ['trainyard.dataset.facts', true], ['trainyard.recipe.run', false], ['trainyard.sync.pushPath', false], ['trainyard.sync.pullPath', false], ['trainyard.sync.comparePath', true], ['trainyard.checkpoint.open', true]]);
    expect(entry?.group).toBe('6_trainyard');
    const extensions = /resourceExtname =~ \/\^\\\.\(([^)]*)\)\$\/i/.exec(entry?.when ?? '')?.[1]?.split('|');
    expect(extensions?.sort()).toEqual(Object.values(MEDIA_EXTENSIONS).flat().sort());
    expect(extensions).not.toContain('ts');
    // The window's own side, where menus live, knows the files of a remote by another scheme than the extension host does.
    expect(entry?.when?.match(/resourceScheme =~ \/\^\(file\|vscode-remote\)\$\//g)).toHaveLength(2);
    expect(menus['editor/title/context']?.[0]?.when).toContain(extensions?.[0]);
  });

  it('has a welcome for each way of being empty', () => {
    const welcomes = (wanted: string) => viewsWelcome.filter(({ view }) => view === wanted).map(({ when }) => when).join();
    expect(welcomes('trainyard.jobs')).toMatch(/!isWorkspaceTrusted.*workspaceFolderCount.*tools\.missing/);
    expect(welcomes('trainyard.datasets')).toMatch(/!isWorkspaceTrusted.*workspaceFolderCount == 0.*datasets\.ready/);
    expect(welcomes('trainyard.sync')).toMatch(/!isWorkspaceTrusted.*workspaceFolderCount != 0.*workspaceFolderCount == 0/);
    expect(welcomes('trainyard.system')).toMatch(/!isWorkspaceTrusted/);
  });
});

describe('the settings in package.json', () => {
  it('each have a description, a default and a scope', () => {
    for (const setting of Object.values(settings)) {
      expect(setting.description ?? setting.markdownDescription).toMatch(/\.$/);
      expect(setting.default).toBeDefined();
      expect(setting.scope).toBeTruthy();
      expect(setting.enumDescriptions?.length).toBe(setting.enum?.length);
    }
  });

  it('are the ones that the code reads', () => {
    const tools = Object.keys(settings).filter((name) => name.startsWith('trainyard.tools.'));
    expect(tools.map((name) => name.split('.').at(-1))).toEqual(['ffmpeg', 'ffprobe', 'sox', 'imagemagick']);
    const read = [...matches(source, /(?:merged|ofUser)\('([A-Za-z.]+)'\)/g).map((name) => `trainyard.${name}`), ...tools, 'trainyard.menus.explorer'];
    expect(read.sort()).toEqual(Object.keys(settings).sort());
  });

  it('leave to a workspace nothing that decides what is run, and nothing at all before it is trusted', () => {
    const { restrictedConfigurations, supported } = manifest.capabilities.untrustedWorkspaces;
    expect(supported).toBe('limited');
    for (const [name, { scope }] of Object.entries(settings)) {
      if (name.startsWith('trainyard.tools.')) {
        expect(scope, name).toBe('machine');
      }
    }
    expect(settings['trainyard.convert.presets']?.scope).toBe('application');
    expect([...restrictedConfigurations].sort()).toEqual(Object.keys(settings).filter((name) => !name.startsWith('trainyard.menus.')).sort());
  });

  it('take what the code takes', () => {
    const engines: Readonly<Record<ImageEngineChoice, true>> = { auto: true, imagemagick: true, sharp: true };
    expect(settings['trainyard.convert.imageEngine']?.enum).toEqual(Object.keys(engines));
    const choices: Readonly<Record<StatusBarChoice | 'off', true>> = { counts: true, mine: true, busiest: true, average: true, bars: true, off: true };
    expect(settings['trainyard.monitor.statusBar']?.enum).toEqual(Object.keys(choices));
    const fields: Readonly<Record<keyof CustomPresetSpec, boolean>> = { name: true, tool: true, args: true, kinds: true, extension: true, options: false };
    const items = settings['trainyard.convert.presets']?.items;
    expect(Object.keys(items?.properties ?? {})).toEqual(Object.keys(fields));
    expect(items?.required).toEqual(Object.keys(fields).filter((name) => fields[name as keyof CustomPresetSpec]));
    const tools: Readonly<Record<CustomPresetSpec['tool'], true>> = { ffmpeg: true, sox: true, imagemagick: true };
    expect(items?.properties['tool']?.enum).toEqual(Object.keys(tools));
  });
});

describe('the extension as VS Code sees it before it runs', () => {
  it('is activated by what it contributes, by a terminal, by its pages that are still open, and for the status bar once the window is up', () => {
    expect(manifest.activationEvents).toEqual(['onStartupFinished', 'onTerminal:*', 'onWebviewPanel:trainyard.plan', 'onWebviewPanel:trainyard.system', 'onWebviewPanel:trainyard.fleet', 'onWebviewPanel:trainyard.gallery', 'onFileSystem:trainyard-inside', 'onWebviewPanel:trainyard.syncPlan']);
    expect(source).toContain("'trainyard.plan'");
    expect(source).toContain("'trainyard.system'");
    expect(source).toContain("'trainyard.syncPlan'");
  });

  it('runs where the files and the tools are', () => {
    expect(manifest.extensionKind).toEqual(['workspace']);
    expect(manifest.main).toBe('./dist/extension.js');
  });

  it('is filed where the marketplace allows', () => {
    // code.visualstudio.com/api/references/extension-manifest, “categories”.
    const allowed = [
      'Programming Languages', 'Snippets', 'Linters', 'Themes', 'Debuggers', 'Formatters', 'Keymaps', 'SCM Providers', 'Other', 'Extension Packs',
      'Language Packs', 'Data Science', 'Machine Learning', 'Visualization', 'Notebooks', 'Education', 'Testing', 'AI', 'Chat',
    ];
    expect(manifest.categories.filter((category) => !allowed.includes(category))).toEqual([]);
    expect(manifest.keywords.length).toBeLessThanOrEqual(10);
  });

  it('has the icons that it names', () => {
    const icons = [
      manifest.icon,
      ...[...Object.values(views), ...Object.values(viewsContainers)].flat().map(({ icon }) => icon),
    ];
    expect(icons.filter((icon) => !existsSync(join(ROOT, icon)))).toEqual([]);
    const png = readFileSync(join(ROOT, manifest.icon));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([256, 256]);
  });
});
