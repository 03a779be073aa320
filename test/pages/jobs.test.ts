import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { JobStatus } from '../../src/convert/job.ts';
import { BASE, FAILURE, HOSTILE_NAMES, inventedFailures, inventedJobs, inventedStatus } from './invented.ts';
import { dayOfJobs } from './scenes.ts';
import { pagesInBrowser } from './support.ts';

const open = pagesInBrowser();

const COUNTS = { write: 100, replace: 0, skip: 0, refuse: 0, done: 60, failed: 0, salvaged: 0 };
const running = (changes: Partial<JobStatus> = {}) =>
  inventedStatus({ id: 'a1', state: 'running', startedAt: 1, counts: COUNTS, progress: 0.6, secondsLeft: 240, running: [{ input: `${BASE}/take_07.wav`, fraction: 0.72 }], ...changes });
const failed = (count = 9) => inventedStatus({ id: 'a1', state: 'done', startedAt: 1000, endedAt: 373_000, counts: { ...COUNTS, done: 100 - count, failed: count }, progress: 1, failures: [FAILURE] });

const lines = (page: Page) => page.locator('.row').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).innerText.replace(/\s+/g, ' ').trim()));
const focused = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement).innerText.replace(/\s+/g, ' ').trim() || document.activeElement?.ariaLabel);

describe('the list of jobs', () => {
  it('shows each job with its state in words, how far it is, and what can be done with it', async () => {
    const { page, complaints } = await open.jobs(dayOfJobs());
    await page.waitForSelector('.row.job');
    expect(await lines(page)).toEqual([
      'running: FLAC, lossless home-mm/audio 3,120 of 4,705 · 9 failed 66 % · ~4 min',
      'being planned: Opus 64 kbit/s /data/speech-cmd-v2 planning · 29,891 files looked at',
      'interrupted: H.264 home-mm/video interrupted · 31 of 80 done',
      'planned, not started: Frames at 2 fps → JPEG home-mm/video not started · 2,410 to write · 4 cannot',
      'finished: Fit long edge to 1024 /data/kinetics-mini 12,004 done 6 min 12 s',
      'finished: 16 kHz mono WAV home-mm/audio salvage 391 done · 9 failed · 3 with damage 1 h',
      'cancelled: Spectrogram PNG home-mm/audio cancelled · 120 of 900 done 12 s',
      'failed: Loudness −23 LUFS home-mm/audio stopped: The disk is full: /data has 0 B left. 120 of 900 files were written and stay.',
      'finished: FLAC, lossless home-mm/audio 5,981 up to date 0.9 s',
    ]);
    expect(complaints).toEqual([]);
  });

  it('tells a screen reader how far a job is', async () => {
    const { page } = await open.jobs(inventedJobs({ statuses: [running({ counts: { ...COUNTS, failed: 3 } })] }));
    const bar = page.getByRole('progressbar', { name: 'FLAC, lossless' });
    await bar.waitFor();
    expect([await bar.getAttribute('aria-valuenow'), await bar.getAttribute('aria-valuetext')]).toEqual(['60', '60\u202f% · ~4 min, 63 of 100, 3 failed']);
  });

  it.each([
    ['running', 'cancel', 'trainyard.jobs.cancel'],
    ['running', 'openLog', 'trainyard.jobs.openLog'],
    ['running', 'showPlan', 'trainyard.convert.showPlan'],
    ['running', 'revealOutput', 'trainyard.jobs.revealOutput'],
    ['interrupted', 'resume', 'trainyard.jobs.resume'],
    ['done', 'retryFailed', 'trainyard.jobs.retryFailed'],
    ['done', 'retrySalvage', 'trainyard.jobs.retrySalvage'],
    ['done', 'remove', 'trainyard.jobs.remove'],
    ['planned', 'runPlan', 'trainyard.convert.runPlan'],
    ['planned', 'editOptions', 'trainyard.convert.editOptions'],
  ] as const)('of a job that is %s, %s runs %s', async (state, action, command) => {
    const face = await open.jobs(inventedJobs({ statuses: [running({ state, counts: { ...COUNTS, failed: 2 } })] }));
    await face.page.hover('.row.job');
    await face.page.click(`[data-action=${action}]`);
    await face.page.waitForSelector(`[data-action=${action}][aria-disabled=false]`);
    expect(face.commands).toEqual([[command, 'a1']]);
    // A click on a button does not open the job.
    expect(await face.page.getAttribute('.row.job', 'aria-expanded')).toBe('false');
  });

  it('shows why a command failed', async () => {
    const face = await open.jobs(inventedJobs({ statuses: [running()] }));
    face.onCommand = () => Promise.reject(new Error('This job has ended.'));
    await face.page.click('[data-action=cancel]');
    expect(await face.page.innerText('[role=alert]')).toBe('This job has ended.');
  });

  it('follows changes, new jobs and removed ones', async () => {
    const store = inventedJobs({ statuses: [running()] });
    const { page } = await open.jobs(store);
    await page.waitForSelector('[role=progressbar][aria-valuenow="60"]');
    store.set('a1', running({ progress: 0.7 }));
    await page.waitForSelector('[role=progressbar][aria-valuenow="70"]');
    store.set('b2', inventedStatus({ id: 'b2', title: 'Opus' }));
    await page.waitForSelector('text=Opus');
    store.set('a1', undefined);
    await page.waitForFunction(() => document.querySelectorAll('.row.job').length === 1);
    store.set('b2', undefined);
    await page.waitForSelector('.welcome');
  });

  it('says in words how a job ended, to who cannot see it', async () => {
    const store = inventedJobs({ statuses: [running()] });
    const { page } = await open.jobs(store);
    await page.waitForSelector('.row.job');
    store.set('a1', failed(2));
    await page.waitForFunction(() => document.querySelector('[role=status]')?.textContent === 'FLAC, lossless: finished, 98 done, 2 failed');
  });

  it('is empty with a way to begin', async () => {
    const face = await open.jobs(inventedJobs({ statuses: [] }));
    await face.page.click('text=Convert files…');
    expect(face.commands).toEqual([['trainyard.convert.start']]);
  });

  it('refuses what a page asks of a job that it was not told of', async () => {
    const face = await open.jobs(inventedJobs({ statuses: [running()] }));
    await face.page.waitForSelector('.row.job');
    const answers: unknown[] = [];
    const deliver = face.panel.webview.deliver;
    face.panel.webview.deliver = async (message) => {
      answers.push(message);
      await deliver?.(message);
    };
    for (const params of [{ id: '../../etc', action: 'remove' }, { id: 'a1', action: 'format' }, { id: 7, action: 'remove' }, 'remove']) {
      face.panel.webview.received.fire({ call: 'act', id: 1000 + answers.length, params });
      await new Promise(setImmediate);
    }
    expect(answers).toMatchObject([{ error: { reason: 'failed' } }, { error: { reason: 'invalid' } }, { error: { reason: 'invalid' } }, { error: { reason: 'invalid' } }]);
    expect(face.commands).toEqual([]);
  });

  it('collects nothing while it is hidden, and opens what was open when it is shown again', async () => {
    const store = inventedJobs({ statuses: [failed()] });
    const { page, panel, reload } = await open.jobs(store);
    await page.click('.row.job');
    await page.waitForSelector('.row.failure');
    panel.setVisible(false);
    expect(store.watchers).toBe(0);
    await reload();
    expect(await page.locator('.row').count()).toBe(0);
    panel.setVisible(true);
    await page.waitForSelector('.row.failure');
    expect(store.watchers).toBe(1);
  });
});

describe('an opened job', () => {
  it('shows what runs, then what failed; a failure shows its command, the tool’s own words, and its end', async () => {
    const { page } = await open.jobs(inventedJobs({ statuses: [running({ counts: { ...COUNTS, failed: 2 }, failures: [FAILURE] })], failures: inventedFailures(2) }));
    await page.click('.row.job');
    await page.click('.row.failure >> nth=0');
    expect((await lines(page)).slice(1)).toEqual([
      'take_07.wav 72 %',
      'failed: field_0077.wav sox stopped with 2 · source ends early',
      '$ /usr/bin/sox -V2 --no-glob -t wav /data/home-mm/audio/field_0077.wav -C 8 -t flac /data/home-mm/audio-flac/.field_0077.flac.part ' +
        "sox WARN wav: Premature EOF on .wav input file sox FAIL sox: `/data/home-mm/audio/field_0077.wav' expected 94371840 samples, got 93323264 " +
        'stopped with 2 · no output left behind',
      'failed: field_0078.wav sox stopped with 2 · source ends early',
    ]);
  });

  it('copies the command of a failure so that a shell takes it as it was', async () => {
    const command = ['/usr/bin/sox', `${BASE}/it's $(here).wav`];
    const { page } = await open.jobs(inventedJobs({ statuses: [failed(1)], failures: [{ ...FAILURE, command }] }));
    await page.click('.row.job');
    await page.click('.row.failure');
    await page.click('[aria-label="Copy Command"]');
    await page.waitForFunction(() => document.querySelector('[role=status]')?.textContent === 'Command copied');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`/usr/bin/sox '${BASE}/it'\\''s $(here).wav'`);
  });

  it('shows more of many failures when asked', async () => {
    const { page } = await open.jobs(inventedJobs({ statuses: [failed(45)], failures: inventedFailures(45) }));
    await page.click('.row.job');
    await page.waitForFunction(() => document.querySelectorAll('.row.failure').length === 20);
    expect(await page.innerText('.row.more')).toMatch(/Show more\s+20 of 45 failures/);
    await page.click('text=Show more');
    await page.waitForFunction(() => document.querySelectorAll('.row.failure').length === 40);
    await page.click('text=Show more');
    await page.waitForFunction(() => document.querySelectorAll('.row.failure').length === 45);
    expect(await page.locator('.row.more').count()).toBe(0);
  });

  it('says why failures cannot be read, and reads them when asked again', async () => {
    const store = inventedJobs({ statuses: [failed()] });
    store.broken = 'journal.jsonl: permission denied';
    const { page } = await open.jobs(store);
    await page.click('.row.job');
    expect(await page.innerText('.row.problem .words')).toBe('The failures could not be read: journal.jsonl: permission denied');
    store.broken = undefined;
    await page.click('text=Try Again');
    await page.waitForSelector('.row.failure');
  });

  it('shows hostile names and tool words as text', async () => {
    const failures = HOSTILE_NAMES.map((name, seq) => ({ ...FAILURE, seq, input: `${BASE}/${name}`, reason: name, command: ['sox', name], stderr: `<script>alert(1)</script>${name}` }));
    const { page, complaints } = await open.jobs(inventedJobs({ statuses: [failed(10)], failures }));
    await page.click('.row.job');
    await page.waitForSelector('.row.failure');
    for (const index of HOSTILE_NAMES.keys()) {
      await page.click(`.row.failure >> nth=${index}`);
    }
    expect(await page.locator('.output').count()).toBe(HOSTILE_NAMES.length);
    expect(await page.locator('main script, main img').count()).toBe(0);
    const text = await page.innerText('main');
    expect(text).not.toMatch(/[\u202a-\u202e\u0007\u001b]/);
    expect(text).toContain('<script>alert(1)</script>invoice\\u202efdp.wav');
    expect(complaints).toEqual([]);
  });
});

describe('the keyboard in the list of jobs', () => {
  it('opens, walks into, shuts and leaves jobs with the arrows', async () => {
    const { page } = await open.jobs(inventedJobs({ statuses: [failed(2), inventedStatus({ id: 'b2', title: 'Opus' })], failures: inventedFailures(2) }));
    await page.waitForSelector('.row.job');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toMatch(/^finished: FLAC/);
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('.row.failure');
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toMatch(/^failed: field_0077/);
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toMatch(/^\$ /);
    await page.keyboard.press('ArrowLeft');
    expect(await focused(page)).toMatch(/^failed: field_0077/);
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('.output').count()).toBe(0);
    await page.keyboard.press('ArrowLeft');
    expect(await focused(page)).toMatch(/^finished: FLAC/);
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('.row.failure').count()).toBe(0);
    await page.keyboard.press('End');
    expect(await focused(page)).toMatch(/Opus/);
  });

  it('reaches the actions of the row it is in, and no others', async () => {
    const face = await open.jobs(inventedJobs({ statuses: [running(), running({ id: 'b2', title: 'Opus' })] }));
    const { page } = face;
    await page.waitForSelector('.row.job');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Show Plan');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toBe('Cancel');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-action=cancel][aria-disabled=false] >> nth=1');
    expect(face.commands).toEqual([['trainyard.jobs.cancel', 'b2']]);
    await page.keyboard.press('Escape');
    expect(await focused(page)).toMatch(/Opus/);
  });

  it('stays in the list when its job is removed', async () => {
    const store = inventedJobs({ statuses: [failed(), inventedStatus({ id: 'b2', title: 'Opus' })] });
    const { page } = await open.jobs(store);
    await page.waitForSelector('.row.job');
    await page.keyboard.press('Tab');
    store.set('a1', undefined);
    await page.waitForFunction(() => document.querySelectorAll('.row.job').length === 1);
    expect(await focused(page)).toMatch(/Opus/);
  });
});

describe('a narrow list of jobs', () => {
  it.each([
    ['300 px wide', { width: 300, height: 600 }],
    ['640 px wide', { width: 640, height: 600 }],
    ['800 px wide at a zoom of 200 %', { width: 800, height: 600, zoom: 2 }],
  ])('keeps every row and the actions of the row in hand inside, %s', async (_name, options) => {
    const { page } = await open.jobs(dayOfJobs(), options);
    await page.click('.row.job >> nth=0');
    await page.click('.row.failure >> nth=0');
    await page.hover('.row.job >> nth=5');
    const outside = await page.evaluate(() =>
      [...document.querySelectorAll('.row, .row button, .row .title, .row .counts')]
        .filter((element) => {
          const { left, right, width } = element.getBoundingClientRect();
          return left < 0 || right > innerWidth + 0.5 || (width < 20 && getComputedStyle(element).display !== 'none');
        })
        .map((element) => element.outerHTML.slice(0, 80)),
    );
    expect(outside).toEqual([]);
    expect(await page.locator('.row.job >> nth=5').locator('button:visible').count()).toBe(5);
  });
});

describe('motion', () => {
  it('turns the icon of a running job, unless motion is to be reduced', async () => {
    const animations = async (reducedMotion: boolean) => {
      const { page } = await open.jobs(inventedJobs({ statuses: [running()] }), { reducedMotion });
      await page.waitForSelector('.row.job');
      return page.evaluate(() => document.getAnimations().length);
    };
    expect(await animations(false)).toBeGreaterThan(0);
    expect(await animations(true)).toBe(0);
  });
});
