import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConvertRequest } from '../../../../src/convert/job.ts';
import type { OptionSpecs } from '../../../../src/recipe/option.ts';
import type { Preset } from '../../../../src/convert/preset.ts';
import type { Survey } from '../../../../src/convert/survey.ts';
import { ConvertMemory } from '../../../../src/convert/view/convertMemory.ts';
import { ConvertConfig } from '../../../../src/convert/vscode/convertConfig.ts';
import type { ConvertCore } from '../../../../src/convert/vscode/convertCore.ts';
import { ConvertFlow } from '../../../../src/convert/vscode/convertFlow.ts';
import { Config } from '../../../../src/platform/config.ts';
import { RecordingNotify } from '../../../../src/platform/notify.ts';
import { Trust } from '../../../../src/platform/trust.ts';
import { FakeJobs } from './fakeJobs.ts';
import * as fake from './fakeVscode.ts';
import { commands, env, openPick, resetVscode, window, workspace } from './fakeVscode.ts';

vi.mock('vscode', () => import('./fakeVscode.ts'));

const EDGE: OptionSpecs = {
  edge: { type: 'integer', title: 'Long edge', description: 'Pixels.', default: 512, min: 1, max: 16_383, unit: 'px' },
  enlarge: { type: 'switch', title: 'Enlarge', description: 'Also smaller ones.', default: false },
};
const preset = (id: string, title: string, options: OptionSpecs = {}): Preset => ({ id, title, summary: 'What it makes.', kinds: ['image'], options }) as unknown as Preset;
const FIT = preset('image.fit', 'Fit the long edge', EDGE);
const PLAIN = preset('audio.wav-16k-mono', '16 kHz mono WAV');
const PLANNED = { counts: { write: 5, replace: 0, skip: 2, refuse: 1, done: 0, failed: 0, salvaged: 0 }, output: '/data/clips-fit' };
const uri = fake.Uri.file('/data/clips');

let jobs: FakeJobs;
let notify: RecordingNotify;
let surveyed: string[][];
let shownPlans: string[];
let faults: string[];
let kept: Record<string, unknown>;
let flow: ConvertFlow;

function survey(changes: Partial<Survey> = {}): Survey {
  const fits = [FIT, PLAIN].map((each) => ({ preset: each, files: 2, bytes: 900 }));
  return { files: 2, complete: true, kinds: { image: 2 }, fits, ...changes };
}

beforeEach(() => {
  resetVscode();
  jobs = new FakeJobs();
  notify = new RecordingNotify();
  surveyed = [];
  shownPlans = [];
  faults = [];
  kept = {};
  const trust = new Trust(notify);
  const core: ConvertCore = {
    jobs: jobs.port,
    presets: async () => ({ presets: [FIT, PLAIN], faults }),
    survey: async (inputs, { onSurvey }) => {
      surveyed.push([...inputs]);
      onSurvey(survey());
    },
    outputFolder: async () => '/data/clips-fit',
    tools: async () => [],
  };
  flow = new ConvertFlow({
    services: { trust, notify, log: { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn(), dispose: vi.fn() } },
    core,
    config: new ConvertConfig(new Config(), trust),
    memory: new ConvertMemory({ get: (key) => kept[key], update: async (key, value) => void (kept[key] = value) }),
    run: async (id) => void jobs.run.push(id),
    showPlan: (id) => void shownPlans.push(id),
  });
});

/** The next pick, once the one before it is closed. */
async function next(title: string): Promise<fake.FakePick> {
  for (;;) {
    const pick = await openPick();
    if (pick.title.startsWith(title)) {
      return pick;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The plan's pick, once there is something to choose. */
async function plan(title: string): Promise<fake.FakePick> {
  const pick = await next(`${title} · plan`);
  await vi.waitFor(() => expect(pick.items.length).toBeGreaterThan(0));
  return pick;
}

const theRequest = (): ConvertRequest | undefined => [...jobs.requests.values()].at(-1);

describe('Convert…', () => {
  it('goes from the selection over preset and plan to a running job', async () => {
    jobs.plans.push(PLANNED);
    workspace.workspaceFolders = [{ name: 'repo', uri: fake.Uri.file('/no/such/repo') }];
    const done = flow.start([uri, [uri, fake.Uri.file('/data/b.wav')]]);
    const presets = await next('Convert');
    expect(surveyed).toEqual([['/data/clips', '/data/b.wav']]);
    expect(presets.labels).toEqual(['-- audio', '16 kHz mono WAV', '-- image · 2 files', 'Fit the long edge']);
    presets.accept('16 kHz mono WAV');
    const pick = await plan('16 kHz mono WAV');
    expect(pick.placeholder).toBe('Write 5, skip 2, cannot 1 · 61.2 MB · to clips-fit');
    expect(jobs.run).toEqual([]);
    pick.accept('Start 5 files');
    await done;
    expect(jobs.run).toEqual(['job-1']);
    expect(jobs.removed).toEqual([]);
    expect(theRequest()).toEqual({
      preset: 'audio.wav-16k-mono',
      options: {},
      inputs: ['/data/clips', '/data/b.wav'],
      salvage: false,
      imageEngine: 'auto',
      toolPaths: {},
      noToolsFrom: ['/no/such/repo'],
      customPresets: [],
    });
  });

  it('names what is wrong with a preset of one’s own, and leads to the setting', async () => {
    faults = ['Preset “x”: “tool” has to be one of ffmpeg, sox, imagemagick.'];
    const done = flow.start([uri]);
    const presets = await next('Convert');
    expect(presets.labels.slice(-2)).toEqual(['-- not possible here', 'Your preset']);
    expect(presets.itemOf('Your preset').description).toBe(faults[0]);
    presets.accept('Your preset');
    await done;
    expect(commands.executed).toEqual([['workbench.action.openSettings', 'trainyard.convert.presets']]);
  });

  it('asks for options where there are any, and remembers what was chosen', async () => {
    jobs.plans.push(PLANNED, PLANNED);
    const first = flow.start([uri]);
    (await next('Convert')).accept('Fit the long edge');
    window.inputs.push('1024');
    (await next('Fit the long edge · options')).accept('Long edge');
    await vi.waitFor(async () => expect((await next('Fit the long edge · options')).itemOf('Long edge').description).toContain('1,024 px · default 512 px · changed'));
    (await openPick()).accept('Show the plan');
    (await plan('Fit the long edge')).accept('Start 5 files');
    await first;
    expect(theRequest()?.options).toEqual({ edge: 1024 });

    const second = flow.start([uri]);
    const presets = await next('Convert');
    expect(presets.labels.slice(0, 2)).toEqual(['-- recent', 'Fit the long edge']);
    presets.accept('Fit the long edge');
    (await next('Fit the long edge · options')).accept('Show the plan');
    (await plan('Fit the long edge')).hide();
    await second;
    expect(theRequest()?.options).toEqual({ edge: 1024 });
  });

  it('keeps a value that the option does not take from coming in', async () => {
    const done = flow.start([uri]);
    (await next('Convert')).accept('Fit the long edge');
    window.inputs.push('99999999');
    (await next('Fit the long edge · options')).accept('Long edge');
    await vi.waitFor(() => expect(window.shown).toHaveLength(3));
    const again = await openPick();
    expect(again.itemOf('Long edge').description).toBe('512 px · Pixels.');
    again.hide();
    await done;
  });

  it('says where outputs go, and takes another folder, another number at once and salvage mode', async () => {
    jobs.plans.push(PLANNED);
    const done = flow.start([uri]);
    (await next('Convert')).accept('Fit the long edge');
    let options = await next('Fit the long edge · options');
    await vi.waitFor(() => expect(options.itemOf('Write to').description).toBe('clips-fit · beside the files'));
    const choose = async (label: string): Promise<void> => {
      const count = window.shown.length;
      options.accept(label);
      await vi.waitFor(() => expect(window.shown.length).toBe(count + 1));
      options = await openPick();
    };
    window.folders.push([fake.Uri.file('/mnt/out')]);
    window.inputs.push('3');
    await choose('Write to');
    await choose('At once');
    await choose('Damaged files');
    options.accept('Show the plan');
    (await plan('Fit the long edge')).accept('Start 5 files');
    await done;
    expect(theRequest()).toMatchObject({ output: '/mnt/out', jobs: 3, salvage: true });
  });

  it('goes back from the options to the presets, and from the plan to the options', async () => {
    jobs.plans.push(PLANNED);
    const done = flow.start([uri]);
    (await next('Convert')).accept('Fit the long edge');
    (await next('Fit the long edge · options')).back();
    (await next('Convert')).accept('16 kHz mono WAV');
    (await plan('16 kHz mono WAV')).accept('Change options');
    const options = await next('16 kHz mono WAV · options');
    await vi.waitFor(() => expect(jobs.removed).toEqual(['job-1']));
    options.hide();
    await done;
    expect(surveyed).toHaveLength(1);
    expect(jobs.run).toEqual([]);
  });

  it('removes a plan that is turned away from, also while it is being made', async () => {
    jobs.plans.push(PLANNED);
    const first = flow.start([uri]);
    (await next('Convert')).accept('16 kHz mono WAV');
    (await plan('16 kHz mono WAV')).hide();
    await first;
    expect([jobs.removed, jobs.cancelled]).toEqual([['job-1'], []]);

    const second = flow.start([uri]);
    (await next('Convert')).accept('16 kHz mono WAV');
    (await next('16 kHz mono WAV · plan')).hide();
    await second;
    expect([jobs.removed, jobs.cancelled]).toEqual([['job-1', 'job-2'], ['job-2']]);
    expect(kept).toEqual({});
  });

  it('keeps a plan that is shown in full', async () => {
    jobs.plans.push(PLANNED);
    const done = flow.start([uri]);
    (await next('Convert')).accept('16 kHz mono WAV');
    (await plan('16 kHz mono WAV')).accept('Show the plan in full');
    await done;
    expect([shownPlans, jobs.removed, jobs.run]).toEqual([['job-1'], [], []]);
  });

  it('offers no start where there is nothing to do, and says why a plan could not be made', async () => {
    jobs.plans.push({ counts: { ...PLANNED.counts, write: 0 } }, { state: 'failed', problem: 'Nothing can be written there.' });
    for (const [placeholder, labels] of [
      ['Skip 2, cannot 1', ['Show the plan in full', 'Change options', 'Cancel']],
      ['Nothing can be written there.', ['Change options', 'Cancel']],
    ] as const) {
      const done = flow.start([uri]);
      (await next('Convert')).accept('16 kHz mono WAV');
      const pick = await plan('16 kHz mono WAV');
      expect([pick.placeholder, pick.labels]).toEqual([placeholder, labels]);
      pick.accept('Cancel');
      await done;
    }
    expect(jobs.jobs.size).toBe(0);
  });

  it('copies the command for the terminal and leaves nothing behind', async () => {
    const done = flow.start([uri]);
    (await next('Convert')).accept('Fit the long edge');
    (await next('Fit the long edge · options')).accept('Copy command');
    await done;
    expect(env.copied).toEqual(['trainyard convert --preset image.fit -- /data/clips']);
    expect(jobs.requests.size).toBe(0);
  });
});

describe('Convert… in a workspace that is not trusted', () => {
  it('looks at nothing and runs nothing, and leads to the trust editor', async () => {
    workspace.isTrusted = false;
    notify.answer = ({ actions }) => actions[0];
    await flow.start([uri]);
    expect(notify.said.map(({ message }) => message)).toEqual(['This workspace is not trusted, so Trainyard runs no tool in it.']);
    expect(commands.executed).toEqual([['workbench.trust.manage']]);
    expect([surveyed, window.shown, jobs.requests.size]).toEqual([[], [], 0]);
  });
});

describe('what is converted', () => {
  it('is the file in the active editor where the palette names none', async () => {
    window.tabGroups.activeTabGroup.activeTab = { input: new fake.TabInputCustom(fake.Uri.file('/data/p.JPG')) };
    const done = flow.start([]);
    (await next('Convert')).hide();
    await done;
    expect(surveyed).toEqual([['/data/p.JPG']]);
  });

  it('is never what does not lie on a disk', async () => {
    await flow.start([fake.Uri.from({ scheme: 'vscode-vfs', path: '/a.wav' })]);
    expect(notify.said[0]?.message).toContain('vscode-vfs');
    expect(surveyed).toEqual([]);
  });
});

describe('Change Options… of a plan', () => {
  const request: ConvertRequest = {
    preset: 'image.fit',
    options: { edge: 640 },
    inputs: ['/data/clips'],
    salvage: true,
    imageEngine: 'auto',
    toolPaths: {},
    customPresets: [],
  };

  it('starts from the plan’s own options and puts the new plan in its place', async () => {
    jobs.plans.push(PLANNED, PLANNED);
    await jobs.port.plan(request);
    const done = flow.editOptions('job-1');
    const options = await next('Fit the long edge · options');
    expect(options.itemOf('Long edge').description).toContain('640 px');
    expect(options.itemOf('Damaged files').description).toContain('changed');
    options.accept('Show the plan');
    (await plan('Fit the long edge')).accept('Show the plan in full');
    await done;
    expect([shownPlans, jobs.removed]).toEqual([['job-2'], ['job-1']]);
    expect(jobs.requests.get('job-2')).toEqual({ ...request, noToolsFrom: [] });
  });

  it('leaves the plan where the person turns away', async () => {
    jobs.plans.push(PLANNED);
    await jobs.port.plan(request);
    const done = flow.editOptions('job-1');
    (await next('Fit the long edge · options')).hide();
    await done;
    expect(jobs.removed).toEqual([]);
  });
});

describe('settings that decide what is run', () => {
  it('are the user’s, whatever the workspace says', async () => {
    workspace.settings = {
      'trainyard.tools.ffmpeg': { workspaceValue: '/repo/evil', globalValue: ' /opt/ffmpeg ' },
      'trainyard.tools.sox': { workspaceValue: '/repo/evil', defaultValue: '' },
      'trainyard.convert.presets': { workspaceValue: [{ name: 'evil' }], globalValue: [{ name: 'mine' }] },
      'trainyard.convert.imageEngine': { workspaceValue: 'sharp' },
      'trainyard.convert.jobs': { workspaceValue: -3 },
    };
    const trust = new Trust(notify);
    const config = new ConvertConfig(new Config(), trust);
    expect(config.toolPaths).toEqual({ ffmpeg: '/opt/ffmpeg' });
    expect(config.customPresets).toEqual([{ name: 'mine' }]);
    expect([config.imageEngine, config.jobs]).toEqual(['sharp', undefined]);
    const forTerminal = { imageEngine: 'auto', toolPaths: { ffmpeg: '/opt/ffmpeg' }, customPresets: [{ name: 'mine' }] };
    expect(config.forTerminal).toEqual(forTerminal);
    workspace.isTrusted = false;
    expect(config.customPresets).toEqual([]);
    expect(config.forTerminal).toEqual(forTerminal);
  });
});
