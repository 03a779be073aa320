import { describe, expect, it } from 'vitest';
import type { BoxState } from '../../../../src/monitor/boxes/boxState.ts';
import { linkTrouble } from '../../../../src/monitor/view/boxLink.ts';
import { DashboardFeed, emptyFrame } from '../../../../src/monitor/view/dashboardFeed.ts';
import { readHoldings } from '../../../../src/monitor/view/holders.ts';
import { machineChoice } from '../../../../src/monitor/view/machineChoice.ts';
import { GpuWatch } from '../../../../src/monitor/view/watch.ts';
import { LENA, NOW, eightGpus } from './invented.ts';

const LIVE = { kind: 'live' } as const;
const SIGN_IN: BoxState = { kind: 'signIn', since: NOW - 60_000, said: 'Permission \u202edenied\u0007', command: ['ssh', 'hgx-02'] };

describe('the way to a box', () => {
  it('is nothing to speak of while it is there', () => {
    expect(linkTrouble('hgx-02', LIVE, NOW)).toBeUndefined();
  });

  it('says how to sign in, and lets no box draw on the page', () => {
    const trouble = linkTrouble('hgx-02', SIGN_IN, NOW);
    expect([trouble?.way, trouble?.facts]).toEqual(['signIn', [['In a terminal', 'ssh hgx-02']]]);
    expect(trouble?.said).not.toMatch(/[\u202e\u0007]/);
  });

  it('says when it is tried again, as far as that is known', () => {
    const words = (retryAt?: number) => linkTrouble('a', { kind: 'stale', since: NOW - 20_000, ...(retryAt !== undefined && { retryAt }) }, NOW)?.text;
    expect([words(), words(NOW + 30_000), words(NOW - 1)]).toEqual([
      'Its values are those of 20 s ago. It is tried again by itself.',
      'Its values are those of 20 s ago. It is tried again in 30 s.',
      'Its values are those of 20 s ago. It is tried again by itself.',
    ]);
  });
});

describe('the dashboard of a box', () => {
  const sample = { ...eightGpus({ host: 'hgx-02' }) };
  const options = { now: NOW + 1000, collector: LIVE, inventory: undefined, scope: 'gpu' } as const;
  const frame = (link: BoxState) => new DashboardFeed(LENA, new GpuWatch()).frame(readHoldings(sample, LENA), { ...options, box: { alias: 'hgx-02', link } });

  it('is of the box, and of its values where the link is there', () => {
    expect(frame(LIVE).head).toMatchObject({ key: 'hgx-02', host: 'hgx-02', state: 'ok', troubles: [] });
  });

  it('keeps what was seen last, and says first that it is old', () => {
    const { head, gpus } = frame({ kind: 'stale', since: NOW });
    expect([head?.state, head?.troubles[0]?.way, gpus?.changed.length]).toEqual(['stale', 'retryBox', 8]);
    expect(frame(SIGN_IN).head?.state).toBe('stale');
  });

  it('says how a box stands of which nothing has been seen', () => {
    const { time, head } = emptyFrame({ alias: 'hgx-02', link: SIGN_IN }, options);
    expect([time, head?.key, head?.troubles[0]?.title]).toEqual([0, 'hgx-02', 'hgx-02 needs signing in']);
  });

  it('is chosen by name, with its cards or why it cannot be read', () => {
    const holdings = readHoldings(sample, LENA);
    const choice = (link: BoxState) => machineChoice({ alias: 'hgx-02', link, holdings }, 'hgx-02').line;
    expect([choice(LIVE), choice(SIGN_IN)]).toEqual(['8 × H100 80GB HBM3', 'signed out']);
    expect(machineChoice({ alias: undefined, link: undefined, holdings }, 'hgx-01')).toEqual({ key: '', title: 'hgx-01', line: '8 × H100 80GB HBM3' });
  });
});
