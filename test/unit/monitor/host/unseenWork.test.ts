import { expect, it } from 'vitest';
import { UnseenWork } from '../../../../src/monitor/host/unseenWork.ts';

it('is worth a look where somebody may have woken, and again as long as those are found', () => {
  const unseen = new UnseenWork();
  expect(unseen.isWorthALook(0.1)).toBe(false);
  for (let time = 0; time < 5; time++) {
    expect(unseen.isWorthALook(0.9)).toBe(true);
    unseen.looked(0.1);
  }
});

it('is usual where nobody is found who did it, until it is more', () => {
  const unseen = new UnseenWork();
  expect(unseen.isWorthALook(2)).toBe(true);
  unseen.looked(2);
  expect(unseen.isWorthALook(2.1)).toBe(false);
  expect(unseen.isWorthALook(2.9)).toBe(true);
});

it('is usual no more after some minutes without it', () => {
  const unseen = new UnseenWork();
  unseen.isWorthALook(2);
  unseen.looked(2);
  for (let time = 0; time < 300; time++) {
    expect(unseen.isWorthALook(0)).toBe(false);
  }
  expect(unseen.isWorthALook(0.4)).toBe(true);
});

it('that comes and goes, as that of a build, is looked for the more seldom the oftener in vain', () => {
  const unseen = new UnseenWork();
  let looks = 0;
  for (let time = 0; time < 100; time++) {
    // From time to time more than ever before.
    if (unseen.isWorthALook(time)) {
      looks++;
      unseen.looked(time);
    }
  }
  expect(looks).toBeGreaterThan(5);
  expect(looks).toBeLessThan(12);
});
