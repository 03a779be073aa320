import { describe, expect, it } from 'vitest';
import { BROKEN } from '../language/manifest/broken/index.ts';

describe('the table of rules', () => {
  it('rests on thirty ways of breaking each of the six commonest formats', () => {
    const counts = new Map<string, number>();
    for (const { title, breakages } of BROKEN) {
      const format = title.includes('Kaldi') ? 'Kaldi' : title;
      counts.set(format, (counts.get(format) ?? 0) + breakages.length);
    }
    expect(counts.size).toBe(6);
    expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(30);
  });
});
