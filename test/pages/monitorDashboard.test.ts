import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from '../vscode/browser.ts';
import { absent, isAbsent } from '../../src/base/absent.ts';
import type { SystemSample } from '../../src/monitor/systemSample.ts';
import { GIB, eightGpus, inventedGpu, inventedProcess, inventedReading, inventedSample, inventedUse, noGpu, nothingKnown, silentDriver, sixteenGpus } from '../unit/monitor/view/invented.ts';
import { bundlePages } from './harness.ts';
import type { PageOptions } from './harness.ts';
import { atNow, openDashboard } from './monitorHarness.ts';
import type { DashboardScene, OpenDashboard } from './monitorHarness.ts';
import { monitorScenes } from './monitorScenes.ts';

let browser: Browser;
let bundles: Awaited<ReturnType<typeof bundlePages>>;
const opened: OpenDashboard[] = [];

beforeAll(async () => {
  [browser, bundles] = await Promise.all([startBrowser(), bundlePages('monitor')]);
});
afterEach(async () => {
  for (const { page, dispose } of opened.splice(0)) {
    dispose();
    await page.context().close();
  }
});
afterAll(() => browser.close());

async function open(scene: DashboardScene, options?: PageOptions): Promise<OpenDashboard> {
  const made = await openDashboard(browser, bundles, scene, options);
  opened.push(made);
  await made.page.waitForSelector('.host, .line1');
  return made;
}

const lines = (page: Page, rows: string) => page.locator(rows).evaluateAll((all) => all.map((row) => [...row.children].map((cell) => (cell as HTMLElement).innerText.replace(/\s+/g, ' ').trim()).filter((text) => text !== '').join(' | ')));
const processes = (page: Page) => page.locator('.row.p .c-pid').evaluateAll((cells) => cells.map((cell) => cell.textContent?.trim()));
const focusedKey = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement).dataset['key']);

/** How much of a chart's lower half its line or its filling covers, and how much of all is hatched or drawn. */
const ink = (page: Page, selector: string) =>
  page.locator(`${selector} canvas`).first().evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let index = 3; index < data.length; index += 4) {
      count += (data[index] ?? 0) > 0 ? 1 : 0;
    }
    return count / (canvas.width * canvas.height);
  });

describe('the dashboard', () => {
  it('shows each GPU with who holds it, its numbers, what limits it, and its processes', async () => {
    const { page, complaints } = await open({ sample: eightGpus() });
    await page.waitForSelector('.chip >> nth=1');
    expect(await lines(page, '.g')).toEqual([
      '0 | you llama-8b-sft | 97% | 71.4of 79.6GiB | 671W | 64°C | 1,755 / 2,619 | Busy',
      '1 | you llama-8b-sft | 96% | 71.2of 79.6GiB | 698W | 66°C | 1,695 / 2,619 | Power cap 38% | Busy',
      '2 | you llama-8b-sft | 96% | 71.2of 79.6GiB | 667W | 63°C | 1,755 / 2,619 | Busy',
      '3 | you llama-8b-sft | 97% | 70.9of 79.6GiB | 588W | 87°C | 1,410 / 2,619 | Thermal 61% | Busy',
      '4 | you vit-l-aug, raj | 34% | 35.3of 79.6GiB | 286W | 49°C | 1,980 / 2,619 | Busy',
      '5 | you vit-l-aug | 33% | 29.1of 79.6GiB | 281W | 48°C | 1,980 / 2,619 | Busy',
      '6 | mkim vllm serve | 22% | 71.0of 79.6GiB | 243W | 44°C | 1,980 / 2,619 | Busy',
      '7 | raj ipykernel | 0% | 18.2of 79.6GiB | 71W | 31°C | 345 / 2,619 | Busy',
    ]);
    expect(await processes(page)).toEqual(['48211', '48212', '48213', '31877', '48214', '50992', '27140', '51377']);
    expect(complaints).toEqual([]);
  });

  it('has everything of sixteen GPUs in sight on a screen of 1440 by 900', async () => {
    const { page, complaints } = await open({ sample: sixteenGpus() });
    const { fits, bottom, wide } = await page.evaluate(() => {
      const main = document.querySelector('main') as HTMLElement;
      return { fits: main.scrollHeight <= main.clientHeight, wide: main.scrollWidth > main.clientWidth, bottom: document.querySelector('.line1')!.getBoundingClientRect().bottom };
    });
    expect([fits, wide, await page.locator('.g').count()]).toEqual([true, false, 16]);
    expect(bottom).toBeLessThan(808);
    expect(await lines(page, '.g >> nth=11')).toEqual([expect.stringMatching(/^11 \| not known \| –.*Xid 79 \| Lost$/) as string]);
    expect(complaints).toEqual([]);
  });

  it('follows new samples', async () => {
    const face = await open({ sample: eightGpus() });
    const sample = atNow(eightGpus());
    face.show({ ...sample, gpus: sample.gpus.map((reading) => ({ ...reading, gpus: reading.gpus.map((gpu) => (gpu.index === 7 ? { ...gpu, utilization: 55 } : gpu)) })) });
    await face.page.waitForFunction(() => document.querySelectorAll('.g')[7]?.querySelector('.c-busy')?.textContent?.includes('55'));
  });

  it('draws at most every five seconds for who wants no motion', async () => {
    const face = await open({ sample: eightGpus() }, { reducedMotion: true });
    face.show(atNow(inventedSample({ gpus: [inventedReading([inventedGpu(0)], [])] })));
    await face.page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    expect(await face.page.locator('.g').count()).toBe(8);
  });

  it('stops drawing while paused and shows what is when it goes on', async () => {
    const face = await open({ sample: eightGpus() });
    const { page } = face;
    await page.keyboard.press(' ');
    await page.waitForSelector('text=paused at');
    const gone = atNow(inventedSample({ host: 'hgx-01', gpus: [inventedReading([inventedGpu(0)], [])] }));
    face.show(gone);
    await page.evaluate(() => new Promise(requestAnimationFrame));
    expect(await page.locator('.g').count()).toBeGreaterThanOrEqual(7);
    await page.keyboard.press(' ');
    await page.waitForFunction(() => document.querySelectorAll('.g').length === 1);
  });

  it('dims what is old and says since when', async () => {
    const face = await open({ sample: eightGpus() });
    face.show({ ...eightGpus(), time: Date.now() - 60_000 });
    await face.page.waitForSelector('main.stale');
    expect(await face.page.innerText('.sampled')).toMatch(/^Stale: last sample \d\d:\d\d:\d\d, 1 min ago$/);
  });

  it('shows no number of a silent driver, and that it is silent', async () => {
    const { page } = await open({ sample: silentDriver() });
    expect(await page.innerText('.trouble h2')).toBe('NVIDIA driver not answering for 4 min');
    expect(await page.locator('.g .c-busy').evaluateAll((cells) => cells.some((cell) => /\d/.test(cell.textContent ?? '')))).toBe(false);
    expect(await page.locator('.g .c-state').allInnerTexts()).toEqual(Array.from({ length: 8 }, () => 'No answer'));
  });

  it('has a dash with its reason for what is not known', async () => {
    const { page, complaints } = await open({ sample: nothingKnown(), history: 0 });
    expect(await page.locator('.g .unk').first().getAttribute('title')).toBe('Not known: not permitted');
    expect(await page.innerText('.procs .none')).toBe('Processes are not known: not permitted');
    expect(complaints).toEqual([]);
  });

  it('is of the machine alone where there is no GPU', async () => {
    const { page } = await open({ sample: noGpu() });
    expect([await page.innerText('.trouble h2'), await page.locator('.gpus').count(), await processes(page)]).toEqual(['No GPU found on this machine', 0, ['700']]);
  });

  it('has no section of runs where there are no verdicts', async () => {
    const { page } = await open({ sample: eightGpus() });
    expect(await page.locator('.runs').count()).toBe(0);
    const face = await open(monitorScenes['runs']!.scene());
    expect(await lines(face.page, '.run >> nth=1')).toEqual([expect.stringMatching(/^vit-l-aug you · GPU 4, 5 \| Input-bound \| GPUs 33% busy/)]);
  });

  it('shows hostile names as text', async () => {
    const name = '<img src=x onerror=alert(1)>\u202e${alert(1)}';
    const process = inventedProcess(5, '<b>raj</b>', ['python', name]);
    const { page, complaints } = await open({ sample: inventedSample({ host: '<i>h</i>', gpus: [inventedReading([inventedGpu(0)], [inventedUse(0, 5, 20)])], processes: [process] }) });
    expect([await page.innerText('.c-user >> nth=1'), await page.innerText('h1 .chosen'), await page.locator('.row.p img, .row.p b').count()]).toEqual(['<b>raj</b>', '<i>h</i>', 0]);
    expect(await page.innerText('.row.p .c-command')).toContain('\\u202e');
    expect(complaints).toEqual([]);
  });
});

describe('histories', () => {
  it('are drawn, and hatched from where there is none', async () => {
    const { page } = await open({ sample: eightGpus() });
    await page.waitForSelector('.g .uplot');
    expect(await ink(page, '.g:nth-of-type(2) .hist')).toBeGreaterThan(0.5);
    const bare = await open({ sample: nothingKnown(), history: 0 });
    await bare.page.waitForSelector('.g .uplot');
    const hatched = await ink(bare.page, '.g .hist');
    expect([hatched > 0.1, hatched < 0.5]).toEqual([true, true]);
  });

  it('go by the machine’s clock, whatever the browser’s says', async () => {
    for (const ahead of [-3_600_000, 3_600_000]) {
      const { page } = await open({ sample: eightGpus(), ahead });
      await page.waitForSelector('.g .uplot');
      expect(await page.innerText('.sampled')).toMatch(/^sampled \d s ago$/);
      expect(await ink(page, '.g:nth-of-type(2) .hist')).toBeGreaterThan(0.5);
    }
  });

  it('are asked for once for each window, in columns', async () => {
    const { page, asked } = await open({ sample: eightGpus() });
    await page.click('[data-value="86400000"]');
    await page.waitForFunction(() => document.querySelector('.axis')?.textContent?.startsWith('−24 h'));
    const histories = asked.filter(([method]) => method === 'history').map(([, params]) => params as { from: number; to: number; step: number });
    expect(histories.map(({ from, to, step }) => [Math.round((to - from) / 60_000), step])).toEqual([[15, 2000], [1440, 120_000]]);
  });

  it('have a sentence each for who cannot see them', async () => {
    const { page } = await open({ sample: eightGpus() });
    await page.waitForFunction(() => document.querySelector('.hist')?.ariaLabel?.includes('lowest'));
    expect(await page.getAttribute('.hist >> nth=3', 'aria-label')).toMatch(/^GPU 3 busy, 15 min, now 97%, lowest 7\d%, highest 97%$/);
  });

  it('can be read as a table', async () => {
    const { page } = await open({ sample: eightGpus() });
    await page.waitForSelector('.chip >> nth=1');
    await page.click('[data-action=table]');
    expect(await page.locator('.samples thead th').allInnerTexts()).toEqual(['Time', ...Array.from({ length: 8 }, (_, index) => `GPU ${index}`)]);
    expect(await page.innerText('.samples tbody tr >> nth=1')).toMatch(/^\d\d:\d\d:\d\d\t9\d – 97\t/);
    await page.click('[data-action=table]');
    await page.waitForSelector('.samples', { state: 'detached' });
  });

  it('show the values of one time in all rows under the pointer', async () => {
    const { page } = await open({ sample: eightGpus() });
    await page.hover('.g .u-over >> nth=4');
    await page.waitForFunction(() => [...document.querySelectorAll('.g .readout')].every((readout) => !(readout as HTMLElement).hidden && /^\d+%$/.test(readout.textContent ?? '')));
    expect(await page.innerText('.axis >> nth=0')).toMatch(/at \d\d:\d\d:\d\d/);
  });
});

describe('the table of processes', () => {
  it('sorts by any column, and by the memory of GPUs again with the third click', async () => {
    const { page } = await open({ sample: eightGpus() });
    const sorted = () => page.locator('[aria-sort=ascending], [aria-sort=descending]').evaluateAll((heads) => heads.map((head) => `${head.textContent?.trim()} ${head.ariaSort}`));
    await page.click('[data-column=cpu]');
    expect([(await processes(page))[0], await sorted()]).toEqual(['50992', ['CPU % descending']]);
    await page.click('[data-column=cpu]');
    expect([(await processes(page))[0], await sorted()]).toEqual(['27140', ['CPU % ascending']]);
    await page.click('[data-column=cpu]');
    expect(await sorted()).toEqual(['VRAM descending']);
  });

  it('keeps its rows where they are while the pointer is on it', async () => {
    const face = await open({ sample: eightGpus() });
    const before = await processes(face.page);
    await face.page.hover('.row.p >> nth=2');
    const now = atNow(eightGpus());
    const sample = { ...now, gpus: now.gpus.map((reading) => ({ ...reading, uses: isAbsent(reading.uses) ? reading.uses : reading.uses.map((use) => (use.pid === 51377 ? { ...use, memoryUsed: 79 * GIB } : use)) })) };
    face.show(sample);
    await face.page.waitForFunction(() => [...document.querySelectorAll('.row.p .c-vram')].some((cell) => cell.textContent?.startsWith('79.0')));
    expect(await processes(face.page)).toEqual(before);
    await face.page.mouse.move(5, 5);
    face.show(atNow(sample));
    await face.page.waitForFunction(() => document.querySelector('.row.p .c-pid')?.textContent?.trim() === '51377');
  });

  it('filters by words and by whose they are', async () => {
    const { page } = await open({ sample: eightGpus() });
    await page.fill('.proc-section input', 'gpu 4');
    expect(await processes(page)).toEqual(['50992', '51377']);
    await page.click('[data-value=mine]');
    expect(await processes(page)).toEqual(['50992']);
    await page.focus('.proc-section input');
    await page.keyboard.press('Escape');
    expect(await processes(page)).toHaveLength(5);
    await page.fill('.proc-section input', 'no such thing');
    expect(await page.innerText('.procs .none')).toBe('No process matches the filter.');
  });

  it('shows all processes when asked to, and finds its sorting again when it is shown anew', async () => {
    const face = await open({ sample: eightGpus() });
    await face.page.click('[data-value=all]');
    await face.page.waitForFunction(() => document.querySelectorAll('.row.p').length === 11);
    await face.page.click('[data-column=pid]');
    await face.reload();
    await face.page.waitForFunction(() => document.querySelectorAll('.row.p').length === 11);
    expect((await processes(face.page))[0]).toBe('700');
  });

  it('is of one’s own for a context menu, and of others for another', async () => {
    const { page } = await open({ sample: eightGpus() });
    const contexts = await page.locator('.row.p').evaluateAll((rows) => rows.map((row) => (JSON.parse((row as HTMLElement).dataset['vscodeContext'] ?? '') as { webviewSection: string }).webviewSection));
    expect(contexts).toEqual(['ownProcess', 'ownProcess', 'ownProcess', 'process', 'ownProcess', 'ownProcess', 'process', 'process']);
  });
});

describe('the keyboard', () => {
  it('goes from row to row, opens a GPU with Enter, and shuts it with Escape', async () => {
    const { page, asked } = await open({ sample: eightGpus() });
    await page.focus('.g');
    await page.keyboard.press('ArrowDown');
    expect(await focusedKey(page)).toBe(inventedGpu(1).uuid);
    await page.keyboard.press('End');
    expect(await focusedKey(page)).toBe(inventedGpu(7).uuid);
    await page.keyboard.press('Enter');
    expect(await page.innerText('.details')).toContain(inventedGpu(7).uuid);
    expect(await page.locator('.row.p.sel .c-pid').allInnerTexts()).toEqual(['27140']);
    await page.click('.details .icon-button');
    expect(asked.at(-1)).toEqual(['act', { action: 'copyCudaDevices', key: inventedGpu(7).uuid }]);
    await page.keyboard.press('Escape');
    await page.waitForSelector('.details', { state: 'detached' });
  });

  it('has one stop with Tab in each table', async () => {
    const { page } = await open({ sample: eightGpus() });
    expect([await page.locator('.g[tabindex="0"]').count(), await page.locator('.row.p[tabindex="0"]').count()]).toEqual([1, 1]);
  });
});

describe('playback', () => {
  const enter = async (scene: DashboardScene) => {
    const face = await open(scene);
    await face.page.click('[data-action=playback]');
    await face.page.waitForFunction(() => document.querySelector('.proc-section .sh')?.textContent?.includes('as of'));
    return face;
  };
  const head = async (page: Page) => Number(await page.getAttribute('.scrub .head', 'aria-valuenow'));

  it('says that it is not live, tells the host, and goes live again', async () => {
    const face = await enter({ sample: eightGpus() });
    expect(await face.page.innerText('.tag')).toBe('Playback, not live');
    expect(face.asked.some(([method, params]) => method === 'mode' && (params as { time: number | null }).time !== null)).toBe(true);
    await face.page.click('[data-action=live]');
    await face.page.waitForSelector('.pb', { state: 'hidden' });
    expect(face.asked.filter(([method]) => method === 'mode').at(-1)).toEqual(['mode', { time: null }]);
  });

  it('moves by a sample, by an event, and to the ends', async () => {
    const event = Date.now() - 60_000;
    const { page } = await enter({ sample: eightGpus(), events: [{ time: event, kind: 'heat', words: 'GPU 3 slowed by heat' }] });
    const start = await head(page);
    await page.keyboard.press('ArrowLeft');
    expect(await head(page)).toBe(start - 2);
    await page.keyboard.press('Shift+ArrowRight');
    expect(await head(page)).toBe(Math.round(event / 1000));
    await page.keyboard.press('Home');
    await page.waitForFunction(() => document.querySelector('.when')?.textContent?.includes('2 d before now'));
  });

  it('lists what happened, and goes there', async () => {
    const event = Date.now() - 60_000;
    const { page } = await enter({ sample: eightGpus(), events: [{ time: event, kind: 'heat', words: 'GPU 3 slowed by heat' }, { time: event - 3 * 86_400_000, kind: 'ended', words: 'old' }] });
    expect(await page.innerText('.events-section .sh')).toMatch(/^Events\s+1 of 2$/);
    await page.click('.event');
    expect(await head(page)).toBe(Math.round(event / 1000));
  });

  it('shows a time that is clicked on', async () => {
    const { page, asked } = await enter({ sample: eightGpus() });
    const box = (await page.locator('.scrub').boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + 20);
    await page.waitForFunction(() => document.querySelector('.when')?.textContent?.includes('7 min before now'));
    const times = asked.filter(([method]) => method === 'at').map(([, params]) => (params as { time: number }).time);
    expect((Date.now() - (times.at(-1) ?? 0)) / 60_000).toBeCloseTo(7.5, 0);
  });

  it('selects the time that is dragged over, and exports it', async () => {
    const { page, asked } = await open({ sample: eightGpus() });
    await page.waitForSelector('.g .uplot');
    await monitorScenes['selection']!.act!(opened.at(-1)!);
    expect(await page.innerText('.track-head')).toMatch(/Selected \d\d:\d\d – \d\d:\d\d 6 min/);
    expect(await page.locator('.details').count()).toBe(0);
    await page.click('text=Export selection…');
    const [, params] = asked.at(-1) as readonly [string, { action: string; from: number; to: number }];
    expect([params.action, Math.round((params.to - params.from) / 60_000)]).toEqual(['export', 6]);
    await page.keyboard.press('Escape');
    await page.waitForSelector('.selected', { state: 'detached' });
  });

  it('says why nothing is kept', async () => {
    const face = await open({ sample: eightGpus(), history: 0 });
    await face.page.click('[data-action=playback]');
    await face.page.waitForSelector('text=Keeping a history is off.');
  });
});

describe('what the dashboard costs', () => {
  it('is at most 150 kB of script', () => {
    const scripts = [...bundles].filter(([path]) => path.endsWith('.js'));
    expect(scripts.map(([path]) => path)).toEqual(['/dist/pages/monitorDashboard.js', '/dist/pages/monitorFleet.js']);
    expect(scripts[0]?.[1].length).toBeLessThan(150_000);
    expect(scripts[1]?.[1].length).toBeLessThan(60_000);
  });

  it('is little on the line: a second of eight busy GPUs and 300 processes', async () => {
    const face = await open({ sample: eightGpus() });
    const sizes: number[] = [];
    const { deliver } = face.panel.webview;
    face.panel.webview.deliver = async (message) => {
      sizes.push(JSON.stringify(message).length);
      await deliver?.(message);
    };
    face.show(busier(atNow(eightGpus())));
    await face.page.waitForFunction(() => document.querySelector('.c-busy + .c-vram') !== null);
    expect(sizes).toHaveLength(1);
    expect(sizes[0]).toBeLessThan(4000);
  });
});

/** Every number of every GPU is another. */
function busier(sample: SystemSample): SystemSample {
  return {
    ...sample,
    gpus: sample.gpus.map((reading) => ({
      ...reading,
      gpus: reading.gpus.map((gpu) => ({ ...gpu, utilization: 12, power: 333, temperature: 55, clock: 1200, pcieReceived: 3e9, pcieSent: 2e9, encoderUtilization: absent('not told') })),
    })),
  };
}
